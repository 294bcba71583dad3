package api

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/har"
)

// recording reads an answer as a recording.
func (a answer) recording() *har.Archive {
	a.t.Helper()
	l := document.NewLoader(document.Config{Files: map[string][]byte{"a.har": a.body}})
	f, err := l.Open(context.Background(), "a.har")
	if err != nil {
		a.t.Fatal(err)
	}
	archive, found, err := har.Read(context.Background(), l, f)
	if err != nil || len(found) > 0 {
		a.t.Fatalf("%v %v", err, found)
	}
	return archive
}

func TestExportCalls_IsARecording(t *testing.T) {
	t.Parallel()
	withCalls(t, 3, func(t *testing.T, c *judge, _ calls.Log, mock string) {
		a := c.do("GET", "/mocks/"+mock+"/calls/har", nil).want(200)
		if got := a.header.Get("Content-Disposition"); got != `attachment; filename="pets-`+mock[:8]+`.har"` {
			t.Errorf("the file's name is %s", got)
		}
		r := a.recording()
		if r.Version != "1.2" || r.Creator.Name != "mimus" || r.Creator.Version != "test" || r.Comment != "" || len(r.Entries) != 3 {
			t.Fatalf("%s", a.body)
		}
		e := r.Entries[1]
		if e.Started != "2026-01-31T12:00:01.000Z" || e.Time != 10 || e.Timings.Wait != 10 {
			t.Errorf("it began at %s and took %v ms: %+v", e.Started, e.Time, e.Timings)
		}
		if e.Request.Method != "POST" || e.Request.URL != "http://127.0.0.1:4010/m/"+mock+"/pets/1?a=b&token=redacted" || e.Request.Post.Text != "Question 1" || e.Request.BodySize != 10 {
			t.Errorf("the request is %+v", e.Request)
		}
		if e.Request.Query[1].Value != "redacted" || e.Request.Header[1].Name != "authorization" || e.Request.Header[1].Value != "redacted" {
			t.Errorf("secrets: %v %v", e.Request.Query, e.Request.Header)
		}
		if e.Response.Status != 404 || e.Response.Reason != "Not Found" || e.Response.Content.Text != "ANSWER" || e.Response.Content.MimeType != "text/plain" || e.Response.Content.Size != 6 {
			t.Errorf("the response is %+v", e.Response)
		}
		for i := range r.Entries { // what HAR 1.2 asks for
			for place, names := range map[string]string{
				"": "startedDateTime time request response cache timings", "timings": "send wait receive",
				"request":  "method url httpVersion cookies headers queryString headersSize bodySize",
				"response": "status statusText httpVersion cookies headers content redirectURL headersSize bodySize",
			} {
				v, _ := a.at("log", "entries", i).(map[string]any)
				if place != "" {
					v, _ = v[place].(map[string]any)
				}
				for name := range strings.FieldsSeq(names) {
					if _, ok := v[name]; !ok {
						t.Errorf("entry %d has no %s %s", i, place, name)
					}
				}
			}
		}
	})
}

func TestExportCalls_WithoutABody_ItsSizeIsKnown(t *testing.T) {
	t.Parallel()
	c := startDescribed(t)
	r := callOf(c.callsMock(""), 0)
	r.RequestBody, r.RequestSize, r.ResponseBody, r.ResponseSize, r.Query = nil, 0, nil, 0, ""
	c.api.cfg.Calls.Add(r)
	a := c.do("GET", "/mocks/"+r.Mock+"/calls/har", nil).want(200)
	a.recording()
	for _, side := range []string{"request", "response"} {
		if size := a.at("log", "entries", 0, side, "bodySize"); size != 0.0 {
			t.Errorf("the %s's size is %v", side, size)
		}
	}
}

func TestExportCalls_Filters(t *testing.T) {
	t.Parallel()
	withCalls(t, 10, func(t *testing.T, c *judge, _ calls.Log, mock string) {
		for query, want := range map[string]string{"status=404": "1 3 5 7 9", "status=404&limit=2": "7 9", "text=question 4": "4", "since=2026-01-31T12:00:08Z": "8 9", "status=500": ""} {
			var got []string
			for _, e := range c.do("GET", "/mocks/"+mock+"/calls/har?"+strings.ReplaceAll(query, " ", "%20"), nil).want(200).recording().Entries {
				_, path, _ := strings.Cut(e.Request.URL, "/pets/")
				second, _, _ := strings.Cut(path, "?")
				got = append(got, second)
			}
			if s := strings.Join(got, " "); s != want {
				t.Errorf("%s: %s, want %s", query, s, want)
			}
		}
	})
}

func TestExportCalls_OfMany_AreTheLast(t *testing.T) {
	t.Parallel()
	c := startDescribed(t)
	w := calls.NewWriter(calls.WriterConfig{Store: c.store, Log: c.api.cfg.Log, Now: c.api.cfg.Now})
	t.Cleanup(w.Close)
	c.api.cfg.Calls = w
	mock := c.callsMock("")
	const all = maxExported + 250
	for i := range all {
		w.Add(callOf(mock, i))
	}
	r := c.client.do("GET", "/mocks/"+mock+"/calls/har", nil).want(200).recording()
	if len(r.Entries) != maxExported || r.Comment != "These are the last 10000 calls; 250 older ones are left out." {
		t.Fatalf("%d entries: %s", len(r.Entries), r.Comment)
	}
	for i, e := range r.Entries {
		if !strings.Contains(e.Request.URL, fmt.Sprintf("/pets/%d?", i+250)) {
			t.Fatalf("entry %d is %s", i, e.Request.URL)
		}
	}
}
