package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/store"
)

var callsStart = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// callOf is the i-th call of a test to a mock, a second after the one before.
// Odd ones are misses.
func callOf(mock string, i int) *calls.Record {
	r := &calls.Record{
		At: callsStart.Add(time.Duration(i) * time.Second), Mock: mock, Client: "192.0.2.1:1", Session: fmt.Sprintf("s%d", i%3),
		Method: "GET", Path: fmt.Sprintf("/pets/%d", i), Query: "a=b&token=hush", Redact: []string{"token"},
		RequestHeader: http.Header{"Accept": {"*/*"}, "Authorization": {"Bearer secret"}}, RequestBody: fmt.Appendf(nil, "Question %d", i), RequestSize: 10,
		Status: 200, ResponseHeader: []engine.Field{{Name: "Content-Type", Values: []string{"text/plain"}}}, ResponseBody: []byte("ANSWER"), ResponseSize: 6,
		Took: time.Duration(i) * 10 * time.Millisecond, Type: calls.Success, Name: "cat", Responder: "contract", Operation: "getPet",
		Trace: []engine.TraceLine{{Responder: "saved", Why: "none"}, {Responder: "contract", Why: "the first example", Answered: true}},
	}
	if i%2 == 1 {
		r.Method, r.Status, r.Type, r.Name, r.Operation, r.Responder = "POST", 404, calls.Error, "no such pet", "", "problem"
	}
	return r
}

// withCalls runs a test on both kinds of log, with a mock that has n calls and
// another that has one.
func withCalls(t *testing.T, n int, test func(t *testing.T, c *judge, log calls.Log, mock string)) {
	t.Helper()
	for _, kind := range []string{"ring", "writer"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := startDescribed(t)
			log := c.api.cfg.Calls
			if kind == "writer" {
				w := calls.NewWriter(calls.WriterConfig{Store: c.store, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return callsStart }})
				t.Cleanup(w.Close)
				log, c.api.cfg.Calls = w, w
			}
			mock, other := c.callsMock(""), c.callsMock("")
			for i := range n {
				log.Add(callOf(mock, i))
			}
			log.Add(callOf(other, n))
			test(t, c, log, mock)
		})
	}
}

// callsMock stores a mock of a spec in a workspace, the first where it is "".
func (c *client) callsMock(workspace string) string {
	c.t.Helper()
	m := store.Mock{ID: store.NewID(), Workspace: workspace, Owner: 1, Name: "Pets", Config: []byte("{}")}
	m.Slug = "pets-" + m.ID[:8]
	err := c.store.Update(c.t.Context(), store.Actor{User: 1}, func(t *store.Tx) error {
		if workspace == "" {
			w, err := t.EnsureWorkspace()
			if err != nil {
				return err
			}
			m.Workspace = w.ID
		}
		s := store.Spec{ID: store.NewID(), Workspace: m.Workspace, Name: "Pets", Type: "OPENAPI:3.0"}
		m.Spec = s.ID
		if err := t.CreateSpec(&s); err != nil {
			return err
		}
		if err := t.CreateSpecFile(&store.SpecFile{ID: store.NewID(), Spec: s.ID, Path: "openapi.yaml", Root: true, Content: []byte(callsSpec)}); err != nil {
			return err
		}
		return t.CreateMock(&m)
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return m.ID
}

const callsSpec = `openapi: 3.0.3
info: {title: Pets, version: "1"}
paths:
  /pets/{id}:
    get:
      operationId: getPet
      security: [{key: []}]
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        "200": {description: one, content: {application/json: {schema: {type: object}, example: {name: Rex}}}}
components:
  securitySchemes: {key: {type: http, scheme: bearer}}
`

// seconds are the calls of an answer, by their seconds.
func (a answer) seconds() string {
	a.t.Helper()
	var out []string
	for i := range a.at("calls").([]any) {
		at, err := time.Parse(time.RFC3339, a.text("calls", i, "at"))
		if err != nil {
			a.t.Fatal(err)
		}
		out = append(out, fmt.Sprint(int(at.Sub(callsStart).Seconds())))
	}
	return strings.Join(out, " ")
}

func TestCalls_Filters(t *testing.T) {
	t.Parallel()
	withCalls(t, 10, func(t *testing.T, c *judge, _ calls.Log, mock string) {
		for query, want := range map[string]string{
			"":                           "9 8 7 6 5 4 3 2 1 0",
			"sort=asc":                   "0 1 2 3 4 5 6 7 8 9",
			"status=404":                 "9 7 5 3 1",
			"status=2xx":                 "8 6 4 2 0",
			"status=5XX":                 "",
			"type=error":                 "9 7 5 3 1",
			"method=post":                "9 7 5 3 1",
			"path=/PETS/4":               "4",
			"path=/pets":                 "",
			"session=s1":                 "7 4 1",
			"operation=getPet":           "8 6 4 2 0",
			"minDuration=75":             "9 8",
			"minDuration=79.9":           "9 8",
			"text=question 7":            "7",
			"text=answer":                "9 8 7 6 5 4 3 2 1 0",
			"text=hush":                  "",
			"text=a=b&status=404":        "9 7 5 3 1",
			"since=2026-01-31T12:00:08Z": "9 8",
			"until=2026-01-31T12:00:01Z": "1 0",
			"since=2026-01-31T12:00:02Z&until=2026-01-31T12:00:03Z": "3 2",
		} {
			for _, limit := range []string{"1000", "3"} {
				values, err := url.ParseQuery(query)
				if err != nil {
					t.Fatal(err)
				}
				values.Set("limit", limit)
				var got []string
				for { // page by page
					a := c.do("GET", "/mocks/"+mock+"/calls?"+values.Encode(), nil).want(200)
					if s := a.seconds(); s != "" {
						got = append(got, s)
					}
					next, more := a.at("meta", "nextCursor").(string)
					if !more {
						break
					}
					values.Set("cursor", next)
				}
				if s := strings.Join(got, " "); s != want {
					t.Errorf("%s, %s at a time: %s, want %s", query, limit, s, want)
				}
			}
		}
	})
}

func TestCalls_WrongParameters_AreTold(t *testing.T) {
	t.Parallel()
	c := startDescribed(t)
	mock := c.callsMock("")
	for _, path := range []string{
		"/calls?limit=0", "/calls?limit=1001", "/calls?limit=x", "/calls?status=40", "/calls?status=4x", "/calls?status=xxx", "/calls?type=x", "/calls?since=x", "/calls?until=x",
		"/calls?since=2026-01-31&until=2026-01-30", "/calls?minDuration=-1", "/calls?minDuration=NaN", "/calls?sort=x", "/calls?include=x", "/calls?cursor=x", "/calls?cursor=eA",
		"/calls/stream?until=2026-01-31", "/calls/stream?cursor=x", "/calls/stream?after=x", "/calls/stream?include=x", "/calls/stream?status=x", "/mocks/" + mock + "/calls/har?type=x", "/mocks/" + mock + "/calls/har?limit=10001",
	} {
		name := path[strings.IndexByte(path, '?')+1 : strings.IndexByte(path, '=')]
		a := c.do("GET", path, nil).want(400)
		if got := a.text("error", "details", "param"); got != name && got != "until" {
			t.Errorf("%s: the error is of %s: %s", path, got, a.body)
		}
	}
}

func TestCalls_Messages_AreGivenOnDemand(t *testing.T) {
	t.Parallel()
	withCalls(t, 2, func(t *testing.T, c *judge, _ calls.Log, mock string) {
		plain := c.do("GET", "/mocks/"+mock+"/calls", nil).want(200)
		if body := string(plain.body); strings.Contains(body, "Question") || strings.Contains(body, `"trace"`) {
			t.Errorf("a list has messages: %s", body)
		}
		if strings.Contains(string(plain.body), "hush") || plain.at("calls", 0, "query") != "a=b&token=redacted" {
			t.Errorf("the query is %v", plain.at("calls", 0, "query"))
		}
		if plain.at("calls", 0, "duration") != 10.0 {
			t.Errorf("the duration is %v ms, want 10", plain.at("calls", 0, "duration"))
		}
		a := c.do("GET", "/mocks/"+mock+"/calls?include=messages", nil).want(200)
		if a.at("calls", 0, "request", "body") != "Question 1" || a.at("calls", 0, "response", "headers", 0, "key") != "content-type" || a.at("calls", 0, "trace", 1, "answered") != true {
			t.Errorf("the messages are %s", a.body)
		}
		one := c.do("GET", "/mocks/1-"+mock+"/calls/"+a.text("calls", 0, "id"), nil).want(200)
		if got, want := string(marshaled(t, one.at("call"))), string(marshaled(t, a.at("calls", 0))); got != want {
			t.Errorf("one call is %s, in the list it is %s", got, want)
		}
		c.do("GET", "/mocks/"+mock+"/calls/0649c1c2a3e4f-00000007-5a1f0c2b3d4e", nil).want(404)
		c.do("GET", "/mocks/"+mock+"/calls/none", nil).want(404)
	})
}

// Many long bodies make a short page that goes on, not an answer without bound.
func TestCalls_LongMessages_EndThePage(t *testing.T) {
	t.Parallel()
	withCalls(t, 0, func(t *testing.T, c *judge, log calls.Log, mock string) {
		const n = 150
		for i := range n {
			r := callOf(mock, i)
			r.ResponseBody = bytes.Repeat([]byte("x"), calls.MaxBody)
			log.Add(r)
		}
		got, cursor := 0, ""
		for {
			a := c.client.do("GET", "/mocks/"+mock+"/calls?sort=asc&limit=1000&include=messages&cursor="+cursor, nil).want(200)
			if len(a.body) > 8_000_000 {
				t.Fatalf("a page has %d bytes", len(a.body))
			}
			var page struct {
				Calls []struct{ Path string }
				Meta  struct{ NextCursor string }
			}
			if err := json.Unmarshal(a.body, &page); err != nil {
				t.Fatal(err)
			}
			for _, v := range page.Calls {
				if v.Path != fmt.Sprintf("/pets/%d", got) {
					t.Fatalf("call %d is %s", got, v.Path)
				}
				got++
			}
			if cursor = page.Meta.NextCursor; cursor == "" {
				break
			}
		}
		if got != n {
			t.Errorf("%d calls, want %d", got, n)
		}
	})
}

func TestCalls_OfAllMocks_AreThoseThatTheKeyReaches(t *testing.T) {
	t.Parallel()
	withCalls(t, 2, func(t *testing.T, c *judge, log calls.Log, mock string) {
		if got := c.do("GET", "/calls", nil).want(200).seconds(); got != "2 1 0" {
			t.Errorf("without a key: %s, want the calls of both mocks", got)
		}
		theirs := c.workspaceOf("team", "Theirs")
		c.key = c.newKey(store.Key{Scope: "edit", Workspace: theirs})
		if got := c.do("GET", "/calls", nil).want(200).seconds(); got != "" {
			t.Errorf("a key of a workspace without mocks sees %s", got)
		}
		call := "0649c1c2a3e4f-00000007-5a1f0c2b3d4e"
		for _, path := range []string{"", "/" + call, "/" + call + "/explain", "/har", "/stream"} {
			if got := c.do("GET", "/mocks/"+mock+"/calls"+path, nil).want(404).text("error", "name"); got != "instanceNotFoundError" {
				t.Errorf("%s: %s", path, got)
			}
		}
		c.do("POST", "/mocks/"+mock+"/calls/verify", object{"calls": []any{}}).want(404)
		c.do("DELETE", "/mocks/"+mock+"/calls", nil).want(404)
		own := c.callsMock(theirs)
		log.Add(callOf(own, 5))
		if got := c.do("GET", "/calls", nil).want(200).seconds(); got != "5" {
			t.Errorf("a key of a workspace sees %s, want its own call", got)
		}
	})
}

func TestCalls_Purge(t *testing.T) {
	t.Parallel()
	withCalls(t, 3, func(t *testing.T, c *judge, _ calls.Log, mock string) {
		c.key = c.newKey(store.Key{Scope: "view"})
		c.do("DELETE", "/mocks/"+mock+"/calls", nil).want(403)
		c.key = ""
		c.do("DELETE", "/mocks/"+mock+"/calls", nil).want(204)
		if got := c.do("GET", "/calls", nil).want(200).seconds(); got != "3" {
			t.Errorf("%s is left, want the other mock's call", got)
		}
	})
}

func TestCalls_Verify(t *testing.T) {
	t.Parallel()
	withCalls(t, 4, func(t *testing.T, c *judge, _ calls.Log, mock string) {
		path := "/mocks/" + mock + "/calls/verify"
		if a := c.do("POST", path, object{"calls": []object{{"operation": "getPet", "times": 2}}}).want(200); a.at("verified") != true {
			t.Errorf("%s", a.body)
		}
		if a := c.do("POST", path, object{"calls": []object{{"operation": "getPet", "times": 3}}}).want(200); a.at("verified") != false || a.at("failures", 0, "got") != 2.0 {
			t.Errorf("%s", a.body)
		}
		if a := c.do("POST", path, object{"calls": []object{{"methode": "GET"}}}).want(400); !strings.Contains(a.text("error", "message"), "calls[0].methode") {
			t.Errorf("%s", a.body)
		}
		c.do("POST", path, "{").want(400)
		if a := c.do("POST", path, `{"calls":["`+strings.Repeat("x", maxVerification)+`"]}`).want(413); !strings.Contains(a.text("detail"), "8 MB") {
			t.Errorf("%s", a.body)
		}
		// Of what is not kept nothing can be said, not even that nobody called.
		c.do("PUT", "/mocks/"+mock, object{"mock": object{"config": object{"keepCalls": false}}}).want(200)
		if a := c.do("POST", path, object{"calls": []object{{"times": 0}}}).want(409); a.text("error", "name") != "callsNotKeptError" {
			t.Errorf("%s", a.body)
		}
	})
}
