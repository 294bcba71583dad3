package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// explainedCall is why a call was answered so, as the API tells it.
type explainedCall struct {
	Call        remoteCall  `json:"call"`
	Explanation explanation `json:"explanation"`
}

type explanation struct {
	Recorded outcome  `json:"recorded"`
	Now      *outcome `json:"now"`
	Changed  bool     `json:"changed"`
	Note     string   `json:"note"`
}

// outcome is how an answer was found.
type outcome struct {
	Status    int             `json:"status"`
	Responder string          `json:"responder"`
	Operation string          `json:"operation"`
	Example   string          `json:"example"`
	Steps     []explainedStep `json:"steps"`
	Nearest   []nearCandidate `json:"nearest"`
}

type explainedStep struct {
	Responder  string `json:"responder"`
	Answered   bool   `json:"answered"`
	Why        string `json:"why"`
	Candidates []struct {
		Operation string `json:"operation"`
		Example   string `json:"example"`
		Response  string `json:"response"`
		Type      string `json:"type"`
		Why       string `json:"why"`
	} `json:"candidates"`
}

// nearCandidate is an operation or a saved example that nearly matched.
type nearCandidate struct {
	Name    string       `json:"name"`
	Method  string       `json:"method"`
	Path    string       `json:"path"`
	Differs string       `json:"differs"`
	Failed  string       `json:"failed"`
	Changes []nearChange `json:"changes"`
}

// nearChange is what to change in the request.
type nearChange struct {
	In   string          `json:"in"`
	Name string          `json:"name"`
	Op   string          `json:"op"`
	Have json.RawMessage `json:"have"`
	Want json.RawMessage `json:"want"`
}

// newestCall asks for the newest call in place of one by its id.
const newestCall = "last"

// explain prints why a call was answered as it was.
func (r *callReader) explain(ctx context.Context, id string, p *callPrinter) error {
	raw, err := r.explanation(ctx, id)
	if err != nil {
		return err
	}
	if p.json {
		_, err := p.w.Write(append(appendOneLine(nil, raw), '\n'))
		return err
	}
	var e explainedCall
	if err := json.Unmarshal(raw, &e); err != nil || e.Call.ID == "" {
		return r.stranger(http.StatusOK)
	}
	_, err = p.w.Write(p.appendExplained(nil, &e))
	return err
}

// explanation asks each mock that may have the call.
func (r *callReader) explanation(ctx context.Context, id string) (raw json.RawMessage, err error) {
	var ids []string
	switch {
	case id == newestCall:
		calls, err := r.list(ctx, 1, false)
		if err != nil {
			return nil, err
		}
		if len(calls) == 0 {
			return nil, errors.New(strings.ToLower(r.nothing()[:1]) + strings.TrimSuffix(r.nothing()[1:], "."))
		}
		id, ids = calls[0].ID, []string{calls[0].Mock}
	case r.mock != nil:
		ids = []string{r.mock.ID}
	default:
		for i := range r.mocks {
			ids = append(ids, r.mocks[i].ID)
		}
	}
	for _, mock := range ids {
		err := r.get(ctx, "/mocks/"+url.PathEscape(mock)+"/calls/"+url.PathEscape(id)+"/explain", nil, &raw)
		var refused *refusal
		if err == nil || !errors.As(err, &refused) || refused.status != http.StatusNotFound {
			return raw, err
		}
	}
	where := ""
	if r.mock != nil {
		where = " of " + plain(r.mock.called())
	}
	return nil, fmt.Errorf("there is no call %s%s; mimus calls --json shows the ids of calls, and --explain last takes the newest", plain(id), where)
}

func (p *callPrinter) appendExplained(b []byte, e *explainedCall) []byte {
	x := &e.Explanation
	b = append(p.appendLine(b, &e.Call), "\n\n"...)
	same := x.Now != nil && !x.Changed
	steps := x.Recorded.Steps
	if same && len(x.Now.Steps) > 0 {
		steps = x.Now.Steps // with what else might have answered
	}
	b = p.appendSteps(b, steps)
	switch {
	case same:
		b = append(b, "\nThe mock would answer the same now.\n"...)
	case x.Now != nil:
		b = append(b, "\nNow the mock would do otherwise: "...)
		b = append(appendPlain(b, x.Now.answer()), "\n\n"...)
		b = p.appendSteps(b, x.Now.Steps)
	}
	if x.Now != nil && len(x.Now.Nearest) > 0 {
		b = append(b, "\nNearest:\n"...)
		for i := range x.Now.Nearest {
			b = x.Now.Nearest[i].append(b)
		}
	}
	if x.Note != "" {
		b = append(appendPlain(append(b, '\n'), x.Note), '\n')
	}
	return b
}

// answer names an answer.
func (e *outcome) answer() string {
	what := "it would ask the upstream"
	if e.Status != 0 {
		what = fmt.Sprint(e.Status)
	}
	if e.Responder != "" {
		what += " of " + e.Responder
	}
	if name := cmp.Or(e.Example, e.Operation); name != "" {
		what += ", " + name
	}
	return what
}

// appendSteps lists what each responder did; an arrow is at the one that
// answered.
func (p *callPrinter) appendSteps(b []byte, steps []explainedStep) []byte {
	width := 0
	for i := range steps {
		width = max(width, len(steps[i].Responder))
	}
	width = min(width, 20)
	for i := range steps {
		s := &steps[i]
		mark := "   "
		if s.Answered {
			mark = " → "
		}
		b = append(b, mark...)
		b = appendPlain(b, fmt.Sprintf("%-*s  ", width, s.Responder))
		colour := ""
		if s.Answered {
			colour = cyan
		}
		b = append(p.coloured(b, colour, s.Why), '\n')
		for _, c := range s.Candidates {
			var what []string
			for _, part := range []string{c.Operation, c.Example, c.Response, c.Type} {
				if part != "" {
					what = append(what, part)
				}
			}
			b = append(b, strings.Repeat(" ", width+7)...)
			b = append(appendPlain(b, strings.Join(what, " ")+": "+c.Why), '\n')
		}
	}
	return b
}

func (n *nearCandidate) append(b []byte) []byte {
	b = appendPlain(append(b, "   "...), strings.TrimSpace(n.Method+" "+n.Path))
	if n.Name != "" {
		b = appendPlain(b, ", example "+n.Name)
	}
	if why := cmp.Or(n.Differs, n.Failed); why != "" {
		b = appendPlain(b, ": "+why)
	}
	b = append(b, '\n')
	for i := range n.Changes {
		b = append(appendPlain(append(b, "      "...), n.Changes[i].text()), '\n')
	}
	return b
}

// text tells a change: set the query parameter "limit" to 5 (it is "x").
func (c *nearChange) text() string {
	place := "the " + c.In
	if c.Name != "" {
		place = c.In + " " + c.Name
	}
	have, want := shownJSON(c.Have), shownJSON(c.Want)
	out := c.Op + " " + place
	if want != "" {
		out += " to " + want
	}
	if have != "" {
		out += ", in place of " + have
	}
	return out
}

// shownJSON is a value on one line; a text is without its quotes where they add
// nothing.
func shownJSON(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) == nil && s != "" && s == strings.TrimSpace(s) {
		return s
	}
	var line bytes.Buffer
	if json.Compact(&line, raw) != nil {
		return ""
	}
	return line.String()
}
