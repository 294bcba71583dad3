package calls

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
)

// exchange is one as a mock answers it.
func exchange() (*http.Request, *engine.Request, *engine.Response) {
	r := httptest.NewRequest("GET", "http://localhost/pets/1?a=b", nil)
	for _, name := range []string{"Accept", "User-Agent", "Accept-Language"} {
		r.Header.Set(name, "something of a length that is usual")
	}
	res := &engine.Response{Status: 200, Body: []byte(strings.Repeat("x", 200)), Operation: "getPet", Responder: "contract"}
	for _, name := range []string{"Content-Type", "Access-Control-Allow-Origin", "Access-Control-Allow-Headers"} {
		res.Set(name, []string{"application/json"})
	}
	res.Trace = append(res.Trace, engine.TraceLine{Responder: "route", Why: "getPet"}, engine.TraceLine{Responder: "contract", Why: "the first example"})
	return r, &engine.Request{Method: "GET", Path: "/pets/1", RawQuery: "a=b", Header: r.Header}, res
}

func BenchmarkRing(b *testing.B) {
	ring := NewRing()
	r, req, res := exchange()
	now := time.Now()
	b.ReportAllocs()
	for b.Loop() {
		ring.Add(Of("mock", Keep{Bodies: true}, r, req, res, time.Millisecond, now))
	}
}
