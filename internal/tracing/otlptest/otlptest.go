// Package otlptest receives spans over OTLP, for tests.
package otlptest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	pb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// Collector is a collector of traces that keeps what it was sent.
type Collector struct {
	URL string

	mu       sync.Mutex
	spans    []Span
	resource map[string]any
	header   http.Header
}

// Span is a span with its attributes by name.
type Span struct {
	*pb.Span
	Attrs map[string]any
}

// Start starts a collector for the time of a test.
func Start(t testing.TB) *Collector {
	c := &Collector{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var sent collector.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(body, &sent)
		}
		if err != nil || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
			t.Errorf("%s %s was sent, and can't be read: %v", r.URL, r.Header.Get("Content-Type"), err)
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		c.keep(&sent, r.Header)
	}))
	t.Cleanup(s.Close)
	c.URL = s.URL
	return c
}

func (c *Collector) keep(sent *collector.ExportTraceServiceRequest, header http.Header) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.header = header
	for _, of := range sent.ResourceSpans {
		c.resource = values(of.Resource.Attributes)
		for _, scope := range of.ScopeSpans {
			for _, s := range scope.Spans {
				c.spans = append(c.spans, Span{s, values(s.Attributes)})
			}
		}
	}
}

func values(attrs []*common.KeyValue) map[string]any {
	m := map[string]any{}
	for _, a := range attrs {
		m[a.Key] = value(a.Value)
	}
	return m
}

func value(v *common.AnyValue) any {
	switch v := v.Value.(type) {
	case *common.AnyValue_StringValue:
		return v.StringValue
	case *common.AnyValue_IntValue:
		return v.IntValue
	case *common.AnyValue_BoolValue:
		return v.BoolValue
	case *common.AnyValue_ArrayValue:
		var list []string
		for _, one := range v.ArrayValue.Values {
			list = append(list, one.GetStringValue())
		}
		return list
	}
	return v
}

// Spans are those that were sent so far.
func (c *Collector) Spans() []Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.spans
}

// Named is the span of a name; the test fails where there is not just one.
func (c *Collector) Named(t testing.TB, name string) Span {
	t.Helper()
	var found []Span
	var names []string
	for _, s := range c.Spans() {
		if names = append(names, s.Name); s.Name == name {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		t.Fatalf("there are %d spans %q; there are %q", len(found), name, names)
	}
	return found[0]
}

// Resource is what the last ones came from.
func (c *Collector) Resource() map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.resource
}

// Header is the header that the last ones came with.
func (c *Collector) Header() http.Header {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.header
}
