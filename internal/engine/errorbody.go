package engine

import (
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// This file has the declared bodies of errors, where they are made from their
// schema, say what is wrong.

// mistake is what a declared error is about.
type mistake struct {
	status int
	name   string // "NOT_FOUND"
	title  string
	detail string
	found  []Violation
}

// told puts what is wrong into the members of an error's body that are called
// like it, as far as the schema takes that.
func (k *mistake) told(x *exchange, s *schema.Schema, body value) value {
	out := body.Clone()
	k.object(x, s, &out, 0)
	if !s.Valid(&out, schema.Response) {
		return body
	}
	return out
}

const maxErrorDepth = 3

func (k *mistake) object(x *exchange, s *schema.Schema, body *value, depth int) {
	if body.Kind != definition.Object || depth > maxErrorDepth {
		return
	}
	for i := range body.Kids {
		kid := &body.Kids[i]
		m := s.Member(kid.Key)
		if m == nil {
			continue
		}
		switch kid.Kind {
		case definition.Object:
			k.object(x, m, kid, depth+1)
		case definition.Array:
			k.list(x, m, kid, depth)
		default:
			k.scalar(x, m, kid)
		}
	}
}

// list keeps one entry of a list of errors for each violation.
func (k *mistake) list(x *exchange, s *schema.Schema, list *value, depth int) {
	item := s.ItemSchema()
	if item == nil || len(list.Kids) == 0 {
		return
	}
	if list.Kids[0].Kind != definition.Object {
		if text := definition.NewString(k.detail); list.Kids[0].Kind == definition.String && isTellingName(list.Key) && item.Valid(&text, schema.Response) {
			list.Kids = []value{text}
		}
		return
	}
	one := list.Kids[0].Clone()
	var out []value
	for i := range k.found {
		v := &k.found[i]
		if v.Severity != "Error" || len(out) == 5 {
			continue
		}
		entry := one.Clone()
		part := mistake{status: k.status, name: k.name, title: k.title, detail: v.sentence(), found: k.found[i : i+1]}
		part.object(x, item, &entry, depth+1)
		out = append(out, entry)
	}
	if out == nil {
		k.object(x, item, &one, depth+1)
		out = []value{one}
	}
	if changed := definition.NewArray(out...); s.Valid(&changed, schema.Response) {
		list.Kids = out
	}
}

// isTellingName reports whether a member holds a text for people.
func isTellingName(name string) bool {
	switch strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name)) {
	case "message", "messages", "detail", "details", "description", "errordescription", "errormessage", "errors", "error", "reason", "msg", "userMessage", "help":
		return true
	}
	return false
}

// scalar sets one member.
func (k *mistake) scalar(x *exchange, s *schema.Schema, v *value) {
	try := func(options ...value) {
		for i := range options {
			if o := options[i]; s.Valid(&o, schema.Response) {
				v.Kind, v.Text = o.Kind, o.Text
				return
			}
		}
	}
	text := definition.NewString
	number := definition.NewInt(int64(k.status))
	digits := text(strconv.Itoa(k.status))
	name := strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(v.Key))
	enum := s.Enum() != nil
	switch {
	case enum:
		for _, e := range s.Enum() {
			l := strings.ToLower(e.Text)
			if l == strings.ToLower(k.name) || l == strings.ToLower(strings.ReplaceAll(k.name, "_", "")) || strings.Contains(l, "fail") || strings.Contains(l, "error") {
				try(e.With(""))
				return
			}
		}
	case name == "status" || name == "statuscode" || name == "httpstatus" || name == "httpcode" || name == "code" && v.Kind == definition.Number:
		try(number, digits)
	case name == "code" || name == "errorcode" || name == "key":
		try(text(strings.ToLower(k.name)), text(k.name), digits)
	case name == "title":
		try(text(k.title))
	case name == "path" || name == "instance" || name == "requestpath":
		try(text(x.req.Path))
	case name == "field" || name == "property" || name == "param" || name == "parameter":
		if at := k.place("."); at != "" {
			try(text(at))
		}
	case name == "pointer":
		if at := k.place("/"); at != "" {
			try(text("/" + at))
		}
	case isTellingName(v.Key):
		try(text(k.detail))
	}
}

// place is where the first violation stands.
func (k *mistake) place(separator string) string {
	if len(k.found) == 0 || len(k.found[0].Location) < 2 {
		return ""
	}
	return strings.Join(k.found[0].Location[1:], separator)
}
