package engine

import (
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/saved"
)

// This file tells what else might have answered. Nothing of it is done where no
// explanation is asked for.

// What is told at most of a saved example's rivals, and of the choice in a
// contract.
const (
	maxBeside = 3
	maxOffers = 10
)

// rival is a candidate of one line of the trace.
type rival struct {
	line int
	Candidate
}

// tell adds a candidate to the last line of the trace.
func (x *exchange) tell(c Candidate) {
	x.rivals = append(x.rivals, rival{len(x.res.Trace) - 1, c})
}

// tellSaved tells the saved examples that another was taken over.
func (x *exchange) tellSaved(req *saved.Request, won *saved.Match) {
	for _, c := range x.mock.examples.index.Beside(req, won, maxBeside) {
		x.tell(x.savedCandidate(&c))
	}
}

// tellNearSaved tells the saved examples that nearly matched.
func (x *exchange) tellNearSaved(req *saved.Request) {
	if !x.explains {
		return
	}
	for _, c := range x.mock.examples.index.Explain(req, maxBeside).Nearest {
		x.tell(x.savedCandidate(&c))
	}
}

func (x *exchange) savedCandidate(c *saved.Candidate) Candidate {
	return Candidate{Example: x.mock.examples.answers[c.Index].label, Score: c.Score, Why: c.Failed}
}

// tellTwins tells the operations that are told apart by their contracts only.
func (x *exchange) tellTwins() {
	for _, t := range x.op.twins {
		x.tell(Candidate{Operation: t.label, Why: "it is at the same place, and answers what breaks the contract of the first"})
	}
}

// tellChoice tells the responses, media types and examples that were not
// chosen, and what was.
func (x *exchange) tellChoice(r *response, m *media) {
	if x.res.Responder != "contract" {
		return
	}
	line := &x.res.Trace[len(x.res.Trace)-1]
	chosen := "response " + r.def.Status
	if m != nil {
		chosen += ", " + m.def.Type
	}
	line.Why = chosen + ": " + line.Why
	if m != nil {
		x.tellExamples(m)
		x.tellMedia(r, m)
	}
	x.tellResponses(r)
}

// tellResponses tells the responses but for one.
func (x *exchange) tellResponses(but *response) {
	if !x.explains {
		return
	}
	for _, r := range x.op.responses {
		if r == but {
			continue
		}
		why := "it is not the answer to this request; Prefer: code=" + itoa(codeOf(r.def.Status)) + " asks for it"
		if r.def.Status == "default" {
			why = "it stands for the statuses that are not declared"
		}
		x.tell(Candidate{Response: r.def.Status, Why: why})
	}
}

// tellMedia tells the media types of a response but for one.
func (x *exchange) tellMedia(r *response, but *media) {
	if !x.explains {
		return
	}
	for _, m := range r.content {
		if m == but {
			continue
		}
		why := "Accept prefers another"
		switch accept := acceptOf(x.req); {
		case but == nil:
			why = "Accept does not name it: " + clip(accept)
		case accept == "":
			why = "without Accept the first JSON type is sent, else the first; Accept: " + m.def.Type + " asks for it"
		}
		x.tell(Candidate{Media: m.def.Type, Why: why})
	}
}

// tellExamples tells the examples of a media type that were not shown.
func (x *exchange) tellExamples(m *media) {
	if !x.explains {
		return
	}
	for i := range m.def.Examples {
		if e := &m.def.Examples[i]; e != x.shown {
			x.tell(Candidate{Example: orFirst(e.Name), Why: x.whyHidden(e)})
		}
	}
}

// orFirst names an example that has no name.
func orFirst(name string) string {
	if name == "" {
		return "(unnamed)"
	}
	return name
}

func (x *exchange) whyHidden(e *definition.Example) string {
	switch {
	case e.Value == nil && e.Serialized == nil:
		return "it is a link, which is not followed"
	case x.prefs.hasExample:
		return "another was asked for"
	case x.shown == nil && x.mock.cfg.IgnoreExamples:
		return "examples are ignored"
	case x.shown == nil:
		return "bodies are generated here"
	case e.Name == "":
		return "another comes before it"
	}
	return "another comes before it; Prefer: example=" + e.Name + " asks for it"
}
