package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/store"
)

// The logs that are searched.
const (
	fewCalls    = 100_000
	searchMocks = 50
)

// measureSearch looks for the first page of each filter in a log of 100,000
// calls of one mock, and in a large one of 50 mocks.
func (b *bench) measureSearch() error {
	for _, size := range []struct {
		calls, mocks int
		budget       float64
	}{{fewCalls, 1, 50}, {b.calls, searchMocks, 300}} {
		places, err := b.places(fmt.Sprint("search", size.calls))
		if err != nil {
			return err
		}
		for _, p := range places {
			err := b.measureSearchIn(p, size.calls, size.mocks, size.budget)
			p.done()
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
		}
	}
	return nil
}

func (b *bench) measureSearchIn(p place, n, mocks int, budget float64) error {
	ids, err := b.makeMocks(p, mocks)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := fillLog(p.flags[1], ids, n); err != nil {
		return err
	}
	filled := time.Since(began)
	s, err := b.serve(-1, p, "--calls-most", "100000000")
	if err != nil {
		return err
	}
	defer s.stop()
	worst, which := 0.0, ""
	for name, query := range searches(began) {
		var times []float64
		for range b.runs {
			took, err := firstPage(s.addr, ids[len(ids)/2], query)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			times = append(times, took)
		}
		if m := median(times); m > worst {
			worst, which = m, name
		}
	}
	b.within(fmt.Sprintf("search: %s, slowest filter of %d calls of %d mocks", p.name, n, mocks), worst, budget, "%.0f ms")
	b.rows[len(b.rows)-1].measured += fmt.Sprintf(" (%s; filled at %.0f/s)", which, float64(n)/filled.Seconds())
	return nil
}

// searches are the queries of the filters; most ask for what is rare or isn't
// there.
func searches(began time.Time) map[string]url.Values {
	at := func(d time.Duration) string { return began.Add(d).UTC().Format(time.RFC3339Nano) }
	return map[string]url.Values{
		"all":                    {},
		"oldest first":           {"sort": {"servedAt"}, "direction": {"asc"}},
		"a common status":        {"responseStatusCode": {"200"}},
		"a rare status":          {"responseStatusCode": {"418"}},
		"a status that is not":   {"responseStatusCode": {"599"}},
		"a type":                 {"responseType": {"error"}},
		"a method that is not":   {"requestMethod": {"TRACE"}},
		"a rare method":          {"requestMethod": {"PATCH"}},
		"a path":                 {"requestPath": {"/pets/7"}},
		"a path that is not":     {"requestPath": {"/none"}},
		"a time that is not":     {"since": {at(-20 * 24 * time.Hour)}, "until": {at(-19 * 24 * time.Hour)}},
		"status and method":      {"responseStatusCode": {"418"}, "requestMethod": {"PATCH"}},
		"all of it, with a body": {"include": {"request.headers,request.body,response.headers,response.body"}, "responseStatusCode": {"418"}},
	}
}

// firstPage asks for a page and returns the milliseconds that it took.
func firstPage(addr, mock string, query url.Values) (float64, error) {
	began := time.Now()
	res, err := http.Get("http://" + addr + "/_mimus/api/mocks/" + mock + "/call-logs?" + query.Encode())
	if err != nil {
		return 0, err
	}
	defer func() { _ = res.Body.Close() }()
	var page struct {
		Calls []any `json:"call-logs"`
	}
	if err := json.NewDecoder(res.Body).Decode(&page); err != nil || res.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("the log answers %d: %w", res.StatusCode, err)
	}
	return float64(time.Since(began).Microseconds()) / 1000, nil
}

// makeMocks makes mocks in a place and gives their ids.
func (b *bench) makeMocks(p place, n int) (ids []string, err error) {
	s, err := b.serve(-1, p)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	var c struct {
		Collection struct {
			UID string `json:"uid"`
		} `json:"collection"`
	}
	if err := manage(s.addr, "/collections", pets, &c); err != nil {
		return nil, err
	}
	for range n {
		var m struct {
			Mock struct {
				ID string `json:"id"`
			} `json:"mock"`
		}
		if err := manage(s.addr, "/mocks", map[string]any{"mock": map[string]any{"collection": c.Collection.UID}}, &m); err != nil {
			return nil, err
		}
		ids = append(ids, m.Mock.ID)
	}
	return ids, nil
}

// fillLog writes calls as a server does, of about 1 KB each.
func fillLog(location string, mocks []string, n int) error {
	s, err := store.Open(context.Background(), store.Config{Location: location})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	w := calls.NewWriter(calls.WriterConfig{Store: s, Log: slog.New(slog.DiscardHandler), Now: time.Now, Retain: calls.Retention{Calls: 2 * n}})
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // what is drawn is no secret
	const letters = "abcdefghijklmnopqrstuvwxyz      "
	began := time.Now()
	for i := range n {
		body := make([]byte, 400)
		for j := range body {
			body[j] = letters[r.IntN(len(letters))]
		}
		w.Add(someCall(r, mocks[i%len(mocks)], began.Add(time.Duration(i)*time.Microsecond*10), body))
	}
	w.Close()
	if st := w.Stats(); st.Lost > 0 || st.Stored != int64(n) {
		return fmt.Errorf("of %d calls %d are stored and %d lost: %s", n, st.Stored, st.Lost, st.Trouble)
	}
	return nil
}

func someCall(r *rand.Rand, mock string, at time.Time, body []byte) *calls.Record {
	c := &calls.Record{
		At: at.Truncate(time.Millisecond), Mock: mock, Client: "127.0.0.1:40000", Method: "GET", Path: fmt.Sprintf("/pets/%d", r.IntN(100_000)),
		RequestHeader: http.Header{"Accept": {"application/json"}, "User-Agent": {"bench"}, "X-Request-Id": {string(body[:36])}},
		Status:        200, ResponseBody: slices.Clone(body), ResponseSize: int64(len(body)), Took: time.Duration(r.IntN(1000)) * time.Microsecond,
		ResponseHeader: []engine.Field{{Name: "Content-Type", Values: []string{"application/json"}}, {Name: "Vary", Values: []string{"Origin"}}},
		Type:           calls.Success, Name: "a pet", Responder: "saved", Operation: "getPet",
		Trace: []engine.TraceLine{{Responder: "saved", Why: "scores 100: the path is " + strings.Repeat("x", 10)}},
	}
	switch r.IntN(2000) {
	case 0:
		c.Status = 418
	case 1:
		c.Method = "PATCH"
	case 2:
		c.Type, c.Status = calls.Error, 404
	}
	return c
}
