package api

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/store"
)

func (a *API) callRoutes() []route {
	return []route{
		{method: "GET", path: "/mocks/{mockId}/call-logs", scope: access.View, handle: a.callLogs, jsonErrors: "400 404"},
		{method: "GET", path: "/mocks/{mockId}/call-logs/{callId}", scope: access.View, handle: a.callLog, jsonErrors: "400 404"},
	}
}

// The bounds of a page of calls, in calls and bytes.
const (
	maxCalls     = 100
	maxCallBytes = 6_500_000
)

// retention is how long calls are kept.
func (a *API) retention() time.Duration {
	if a.cfg.CallsAge > 0 {
		return a.cfg.CallsAge
	}
	return 30 * 24 * time.Hour
}

func (a *API) callLogs(c *call) error {
	f, err := c.callFilter()
	if err != nil {
		return err
	}
	include, err := c.included()
	if err != nil {
		return err
	}
	m, err := c.mockOfCalls()
	if err != nil {
		return err
	}
	f.Mocks, f.Full = []string{m.ID}, len(include) > 0
	list, err := a.cfg.Calls.List(c.Context(), f)
	if err != nil {
		return err
	}
	page, next, bytes := []object{}, list.Next, int64(0)
	for i, e := range list.Calls {
		bytes += 300 + int64(len(e.Query)+len(e.Path))
		if include["request.body"] {
			bytes += int64(len(e.Request.Body))
		}
		if include["response.body"] {
			bytes += int64(len(e.Response.Body))
		}
		if i > 0 && bytes > maxCallBytes {
			next = list.Calls[i-1].ID
			break
		}
		page = append(page, showCall(e, include))
	}
	return c.json(http.StatusOK, object{"call-logs": page, "meta": object{"nextCursor": callCursor(next)}})
}

// callCursor is the cursor of a place in the log; null where there is no more.
func callCursor(next string) any {
	if next == "" {
		return nil
	}
	return encodeCursor(next)
}

// mockOfCalls reads the mock of a call's path.
func (c *call) mockOfCalls() (m store.Mock, err error) {
	err = c.view(func(t *store.Tx) (err error) {
		m, err = c.readMock(t)
		return err
	})
	return m, err
}

// showCall is a call as Postman's log has it.
func showCall(e *calls.Entry, include map[string]bool) object {
	path := e.Path
	if e.Query != "" {
		path += "?" + e.Query
	}
	request, response := object{"method": e.Method, "path": path}, object{"type": e.Type, "statusCode": e.Status}
	for name, side := range map[string]struct {
		into object
		from *calls.Message
	}{"request": {request, &e.Request}, "response": {response, &e.Response}} {
		if include[name+".headers"] {
			side.into["headers"] = side.from.Headers
		}
		if include[name+".body"] {
			body := object{"data": side.from.Body, "size": side.from.Size}
			if name == "request" {
				body["mode"] = "raw"
			}
			side.into["body"] = body
		}
	}
	return object{"id": e.ID, "responseName": e.Name, "servedAt": isoTime(e.At), "request": request, "response": response}
}

func (c *call) callFilter() (f calls.Filter, err error) {
	bad := func(name, why string) error {
		return named(http.StatusBadRequest, "invalidParamsError", "Invalid value for parameter: "+name+". "+why, object{"param": name})
	}
	f.Limit = maxCalls
	if text := c.query("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxCalls {
			return f, bad("limit", fmt.Sprintf("Write a whole number from 1 to %d.", maxCalls))
		}
		f.Limit = n
	}
	for name, into := range map[string]*time.Time{"since": &f.Since, "until": &f.Until} {
		if text := c.query(name); text != "" {
			if *into, err = parseTime(text); err != nil {
				return f, bad(name, "Write a time such as 2026-01-31T12:00:00Z.")
			}
		}
	}
	now := c.api.cfg.Now()
	switch {
	case !f.Since.IsZero() && !f.Until.IsZero() && f.Until.Before(f.Since):
		return f, bad("until", "It is earlier than since.")
	case !f.Since.IsZero() && f.Since.Before(now.Add(-c.api.retention()-time.Minute)):
		return f, bad("since", fmt.Sprintf("Cannot view logs beyond the call log retention period based on your plan i.e. %d days.", int(c.api.retention().Hours()/24)))
	}
	if text := c.query("responseStatusCode"); text != "" {
		if f.Status, err = strconv.Atoi(text); err != nil || f.Status < 100 || f.Status > 999 {
			return f, bad("responseStatusCode", "Write a status code.")
		}
	}
	if f.Type = strings.ToLower(c.query("responseType")); f.Type != "" && f.Type != calls.Success && f.Type != calls.Error {
		return f, bad("responseType", "Write success or error.")
	}
	f.Method = strings.ToUpper(c.query("requestMethod"))
	f.Path, _, _ = strings.Cut(c.query("requestPath"), "?")
	sort, direction := c.query("sort"), strings.ToLower(c.query("direction"))
	switch {
	case sort != "" && sort != "servedAt":
		return f, bad("sort", "Calls can be sorted by servedAt.")
	case direction != "" && direction != "asc" && direction != "desc":
		return f, bad("direction", "Write asc or desc.")
	case sort != "" && direction == "":
		return f, bad("direction", "It goes with sort.")
	case direction != "" && sort == "":
		return f, bad("sort", "It goes with direction.")
	}
	f.Ascending = direction == "asc"
	if text := c.query("cursor"); text != "" {
		var ok bool
		if f.After, ok = decodeCursor(text); !ok || len(f.After) > 64 || f.After == "" {
			return f, bad("cursor", "It is not one that was given.")
		}
	}
	return f, nil
}

func parseTime(text string) (time.Time, error) {
	for _, form := range [...]string{time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02"} {
		if t, err := time.Parse(form, strings.Replace(text, " 0", "+0", 1)); err == nil {
			return t, nil
		}
		if t, err := time.Parse(form, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%.40q is no time", text)
}

func (c *call) included() (map[string]bool, error) {
	include := map[string]bool{}
	for part := range strings.SplitSeq(c.query("include"), ",") {
		switch part = strings.TrimSpace(part); part {
		case "":
		case "request.headers", "request.body", "response.headers", "response.body":
			include[part] = true
		default:
			return nil, named(http.StatusBadRequest, "invalidParamsError",
				"Invalid value for parameter: include. There are request.headers, request.body, response.headers and response.body.", object{"param": "include"})
		}
	}
	return include, nil
}

// callLog gives one call with all that is kept of it, and why it was answered so.
func (a *API) callLog(c *call) error {
	m, err := c.mockOfCalls()
	if err != nil {
		return err
	}
	e, err := a.cfg.Calls.Get(c.Context(), m.ID, c.param("callId"))
	if err != nil {
		return err
	}
	if e == nil {
		return named(http.StatusNotFound, "instanceNotFoundError", "The specified call does not exist.", object{})
	}
	all := map[string]bool{"request.headers": true, "request.body": true, "response.headers": true, "response.body": true}
	v := showCall(e, all)
	v["duration"], v["responder"], v["operation"], v["client"], v["trace"] = e.Took.Microseconds(), e.Responder, e.Operation, e.Client, e.Trace
	return c.json(http.StatusOK, object{"call-log": v})
}
