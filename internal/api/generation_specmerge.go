package api

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// specMerging is one synchronisation of a spec with a collection that was
// generated from it. A collection says less than a spec: its schemas, its
// components, its links are not there. So the spec isn't made anew. Two
// documents are inferred, of the collection as the spec gives it and of the
// collection as it is; what differs between them is what its user did, and is
// done to the spec:
//
//   - Operations that were added are added, those that were deleted are deleted
//     unless deleteOrphanedRequests is false.
//   - Of the others: names (summary), descriptions, parameters and a body or
//     statuses that were added, parameters that were removed.
//   - Examples, where syncExamples is true.
//
// What the root file has in other files, by a reference, stays as it is.
type specMerging struct {
	doc     *definition.Value // of the root file
	given   *definition.Value // inferred from the collection as the spec gives it
	wanted  *definition.Value // inferred from the collection as it is
	options syncOptions
	changed bool
}

// merge changes the document and reports whether anything was.
func (s *specMerging) merge() bool {
	before, after := operationsOf(s.given), operationsOf(s.wanted)
	now := operationsOf(s.doc)
	for _, key := range after.keys {
		was, there := before.byKey[key]
		op := after.byKey[key]
		switch mine, exists := now.byKey[key]; {
		case exists && there:
			s.operation(mine.op, was.op, op.op)
		case !exists && !there:
			s.addOperation(op)
		}
	}
	if s.options.DeleteOrphanedRequests {
		for _, key := range before.keys {
			if _, there := after.byKey[key]; !there {
				s.dropOperation(key)
			}
		}
	}
	return s.changed
}

// placed is an operation in its document.
type placed struct {
	path, method string
	op           *definition.Value
}

type operationTable struct {
	keys  []string // in the document's order
	byKey map[string]placed
}

// operationsOf finds operations by method and path template; names of path
// variables don't count.
func operationsOf(doc *definition.Value) operationTable {
	t := operationTable{byKey: map[string]placed{}}
	eachPath(doc, func(item *definition.Value) {
		for i := range item.Kids {
			op := &item.Kids[i]
			if !isMethod(op.Key) || !op.Is(definition.Object) {
				continue
			}
			key := op.Key + " " + templateKey(item.Key)
			if _, twice := t.byKey[key]; !twice {
				t.keys = append(t.keys, key)
				t.byKey[key] = placed{item.Key, op.Key, op}
			}
		}
	})
	return t
}

// templateKey is a path template with all its variables alike.
func templateKey(path string) string {
	var b strings.Builder
	for path != "" {
		before, rest, ok := strings.Cut(path, "{")
		b.WriteString(before)
		if !ok {
			break
		}
		_, path, _ = strings.Cut(rest, "}")
		b.WriteString("{}")
	}
	return b.String()
}

func (s *specMerging) addOperation(p placed) {
	paths := memberObject(s.doc, "paths")
	at := p.path
	for i := range paths.Kids {
		if templateKey(paths.Kids[i].Key) == templateKey(p.path) {
			at = paths.Kids[i].Key
		}
	}
	item := memberObject(paths, at)
	if item.Has("$ref") || item.Has(p.method) {
		return
	}
	setMember(item, p.method, p.op.Clone())
	s.addSchemes()
	s.changed = true
}

// addSchemes adds the security schemes that an operation which is added may
// need.
func (s *specMerging) addSchemes() {
	from, to := s.wanted.Get("components").Get("securitySchemes"), "securitySchemes"
	if s.wanted.Has("swagger") {
		from, to = s.wanted.Get("securityDefinitions"), "securityDefinitions"
	}
	if from.Len() == 0 {
		return
	}
	parent := s.doc
	if to == "securitySchemes" {
		parent = memberObject(s.doc, "components")
	}
	have := memberObject(parent, to)
	for i := range from.Kids {
		if !have.Has(from.Kids[i].Key) {
			setMember(have, from.Kids[i].Key, from.Kids[i].Clone())
		}
	}
}

func (s *specMerging) dropOperation(key string) {
	found, ok := operationsOf(s.doc).byKey[key]
	if !ok {
		return
	}
	paths := s.doc.Get("paths")
	item := paths.Get(found.path)
	dropMember(item, found.method)
	s.changed = true
	for i := range item.Kids {
		if isMethod(item.Kids[i].Key) || item.Kids[i].Key == "$ref" {
			return
		}
	}
	dropMember(paths, found.path)
}

// operation does to one what was done to the request.
func (s *specMerging) operation(mine, was, now *definition.Value) {
	for _, member := range [...]string{"summary", "description"} {
		if now.Get(member).Str() != was.Get(member).Str() {
			s.set(mine, member, definition.NewString(now.Get(member).Str()))
		}
	}
	s.parameters(mine, was.Get("parameters"), now.Get("parameters"))
	if body := now.Get("requestBody"); body != nil {
		if !was.Has("requestBody") && !mine.Has("requestBody") {
			s.set(mine, "requestBody", body.Clone())
		}
		s.content(mine.Get("requestBody").Get("content"), was.Get("requestBody").Get("content"), body.Get("content"))
	}
	s.responses(mine, was.Get("responses"), now.Get("responses"))
}

func (s *specMerging) set(v *definition.Value, name string, value definition.Value) {
	setMember(v, name, value)
	s.changed = true
}

func parameterKey(p *definition.Value) string {
	return p.Get("in").Str() + " " + p.Get("name").Str()
}

func parameterKeys(list *definition.Value) map[string]bool {
	keys := map[string]bool{}
	for i := range list.Len() {
		keys[parameterKey(&list.Kids[i])] = true
	}
	return keys
}

func (s *specMerging) parameters(mine, was, now *definition.Value) {
	before, after := parameterKeys(was), parameterKeys(now)
	have := parameterKeys(mine.Get("parameters"))
	for i := range now.Len() {
		p := &now.Kids[i]
		if key := parameterKey(p); before[key] || have[key] || p.Get("in").Str() == "path" {
			continue
		}
		if !mine.Get("parameters").Is(definition.Array) {
			setMember(mine, "parameters", definition.NewArray())
		}
		list := mine.Get("parameters")
		list.Kids = append(list.Kids, p.Clone())
		s.changed = true
	}
	list := mine.Get("parameters")
	if !list.Is(definition.Array) {
		return
	}
	kept := list.Kids[:0]
	for _, p := range list.Kids {
		if key := parameterKey(&p); before[key] && !after[key] && p.Get("in").Str() != "path" {
			s.changed = true
			continue
		}
		kept = append(kept, p)
	}
	list.Kids = kept
}

func (s *specMerging) responses(mine, was, now *definition.Value) {
	for i := range now.Len() {
		r := &now.Kids[i]
		list := memberObject(mine, "responses")
		own := list.Get(r.Key)
		switch {
		case own == nil && !was.Has(r.Key):
			s.set(list, r.Key, r.Clone())
		case own == nil:
		case s.doc.Has("swagger"):
			s.examples(own, was.Get(r.Key), r)
		default:
			s.content(own.Get("content"), was.Get(r.Key).Get("content"), r.Get("content"))
		}
	}
}

// content takes over the examples of media types.
func (s *specMerging) content(mine, was, now *definition.Value) {
	if !s.options.SyncExamples {
		return
	}
	for i := range now.Len() {
		m := &now.Kids[i]
		own, before := mine.Get(m.Key), was.Get(m.Key)
		if !own.Is(definition.Object) || own.Has("$ref") {
			continue
		}
		for _, member := range [...]string{"example", "examples"} {
			example := m.Get(member)
			if example == nil || before.Has(member) && definition.Equal(example, before.Get(member)) {
				continue
			}
			dropMember(own, "example")
			dropMember(own, "examples")
			s.set(own, member, example.Clone())
		}
	}
}

// examples takes over those of a response of 2.0.
func (s *specMerging) examples(mine, was, now *definition.Value) {
	if !s.options.SyncExamples || mine.Has("$ref") {
		return
	}
	list := now.Get("examples")
	for i := range list.Len() {
		e := &list.Kids[i]
		if before := was.Get("examples").Get(e.Key); before == nil || !definition.Equal(e, before) {
			s.set(memberObject(mine, "examples"), e.Key, e.Clone())
		}
	}
}
