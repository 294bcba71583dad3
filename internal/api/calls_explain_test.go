package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/store"
)

// explained is the explanation of a call to a mock of callsSpec.
func explained(t *testing.T, c *judge, r *calls.Record) answer {
	t.Helper()
	log := c.api.cfg.Calls
	log.Add(r)
	id := c.do("GET", "/mocks/"+r.Mock+"/calls?limit=1", nil).want(200).text("calls", 0, "id")
	return c.do("GET", "/mocks/"+r.Mock+"/calls/"+id+"/explain", nil).want(200)
}

func TestExplainCall_TellsWhatWasAndWhatWouldBe(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		change  func(*calls.Record)
		changed any
		note    string // a part of it
		status  float64
	}{
		"as before":             {func(r *calls.Record) { r.RequestHeader = http.Header{}; r.Status, r.Responder = 401, "problem" }, false, "", 401},
		"another answer":        {func(r *calls.Record) { r.RequestHeader = http.Header{} }, true, "", 401},
		"a credential":          {func(*calls.Record) {}, true, "without authorization, the parameter token", 401},
		"refused":               {func(r *calls.Record) { r.RequestHeader, r.Responder, r.Status = http.Header{}, "access", 429 }, true, "refused before", 401},
		"part of a body":        {func(r *calls.Record) { r.RequestHeader = http.Header{}; r.RequestSize = 100_000 }, true, "body was not kept", 401},
		"a miss, without a key": {func(r *calls.Record) { r.RequestHeader = http.Header{}; r.Path = "/pet/1" }, true, "", 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startDescribed(t)
			r := callOf(c.callsMock(""), 0)
			r.RequestBody, r.RequestSize = []byte("x"), 1
			if name != "a credential" {
				r.Query, r.Redact = "a=b", nil
			}
			x.change(r)
			a := explained(t, c, r)
			if got := a.at("explanation", "changed"); got != x.changed {
				t.Errorf("changed is %v, want %v: %s", got, x.changed, a.body)
			}
			if got := a.at("explanation", "now", "status"); got != x.status {
				t.Errorf("the status would be %v, want %v", got, x.status)
			}
			if got := a.text("explanation", "note"); (x.note == "") != (got == "") || !strings.Contains(got, x.note) {
				t.Errorf("the note is %q, want %q", got, x.note)
			}
			if a.at("explanation", "recorded", "example") != "cat" || a.at("explanation", "recorded", "steps", 1, "why") != "the first example" || a.at("call", "path") != r.Path {
				t.Errorf("recorded is %s", a.body)
			}
		})
	}
}

func TestExplainCall_OfAMiss_HasTheNearest(t *testing.T) {
	t.Parallel()
	c := startDescribed(t)
	r := callOf(c.callsMock(""), 1)
	r.RequestHeader, r.Path, r.Method = http.Header{}, "/pet/1", "GET"
	a := explained(t, c, r)
	if a.at("explanation", "now", "nearest", 0, "path") != "/pets/{id}" || a.at("explanation", "recorded", "message") != "no such pet" {
		t.Errorf("%s", a.body)
	}
}

func TestExplainCall_WhatTheMockIsMadeOfIsGone(t *testing.T) {
	t.Parallel()
	c := startDescribed(t)
	mock := c.callsMock("")
	c.put(func(tx *store.Tx) error {
		m, err := tx.Mock(mock)
		if err != nil {
			return err
		}
		return tx.DeleteSpec(m.Spec)
	})
	a := explained(t, c, callOf(mock, 0))
	if a.at("explanation", "now") != nil || a.at("explanation", "changed") != nil || !strings.Contains(a.text("explanation", "note"), "was deleted") {
		t.Errorf("%s", a.body)
	}
}

// What a file serves is asked where it is served.
func TestExplainCall_OfAMount(t *testing.T) {
	t.Parallel()
	c := startDescribed(t)
	mock := c.callsMock("")
	c.api.cfg.Explain = func(id string, req *engine.Request) (engine.Explanation, bool) {
		if id != mock || req.Path != "/pets/0" || req.RawQuery != "a=b" || req.Header.Get("Accept") != "*/*" || req.Header.Get("Authorization") != "" {
			t.Errorf("%s was asked for %+v", id, req)
		}
		return engine.Explanation{Status: 200, Responder: "contract"}, true
	}
	if a := explained(t, c, callOf(mock, 0)); a.at("explanation", "changed") != false || a.at("explanation", "now", "responder") != "contract" {
		t.Errorf("%s", a.body)
	}
}
