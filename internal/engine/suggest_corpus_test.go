package engine

import (
	"bufio"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/har"
	"github.com/mimus-dev/mimus/internal/openapi"
	"github.com/mimus-dev/mimus/internal/postman"
	"github.com/mimus-dev/mimus/internal/saved"
)

// corpus gives the files of one format of the shared corpus.
func corpus(t *testing.T, format string) []string {
	t.Helper()
	shared := os.Getenv("MIMUS_SHARED")
	if shared == "" {
		t.Skip("MIMUS_SHARED is not set: the corpus is not there")
	}
	index, err := os.Open(filepath.Join(shared, "corpus", "INDEX.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	var out []string
	for s := bufio.NewScanner(index); s.Scan(); {
		if name, _, _ := strings.Cut(s.Text(), "\t"); strings.HasPrefix(name, format+"/") {
			out = append(out, filepath.Join(shared, "corpus", name))
		}
	}
	return out
}

// tally counts the candidates of misses, and the changes that were tried.
type tally struct{ asked, misses, candidates, changes, wrong, spare int }

func (c *tally) report(t *testing.T, what string) {
	t.Helper()
	t.Logf("%s: %d broken requests, %d misses, %d candidates, %d suggestions checked, %d wrong, %d with more than is needed", what, c.asked, c.misses, c.candidates, c.changes, c.wrong, c.spare)
	if c.changes*100 < c.candidates*97 {
		t.Errorf("%s: only %d of %d candidates have changes, fewer than 97 %%", what, c.changes, c.candidates)
	}
	if c.candidates < 100 {
		t.Errorf("%s: only %d candidates were seen", what, c.candidates)
	}
}

// told reads a miss's nearest candidates.
func told(t *testing.T, res *Response) []value {
	t.Helper()
	doc, err := document.ParseJSON(string(res.Body), 1, document.Limits{})
	if err != nil {
		t.Fatalf("a miss is no JSON: %v", err)
	}
	near := doc.Get("nearest")
	if e := doc.Get("error"); e != nil {
		near = e.Get("details").Get("nearest")
	}
	if near == nil {
		return nil
	}
	return near.Kids
}

// toldChanges reads the changes of a candidate as a client reads them.
func toldChanges(near *value) []Change {
	var out []Change
	list := near.Get("changes")
	for i := range list.Len() {
		c := &list.Kids[i]
		out = append(out, Change{In: saved.Place(c.Get("in").Str()), Name: c.Get("name").Str(), Op: saved.Op(c.Get("op").Str()), Have: c.Get("have"), Want: c.Get("want")})
	}
	return out
}

// TestCorpus_SuggestionsForOperations_ReachThem breaks the requests of
// operations, and makes the changes that each miss tells.
func TestCorpus_SuggestionsForOperations_ReachThem(t *testing.T) {
	var c tally
	const sample = 60
	for _, file := range corpus(t, "openapi") {
		l := document.NewLoader(document.Config{})
		f, err := l.Open(context.Background(), file)
		if err != nil {
			t.Fatal(err)
		}
		def, _, err := openapi.Read(context.Background(), l, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, cfg := range []Config{{}, {BasePath: "/base/v1"}} {
			m := Compile(def, cfg)
			r := rand.New(rand.NewPCG(1, 2))
			step := max(1, len(m.ops)/sample)
			for i := 0; i < len(m.ops); i += step {
				op := m.ops[i]
				req := &Request{Method: op.def.Method, Path: m.fits("/", op)[0].path(op, nil, 0), Header: http.Header{}}
				for range 4 {
					bad, _, how := broken(r, req, nil, pathBreakages)
					c.checkOperations(t, m, bad, filepath.Base(file)+", "+op.label+", "+how)
				}
			}
		}
	}
	c.report(t, "operations")
}

func (c *tally) checkOperations(t *testing.T, m *Mock, bad *Request, how string) {
	t.Helper()
	res := &Response{}
	m.Answer(bad, res)
	c.asked++
	if res.Mistake == "" || res.Status != 404 && res.Status != 405 {
		return
	}
	c.misses++
	for _, near := range told(t, res) {
		c.candidates++
		changes := toldChanges(&near)
		if changes == nil {
			t.Logf("%s: %s %s: no changes for %s", how, bad.Method, bad.Path, near.AppendJSON(nil))
			continue
		}
		c.changes++
		req, _, err := Apply(bad, nil, changes)
		if err != nil {
			t.Errorf("%s: %v", how, err)
			continue
		}
		x := exchange{mock: m, req: req}
		if !m.routed(&x) || !isNamed(x.op, &near) && !slices.ContainsFunc(x.op.twins, func(o *operation) bool { return isNamed(o, &near) }) {
			c.wrong++
			t.Errorf("%s: %s %s: %s leads to %s %s, which doesn't reach it", how, bad.Method, bad.Path, near.AppendJSON(nil), req.Method, req.Path)
		}
		for i := range changes {
			fewer := slices.Delete(slices.Clone(changes), i, i+1)
			req, _, err := Apply(bad, nil, fewer)
			if x := (exchange{mock: m, req: req}); err == nil && m.routed(&x) && isNamed(x.op, &near) {
				c.spare++
				t.Errorf("%s: %s %s: a change is spare in %s", how, bad.Method, bad.Path, near.AppendJSON(nil))
			}
		}
	}
}

func isNamed(op *operation, near *value) bool {
	return op.def.Method == near.Get("method").Str() && op.def.Path == near.Get("path").Str()
}

// TestCorpus_SuggestionsForExamples_AreAnsweredByThem breaks the requests of
// saved examples, and makes the changes that each miss tells.
func TestCorpus_SuggestionsForExamples_AreAnsweredByThem(t *testing.T) {
	var c tally
	const sample = 100
	for _, file := range append(corpus(t, "postman"), corpus(t, "har")...) {
		def := savedDefinition(t, file)
		for _, cfg := range []Config{
			{},
			{Matching: saved.Config{Body: true}},
			{Matching: saved.Config{Body: true, Header: true, Headers: comparedHeaders, NoFuzzy: true}},
			{BasePath: "/base", Matching: saved.Config{NoWildcards: true, NoQuery: true, NoFuzzy: true}},
		} {
			m := Compile(def, cfg)
			r := rand.New(rand.NewPCG(1, 2))
			n := m.Examples()
			step := max(1, n/sample)
			for i := 0; i < n; i += step {
				req := m.SavedRequest(i)
				req.Path = cfg.BasePath + req.Path
				var body []byte
				if req.Body != nil {
					body, _ = io.ReadAll(req.Body)
				}
				for range 20 {
					bad, sent, how := broken(r, req, body, exampleBreakages)
					c.checkExamples(t, m, bad, sent, filepath.Base(file)+", "+how)
				}
			}
		}
	}
	c.report(t, "examples")
}

// savedDefinition reads a collection or a recording.
func savedDefinition(t *testing.T, file string) *definition.Definition {
	t.Helper()
	l := document.NewLoader(document.Config{})
	f, err := l.Open(context.Background(), file)
	if err != nil {
		t.Fatal(err)
	}
	var source interface {
		Definition() (*definition.Definition, []document.Diagnostic)
	}
	if strings.HasSuffix(file, ".har") {
		source, _, err = har.Read(context.Background(), l, f)
	} else {
		source, _, err = postman.Read(context.Background(), l, f)
	}
	if err != nil {
		t.Fatal(err)
	}
	def, _ := source.Definition()
	return def
}

func (c *tally) checkExamples(t *testing.T, m *Mock, bad *Request, body []byte, how string) {
	t.Helper()
	res := &Response{}
	m.Answer(bad, res)
	c.asked++
	if !strings.Contains(string(res.Body), mockNotFound) {
		return
	}
	c.misses++
	for _, near := range told(t, res) {
		c.candidates++
		changes := toldChanges(&near)
		if changes == nil {
			t.Logf("%s: %s %s: no changes for %.300s", how, bad.Method, bad.Path, near.AppendJSON(nil))
			continue
		}
		c.changes++
		req, _, err := Apply(bad, body, changes)
		if err != nil {
			t.Errorf("%s: %v", how, err)
			continue
		}
		again := &Response{}
		m.Answer(req, again)
		if again.x.won == 0 || !isExample(m, again.x.won-1, &near) {
			c.wrong++
			t.Errorf("%s: %s %s: %.500s leads to %d %.100s", how, bad.Method, bad.Path, near.AppendJSON(nil), again.Status, again.Body)
		}
		for i := range changes {
			fewer := slices.Delete(slices.Clone(changes), i, i+1)
			if req, _, err := Apply(bad, body, fewer); err == nil && len(fewer) > 0 {
				m.Answer(req, again)
				if again.x.won > 0 && again.x.won == m.numberOf(&near) {
					c.spare++
					t.Errorf("%s: %s %s: a change is spare in %.500s", how, bad.Method, bad.Path, near.AppendJSON(nil))
				}
			}
		}
	}
}

// numberOf is one more than the number of the example that is told, 0 where
// several may be meant.
func (m *Mock) numberOf(near *value) int {
	found := 0
	for i := range m.examples.answers {
		if isTold(m, i, near) {
			if found > 0 {
				return 0
			}
			found = i + 1
		}
	}
	return found
}

func isTold(m *Mock, i int, near *value) bool {
	x := m.examples.answers[i].x
	return x.Place == near.Get("example").Str() && x.ID == near.Get("id").Str() && itoa(x.Response.Status) == near.Get("status").Text
}

// isExample reports whether an example is the one that is told, or equal to it
// in all that is matched.
func isExample(m *Mock, won int, near *value) bool {
	for i := range m.examples.answers {
		if isTold(m, i, near) && (i == won || m.asks(i) == m.asks(won)) {
			return true
		}
	}
	return false
}

// asks is all that is matched of an example, as text.
func (m *Mock) asks(i int) string {
	req, e := m.SavedRequest(i), m.examples.answers[i].x
	text := req.Method + " " + req.Path
	if cfg := &m.cfg.Matching; !cfg.NoQuery {
		text += "?" + req.RawQuery
	}
	if m.cfg.Matching.Body {
		body, _ := savedBytes(e.Request.Body, m.examples.resolver(e))
		text += "\n" + body
	}
	for _, name := range m.cfg.Matching.Headers {
		text += "\n" + strings.Join(req.Header.Values(name), ", ")
	}
	return text
}
