package engine

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/openapi"
)

// read reads a document of a test.
func read(t testing.TB, text string) *definition.Definition {
	t.Helper()
	l := document.NewLoader(document.Config{Files: map[string][]byte{"api.yaml": []byte(text)}})
	f, err := l.Open(context.Background(), "api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	def, diags, err := openapi.Read(context.Background(), l, f)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diags {
		if d.Severity == document.Error {
			t.Logf("%s", d)
		}
	}
	return def
}

func mockOf(t testing.TB, text string, cfg Config) *Mock {
	t.Helper()
	return Compile(read(t, text), cfg)
}

// sent is a request of a test; the zero value is GET /.
type sent struct {
	target string // "POST /pets?limit=1"
	header []string
	body   string
}

// ask answers a request.
func ask(m *Mock, s sent) *Response {
	res := &Response{}
	m.Answer(requestOf(s), res)
	return res
}

// requestOf makes a request. Header fields are written "Name: value".
func requestOf(s sent) *Request {
	method, target, ok := strings.Cut(s.target, " ")
	if !ok {
		method, target = "GET", s.target
	}
	path, query, _ := strings.Cut(target, "?")
	req := &Request{Method: method, Path: path, RawQuery: query, Header: http.Header{}, Length: int64(len(s.body))}
	for _, h := range s.header {
		k, v, _ := strings.Cut(h, ":")
		req.Header.Add(k, strings.TrimSpace(v))
	}
	if s.body != "" {
		req.Body = strings.NewReader(s.body)
	}
	return req
}

// text is the whole body of an answer.
func text(res *Response) string { return string(res.Body) + string(joined(res.Items)) }
