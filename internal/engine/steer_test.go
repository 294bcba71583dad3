package engine

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const payments = `openapi: 3.0.3
info: {title: Payments, version: "1"}
paths:
  /payments:
    post:
      operationId: pay
      responses:
        "201": {description: paid, content: {application/json: {schema: {type: object}, examples: {ok: {value: {state: paid}}}}}}
        "402": {description: declined, content: {application/json: {schema: {type: object}, examples: {declined: {value: {state: declined}}}}}}
        "503": {description: down, content: {application/json: {schema: {type: object}, example: {state: down}}}}
  /payments/{id}:
    get:
      responses:
        "200": {description: one, content: {application/json: {schema: {type: object}, example: {id: 1}}}}
`

// statuses asks several times.
func statuses(m *Mock, target string, n int) []int {
	var out []int
	for range n {
		out = append(out, ask(m, sent{target: target}).Status)
	}
	return out
}

func TestServerResponse_AnswersEveryCall(t *testing.T) {
	t.Parallel()
	c := &Canned{Name: "down", Status: 503, Language: "json", Body: `{"error":true}`, Header: []HeaderValue{{"Retry-After", "5"}}}
	for name, m := range map[string]*Mock{"contract": mockOf(t, payments, Config{ServerResponse: c}), "collection": collection(t, shop, Config{ServerResponse: c})} {
		for _, path := range []string{"/payments", "/nowhere"} {
			res := ask(m, sent{target: path})
			if res.Status != 503 || string(res.Body) != c.Body || res.Get("Retry-After") != "5" || res.Get("Content-Type") != "application/json; charset=utf-8" {
				t.Errorf("%s, %s: %d %s %q", name, path, res.Status, res.Body, res.Fields)
			}
			if res.Get("Access-Control-Allow-Origin") == "" {
				t.Errorf("%s: the answer has no CORS fields", name)
			}
		}
	}
}

func TestPins_DecideUntilTheyAreSpent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		pin  Pin
		want []int
	}{
		{"a status", Pin{Operation: "POST /payments", Step: Step{Status: 402}}, []int{402, 402, 402, 402}},
		{"by id", Pin{Operation: "pay", Step: Step{Status: 402}}, []int{402, 402, 402, 402}},
		{"two times", Pin{Operation: "pay", Step: Step{Status: 402}, Times: 2}, []int{402, 402, 201, 201}},
		{"an example of another status", Pin{Operation: "pay", Step: Step{Example: "declined"}}, []int{402, 402, 402, 402}},
		{"a sequence", Pin{Operation: "pay", Sequence: []Step{{Status: 503}, {Status: 503}, {Status: 201}}}, []int{503, 503, 201, 503}},
		{"a sequence, once", Pin{Operation: "pay", Sequence: []Step{{Status: 503}, {Status: 402}}, Times: 1}, []int{503, 402, 201, 201}},
		{"another operation", Pin{Operation: "GET /payments/{other}", Step: Step{Status: 200}}, []int{201, 201, 201, 201}},
	} {
		if got := statuses(mockOf(t, payments, Config{Pins: []Pin{c.pin}}), "POST /payments", 4); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestPins_WhatACallAsksForOutranksThem(t *testing.T) {
	t.Parallel()
	m := mockOf(t, payments, Config{Pins: []Pin{{Operation: "pay", Step: Step{Status: 402}}}})
	if res := ask(m, sent{target: "POST /payments", header: []string{"Prefer: code=503"}}); res.Status != 503 {
		t.Errorf("Prefer: code=503 is answered with %d", res.Status)
	}
}

func TestPins_ForACollection_ChooseAmongItsExamples(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"GET /pets/:id", "GET /pets/{id}"} {
		m := collection(t, shop, Config{Pins: []Pin{{Operation: operation, Step: Step{Status: 404}, Times: 1}}})
		if got := statuses(m, "GET /pets/5", 2); !slices.Equal(got, []int{404, 200}) {
			t.Errorf("%s: %v, want 404 once", operation, got)
		}
	}
}

func TestSettings_ThatDoNotFit_AreTold(t *testing.T) {
	t.Parallel()
	m := mockOf(t, payments, Config{
		Pins: []Pin{
			{Operation: "refund", Step: Step{Status: 200}},
			{Operation: "pay", Step: Step{Status: 418}},
			{Operation: "pay", Sequence: []Step{{Example: "lost"}}},
		},
		Faults: []Fault{{Operation: "GET /gone", Kind: FaultReset, Share: 1}},
	})
	var codes []string
	for _, p := range m.CheckSettings() {
		codes = append(codes, p.Code)
	}
	if want := []string{"pin-no-operation", "pin-no-status", "pin-no-example", "fault-no-operation"}; !slices.Equal(codes, want) {
		t.Errorf("told are %v, want %v", codes, want)
	}
	if res := ask(m, sent{target: "GET /payments/1"}); res.Break != Whole {
		t.Error("a fault for an operation that there isn't hits another")
	}
}

func TestFaults_RepeatFromTheSeed(t *testing.T) {
	t.Parallel()
	cfg := func(seed string) Config {
		return Config{Seed: seed, Faults: []Fault{{Operation: "pay", Kind: FaultError, Share: 0.3}}}
	}
	first := statuses(mockOf(t, payments, cfg("a")), "POST /payments", 200)
	if again := statuses(mockOf(t, payments, cfg("a")), "POST /payments", 200); !slices.Equal(first, again) {
		t.Error("the same seed draws other faults")
	}
	if other := statuses(mockOf(t, payments, cfg("b")), "POST /payments", 200); slices.Equal(first, other) {
		t.Error("another seed draws the same faults")
	}
	failed := 0
	for _, s := range first {
		if s == 503 {
			failed++
		}
	}
	if failed < 40 || failed > 80 {
		t.Errorf("%d of 200 calls failed, want about 60", failed)
	}
}

func TestFaults_Kinds(t *testing.T) {
	t.Parallel()
	for kind, want := range map[FaultKind]Breakage{FaultTimeout: BreakEmpty, FaultReset: BreakReset, FaultEmpty: BreakEmpty, FaultTruncated: BreakTruncated} {
		res := ask(mockOf(t, payments, Config{Faults: []Fault{{Kind: kind, Share: 1, Duration: 3 * time.Second}}}), sent{target: "POST /payments"})
		if res.Break != want {
			t.Errorf("%s: the breakage is %d, want %d", kind, res.Break, want)
		}
		if kind == FaultTimeout && res.Delay != 3*time.Second {
			t.Errorf("a timeout holds for %s", res.Delay)
		}
		if kind == FaultTruncated && string(res.Body) != `{"state":"paid"}` {
			t.Errorf("a truncated answer is made of %s", res.Body)
		}
	}
	m := collection(t, shop, Config{Faults: []Fault{{Kind: FaultError, Share: 1, Status: 404}}})
	if res := ask(m, sent{target: "GET /pets/1"}); res.Status != 404 || string(res.Body) != "gone" {
		t.Errorf("an error of a collection is %d %s, want the saved one", res.Status, res.Body)
	}
}

func TestUpstream_AnswersWhatNothingElseDoes(t *testing.T) {
	t.Parallel()
	up := func(f Forward) (Forwarded, error) {
		if f.Path == "/broken" {
			return Forwarded{}, errors.New("refused")
		}
		return Forwarded{Status: 418, Header: http.Header{"X-From": {"upstream"}}, Body: []byte(f.Method + " " + f.Path + "?" + f.RawQuery + " " + string(f.Body))}, nil
	}
	for name, m := range map[string]*Mock{"contract": mockOf(t, payments, Config{Upstream: up}), "collection": collection(t, shop, Config{Upstream: up})} {
		res := ask(m, sent{target: "POST /other?a=1", body: "hello"})
		if res.Status != 418 || string(res.Body) != "POST /other?a=1 hello" || res.Get("X-From") != "upstream" || res.Responder != "upstream" {
			t.Errorf("%s: %d %s by %s", name, res.Status, res.Body, res.Responder)
		}
		if res := ask(m, sent{target: "/broken"}); res.Status != 502 || !strings.Contains(string(res.Body), "refused") {
			t.Errorf("%s: a broken upstream gives %d %s", name, res.Status, res.Body)
		}
	}
	if res := ask(mockOf(t, payments, Config{Upstream: up}), sent{target: "GET /payments/1"}); res.Status != 200 {
		t.Errorf("the upstream is asked before the contract: %d", res.Status)
	}
}

func TestDelay_Normal_IsAroundItsMean(t *testing.T) {
	t.Parallel()
	m := mockOf(t, payments, Config{Delay: Delay{Mean: 100 * time.Millisecond, Deviation: 20 * time.Millisecond}})
	var sum time.Duration
	seen := map[time.Duration]bool{}
	for range 500 {
		d := ask(m, sent{target: "GET /payments/1"}).Delay
		if d < 0 {
			t.Fatal("a delay is below nothing")
		}
		sum += d
		seen[d] = true
	}
	if mean := sum / 500; mean < 95*time.Millisecond || mean > 105*time.Millisecond || len(seen) < 400 {
		t.Errorf("the mean of 500 is %s, %d of them differ", sum/500, len(seen))
	}
}

func TestCounters_GoOnInACompiledAgain(t *testing.T) {
	t.Parallel()
	cfg := Config{Counters: NewCounters(), Pins: []Pin{{Operation: "pay", Step: Step{Status: 402}, Times: 100}}}
	first, second := mockOf(t, payments, cfg), mockOf(t, payments, cfg)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { statuses(first, "POST /payments", 20) })
	}
	wg.Wait()
	got := statuses(second, "POST /payments", 21)
	if got[19] != 402 || got[20] != 201 {
		t.Errorf("after 80 calls of the first, the second answers %v; want 20 times 402", got)
	}
	cfg.Counters.Reset()
	if got := statuses(second, "POST /payments", 1); got[0] != 402 {
		t.Error("reset counters do not begin anew")
	}
}

func TestResponse_TellsTheExampleAndTheMistake(t *testing.T) {
	t.Parallel()
	m := mockOf(t, payments, Config{})
	if res := ask(m, sent{target: "POST /payments"}); res.Example != "ok" || res.Mistake != "" {
		t.Errorf("the example is %q, the mistake %q", res.Example, res.Mistake)
	}
	if res := ask(m, sent{target: "/none"}); res.Mistake == "" {
		t.Error("a miss is no mistake")
	}
	c := collection(t, shop, Config{})
	if res := ask(c, sent{target: "/pets/1"}); res.Example != "OK" {
		t.Errorf("the example is %q", res.Example)
	}
	if res := ask(c, sent{target: "/none"}); res.Mistake != "Double check your method and the request path and try again." {
		t.Errorf("the mistake is %q", res.Mistake)
	}
}
