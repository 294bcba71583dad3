package mimustest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/verify"
)

// Want is what a test wants of the calls to one operation, for [Server.Verify].
// Its methods give another Want and leave it as it is, so that one can be the
// beginning of several.
type Want struct {
	matcher verify.Matcher
	err     error // the first mistake in it
}

// Called wants that an operation is called, at least once. It is named as for
// [AllowBroken]. Only calls that are as the Want's further methods say count.
func Called(operation string) Want {
	w := Want{matcher: verify.Matcher{Operation: operation}}
	if operation == "" {
		w.err = fmt.Errorf(`an operation needs a name: an operationId, or method and path like "GET /pets"`)
	}
	return w
}

// Times wants exactly that many calls.
func (w Want) Times(n int) Want { return w.times(n, verify.Exactly(n)) }

// Never wants no call.
func (w Want) Never() Want { return w.Times(0) }

// AtLeast wants that many calls or more.
func (w Want) AtLeast(n int) Want {
	_, most := w.bounds()
	return w.times(n, verify.Between(n, most))
}

// AtMost wants that many calls or fewer, none included unless AtLeast says
// otherwise.
func (w Want) AtMost(n int) Want {
	least, _ := w.bounds()
	return w.times(n, verify.Between(least, n))
}

// bounds are those of AtLeast and AtMost so far.
func (w Want) bounds() (least, most int) {
	if w.matcher.Times == (verify.Times{}) {
		return verify.AtLeast(0).Bounds()
	}
	return w.matcher.Times.Bounds()
}

func (w Want) times(n int, t verify.Times) Want {
	w.matcher.Times = t
	if least, most := t.Bounds(); n < 0 || least > most {
		return w.wrong("no number of calls is %s", t)
	}
	return w
}

// Status counts only calls that were answered with a status.
func (w Want) Status(status int) Want {
	if status < 100 || status > 599 {
		return w.wrong("%d is no status of HTTP", status)
	}
	w.matcher.Status = status
	return w
}

// Query counts only calls whose query has a parameter with a value.
func (w Want) Query(name, value string) Want {
	w.matcher.Query = append(slices.Clip(w.matcher.Query), verify.Field{Name: name, Text: value})
	return w
}

// Header counts only calls that have a header field with a value.
func (w Want) Header(name, value string) Want {
	w.matcher.Headers = append(slices.Clip(w.matcher.Headers), verify.Field{Name: strings.ToLower(name), Text: value})
	return w
}

// Body counts only calls whose body is the same. A string, []byte or
// [json.RawMessage] is the body as it is sent, anything else is encoded as JSON.
// JSON is compared by value: order of members and spaces don't matter.
func (w Want) Body(body any) Want {
	v, err := bodyValue(body)
	if err != nil {
		return w.wrong("the body is not to be had as JSON: %w", err)
	}
	w.matcher.Body.Equals = v
	return w
}

// BodyContains counts only calls whose body has at least what is given, which is
// read as for [Want.Body]: an object may have further members, a list further
// items before, between and after those that are given. A text that is no JSON
// is looked for in the body as it was sent.
func (w Want) BodyContains(part any) Want {
	v, err := bodyValue(part)
	switch {
	case err != nil:
		return w.wrong("the part of the body is not to be had as JSON: %w", err)
	case v.Kind == definition.String && asSent(part):
		w.matcher.Body.Text = v.Text
	default:
		w.matcher.Body.Contains = v
	}
	return w
}

// BodySchema counts only calls whose body fits a JSON Schema (2020-12), which is
// written in JSON or YAML.
func (w Want) BodySchema(text string) Want {
	s, err := verify.ParseSchema(text)
	if err != nil {
		return w.wrong("%w", err)
	}
	w.matcher.Body.Schema = s
	return w
}

// wrong notes a mistake, which [Server.Verify] reports.
func (w Want) wrong(format string, args ...any) Want {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
	return w
}

func asSent(body any) bool {
	switch body.(type) {
	case string, []byte, json.RawMessage:
		return true
	}
	return false
}

// bodyValue is the JSON that a body stands for; a text that is none stands for
// itself.
func bodyValue(body any) (*definition.Value, error) {
	var text string
	switch b := body.(type) {
	case string:
		text = b
	case []byte:
		text = string(b)
	case json.RawMessage:
		text = string(b)
	default:
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		text = string(encoded)
	}
	v, err := document.ParseJSON(text, 0, document.Limits{})
	if err != nil {
		v = definition.NewString(text)
	}
	return &v, nil
}
