package engine

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
)

// saveds makes a collection of one request whose URL begins with base.
func saveds(base string) string {
	return strings.ReplaceAll(`{"info": {"name": "S", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}, "item": [
  {"name": "Get", "request": {"method": "GET", "url": "BASE/pets/:id"}, "response": [
    {"id": "a1", "name": "OK", "code": 200, "body": "ok"}, {"id": "a2", "name": "Down", "code": 503, "body": "down"}]}]}`, "BASE", base)
}

func TestPins_ForACollection_HoldWhereverItsRequestIsCalled(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, base, basePath, operation, method, target string
	}{
		{"by path", "{{baseUrl}}", "", "GET /pets/:id", "GET", "/pets/1"},
		{"by path, written as a contract's", "{{baseUrl}}", "", "GET /pets/{id}", "GET", "/pets/1"},
		{"by name", "{{baseUrl}}", "", "Get", "GET", "/pets/1"},
		{"below the base path of the mock", "{{baseUrl}}", "/api", "Get", "GET", "/api/pets/1"},
		{"with the path of the base that a variable has", "{{versioned}}", "", "GET /pets/:id", "GET", "/v1/pets/1"},
		{"HEAD, which is answered as GET", "{{baseUrl}}", "", "GET /pets/:id", "HEAD", "/pets/1"},
	} {
		m := collection(t, saveds(c.base), Config{
			BasePath: c.basePath, Environment: []definition.Variable{{Name: "versioned", Value: "https://h.example/v1"}},
			Pins: []Pin{{Operation: c.operation, Step: Step{Status: 503}}},
		})
		if res := call(m, c.method, c.target, ""); res.Status != 503 || res.Example != "Down" {
			t.Errorf("%s: got %d %s, want the pinned 503", c.name, res.Status, res.Body)
		}
	}
}

func TestPins_ACallThatAsksByHeader_OutranksThemAndUsesNoneUp(t *testing.T) {
	t.Parallel()
	m := collection(t, saveds("{{baseUrl}}"), Config{Pins: []Pin{{Operation: "Get", Step: Step{Example: "OK"}, Times: 1}}})
	if res := call(m, "GET", "/pets/1", "", "X-Mock-Response-Code", "503"); res.Status != 503 {
		t.Errorf("got %d %s, want what the call asks for", res.Status, res.Body)
	}
	if res := call(m, "GET", "/pets/1", ""); !strings.Contains(trace(res), "call 1 of the pin") {
		t.Errorf("the call that asked used the pin up: %s", trace(res))
	}
}

func TestPins_PreferDynamic_OutranksAPinnedExample(t *testing.T) {
	t.Parallel()
	m := mockOf(t, payments, Config{Pins: []Pin{{Operation: "pay", Step: Step{Example: "declined"}}}})
	if res := ask(m, sent{target: "POST /payments", header: []string{"Prefer: dynamic=true"}}); res.Status != 201 {
		t.Errorf("got %d %s, want the generated 201", res.Status, res.Body)
	}
}

func trace(res *Response) string {
	var b strings.Builder
	for _, l := range res.Trace {
		b.WriteString(l.Responder + ": " + l.Why + "\n")
	}
	return b.String()
}

func TestSettings_OfACollectionThatDoNotFit_AreTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cfg  Config
		want string
	}{
		{Config{Pins: []Pin{{Operation: "Get", Step: Step{Status: 418}}}}, "pin-no-status"},
		{Config{Pins: []Pin{{Operation: "Get", Step: Step{Example: "Nothing"}}}}, "pin-no-example"},
		{Config{Pins: []Pin{{Operation: "Get", Sequence: []Step{{Status: 503}, {Example: "OK"}}}}}, ""},
		{Config{Faults: []Fault{{Operation: "Get", Kind: FaultError, Share: 1, Status: 504}}}, "fault-no-status"},
		{Config{Faults: []Fault{{Operation: "Get", Kind: FaultError, Share: 1, Status: 503}}}, ""},
	} {
		got := ""
		for _, p := range collection(t, saveds("{{baseUrl}}"), c.cfg).CheckSettings() {
			got += p.Code
		}
		if got != c.want {
			t.Errorf("%+v %+v: told %q, want %q", c.cfg.Pins, c.cfg.Faults, got, c.want)
		}
	}
}

func TestFaults_ErrorOfACollection_IsItsOwnSavedError(t *testing.T) {
	t.Parallel()
	res := call(collection(t, saveds("{{baseUrl}}"), Config{Faults: []Fault{{Kind: FaultError, Share: 1}}}), "GET", "/pets/1", "")
	if res.Status != 503 || string(res.Body) != "down" || res.Responder != "faults" {
		t.Errorf("got %d %s by %s, want the saved 503", res.Status, res.Body, res.Responder)
	}
}

func TestFaults_OfAllCalls_AlsoBreakWhatNothingAnswers(t *testing.T) {
	t.Parallel()
	m := mockOf(t, payments, Config{Faults: []Fault{{Kind: FaultReset, Share: 1}}})
	if res := ask(m, sent{target: "/nowhere"}); res.Break != BreakReset {
		t.Errorf("got %d, break %d; an outage doesn't look at paths", res.Status, res.Break)
	}
}

func TestFaults_TruncatedStream_KeepsItsBytesInTheBody(t *testing.T) {
	t.Parallel()
	const doc = `{openapi: 3.0.0, paths: {/s: {get: {responses: {"200": {description: d, content: {application/x-ndjson: {schema: {type: object}, example: [{a: 1}, {a: 2}]}}}}}}}}`
	res := ask(mockOf(t, doc, Config{Faults: []Fault{{Kind: FaultTruncated, Share: 1}}}), sent{target: "/s"})
	if len(res.Body) == 0 || res.Items != nil {
		t.Errorf("body %q and %d items: the adapter sends half of the body", res.Body, len(res.Items))
	}
}

func TestUpstream_DecodedBody_IsNotCalledEncoded(t *testing.T) {
	t.Parallel()
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write([]byte("hello"))
	_ = z.Close()
	var got Forward
	m := mockOf(t, payments, Config{Upstream: func(f Forward) (Forwarded, error) {
		got = f
		return Forwarded{Status: http.StatusOK}, nil
	}})
	call(m, "POST", "/other", zipped.String(), "Content-Encoding", "gzip")
	if string(got.Body) != "hello" || got.Header.Get("Content-Encoding") != "" {
		t.Errorf("forwarded %q as %q", got.Body, got.Header.Get("Content-Encoding"))
	}
}

func TestUpstream_WhatTheMockAnswersItself_IsNotForwarded(t *testing.T) {
	t.Parallel()
	asked := func(Forward) (Forwarded, error) {
		t.Error("the upstream was asked")
		return Forwarded{Status: http.StatusOK}, nil
	}
	if res := ask(mockOf(t, payments, Config{Upstream: asked}), sent{target: "OPTIONS /payments"}); res.Status != 204 {
		t.Errorf("OPTIONS of a path of the contract: %d", res.Status)
	}
	if res := call(collection(t, saveds("{{baseUrl}}"), Config{Upstream: asked}), "GET", "/pets/1", "", "X-Mock-Response-Name", "Nothing"); res.Status != 404 {
		t.Errorf("an example that isn't there: %d", res.Status)
	}
}

func TestCounters_Zero_Count(t *testing.T) {
	t.Parallel()
	m := mockOf(t, payments, Config{Counters: &Counters{}, Pins: []Pin{{Operation: "pay", Step: Step{Status: 402}}}})
	if res := ask(m, sent{target: "POST /payments"}); res.Status != 402 {
		t.Errorf("got %d, fault %.60q", res.Status, res.Fault)
	}
}
