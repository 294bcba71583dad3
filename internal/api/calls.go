package api

import (
	"errors"
	"net/http"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/settings"
	"github.com/mimus-dev/mimus/internal/store"
)

// ownCallRoutes are what the log of calls has beside Postman's.
func (a *API) ownCallRoutes() []route {
	const view, edit, plain = access.View, access.Edit, "400 404 503"
	return []route{
		{method: "GET", path: "/calls", scope: view, handle: a.listCalls, jsonErrors: plain},
		{method: "GET", path: "/calls/stream", scope: view, handle: a.streamCalls, jsonErrors: plain},
		{method: "GET", path: "/mocks/{mockId}/calls", scope: view, handle: a.listCalls, jsonErrors: plain},
		{method: "DELETE", path: "/mocks/{mockId}/calls", scope: edit, handle: a.purgeCalls, jsonErrors: plain},
		{method: "GET", path: "/mocks/{mockId}/calls/stream", scope: view, handle: a.streamCalls, jsonErrors: plain},
		{method: "GET", path: "/mocks/{mockId}/calls/har", scope: view, handle: a.exportCalls, jsonErrors: plain},
		{method: "POST", path: "/mocks/{mockId}/calls/verify", scope: view, handle: a.verifyCalls, jsonErrors: plain},
		{method: "GET", path: "/mocks/{mockId}/calls/{callId}", scope: view, handle: a.oneCall, jsonErrors: plain},
		{method: "GET", path: "/mocks/{mockId}/calls/{callId}/explain", scope: view, handle: a.explainCall, jsonErrors: plain},
	}
}

// callView is a call as our own operations show it.
type callView struct {
	ID        string  `json:"id"`
	At        string  `json:"at"`
	Mock      string  `json:"mock"`
	Session   string  `json:"session"`
	Method    string  `json:"method"`
	Path      string  `json:"path"`
	Query     string  `json:"query"`
	Status    int     `json:"status"`
	Type      string  `json:"type"`
	Name      string  `json:"name"`
	Operation string  `json:"operation"`
	Duration  float64 `json:"duration"` // milliseconds
	*callMessages
}

// callMessages are what a list has of a call on demand only.
type callMessages struct {
	Client    string       `json:"client"`
	Responder string       `json:"responder"`
	Trace     []calls.Step `json:"trace"`
	Request   messageView  `json:"request"`
	Response  messageView  `json:"response"`
}

type messageView struct {
	Headers []calls.Header `json:"headers"`
	Body    string         `json:"body"`
	Size    int64          `json:"size"` // of the body, before it was cut
}

func viewCall(e *calls.Entry) callView {
	return callView{
		ID: e.ID, At: isoTime(e.At), Mock: e.Mock, Session: e.Session, Method: e.Method, Path: e.Path, Query: e.Query,
		Status: e.Status, Type: e.Type, Name: e.Name, Operation: e.Operation, Duration: milliseconds(e),
	}
}

// viewWhole is a call with all that is kept of it.
func viewWhole(e *calls.Entry) callView {
	v := viewCall(e)
	v.callMessages = &callMessages{e.Client, e.Responder, orNone(e.Trace), viewMessage(&e.Request), viewMessage(&e.Response)}
	return v
}

func viewMessage(m *calls.Message) messageView { return messageView{orNone(m.Headers), m.Body, m.Size} }

func milliseconds(e *calls.Entry) float64 { return float64(e.Took.Microseconds()) / 1000 }

// orNone is a list that JSON shows as one.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// listCalls lists the calls of a mock, or of all that the key reaches.
func (a *API) listCalls(c *call) error {
	f, err := c.callsFilter()
	if err == nil {
		err = c.pageOfCalls(&f)
	}
	if err == nil {
		f.Mocks, err = c.mocksOfCalls()
	}
	if err != nil {
		return err
	}
	page, err := a.callPage(c.Context(), f)
	if err != nil {
		return err
	}
	view := viewCall
	if f.Full {
		view = viewWhole
	}
	views := make([]callView, 0, len(page.Calls))
	for _, e := range page.Calls {
		views = append(views, view(e))
	}
	meta := object{"nextCursor": callCursor(page.Next), "scannedTo": nil}
	if !page.Scanned.IsZero() {
		meta["scannedTo"] = isoTime(page.Scanned)
	}
	return c.json(http.StatusOK, object{"calls": views, "meta": meta})
}

// purgeCalls deletes the calls of a mock. They are nobody's file, so those of a
// mock that a file owns can be deleted, too.
func (a *API) purgeCalls(c *call) error {
	m, err := c.mockOfCalls()
	if err != nil {
		return err
	}
	if err := a.cfg.Calls.Purge(c.Context(), m.ID); err != nil {
		return err
	}
	return c.empty(http.StatusNoContent)
}

// oneCall gives one call with all that is kept of it.
func (a *API) oneCall(c *call) error {
	e, err := a.callOfPath(c)
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"call": viewWhole(e)})
}

// callOfPath reads the call of a path.
func (a *API) callOfPath(c *call) (*calls.Entry, error) {
	m, err := c.mockOfCalls()
	if err != nil {
		return nil, err
	}
	e, err := a.cfg.Calls.Get(c.Context(), m.ID, c.param("callId"))
	if err == nil && e == nil {
		err = named(http.StatusNotFound, "instanceNotFoundError", "The specified call does not exist.", object{})
	}
	return e, err
}

// verifyCalls judges the calls of a mock against what a test expects. Whatever
// comes of it is an answer, and no error.
func (a *API) verifyCalls(c *call) error {
	m, err := c.mockOfCalls()
	if err != nil {
		return err
	}
	if kept, err := a.keepsCalls(m); err != nil {
		return err
	} else if !kept {
		return named(http.StatusConflict, "callsNotKeptError",
			"The calls of this mock are not kept, so that nothing can be said of them; turn keepCalls on in its settings, or leave out --no-keep-calls.", nil)
	}
	c.Body = http.MaxBytesReader(c.w, c.Body, maxVerification)
	body, err := c.body()
	if errors.As(err, new(*http.MaxBytesError)) {
		return problem(http.StatusRequestEntityTooLarge, "payload-too-large", "Payload Too Large", "A verification is at most 8 MB.")
	}
	if err != nil {
		return err
	}
	v, err := calls.ParseVerification(body)
	if err != nil {
		return named(http.StatusBadRequest, "invalidVerificationError", err.Error(), nil)
	}
	result, err := calls.Verify(c.Context(), a.cfg.Calls, m.ID, v)
	if errors.Is(err, calls.ErrTooManyCalls) {
		return named(http.StatusBadRequest, "tooManyCallsError", err.Error(), nil)
	}
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, result)
}

// maxVerification bounds what is expected of calls, in bytes.
const maxVerification = 8 << 20

// keepsCalls reports whether the calls of a mock are kept.
func (a *API) keepsCalls(m store.Mock) (bool, error) {
	s, err := settings.Parse(m.Config)
	return s.KeepCalls && !a.cfg.NoCalls, err
}
