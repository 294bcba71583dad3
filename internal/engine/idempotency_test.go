package engine

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const ordersDocument = `
openapi: 3.0.3
info: {title: Orders, version: "1"}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    page: {type: apiKey, in: cookie, name: page}
  schemas:
    Order:
      type: object
      required: [item]
      properties: {id: {type: string, format: uuid, readOnly: true}, item: {type: string}, count: {type: integer}}
security: [{}, {key: []}, {page: []}]
paths:
  /orders:
    get:
      responses: {"200": {description: d, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Order"}}}}}}
    post:
      operationId: order
      parameters:
        - {name: X-Idempotent-Token, in: header, schema: {type: string}}
        - {name: note, in: query, schema: {type: string}}
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
      responses: {"201": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}}
      callbacks: {ordered: {"https://example.com/ordered": {post: {responses: {"200": {description: d}}}}}}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}, "404": {description: d}}
    patch:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
      responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}, "404": {description: d}}
    delete:
      responses: {"204": {description: d}, "404": {description: d}}
`

// handClock is a clock that a test sets.
type handClock struct{ at atomic.Int64 }

func newHandClock() *handClock {
	c := &handClock{}
	c.at.Store(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *handClock) now() time.Time          { return time.Unix(0, c.at.Load()).UTC() }
func (c *handClock) forward(d time.Duration) { c.at.Add(int64(d)) }

func ordersMock(t testing.TB, c *handClock) *Mock {
	t.Helper()
	return mockOf(t, ordersDocument, Config{Now: c.now, Callbacks: true})
}

// order sends an order; what is given stands over what is usual.
func order(over sent) sent {
	s := sent{target: "POST /orders", header: []string{"Content-Type: application/json"}, body: `{"item":"book","count":2}`}
	if over.target != "" {
		s.target = over.target
	}
	if over.body != "" {
		s.body = over.body
	}
	s.header = append(s.header, over.header...)
	return s
}

// ordered counts the orders that there are.
func ordered(t testing.TB, m *Mock) int {
	t.Helper()
	var list []any
	if err := json.Unmarshal(ask(m, sent{target: "/orders?limit=1000"}).Body, &list); err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func TestIdempotencyKey_TheFirstAnswerIsRepeated(t *testing.T) {
	t.Parallel()
	const key = "Idempotency-Key: k1"
	cases := []struct {
		name          string
		first, second sent
		later         time.Duration
		want          string // "again", "new", or a status
	}{
		{"the same call", sent{header: []string{key}}, sent{header: []string{key}}, 0, "again"},
		{"members in another order", sent{header: []string{key}}, sent{header: []string{key}, body: `{ "count": 2, "item": "book" }`}, 0, "again"},
		{"just within a day", sent{header: []string{key}}, sent{header: []string{key}}, 24*time.Hour - 1, "again"},
		{"a day later", sent{header: []string{key}}, sent{header: []string{key}}, 24 * time.Hour, "new"},
		{"another key", sent{header: []string{key}}, sent{header: []string{"Idempotency-Key: k2"}}, 0, "new"},
		{"no key", sent{}, sent{}, 0, "new"},
		{"an empty key", sent{header: []string{"Idempotency-Key: "}}, sent{header: []string{"Idempotency-Key: "}}, 0, "new"},
		{"a declared header of another name", sent{header: []string{"X-Idempotent-Token: t"}}, sent{header: []string{"X-Idempotent-Token: t"}}, 0, "again"},
		{"the same session", sent{header: []string{key, "X-Mimus-Session: a"}}, sent{header: []string{key, "Cookie: x=1; mimus_session=a"}}, 0, "again"},
		{"another session", sent{header: []string{key, "X-Mimus-Session: a"}}, sent{header: []string{key, "X-Mimus-Session: b"}}, 0, "new"},
		{"another session by its cookie", sent{header: []string{key}}, sent{header: []string{key, "Cookie: mimus_session=b"}}, 0, "new"},
		{"the same token", sent{header: []string{key, "Authorization: Bearer a"}}, sent{header: []string{key, "Authorization: Bearer a"}}, 0, "again"},
		{"another token", sent{header: []string{key, "Authorization: Bearer a"}}, sent{header: []string{key, "Authorization: Bearer b"}}, 0, "new"},
		{"another API key", sent{header: []string{key, "X-Key: a"}}, sent{header: []string{key, "X-Key: b"}}, 0, "new"},
		{"another API key in a cookie", sent{header: []string{key, "Cookie: page=a"}}, sent{header: []string{key, "Cookie: page=b"}}, 0, "new"},
		{"another header that is no credential", sent{header: []string{key, "X-Other: a"}}, sent{header: []string{key, "X-Other: b"}}, 0, "again"},
		{"another body", sent{header: []string{key}}, sent{header: []string{key}, body: `{"item":"pen","count":2}`}, 0, "422"},
		{"values that changed places", sent{header: []string{key}, body: `{"item":"a","note":"b"}`}, sent{header: []string{key}, body: `{"item":"b","note":"a"}`}, 0, "422"},
		{"another query", sent{header: []string{key}}, sent{header: []string{key}, target: "POST /orders?note=b"}, 0, "422"},
		{"the state is off", sent{header: []string{key}}, sent{header: []string{key, "Prefer: state=off"}}, 0, "off"},
		{"another answer is asked for", sent{header: []string{key}}, sent{header: []string{key, "Prefer: code=201"}}, 0, "off"},
	}
	for _, c := range cases {
		clock := newHandClock()
		m := ordersMock(t, clock)
		before := ordered(t, m)
		first := ask(m, order(c.first))
		if first.Status != 201 || first.Get("Idempotent-Replayed") != "" {
			t.Fatalf("%s: the first call: %d %s", c.name, first.Status, first.Body)
		}
		clock.forward(c.later)
		second := ask(m, order(c.second))
		same := second.Status == 201 && text(second) == text(first) && second.Get("Location") == first.Get("Location") && second.Get("Content-Type") == first.Get("Content-Type") && slices.Equal(second.Length, first.Length)
		again := second.Get("Idempotent-Replayed") == "true"
		count, ok := 0, false
		switch c.want {
		case "again":
			count, ok = 1, same && again && second.Responder == "state" && strings.Contains(second.Trace[len(second.Trace)-1].Why, "the answer of the first call with this idempotency key")
		case "new":
			count, ok = 2, second.Status == 201 && !same && !again
		case "off":
			count, ok = 1, second.Status == 201 && !again
		default:
			count, ok = 1, strconv.Itoa(second.Status) == c.want && !again && strings.Contains(text(second), "IDEMPOTENCY_KEY_REUSED") && strings.Contains(text(second), "another body, path or query")
		}
		if got := ordered(t, m) - before; !ok || got != count {
			t.Errorf("%s: %d %s after %s, replayed %t, %d orders more; want %s and %d\n%+v", c.name, second.Status, second.Body, first.Body, again, got, c.want, count, second.Trace)
		}
	}
}

func TestIdempotencyKey_OtherMethodsHaveKeysOfTheirOwn(t *testing.T) {
	t.Parallel()
	m := ordersMock(t, newHandClock())
	key := []string{"Idempotency-Key: k"}
	made := ask(m, order(sent{header: key}))
	path := strings.TrimPrefix(made.Get("Location"), "/")
	path = "/orders/" + path[strings.LastIndexByte(path, '/')+1:]
	for _, c := range []struct {
		call   sent
		status int
		again  string
	}{
		{order(sent{target: "PATCH " + path, body: `{"item":"pen"}`, header: key}), 200, ""},
		{order(sent{target: "PATCH " + path, body: `{"item":"pen"}`, header: key}), 200, "true"},
		{order(sent{target: "PATCH /orders/none", body: `{"item":"pen"}`, header: key}), 422, ""}, // another path
		{sent{target: "DELETE " + path, header: key}, 204, ""},
		{sent{target: "DELETE " + path, header: key}, 204, "true"},
		{sent{target: "DELETE " + path}, 404, ""},
		{sent{target: "GET " + path, header: key}, 404, ""},
		{sent{target: "GET " + path, header: key}, 404, ""},
	} {
		if res := ask(m, c.call); res.Status != c.status || res.Get("Idempotent-Replayed") != c.again {
			t.Errorf("%s: %d, replayed %q; want %d, %q", c.call.target, res.Status, res.Get("Idempotent-Replayed"), c.status, c.again)
		}
	}
}

func TestIdempotencyKey_DeclaredErrorsAnswer(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"422", "409", "400"} {
		doc := strings.Replace(ordersDocument, `responses: {"201":`, `responses: {"`+status+`": {description: d, content: {application/json: {example: declared}}}, "201":`, 1)
		m := mockOf(t, doc, Config{})
		ask(m, order(sent{header: []string{"Idempotency-Key: k"}}))
		if res := ask(m, order(sent{header: []string{"Idempotency-Key: k"}, body: `{"item":"pen"}`})); strconv.Itoa(res.Status) != status || text(res) != `"declared"` {
			t.Errorf("%s is declared: %d %s", status, res.Status, res.Body)
		}
	}
}

func TestIdempotencyKey_LongOnesAreRefused(t *testing.T) {
	t.Parallel()
	m := ordersMock(t, newHandClock())
	for length, want := range map[int]int{255: 201, 256: 400} {
		res := ask(m, order(sent{header: []string{"Idempotency-Key: " + strings.Repeat("é", length)}}))
		if res.Status != want || want == 400 && !strings.Contains(text(res), "IDEMPOTENCY_KEY_TOO_LONG") {
			t.Errorf("%d characters: %d %s, want %d", length, res.Status, res.Body, want)
		}
	}
}

func TestIdempotencyKey_RepeatedAnswersMakeNoCallbacks(t *testing.T) {
	t.Parallel()
	m := ordersMock(t, newHandClock())
	for i, want := range []int{1, 0} {
		if res := ask(m, order(sent{header: []string{"Idempotency-Key: k"}})); len(res.Callbacks) != want {
			t.Errorf("call %d: %d callbacks, want %d", i, len(res.Callbacks), want)
		}
	}
}

func TestIdempotencyKey_ExplainingKeepsNothing(t *testing.T) {
	t.Parallel()
	m := ordersMock(t, newHandClock())
	s := order(sent{header: []string{"Idempotency-Key: k"}})
	last := func() string {
		e := m.Explain(requestOf(s))
		return e.Steps[len(e.Steps)-1].Why
	}
	if why := last(); strings.Contains(why, "first call") {
		t.Errorf("before any call: %s", why)
	}
	if res := ask(m, s); res.Get("Idempotent-Replayed") != "" {
		t.Error("a call that was explained counts as the first")
	}
	if why := last(); why != "the answer of the first call with this idempotency key" {
		t.Errorf("after the first call: %s", why)
	}
}

func TestIdempotencyKey_CallsAtOnceAreOne(t *testing.T) {
	t.Parallel()
	m := ordersMock(t, newHandClock())
	before := ordered(t, m)
	var wg sync.WaitGroup
	var replayed atomic.Int64
	bodies := make([]string, 32)
	for i := range bodies {
		wg.Go(func() {
			res := ask(m, order(sent{header: []string{"Idempotency-Key: k"}}))
			bodies[i] = text(res)
			if res.Get("Idempotent-Replayed") != "" {
				replayed.Add(1)
			}
		})
	}
	wg.Wait()
	for i, b := range bodies {
		if b != bodies[0] {
			t.Errorf("call %d is answered with %s, another with %s", i, b, bodies[0])
		}
	}
	if n := ordered(t, m) - before; n != 1 || replayed.Load() != 31 {
		t.Errorf("%d orders were made, %d answers repeated; want 1 and 31", n, replayed.Load())
	}
}

// keyed is an exchange with a key on its way to the state.
func keyed(t testing.TB, m *Mock, s sent) *exchange {
	t.Helper()
	res := &Response{}
	x := &res.x
	x.mock, x.req, x.res = m, requestOf(s), res
	if !m.routed(x) {
		t.Fatalf("%s: no operation", s.target)
	}
	x.op.ready()
	return x
}

// answers makes a responder that counts its calls.
func answers(status int, body string, calls *int) func(*exchange) bool {
	return func(x *exchange) bool {
		*calls++
		x.res.Status, x.res.Body = status, []byte(body)
		return x.answer("test", "it does")
	}
}

func TestReplays_WhatMayBeOtherwiseIsNotKept(t *testing.T) {
	t.Parallel()
	m := ordersMock(t, newHandClock())
	for _, c := range []struct {
		status, want int
	}{{201, 1}, {404, 1}, {409, 1}, {422, 1}, {429, 2}, {500, 2}, {507, 2}} {
		r, calls := newReplays(nil), 0
		for range 2 {
			if x := keyed(t, m, order(sent{})); !r.answer(x, "k", answers(c.status, "b", &calls), nil) || x.res.Status != c.status {
				t.Errorf("%d: answered with %d", c.status, x.res.Status)
			}
		}
		if calls != c.want {
			t.Errorf("%d: %d calls got through, want %d", c.status, calls, c.want)
		}
	}
	r, calls := newReplays(nil), 0
	for range 2 {
		if r.answer(keyed(t, m, order(sent{})), "k", func(*exchange) bool { calls++; return false }, nil) {
			t.Error("what passes answers")
		}
	}
	func() {
		defer func() { recover() }()
		r.answer(keyed(t, m, order(sent{})), "k", func(*exchange) bool { panic("fault") }, nil)
	}()
	r.answer(keyed(t, m, order(sent{})), "k", answers(201, "b", &calls), nil)
	if calls != 3 || len(r.calls) != 1 {
		t.Errorf("after two that passed and a fault %d calls got through and %d are kept; want 3 and 1", calls, len(r.calls))
	}
}

func TestReplays_AWaitEndsWithTheCall(t *testing.T) {
	t.Parallel()
	m := ordersMock(t, newHandClock())
	r := newReplays(nil)
	entered, release := make(chan struct{}), make(chan struct{})
	calls := 0
	var wg sync.WaitGroup
	wg.Go(func() {
		r.answer(keyed(t, m, order(sent{})), "k", func(x *exchange) bool {
			close(entered)
			<-release
			return answers(201, "first", &calls)(x)
		}, nil)
	})
	<-entered
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	x := keyed(t, m, order(sent{}))
	x.req.Context = gone
	if r.answer(x, "k", answers(201, "second", &calls), nil); x.res.Status != 409 || !strings.Contains(text(x.res), "IDEMPOTENCY_KEY_IN_USE") {
		t.Errorf("a call that ends first: %d %s", x.res.Status, x.res.Body)
	}
	x = keyed(t, m, order(sent{body: `{"item":"pen"}`}))
	if r.answer(x, "k", answers(201, "second", &calls), nil); x.res.Status != 422 {
		t.Errorf("another body does not wait: %d %s", x.res.Status, x.res.Body)
	}
	x = keyed(t, m, order(sent{}))
	x.purpose = explaining
	dry := 0
	if r.answer(x, "k", answers(201, "dry", &dry), nil); dry != 1 {
		t.Error("explaining waits")
	}
	waiting := keyed(t, m, order(sent{}))
	waiting.req.Context = context.Background()
	wg.Go(func() { r.answer(waiting, "k", answers(201, "second", &calls), nil) })
	close(release)
	wg.Wait()
	if calls != 1 || text(waiting.res) != "first" {
		t.Errorf("%d calls got through, the one that waited has %q", calls, waiting.res.Body)
	}
}

func TestReplays_TheOldestAreDroppedFirst(t *testing.T) {
	t.Parallel()
	big := make([]byte, 1<<20)
	for _, c := range []struct {
		name       string
		keys, most int
		body       []byte
	}{{"keys", maxReplays + 500, maxReplays, nil}, {"bytes", 80, 63, big}, {"one that is too large", 1, 0, make([]byte, maxReplayBytes)}} {
		r := newReplays(nil)
		id := func(i int) replayKey { return replayKey{key: strconv.Itoa(i)} }
		for i := range c.keys {
			first, mine := r.claim(id(i), 0, true)
			if !mine {
				t.Fatalf("%s: %d was there before", c.name, i)
			}
			r.settle(first, &keptAnswer{status: 201, body: c.body})
		}
		var bytes int64
		for _, f := range r.calls {
			bytes += f.bytes
		}
		if len(r.calls) != c.most || len(r.kept)-r.oldest != c.most || bytes != r.bytes || bytes > maxReplayBytes {
			t.Errorf("%s: %d are kept, %d in order, %d bytes, counted as %d; want %d", c.name, len(r.calls), len(r.kept)-r.oldest, bytes, r.bytes, c.most)
		}
		for i := range c.keys {
			if first, _ := r.claim(id(i), 0, false); (first != nil) != (i >= c.keys-c.most) {
				t.Errorf("%s: of %d, number %d is there: %t", c.name, c.keys, i, first != nil)
			}
		}
	}
}

func TestReplays_AnAnswerIsACopy(t *testing.T) {
	t.Parallel()
	m := ordersMock(t, newHandClock())
	r := newReplays(nil)
	x := keyed(t, m, order(sent{}))
	r.answer(x, "k", func(x *exchange) bool {
		x.res.buf = append(x.res.buf[:0], "kept"...)
		x.res.Status, x.res.Body, x.res.Items = 201, x.res.buf, [][]byte{x.res.buf}
		x.res.Set("X-A", []string{"a"})
		return x.answer("test", "")
	}, nil)
	copy(x.res.buf, "gone")
	x.res.Reset()
	x.res.Set("X-B", []string{"b"})
	y, calls := keyed(t, m, order(sent{})), 0
	r.answer(y, "k", answers(500, "", &calls), nil)
	if text(y.res) != "keptkept" || y.res.Get("X-A") != "a" || y.res.Get("X-B") != "" {
		t.Errorf("repeated is %q with %v", text(y.res), y.res.Fields)
	}
}
