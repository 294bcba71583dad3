package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/hosting"
	"github.com/mimus-dev/mimus/internal/store"
)

// explanationView tells why a call was answered so, and what would be now.
type explanationView struct {
	Recorded recordedView    `json:"recorded"`
	Now      json.RawMessage `json:"now"` // null: it can't be told
	// Changed says that the mock would answer otherwise now; null: it can't be told.
	Changed *bool  `json:"changed"`
	Note    string `json:"note"` // what may have made a difference; may be empty
}

// recordedView is what the log has, with the names that the engine gives it.
type recordedView struct {
	Status    int          `json:"status"`
	Responder string       `json:"responder"`
	Operation string       `json:"operation"`
	Example   string       `json:"example"`
	Message   string       `json:"message"` // of the mock's own error
	Steps     []calls.Step `json:"steps"`
}

// explainCall tells why a call was answered as it was: the trace that was kept,
// and what the mock, as it is now, would do with the same request.
func (a *API) explainCall(c *call) error {
	e, err := a.callOfPath(c)
	if err != nil {
		return err
	}
	v := explanationView{Recorded: viewRecorded(e)}
	req, missing := replayed(c, e)
	now, err := a.explainNow(c, e, req)
	var unusable *hosting.UnusableError
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, hosting.ErrDeactivated), errors.As(err, &unusable):
		v.Note = "What the mock would do now can't be told: " + err.Error() + "."
	case err != nil:
		return err
	default:
		differs := now.Responder != e.Responder || now.Status != e.Status && now.Status != 0 // else an upstream would be asked
		v.Now, v.Changed, v.Note = now.AppendJSON(nil), &differs, strings.Join(missing, " ")
	}
	return c.json(http.StatusOK, object{"call": viewWhole(e), "explanation": v})
}

func viewRecorded(e *calls.Entry) recordedView {
	v := recordedView{Status: e.Status, Responder: e.Responder, Operation: e.Operation, Steps: orNone(e.Trace)}
	switch {
	case e.Type == calls.Error:
		v.Message = e.Name
	case e.Name != e.Operation:
		v.Example = e.Name
	}
	return v
}

// explainNow asks the mock what it would do.
func (a *API) explainNow(c *call, e *calls.Entry, req *engine.Request) (engine.Explanation, error) {
	if a.cfg.Explain != nil {
		if x, ok := a.cfg.Explain(e.Mock, req); ok {
			return x, nil
		}
	}
	return a.cfg.Mocks.Explain(c.Context(), e.Mock, req)
}

// refused is who answered a call that was let in to no mock.
const refused = "access"

// replayed is the request of a call as far as it was kept, and in sentences what
// was not and may have made a difference. Placeholders of secrets are left out: they would be taken
// for values.
func replayed(c *call, e *calls.Entry) (req *engine.Request, missing []string) {
	req = &engine.Request{
		Context: c.Context(), Method: e.Method, Path: e.Path, Header: http.Header{},
		Body: strings.NewReader(e.Request.Body), Length: int64(len(e.Request.Body)),
	}
	var secrets []string
	for _, h := range e.Request.Headers {
		if h.Value == calls.Redacted {
			secrets = append(secrets, h.Key)
			continue
		}
		req.Header.Add(h.Key, h.Value)
	}
	var query []string
	for part := range strings.SplitSeq(e.Query, "&") {
		if name, value, _ := strings.Cut(part, "="); value == calls.Redacted {
			secrets = append(secrets, "the parameter "+name)
			continue
		}
		query = append(query, part)
	}
	req.RawQuery = strings.Join(query, "&")
	if len(secrets) > 0 {
		slices.Sort(secrets)
		missing = append(missing, "Credentials were not kept: the request is looked at without "+strings.Join(slices.Compact(secrets), ", ")+".")
	}
	if e.Request.Size != int64(len(e.Request.Body)) {
		missing = append(missing, "The body was not kept as it was sent: the request is looked at with what there is of it.")
	}
	if e.Responder == refused {
		missing = append(missing, "The call was refused before the mock looked at it.")
	}
	return req, missing
}
