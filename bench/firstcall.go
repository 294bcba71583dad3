package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// sampleSize is how many operations are called once each.
const sampleSize = 100

// measureFirstCalls calls operations of a large document that nobody called
// before; the slowest counts.
func (b *bench) measureFirstCalls() error {
	path, err := b.document(githubDocument)
	if err != nil {
		return err
	}
	for _, mode := range []struct {
		name  string
		flags []string
	}{
		{"static", nil},
		{"dynamic", []string{"--dynamic"}},
	} {
		what := fmt.Sprintf("first call: worst of %d, GitHub, %s", sampleSize, mode.name)
		if path == "" {
			b.unmeasured(what, "≤ 100 ms", "needs MIMUS_SHARED")
			continue
		}
		calls, err := sampleCalls(path)
		if err != nil {
			return err
		}
		worst, who, good, err := b.firstCalls(path, calls, mode.flags)
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "  %s: %d of %d succeeded; the slowest was %s\n", mode.name, good, len(calls), who)
		b.within(what, float64(worst.Microseconds())/1000, 100, "%.1f ms")
	}
	return nil
}

// firstCalls makes the calls one after the other; good is how many got a 2xx
// or 3xx.
func (b *bench) firstCalls(document string, calls []firstCall, flags []string) (worst time.Duration, who string, good int, err error) {
	p, _, err := b.startMimus(-1, document, flags...)
	if err != nil {
		return 0, "", 0, err
	}
	defer p.stop()
	client := &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for _, c := range calls {
		req, err := http.NewRequest(c.method, "http://"+p.addr+c.path, bytes.NewReader(c.body))
		if err != nil {
			return 0, "", 0, err
		}
		if c.body != nil {
			req.Header.Set("Content-Type", "application/json")
		}
		began := time.Now()
		res, err := client.Do(req)
		if err != nil {
			return 0, "", 0, fmt.Errorf("%s %s: %w", c.method, c.path, err)
		}
		_, err = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		if err != nil {
			return 0, "", 0, fmt.Errorf("%s %s: %w", c.method, c.path, err)
		}
		took := time.Since(began)
		if res.StatusCode < 400 {
			good++
		}
		if took > worst {
			worst, who = took, fmt.Sprintf("%s %s (%d)", c.method, c.path, res.StatusCode)
		}
	}
	return worst, who, good, nil
}

// firstCall is a request that fits its operation as far as the document's
// examples tell.
type firstCall struct {
	method, path string
	body         []byte
}

// The part of an OpenAPI 3.0 document that a sample of requests needs.
type (
	sampleDocument struct {
		Paths      map[string]map[string]json.RawMessage
		Components struct {
			Parameters map[string]sampleParameter
			Examples   map[string]sampleExample
		}
	}
	sampleOperation struct {
		Parameters  []sampleParameter
		RequestBody *struct {
			Content map[string]struct {
				Example  json.RawMessage
				Examples map[string]sampleExample
			}
		}
	}
	sampleParameter struct {
		Ref      string `json:"$ref"`
		Name, In string
		Required bool
		Example  any
		Examples map[string]sampleExample
		Schema   struct {
			Type             any
			Example, Default any
			Enum             []any
		}
	}
	sampleExample struct {
		Ref   string `json:"$ref"`
		Value json.RawMessage
	}
)

// sampleCalls spreads the sample evenly over all operations of the document.
func sampleCalls(path string) ([]firstCall, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var d sampleDocument
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, err
	}
	type place struct{ path, method string }
	var places []place
	for path, item := range d.Paths {
		for method := range item {
			if slices.Contains([]string{"get", "post", "put", "patch", "delete"}, method) {
				places = append(places, place{path, method})
			}
		}
	}
	slices.SortFunc(places, func(a, b place) int { return strings.Compare(a.path+" "+a.method, b.path+" "+b.method) })
	n := min(sampleSize, len(places))
	calls := make([]firstCall, 0, n)
	for i := range n {
		p := places[i*len(places)/n]
		var op sampleOperation
		if err := json.Unmarshal(d.Paths[p.path][p.method], &op); err != nil {
			return nil, fmt.Errorf("%s %s: %w", p.method, p.path, err)
		}
		var shared []sampleParameter
		if raw := d.Paths[p.path]["parameters"]; raw != nil {
			if err := json.Unmarshal(raw, &shared); err != nil {
				return nil, fmt.Errorf("%s: %w", p.path, err)
			}
		}
		op.Parameters = append(op.Parameters, shared...)
		calls = append(calls, d.call(p.method, p.path, op))
	}
	return calls, nil
}

func (d *sampleDocument) call(method, path string, op sampleOperation) firstCall {
	c := firstCall{method: strings.ToUpper(method), path: path}
	query := url.Values{}
	for _, p := range op.Parameters {
		if name, ok := strings.CutPrefix(p.Ref, "#/components/parameters/"); ok {
			p = d.Components.Parameters[name]
		}
		switch {
		case p.In == "path":
			c.path = strings.ReplaceAll(c.path, "{"+p.Name+"}", url.PathEscape(d.text(p)))
		case p.In == "query" && p.Required:
			query.Set(p.Name, d.text(p))
		}
	}
	if len(query) > 0 {
		c.path += "?" + query.Encode()
	}
	if op.RequestBody == nil {
		return c
	}
	if media, ok := op.RequestBody.Content["application/json"]; ok {
		c.body = []byte("{}")
		if media.Example != nil {
			c.body = media.Example
		} else if v := d.firstExample(media.Examples); v != nil {
			c.body = v
		}
	}
	return c
}

// text is a value for the parameter: the document's, else one of its type.
func (d *sampleDocument) text(p sampleParameter) string {
	var fromExamples any
	if raw := d.firstExample(p.Examples); raw != nil {
		_ = json.Unmarshal(raw, &fromExamples)
	}
	candidates := []any{p.Example, fromExamples, p.Schema.Example, p.Schema.Default}
	if len(p.Schema.Enum) > 0 {
		candidates = append(candidates, p.Schema.Enum[0])
	}
	for _, v := range candidates {
		if v != nil && v != "" {
			return fmt.Sprint(v)
		}
	}
	if t := p.Schema.Type; t == "integer" || t == "number" {
		return "1"
	}
	return "a"
}

func (d *sampleDocument) firstExample(examples map[string]sampleExample) json.RawMessage {
	names := make([]string, 0, len(examples))
	for name := range examples {
		names = append(names, name)
	}
	if len(names) == 0 {
		return nil
	}
	e := examples[slices.Min(names)]
	if name, ok := strings.CutPrefix(e.Ref, "#/components/examples/"); ok {
		e = d.Components.Examples[name]
	}
	return e.Value
}
