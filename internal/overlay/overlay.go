// Package overlay applies an OpenAPI Overlay document, of the versions 1.0 and
// 1.1, to an OpenAPI document: an ordered list of actions, each of which
// updates, removes or fills what a JSONPath selects.
package overlay

import (
	"fmt"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

type value = definition.Value

// Overlay is an overlay that was read. It doesn't change and may be applied
// from several goroutines.
type Overlay struct {
	Version string // as written, "1.0.0"
	Title   string
	Extends string   // the URI reference of the document that it was made for; "" is any
	Actions []Action // those that can be applied

	file *document.File
	// concatenates says that a list added to a list adds each of its elements
	// (1.1), and not itself as one element (1.0).
	concatenates bool
}

// Action is one change of a document. Of Remove, Copy and Update the first
// that is set counts.
type Action struct {
	Number      int    // its place in the overlay, from 1
	Target      string // a JSONPath
	Description string
	Remove      bool
	Copy        string // a JSONPath that selects the one value to fill in; "" is none
	Update      *definition.Value

	at     *value // the target in the overlay
	target *query
	source *query // of Copy
}

// maxActions bounds the actions of one overlay.
const maxActions = 10_000

// The codes of diagnostics.
const (
	codeInvalid  = "overlay-invalid"  // the overlay can't be read so
	codeVersion  = "overlay-version"  // its version is missing or unknown
	codeTarget   = "overlay-target"   // a JSONPath is none
	codeNoMatch  = "overlay-no-match" // a target selects nothing
	codeMismatch = "overlay-mismatch" // an update doesn't fit what is selected
	codeLimit    = "overlay-limit"    // applying it costs too much
)

// Read reads an overlay. What is sound of it is read: an action with an error
// is left out, and an overlay of another version than 1 has none.
func Read(f *document.File) (*Overlay, []document.Diagnostic) {
	r := &reader{o: &Overlay{file: f}, diags: append([]document.Diagnostic(nil), f.Warnings...)}
	root := &f.Root
	if !root.Is(definition.Object) {
		r.errorf(root, codeInvalid, "write an object with \"overlay\", \"info\" and \"actions\"", "an overlay is an object, not %s", article(root.Kind))
		return r.o, r.diags
	}
	r.unknown(root, "the overlay", "overlay", "info", "extends", "actions")
	if !r.version(root) {
		return r.o, r.diags
	}
	r.info(root)
	if extends := root.Get("extends"); extends != nil && !extends.Is(definition.String) {
		r.errorf(extends, codeInvalid, "write the URI of a document or remove it", "\"extends\" is %s, not a string", article(extends.Kind))
	}
	r.o.Extends = root.Get("extends").Str()
	r.actions(root)
	return r.o, r.diags
}

type reader struct {
	o     *Overlay
	diags []document.Diagnostic
}

func (r *reader) errorf(v *value, code, hint, format string, args ...any) {
	r.diags = append(r.diags, diagnose(r.o.file, v, document.Error, code, fmt.Sprintf(format, args...), hint))
}

func (r *reader) warnf(v *value, code, hint, format string, args ...any) {
	r.diags = append(r.diags, diagnose(r.o.file, v, document.Warning, code, fmt.Sprintf(format, args...), hint))
}

// diagnose makes a diagnostic with the place of a value of the overlay.
func diagnose(f *document.File, v *value, sev document.Severity, code, message, hint string) document.Diagnostic {
	line, col := f.Position(v.Pos)
	return document.Diagnostic{Severity: sev, Code: code, File: f.Name, Line: line, Col: col, Message: message, Hint: hint}
}

// version reads the version and reports whether its actions are understood.
func (r *reader) version(root *value) bool {
	v := root.Get("overlay")
	if v == nil {
		r.errorf(root, codeVersion, "add \"overlay: 1.0.0\"", "the overlay has no \"overlay\", which is its version; it is read as 1.0")
		return true
	}
	if v.Kind != definition.String && v.Kind != definition.Number {
		r.errorf(v, codeVersion, "write \"overlay: 1.0.0\"", "the version is %s; it is read as 1.0", article(v.Kind))
		return true
	}
	r.o.Version = v.Text
	major, rest, _ := strings.Cut(strings.TrimSpace(v.Text), ".")
	minor, _, _ := strings.Cut(rest, ".")
	switch {
	case major != "1":
		r.errorf(v, codeVersion, "write it as an overlay 1.0 or 1.1", "version %q is not known; the overlay is not applied", clip(v.Text))
		return false
	case minor == "0" || minor == "":
	case minor == "1":
		r.o.concatenates = true
	default:
		r.o.concatenates = true
		r.warnf(v, codeVersion, "write 1.0.0 or 1.1.0", "version %q is not known; it is read as 1.1", clip(v.Text))
	}
	return true
}

// info reads what nothing depends on.
func (r *reader) info(root *value) {
	info := root.Get("info")
	if !info.Is(definition.Object) {
		r.warnf(orElse(info, root), codeInvalid, "add \"info\" with title and version", "the overlay has no \"info\" object")
		return
	}
	r.o.Title = info.Get("title").Str()
	for _, name := range []string{"title", "version"} {
		if v := info.Get(name); v == nil || len(v.Kids) > 0 || v.Kind == definition.Null {
			r.warnf(orElse(v, info), codeInvalid, "add it", "the overlay's \"info\" has no %q", name)
		}
	}
}

func (r *reader) actions(root *value) {
	list := root.Get("actions")
	if !list.Is(definition.Array) || list.Len() == 0 {
		r.errorf(orElse(list, root), codeInvalid, "add \"actions\", a list with at least one action", "the overlay has no actions")
		return
	}
	for i := range list.Kids {
		if i == maxActions {
			r.errorf(&list.Kids[i], codeLimit, "divide it", "the overlay has more than %d actions; the rest is left out", maxActions)
			return
		}
		if a, ok := r.action(&list.Kids[i], i+1); ok {
			r.o.Actions = append(r.o.Actions, a)
		}
	}
}

func (r *reader) action(v *value, number int) (a Action, ok bool) {
	if !v.Is(definition.Object) {
		r.errorf(v, codeInvalid, "write an object with \"target\" and \"update\" or \"remove\"", "action %d is %s, not an object", number, article(v.Kind))
		return a, false
	}
	r.unknown(v, fmt.Sprintf("action %d", number), "target", "description", "update", "remove", "copy")
	a = Action{Number: number, Description: v.Get("description").Str(), Update: v.Get("update")}
	a.at = v.Get("target")
	if a.at == nil {
		r.errorf(v, codeTarget, "add \"target\", a JSONPath such as $.paths['/pets'].get", "action %d has no \"target\"", number)
		return a, false
	}
	if a.target, ok = r.query(a.at, "target", number); !ok {
		return a, false
	}
	a.Target = a.at.Text
	if remove := v.Get("remove"); remove != nil && !remove.Is(definition.Bool) {
		r.errorf(remove, codeInvalid, "write true or false", "\"remove\" of action %d is %s, not a boolean", number, article(remove.Kind))
		return a, false
	}
	a.Remove = v.Get("remove").True()
	return r.source(v, a)
}

// source reads what an action does with its target.
func (r *reader) source(v *value, a Action) (Action, bool) {
	from := v.Get("copy")
	switch {
	case a.Remove:
		if len(a.target.segments) == 0 {
			r.errorf(a.at, codeTarget, "name the parts of it to remove", "action %d removes the whole document", a.Number)
			return a, false
		}
		return a, true
	case from != nil && a.Update != nil:
		r.errorf(from, codeInvalid, "make two actions of it", "action %d has both \"update\" and \"copy\"", a.Number)
		return a, false
	case from != nil:
		if !r.o.concatenates {
			r.warnf(from, codeVersion, "write \"overlay: 1.1.0\"", "\"copy\" of action %d is not of Overlay 1.0 but of 1.1; it is applied", a.Number)
		}
		var ok bool
		a.source, ok = r.query(from, "copy", a.Number)
		a.Copy = from.Str()
		return a, ok
	case a.Update == nil:
		r.errorf(v, codeInvalid, "add \"update\" with a value or \"remove: true\"", "action %d has neither \"update\" nor \"remove\"", a.Number)
		return a, false
	}
	return a, true
}

// query reads a JSONPath of an action.
func (r *reader) query(v *value, field string, number int) (*query, bool) {
	if !v.Is(definition.String) {
		r.errorf(v, codeTarget, "write a JSONPath such as $.paths['/pets'].get", "%q of action %d is %s, not a string", field, number, article(v.Kind))
		return nil, false
	}
	q, err := parseQuery(v.Text)
	if err != nil {
		r.errorf(v, codeTarget, queryHint, "%q of action %d is no JSONPath: %s: %v", field, number, clip(v.Text), err)
		return nil, false
	}
	return q, true
}

const queryHint = "write it as RFC 9535 has it; names with other characters than letters, digits and _ stand in brackets, as in $.paths['/pets'].get"

// unknown tells of members that mean nothing.
func (r *reader) unknown(v *value, where string, known ...string) {
	const most = 10
	told := 0
next:
	for i := range v.Kids {
		name := v.Kids[i].Key
		if strings.HasPrefix(name, "x-") || told == most {
			continue
		}
		for _, k := range known {
			if k == name {
				continue next
			}
		}
		told++
		r.warnf(&v.Kids[i], codeInvalid, "remove it, or begin its name with x-", "%q means nothing in %s", clip(name), where)
	}
}

func orElse(v, other *value) *value {
	if v != nil {
		return v
	}
	return other
}

func article(k definition.Kind) string {
	switch k {
	case definition.Null:
		return "null"
	case definition.Array, definition.Object, definition.Invalid:
		return "an " + k.String()
	}
	return "a " + k.String()
}

// clip shortens a text of a document to what a message can hold.
func clip(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
