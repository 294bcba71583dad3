package server

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/convert"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/postman"
)

// maxGenerated bounds the documents of the corpus that collections are made of.
const maxGenerated = 1 << 20

// TestCorpus_GeneratedCollections_EachExampleAnswersItsRequest makes a
// collection of each document, serves it, and asks for each saved example with
// the request that it was saved with: by its id, by its code where that is
// unique, and alone.
func TestCorpus_GeneratedCollections_EachExampleAnswersItsRequest(t *testing.T) {
	t.Parallel()
	shared := os.Getenv("MIMUS_SHARED")
	if shared == "" {
		t.Skip("MIMUS_SHARED is not set: the corpus is not there")
	}
	files, err := documentsIn(filepath.Join(shared, "corpus"))
	if err != nil {
		t.Fatal(err)
	}
	documents, asked := 0, 0
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil || info.Size() > maxGenerated || strings.HasSuffix(file, ".gz") {
			continue
		}
		loaded, err := Source{Location: file}.Load(context.Background())
		if err != nil || len(loaded.Definition.Operations) == 0 {
			continue
		}
		made, _ := convert.ToPostman(loaded.Definition, convert.PostmanOptions{SavedExamples: "all"})
		l := document.NewLoader(document.Config{Files: map[string][]byte{"c.json": made.AppendJSON(nil)}})
		f, err := l.Open(context.Background(), "c.json")
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		c, diags, err := postman.Read(context.Background(), l, f)
		if err != nil || len(diags) > 0 {
			t.Errorf("%s: the collection that was made of it: %v %v", file, err, diags)
			continue
		}
		def, diags := c.Definition()
		for _, d := range diags {
			interim := strings.Contains(d.Message, "the saved response has the status 1") // 1xx, which no handler can answer with
			if d.Severity != document.Info && d.Code != "no-examples" && d.Code != "no-requests" && !interim {
				t.Errorf("%s: the collection that was made of it: %s", file, d)
			}
		}
		documents++
		asked += askAll(t, filepath.Base(file), engine.Compile(def, engine.Config{}))
	}
	if documents < 40 {
		t.Errorf("only %d documents were converted", documents)
	}
	t.Logf("%d saved examples of %d documents", asked, documents)
}

// askAll asks for each example of a mock.
func askAll(t *testing.T, name string, m *engine.Mock) (asked int) {
	t.Helper()
	answer := func(req *engine.Request, header, value string) *engine.Response {
		own := *req
		own.Header = req.Header.Clone()
		if header != "" {
			own.Header.Set(header, value)
		}
		res := &engine.Response{}
		m.Answer(&own, res)
		return res
	}
	def := m.Definition()
	type place struct {
		target string
		status int
	}
	same := map[string][]int{} // the examples of one request
	codes := map[place]int{}
	requests := make([]*engine.Request, len(def.Exchanges))
	for i, x := range def.Exchanges {
		requests[i] = m.SavedRequest(i)
		target := requests[i].Method + " " + requests[i].Path + "?" + requests[i].RawQuery
		same[target] = append(same[target], i)
		codes[place{target, x.Response.Status}]++
	}
	for i, x := range def.Exchanges {
		asked++
		req := requests[i]
		target := req.Method + " " + req.Path + "?" + req.RawQuery
		check := func(how string, res *engine.Response, want int) {
			e := def.Exchanges[want]
			body := res.Body
			if e.Response.Status == 204 || e.Response.Status == 304 {
				body = []byte(e.Response.Body)
			}
			if res.Status != e.Response.Status || !bytes.Equal(body, []byte(e.Response.Body)) {
				t.Errorf("%s: %s %s, %s: got %d %.120q, want %d %.120q", name, x.Place, target, how, res.Status, res.Body, e.Response.Status, e.Response.Body)
			}
		}
		check("by id", answer(req, "X-Mock-Response-Id", x.ID), i)
		if codes[place{target, x.Response.Status}] == 1 {
			check("by code", answer(req, "X-Mock-Response-Code", strconv.Itoa(x.Response.Status)), i)
		}
		check("alone", answer(req, "", ""), slices.MinFunc(same[target], func(a, b int) int {
			x, y := def.Exchanges[a], def.Exchanges[b]
			if ok := x.Response.Status/100 == 2; ok != (y.Response.Status/100 == 2) {
				if ok {
					return -1
				}
				return 1
			}
			return strings.Compare(y.ID, x.ID)
		}))
	}
	return asked
}

// TestCollection_Odd_IsServedAsFarAsItIsSound loads what is large, deep or
// broken.
func TestCollection_Odd_IsServedAsFarAsItIsSound(t *testing.T) {
	t.Parallel()
	item := func(i int, response string) string {
		return fmt.Sprintf(`{"name":"r%d","request":{"method":"GET","url":"/r/a%d"},"response":[%s]}`, i, i, response)
	}
	sound := `{"name":"OK","code":200,"body":"sound"}`
	count := 100_000
	if testing.Short() {
		count = 5_000 // enough where the race detector looks
	}
	var many []string
	for i := range count {
		many = append(many, item(i, sound))
	}
	wrap := func(items string) string {
		return `{"info":{"name":"odd","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[` + items + `]}`
	}
	cases := []struct {
		name, text, path string
		code             string // of a diagnostic, "" for none
		message          string // that it has
	}{
		{"many items", wrap(strings.Join(many, ",")), fmt.Sprintf("/r/a%d", count-1), "", ""},
		{"deep folders", wrap(strings.Repeat(`{"name":"f","item":[`, 1000) + item(1, sound) + `,` + item(2, `{"name":"x"}`) + strings.Repeat(`]}`, 1000)), "/r/a1", "example-status", "990 more … / f / f / f / f / r2 / x: the saved response has no status"},
		{"a variable of itself", `{"info":{"name":"c"},"variable":[{"key":"a","value":"{{b}}"},{"key":"b","value":"{{a}}"}],"item":[` + item(1, sound) + `,` + item(2, `{"name":"x","code":200,"body":"{{a}}"}`) + `]}`, "/r/a1", "template", "r2 / x: "},
		{"an unknown dynamic variable", wrap(item(1, sound) + `,` + item(2, `{"name":"x","code":200,"body":"{{$randomNope}}"}`)), "/r/a1", "template", "r2 / x: "},
		{"doubled ids", wrap(item(1, `{"id":"1","name":"OK","code":200,"body":"sound"},{"id":"1","name":"x","code":404}`)), "/r/a1", "id-doubled", "r1 / x: the id \"1\" is also that of r1 / OK"},
		{"an unknown body mode", wrap(`{"name":"m","request":{"method":"GET","url":"/r/a1","body":{"mode":"carrier"}},"response":[` + sound + `]}`), "/r/a1", "body-mode", "m: the body mode \"carrier\" is not known"},
		{"no URL", wrap(item(1, sound) + `,{"name":"n","request":{"method":"GET"},"response":[` + sound + `]}`), "/r/a1", "example-request", "n / OK: "},
		{"no items", wrap(``), "", "no-requests", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			loaded, err := Source{Location: "odd.json", Data: []byte(c.text)}.Load(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			m := loaded.Compile(engine.Config{})
			if c.path != "" {
				res := &engine.Response{}
				m.Answer(&engine.Request{Method: "GET", Path: c.path, Header: http.Header{}}, res)
				if res.Status != 200 || string(res.Body) != "sound" {
					t.Errorf("got %d %.200s", res.Status, res.Body)
				}
			}
			for _, d := range loaded.Diagnostics {
				if d.Code == c.code && strings.Contains(d.Message, c.message) {
					return
				}
			}
			if c.code != "" {
				t.Errorf("no diagnostic %s with %q: %v", c.code, c.message, loaded.Diagnostics)
			}
		})
	}
}

func TestCollection_Truncated_IsAnErrorWithItsPlace(t *testing.T) {
	t.Parallel()
	_, err := Source{Location: "cut.json", Data: []byte("{\"info\": {\"name\": \"x\"},\n \"item\": [{\"name\": ")}.Load(context.Background())
	if err == nil || !strings.Contains(err.Error(), "cut.json:2:") {
		t.Errorf("got %v", err)
	}
}
