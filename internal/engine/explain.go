package engine

import (
	"strings"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Explanation says why a request gets the answer that it gets.
type Explanation struct {
	Status    int    // 0 where an upstream would be asked
	Responder string // which gave the answer
	Operation string
	Example   string
	Steps     []ExplainedStep // of the responders that were reached, in their order
	Nearest   []Near          // of a miss
	Cut       bool            // something was left out for its length
}

// ExplainedStep is a line of the trace with what else might have answered in
// its responder.
type ExplainedStep struct {
	TraceLine
	Candidates []Candidate
}

// Candidate is an operation, an example, a response or a media type that might
// have answered.
type Candidate struct {
	Operation string
	Example   string
	Response  string // "404", "5XX", "default"
	Media     string
	Score     int // of a saved example that matches
	Why       string
}

// Explain tells how a request would be answered, without answering it: nothing
// counts the call, and no upstream or callback is called. It reads the body of
// the request. A fault of the mock server is contained, as in Answer.
func (m *Mock) Explain(req *Request) Explanation {
	res := &Response{}
	m.run(req, res, explaining)
	return res.x.explanation()
}

func (x *exchange) explanation() Explanation {
	res := x.res
	e := Explanation{Status: res.Status, Responder: res.Responder, Operation: res.Operation, Example: res.Example, Nearest: x.nearest}
	for _, l := range res.Trace {
		e.Steps = append(e.Steps, ExplainedStep{TraceLine: l})
	}
	for _, r := range x.rivals {
		if s := &e.Steps[r.line]; len(s.Candidates) < maxOffers {
			s.Candidates = append(s.Candidates, r.Candidate)
		}
	}
	return e
}

// explanationField is the header field that an explanation is sent in.
const explanationField = "X-Mimus-Explanation"

// explainInField adds the explanation to an answer.
func (x *exchange) explainInField() {
	e := x.explanation()
	x.res.Set(explanationField, []string{e.field()})
}

// AppendJSON appends the explanation as compact JSON, without what is empty.
func (e *Explanation) AppendJSON(dst []byte) []byte {
	doc := definition.NewObject()
	if e.Status != 0 {
		doc.Kids = append(doc.Kids, definition.NewInt(int64(e.Status)).With("status"))
	}
	addText(&doc, "responder", e.Responder)
	addText(&doc, "operation", e.Operation)
	addText(&doc, "example", e.Example)
	addList(&doc, "steps", e.Steps, (*ExplainedStep).value)
	addList(&doc, "nearest", e.Nearest, (*Near).value)
	if e.Cut {
		doc.Kids = append(doc.Kids, definition.NewBool(true).With("cut"))
	}
	return doc.AppendJSON(dst)
}

func addText(to *value, name, text string) {
	if text != "" {
		to.Kids = append(to.Kids, definition.NewString(text).With(name))
	}
}

func addList[T any](to *value, name string, items []T, one func(*T) value) {
	if len(items) == 0 {
		return
	}
	list := definition.NewArray()
	for i := range items {
		list.Kids = append(list.Kids, one(&items[i]))
	}
	to.Kids = append(to.Kids, list.With(name))
}

func (l *ExplainedStep) value() value {
	out := definition.NewObject(
		definition.NewString(l.Responder).With("responder"),
		definition.NewBool(l.Answered).With("answered"),
		definition.NewString(l.Why).With("why"),
	)
	addList(&out, "candidates", l.Candidates, (*Candidate).value)
	return out
}

func (c *Candidate) value() value {
	out := definition.NewObject()
	addText(&out, "operation", c.Operation)
	addText(&out, "example", c.Example)
	addText(&out, "response", c.Response)
	addText(&out, "type", c.Media)
	if c.Score != 0 {
		out.Kids = append(out.Kids, definition.NewInt(int64(c.Score)).With("score"))
	}
	addText(&out, "why", c.Why)
	return out
}

// maxExplanation bounds the header field, as many servers and clients do.
const maxExplanation = 8 << 10

// field is the explanation as a header field has it. Where it is too long, what
// else might have answered goes first, then the nearest but for one, then texts
// are cut.
func (e *Explanation) field() string {
	text := asciiJSON(e.AppendJSON(nil))
	less := *e
	less.Cut = true
	for step := 0; len(text) > maxExplanation && less.shorten(step); step++ {
		text = asciiJSON(less.AppendJSON(nil))
	}
	return text
}

// maxSteps is how many of the last steps are left where all else is cut.
const maxSteps = 12

// shorten leaves something out; false where nothing is left to leave out.
func (e *Explanation) shorten(step int) bool {
	switch step {
	case 0:
		e.Steps = append([]ExplainedStep(nil), e.Steps...)
		for i := range e.Steps {
			e.Steps[i].Candidates = nil
		}
	case 1:
		e.Nearest = e.Nearest[:min(1, len(e.Nearest))]
	case 2:
		e.Nearest = nil
	case 3:
		e.Steps = e.Steps[max(0, len(e.Steps)-maxSteps):]
		e.cutTexts(200)
	case 4:
		e.cutTexts(40)
	default:
		return false
	}
	return true
}

func (e *Explanation) cutTexts(most int) {
	e.Operation, e.Example = cutText(e.Operation, most), cutText(e.Example, most)
	for i := range e.Steps {
		e.Steps[i].Why = cutText(e.Steps[i].Why, most)
	}
}

// cutText cuts a text between two characters.
func cutText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
