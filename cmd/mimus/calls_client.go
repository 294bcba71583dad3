package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// remote is a running server that is asked through its management API.
type remote struct {
	base string // without a slash at the end
	key  string
	http *http.Client
}

// maxReply bounds what is read of an answer that is no recording, in bytes.
const maxReply = 256 << 20

// newRemote is the server at an address, which may lack its scheme.
func newRemote(address, key string) (*remote, error) {
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("--server takes a URL such as http://127.0.0.1:4010")
	}
	key = strings.TrimSpace(key)
	for _, c := range []byte(key) {
		if c <= ' ' || c > '~' {
			return nil, errors.New("the key has a character that no key has; copy it again")
		}
	}
	base := strings.TrimSuffix(strings.TrimRight(u.String(), "/"), "/_mimus/api")
	// A redirect is not followed: the key would go along.
	noRedirect := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &remote{base: base, key: key, http: &http.Client{CheckRedirect: noRedirect}}, nil
}

// refusal is an answer other than 200.
type refusal struct {
	status int
	text   string
}

func (e *refusal) Error() string { return e.text }

// unreached is a server that does not answer, or breaks off.
type unreached struct {
	base string
	err  error
}

func (e *unreached) Error() string {
	return fmt.Sprintf("no server answers at %s (%v); start one with mimus serve, or name it with --server URL", e.base, e.err)
}

func (e *unreached) Unwrap() error { return e.err }

// open asks for something below the API. The caller closes the body.
func (r *remote) open(ctx context.Context, path string, query url.Values, header http.Header) (*http.Response, error) {
	target := r.base + "/_mimus/api" + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, http.NoBody)
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", "mimus/"+version)
	if r.key != "" {
		req.Header.Set("X-Api-Key", r.key)
	}
	res, err := r.http.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var asked *url.Error
		if errors.As(err, &asked) {
			err = asked.Err // without the address, which is told already
		}
		return nil, &unreached{r.base, err}
	}
	if res.StatusCode != http.StatusOK {
		defer res.Body.Close()
		return nil, r.refused(res)
	}
	return res, nil
}

// get reads a JSON answer.
func (r *remote) get(ctx context.Context, path string, query url.Values, into any) error {
	res, err := r.open(ctx, path, query, nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, maxReply))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return &unreached{r.base, err}
	}
	if json.Unmarshal(data, into) != nil {
		return r.stranger(res.StatusCode)
	}
	return nil
}

// refused makes the error of an answer other than 200.
func (r *remote) refused(res *http.Response) error {
	data, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10)) // what is missing of it is missing in the message
	said := saidOf(data)
	e := &refusal{status: res.StatusCode}
	switch {
	case res.StatusCode == http.StatusUnauthorized && r.key == "":
		e.text = r.base + " needs a key: mimus keys create NAME --scope view makes one, MIMUS_KEY or --key names it"
	case res.StatusCode == http.StatusUnauthorized:
		e.text = r.base + " doesn't take this key; mimus keys list shows those that there are, mimus keys create NAME --scope view makes one"
	case res.StatusCode >= 300 && res.StatusCode < 400:
		e.text = fmt.Sprintf("%s leads to %s; name that with --server", r.base, plain(res.Header.Get("Location")))
	case said == "":
		return r.stranger(res.StatusCode)
	default:
		e.text = plain(strings.TrimSuffix(said, "."))
	}
	return e
}

// stranger is the error of an answer that no server of ours gives.
func (r *remote) stranger(status int) error {
	return &refusal{status, fmt.Sprintf("%s answers with %d, but not as mimus does; name its management address with --server URL", r.base, status)}
}

// saidOf is the message of an error, which has one of two shapes.
func saidOf(data []byte) string {
	var e struct {
		Error  json.RawMessage `json:"error"`
		Title  string          `json:"title"`
		Detail string          `json:"detail"`
	}
	if json.Unmarshal(data, &e) != nil {
		return ""
	}
	var named struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(e.Error, &named) == nil && named.Message != "" {
		return named.Message
	}
	if e.Detail != "" {
		return e.Detail
	}
	return e.Title
}

// remoteMock is a mock of a server.
type remoteMock struct {
	ID   string `json:"id"`
	UID  string `json:"uid"`
	Name string `json:"name"`
	Slug string `json:"slug"`
}

// called is what a line calls a mock.
func (m *remoteMock) called() string {
	switch {
	case m.Slug != "":
		return m.Slug
	case m.Name != "":
		return m.Name
	}
	return m.ID
}

func (r *remote) mocks(ctx context.Context) ([]remoteMock, error) {
	var list struct {
		Mocks []remoteMock `json:"mocks"`
	}
	if err := r.get(ctx, "/mocks", nil, &list); err != nil {
		return nil, err
	}
	if list.Mocks == nil {
		return nil, r.stranger(http.StatusOK)
	}
	return list.Mocks, nil
}

// findMock finds a mock by its id, uid, slug or name.
func findMock(mocks []remoteMock, wanted string) (*remoteMock, error) {
	var named []*remoteMock
	for i := range mocks {
		switch m := &mocks[i]; {
		case m.ID == wanted || m.UID == wanted || m.Slug == wanted:
			return m, nil
		case strings.EqualFold(m.Name, wanted):
			named = append(named, m)
		}
	}
	switch {
	case len(named) == 1:
		return named[0], nil
	case len(named) > 1:
		var some []remoteMock
		for _, m := range named {
			some = append(some, *m)
		}
		return nil, fmt.Errorf("%d mocks have the name %s; give one of %s", len(named), plain(wanted), mockNames(some))
	case len(mocks) == 0:
		return nil, fmt.Errorf("there is no mock %s; there are none at all", plain(wanted))
	}
	return nil, fmt.Errorf("there is no mock %s; there are %s", plain(wanted), mockNames(mocks))
}

// mockNames lists mocks for a message.
func mockNames(mocks []remoteMock) string {
	const most = 20
	var names []string
	for i := range mocks {
		names = append(names, plain(mocks[i].called()))
	}
	slices.Sort(names)
	if len(names) > most {
		names = append(names[:most], fmt.Sprintf("%d more", len(mocks)-most))
	}
	return strings.Join(names, ", ")
}

// plain is a text that can't break a line or a terminal.
func plain(s string) string { return string(appendPlain(nil, s)) }

// readTime reads a time, or how long ago it was: 10m, 2h30m, 3d.
func readTime(text string, now time.Time) (time.Time, error) {
	ago := text
	if days, ok := strings.CutSuffix(text, "d"); ok {
		ago = days + "h"
	}
	if d, err := time.ParseDuration(ago); err == nil && d >= 0 {
		if ago != text {
			d *= 24
		}
		return now.Add(-d), nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(form, text, now.Location()); err == nil {
			return t, nil
		}
	}
	for _, form := range []string{"15:04:05", "15:04"} { // of today
		if t, err := time.Parse(form, text); err == nil {
			y, m, d := now.Date()
			return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), 0, now.Location()), nil
		}
	}
	return time.Time{}, fmt.Errorf("--since %s: write how long ago, such as 10m, 2h or 3d, or a time such as 15:04 or 2026-01-31T12:00:00Z", plain(text))
}
