package resource

import (
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// action sets what the last segment of the path says: "cancel" a status
// "canceled", "archive" a flag "archived", "lock" by PUT and by DELETE.
func (v *view) action(c *Call, o *Outcome) {
	t, w := v.target(c, o)
	if w == nil {
		if o.Result == Missing && !v.strict && !o.deleted {
			o.Result = Unserved // nothing is declared to answer it
		}
		return
	}
	change, _ := c.Role.effect(t)
	change = append(change, c.carried(&t.r.details, change)...)
	if len(change) == 0 {
		if !c.Role.answer.found || !c.Role.sameThing() {
			o.Result = Unserved
			o.Why = "nothing of the " + t.r.Name + " tells what " + strconv.Quote(c.Role.verb) + " does"
			return
		}
		v.shows(t, w, o) // at least it is the one that was named
		o.Why = "the " + t.r.Name + t.r.quoted(w) + " as it is: nothing of it tells what " + strconv.Quote(c.Role.verb) + " does"
		return
	}
	if !v.precondition(c, t, w, o) {
		return
	}
	item := w.value
	for i := range change {
		x := change[i]
		if x.Kind == definition.Invalid { // a time
			f := t.r.details.field(x.Key)
			at, ok := timeValue(f.schema, v.now)
			if !ok {
				continue
			}
			x = at.With(x.Key)
		}
		setAt(&item, []string{x.Key}, x)
	}
	n := &row{id: w.id, seed: w.seed, version: w.version + 1, modified: v.now, links: w.links, conjured: w.conjured, born: w.born}
	v.touch(t, n, &w.value, &item)
	n.value = item
	if !v.room(t, 0, sizeOf(&n.value)-w.bytes, o) {
		return
	}
	v.commit(c, t, w, n)
	v.shows(t, n, o)
	o.Why = "the " + t.r.Name + t.r.quoted(n) + " has now " + changeText(change)
}

// carried are the properties of the item that the body of an action sets.
func (c *Call) carried(d *details, change []value) []value {
	var out []value
	sent, ok := c.sent()
	if !ok || len(sent) != 1 || c.Body == nil {
		return nil
	}
next:
	for i := range sent[0].Kids {
		kid := &sent[0].Kids[i]
		f := d.field(kid.Key)
		if f == nil { // the reason of a cancel is its cancel_reason
			if n, ok := d.loose[bare(c.Role.verb)+bare(kid.Key)]; ok {
				f = &d.fields[n]
			} else {
				continue
			}
		}
		for k := range change {
			if change[k].Key == f.name {
				continue next
			}
		}
		if f.schema.Valid(kid, schema.Response) && (len(d.identity.path) == 0 || d.identity.path[0] != f.name) {
			out = append(out, kid.Clone().With(f.name))
		}
	}
	return out
}

func changeText(change []value) string {
	var parts []string
	for i := range change {
		x := &change[i]
		if x.Kind == definition.Invalid {
			parts = append(parts, x.Key)
		} else {
			parts = append(parts, x.Key+" "+string(x.AppendJSON(nil)))
		}
	}
	return strings.Join(parts, ", ")
}

// effect tells which properties an action sets; those of kind Invalid are
// times.
func (role *Role) effect(t *table) ([]value, bool) {
	d := &t.r.details
	verb := bare(role.verb)
	undo := role.Op.Method == "DELETE"
	for _, un := range [...]string{"un", "de", "dis"} {
		if rest, ok := strings.CutPrefix(verb, un); ok && len(rest) > 3 && !undo && un == "un" {
			verb, undo = rest, true
		}
	}
	var out []value
	for i := range d.fields {
		f := &d.fields[i]
		b := strings.TrimPrefix(bare(f.name), "is")
		possible := f.schema.Possible()
		switch {
		case possible&schema.TypeBoolean != 0 && possible&objectOrArray == 0 && related(verb, b):
			x := definition.NewBool(!undo).With(f.name)
			if f.schema.Valid(&x, schema.Response) {
				out = append(out, x)
			}
		case isStateName(f.name) && len(f.schema.Enum()) > 1:
			if x, ok := stateFor(f.schema.Enum(), verb, undo); ok {
				out = append(out, x.With(f.name))
			}
		case isTimeName(f.name) && related(verb, timeStem(f.name)):
			if undo {
				x := definition.NewNull().With(f.name)
				if f.schema.Valid(&x, schema.Response) {
					out = append(out, x)
				}
			} else {
				out = append(out, value{Key: f.name})
			}
		}
	}
	return out, len(out) > 0
}

func isStateName(name string) bool {
	w := words(name)
	if len(w) == 0 {
		return false
	}
	switch w[len(w)-1] {
	case "status", "state", "phase", "stage", "lifecycle":
		return true
	}
	return false
}

func isTimeName(name string) bool {
	w := words(name)
	if len(w) < 2 {
		return false
	}
	last := w[len(w)-1]
	return last == "at" || last == "on" || last == "date" || last == "time"
}

func timeStem(name string) string {
	w := words(name)
	return strings.Join(w[:len(w)-1], "")
}

// related reports whether a word is the participle of a verb, or means what is
// then so: "cancel" and "canceled", "activate" and "active".
func related(verb, word string) bool {
	if verb == "" || word == "" {
		return false
	}
	for _, s := range states(verb) {
		if s == word {
			return true
		}
	}
	return false
}

// states are the words for what a thing is after the verb.
func states(verb string) []string {
	var out []string
	switch {
	case strings.HasSuffix(verb, "e"):
		out = append(out, verb+"d")
	case strings.HasSuffix(verb, "y") && len(verb) > 2 && !strings.ContainsRune("aeiou", rune(verb[len(verb)-2])):
		out = append(out, verb[:len(verb)-1]+"ied")
	default:
		out = append(out, verb+"ed", verb+verb[max(len(verb)-1, 0):]+"ed")
	}
	out = append(out, verb)
	switch verb {
	case "cancel":
		out = append(out, "canceled", "cancelled")
	case "complete", "finish", "done":
		out = append(out, "complete", "completed", "finished", "done", "succeeded")
	case "activate", "enable":
		out = append(out, "active", "enabled", "activated")
	case "deactivate", "disable":
		out = append(out, "inactive", "disabled", "deactivated")
	case "start", "begin", "resume", "run":
		out = append(out, "started", "running", "inprogress", "active", "resumed")
	case "stop", "halt":
		out = append(out, "stopped", "halted", "inactive")
	case "suspend", "pause":
		out = append(out, "suspended", "paused")
	case "send", "resend":
		out = append(out, "sent")
	case "pay":
		out = append(out, "paid")
	case "void":
		out = append(out, "voided", "void")
	case "submit":
		out = append(out, "submitted", "pending")
	case "confirm":
		out = append(out, "confirmed")
	case "hide":
		out = append(out, "hidden")
	case "reopen", "open":
		out = append(out, "open", "opened", "reopened")
	case "close":
		out = append(out, "closed")
	case "terminate", "kill", "destroy":
		out = append(out, "terminated", "killed", "destroyed")
	case "trash":
		out = append(out, "trashed", "deleted")
	case "restore":
		out = append(out, "active", "restored")
	case "ship":
		out = append(out, "shipped")
	}
	return out
}

// stateFor is the member of an enum that says what an action did.
func stateFor(list []value, verb string, undo bool) (value, bool) {
	if undo {
		switch verb {
		case "publish":
			verb = "draft"
		default:
			verb = "activate"
		}
	}
	for _, s := range states(verb) {
		for i := range list {
			if bare(list[i].Text) == s {
				return list[i].With(""), true
			}
		}
	}
	return value{}, false
}
