package main

import (
	"fmt"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// checkAgain judges that a second GET gives the same body.
func (w *world) checkAgain() { w.replay(w.client, checkAgain) }

// checkRestarted judges that another server with the same seed has the same
// world.
func (w *world) checkRestarted(c *client) { w.replay(c, checkRestart) }

func (w *world) replay(c *client, what check) {
	for _, x := range w.recorded {
		w.sent++
		if a := c.send(w.ctx, x.answer.call); w.ctx.Err() == nil {
			w.tally.judge(what, x.res, changeFault(x.answer, a))
		}
	}
}

// changeFault is how an answer differs from an earlier one; "" not at all.
func changeFault(before, after *answer) string {
	switch {
	case !after.ok():
		return "it was answered before, now " + after.said()
	case before.raw == after.raw:
		return ""
	}
	if d := changed(before.body, after.body, ""); d != nil {
		return fmt.Sprintf("%s has %s = %s, it was %s", after.call, d.path, show(d.b), show(d.a))
	}
	return fmt.Sprintf("%s has another order of members or way to write a number than before", after.call)
}

// changed finds the first place where two answers differ.
func changed(a, b *value, path string) *difference {
	if a == nil || b == nil || a.Kind != b.Kind || len(a.Kids) != len(b.Kids) {
		return &difference{path, a, b}
	}
	for i := range a.Kids {
		other := &b.Kids[i]
		if a.Kind == definition.Object {
			other = b.Get(a.Kids[i].Key)
		}
		name := a.Kids[i].Key
		if a.Kind == definition.Array {
			name = fmt.Sprint(i)
		}
		if d := changed(&a.Kids[i], other, join(path, name)); d != nil {
			return d
		}
	}
	if len(a.Kids) == 0 && !definition.Equal(a, b) {
		return &difference{path, a, b}
	}
	return nil
}

// checkOtherSeed judges that another seed gives another world, as far as the
// world is not the document's own.
func (w *world) checkOtherSeed(c *client) {
	if !w.generated() {
		w.tally.skip(checkSeed, nil, "all items are the document's own")
		return
	}
	for _, x := range w.recorded {
		if a := c.send(w.ctx, x.answer.call); w.ctx.Err() == nil && a.raw != x.answer.raw {
			w.tally.pass(checkSeed)
			return
		}
	}
	w.tally.fail(checkSeed, nil, "all %d answers are the same with another seed", len(w.recorded))
}

// generated tells whether some item has a text that is not in the document.
func (w *world) generated() bool {
	known := map[string]bool{}
	w.requests.texts(known)
	for _, x := range w.recorded {
		if foreign(x.answer.body, known) {
			return true
		}
	}
	return false
}

// foreign tells whether a value has a text that is not among the known ones.
// Short texts and URLs, which may be made of known parts, don't count.
func foreign(v *value, known map[string]bool) bool {
	if v.Is(definition.String) && len(v.Text) >= 4 && !known[v.Text] && !strings.Contains(v.Text, "/") {
		return true
	}
	for i := range v.Kids {
		if foreign(&v.Kids[i], known) {
			return true
		}
	}
	return false
}

// texts collects all texts of the document's schemas and examples.
func (q *requests) texts(known map[string]bool) {
	for _, s := range q.def.Schemas {
		collect(s, known)
	}
	for _, op := range q.def.Operations {
		if op.Body != nil {
			collectMedia(op.Body.Content, known)
		}
		for _, r := range op.Responses {
			collectMedia(r.Content, known)
		}
	}
}

func collectMedia(content []*definition.Media, known map[string]bool) {
	for _, m := range content {
		collect(m.Schema, known)
		for i := range m.Examples {
			collect(m.Examples[i].Value, known)
		}
	}
}

func collect(v *value, known map[string]bool) {
	if v == nil {
		return
	}
	if v.Kind == definition.String {
		known[v.Text] = true
	}
	for i := range v.Kids {
		collect(&v.Kids[i], known)
	}
}
