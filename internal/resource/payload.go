package resource

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// payload is where items stand in a body: the body itself, or inside of an
// envelope.
type payload struct {
	found bool
	path  []string       // names of members from the root
	many  bool           // an array of items stands there
	item  *schema.Schema // of one item
	root  *schema.Schema
	plain bool // the array's items are ids
}

// pointer is the JSON pointer of the payload (RFC 6901).
func (p *payload) pointer() string {
	var b strings.Builder
	for _, s := range p.path {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(s))
	}
	return b.String()
}

// in is the value that a body has at the payload's place; nil where it has
// none.
func (p *payload) in(body *value) *value {
	for _, s := range p.path {
		body = body.Get(s)
	}
	return body
}

// wrap puts a value at the payload's place.
func (p *payload) wrap(v value) value {
	for i := len(p.path) - 1; i >= 0; i-- {
		v = definition.NewObject(v.With(p.path[i]))
	}
	return v
}

const objectOrArray = schema.TypeObject | schema.TypeArray

// isObject reports whether values of the schema are objects, as far as it
// tells.
func isObject(s *schema.Schema) bool {
	t := s.Possible()
	if t&schema.TypeObject == 0 {
		return false
	}
	return t&^schema.TypeNull == schema.TypeObject || len(s.Members()) > 0
}

// isArray reports whether values of the schema are arrays.
func isArray(s *schema.Schema) bool {
	t := s.Possible()
	return t&schema.TypeArray != 0 && (t&^schema.TypeNull == schema.TypeArray || t&schema.TypeObject == 0 && s.ItemSchema() != nil)
}

// isScalar reports whether values of the schema can be texts or numbers.
func isScalar(s *schema.Schema) bool {
	t := s.Possible()
	return t&(schema.TypeString|schema.TypeInteger|schema.TypeNumber) != 0 && t&objectOrArray == 0
}

// envelope ranks the names that bodies give to what they are about.
func envelope(name string) int {
	switch bare(name) {
	case "data", "items", "results", "result", "item", "resource", "resources", "records", "record", "entries", "entry", "value", "values", "list", "objects", "object",
		"response", "payload", "content", "rows", "embedded", "body", "nodes", "elements", "hits", "collection", "documents", "edges", "members", "page":
		return 30
	}
	return 0
}

// finder looks for the payload of a body.
type finder struct {
	r     *Resource
	names []string // of the identity, the likeliest first
	label string   // the item's schema, where it is known
	best  payload
	score int
}

// about tells how well a member's name says that it holds the resource.
func (f *finder) about(name string) int {
	b := bare(name)
	switch {
	case b == "":
		return 0
	case b == bare(f.r.Name), b == bare(f.r.Plural):
		return 50
	case b == bare(f.r.Name)+"info", b == bare(f.r.Name)+"details", b == bare(f.r.Name)+"data":
		return 20
	case len(b) > 3 && (strings.HasSuffix(bare(f.r.Name), b) || strings.HasSuffix(b, bare(f.r.Plural)) || strings.HasSuffix(bare(f.r.Plural), b)):
		return 20
	}
	return envelope(name)
}

// labelled ranks a schema by its name.
func (f *finder) labelled(s *schema.Schema) int {
	l := s.Label()
	switch {
	case l == "":
		return 0
	case l == f.label:
		return 200
	case bare(l) == bare(f.r.Name):
		return 30
	}
	return 0
}

func (f *finder) offer(p payload, score int) {
	if !f.best.found || score > f.score {
		p.found = true
		p.path = append([]string(nil), p.path...)
		f.best, f.score = p, score
	}
}

// one looks for a single item.
func (f *finder) one(root *schema.Schema) payload {
	f.oneIn(root, root, nil, 0)
	return f.best
}

const maxEnvelope = 3

func (f *finder) oneIn(root, s *schema.Schema, path []string, score int) {
	if isArray(s) {
		if item := s.ItemSchema(); item != nil && isObject(item) {
			f.offer(payload{path: path, many: true, item: item, root: root}, score-5+f.identified(item)+f.labelled(item))
		}
		return
	}
	if !isObject(s) {
		return
	}
	members := s.Members()
	if len(path) == 0 {
		f.offer(payload{item: s, root: root}, 10+f.identified(s)+f.labelled(s))
	} else {
		f.offer(payload{path: path, item: s, root: root}, score+f.identified(s)+f.labelled(s))
	}
	if len(path) == maxEnvelope {
		return
	}
	whole := f.identified(s) > 0 // what is below it is a part, unless it is known to be the item
	for _, name := range members {
		m := s.Member(name)
		if m == nil || m.Possible()&objectOrArray == 0 {
			continue
		}
		about := f.about(name)
		known := f.label != "" && f.labelled(m) >= 200
		if !known && (whole || about == 0 && len(members) > 1) {
			continue
		}
		f.oneIn(root, m, append(path[:len(path):len(path)], name), score+about-15)
	}
}

// list looks for an array of items.
func (f *finder) list(root *schema.Schema) payload {
	f.listIn(root, root, nil, 0)
	return f.best
}

func (f *finder) listIn(root, s *schema.Schema, path []string, score int) {
	if isArray(s) {
		item := s.ItemSchema()
		if item == nil {
			item = f.r.model.set.Compile(nil)
		}
		switch {
		case isObject(item):
			f.offer(payload{path: path, many: true, item: item, root: root}, score+20+f.identified(item)+f.labelled(item))
		case isScalar(item) && (len(path) == 0 || score > 0):
			f.offer(payload{path: path, many: true, item: item, root: root, plain: true}, score)
		case item.IsAny() && (len(path) == 0 || score > 0):
			f.offer(payload{path: path, many: true, item: item, root: root}, score)
		}
		return
	}
	if !isObject(s) || len(path) == maxEnvelope {
		return
	}
	members := s.Members()
	for _, name := range members {
		m := s.Member(name)
		if m == nil || m.Possible()&objectOrArray == 0 {
			continue
		}
		about := f.about(name)
		if about == 0 && len(path) > 0 && len(members) > 2 {
			continue
		}
		if about == 0 && !isArray(m) {
			continue
		}
		f.listIn(root, m, append(path[:len(path):len(path)], name), score+about-5)
	}
}

// identified tells how well a schema's properties fit the path's parameter.
func (f *finder) identified(s *schema.Schema) int {
	if rank := rankOf(s, f.names); rank >= 0 {
		return max(100-3*rank, 20)
	}
	return 0
}

// rankOf is the position of the first name that the schema has a scalar
// property of; -1 where it has none.
func rankOf(s *schema.Schema, names []string) int {
	best := -1
	for _, name := range s.Members() {
		b := bare(name)
		for i, n := range names {
			if best >= 0 && i >= best {
				break
			}
			if b == n {
				if m := s.Member(name); m != nil && isScalar(m) {
					best = i
				}
				break
			}
		}
	}
	return best
}

// request looks for the item in a request's body: the body itself, or the one
// member that it is wrapped in.
func (r *Resource) request(root *schema.Schema, answer *payload) payload {
	whole := payload{found: true, item: root, root: root}
	if root == nil || root.IsAny() {
		return whole
	}
	if isArray(root) {
		if item := root.ItemSchema(); item != nil && isObject(item) {
			return payload{found: true, many: true, item: item, root: root}
		}
		return whole
	}
	members := root.Members()
	for _, name := range members {
		m := root.Member(name)
		about := bare(name) == bare(r.Name) || bare(name) == bare(r.Plural) || bare(name) == "data" || len(answer.path) > 0 && answer.path[0] == name
		if m == nil || !(about || len(members) == 1) || r.shares(root, name) {
			continue
		}
		if isObject(m) && len(m.Members()) > 0 && (len(members) == 1 || about) {
			return payload{found: true, path: []string{name}, item: m, root: root}
		}
		if item := m.ItemSchema(); isArray(m) && item != nil && isObject(item) && about {
			return payload{found: true, path: []string{name}, many: true, item: item, root: root}
		}
	}
	if best := r.nested(root); best.found {
		return best
	}
	return whole
}

// nested finds the member of a body that has the item's properties, where the
// body itself has none: {"action": …, "user_info": {…}}.
func (r *Resource) nested(root *schema.Schema) payload {
	d := &r.details
	var best payload
	most := 1
	if d.item == nil || shared(root, d.item) > 0 {
		return best
	}
	for _, name := range root.Members() {
		m := root.Member(name)
		if m == nil || !isObject(m) {
			continue
		}
		if n := shared(m, d.item); n > most {
			most, best = n, payload{found: true, path: []string{name}, item: m, root: root}
		}
	}
	return best
}

// shared counts the properties that two schemas have in common.
func shared(a, b *schema.Schema) int {
	n := 0
	for _, name := range a.Members() {
		if b.HasMember(name) {
			n++
		}
	}
	return n
}

// shares reports whether a body has properties of the item beside the one
// that may wrap it, or the item has a property of that name itself.
func (r *Resource) shares(root *schema.Schema, except string) bool {
	d := &r.details
	if d.item == nil {
		return false
	}
	if d.item.HasMember(except) {
		return true
	}
	for _, name := range root.Members() {
		if name != except && d.item.HasMember(name) {
			return true
		}
	}
	return false
}

// isJSONType reports whether a media type is written as JSON.
func isJSONType(t string) bool {
	t, _, _ = strings.Cut(strings.ToLower(t), ";")
	t = strings.TrimSpace(t)
	return strings.HasSuffix(t, "json") || t == "*/*" || t == "application/*" || strings.HasSuffix(t, "yaml")
}

// successMedia is the media type of JSON that an operation answers with:
// with the status where it declares that, else with the lowest of success.
func successMedia(op *definition.Operation, status int) *definition.Media {
	if op == nil {
		return nil
	}
	var best *definition.Response
	rank := func(s string) int {
		switch {
		case status != 0 && s == itoa(status):
			return 0
		case len(s) == 3 && s[0] == '2' && s[1:] != "XX":
			return 1000 + int(s[1]-'0')*10 + int(s[2]-'0')
		case s == "2XX":
			return 2000
		case s == "default":
			return 3000
		}
		return 9000
	}
	for _, r := range op.Responses {
		if rank(r.Status) >= 9000 || jsonMedia(r.Content) == nil {
			continue
		}
		if best == nil || rank(r.Status) < rank(best.Status) {
			best = r
		}
	}
	if best == nil {
		return nil
	}
	return jsonMedia(best.Content)
}

// jsonMedia is the first media type of JSON that has a schema.
func jsonMedia(list []*definition.Media) *definition.Media {
	for _, m := range list {
		if isJSONType(m.Type) && m.Schema != nil {
			return m
		}
	}
	return nil
}
