package listing

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// kind is how the values of a property are compared.
type kind uint8

const (
	kindText kind = iota
	kindNumber
	kindBool
	kindTime
	kindUnix // a number that counts seconds or milliseconds since 1970
)

// identities are the members that tell what an object is, the best first: a
// value that names an object names one of them.
func identities() []string {
	return []string{"id", "gid", "uuid", "sid", "_id", "key", "name", "login", "slug", "code", "title", "username", "email", "label", "value"}
}

// catalogue finds the properties of items by the names that parameters have.
type catalogue struct {
	shapes
	ask      func(name string) *definition.Value
	own      string // what one item is called, folded: "invoice" for /Invoices
	paths    []string
	schema   map[string]*definition.Value // by path
	folded   map[string]string            // the path by the folded name
	singular map[string]string            // the path by the folded name in the singular
	moments  map[string]string            // the path of a time by what it tells
	times    []string
}

// newCatalogue lists the properties of the items that item describes, two
// levels deep; ask knows of further ones.
func newCatalogue(s shapes, item *definition.Value, path string, ask func(string) *definition.Value) *catalogue {
	c := &catalogue{
		shapes: s, ask: ask, schema: map[string]*definition.Value{},
		folded: map[string]string{}, singular: map[string]string{}, moments: map[string]string{},
	}
	segments := strings.Split(strings.Trim(path, "/"), "/")
	c.own = singular(strings.TrimSuffix(segments[len(segments)-1], ".json"))
	top := s.members(item)
	for _, m := range top {
		c.add(m.name, m.schema, m.name)
	}
	for _, m := range top {
		if t := s.types(m.schema); t&typeObject == 0 || t&typeArray != 0 {
			continue
		}
		for _, sub := range s.members(m.schema) {
			alias := m.name + "." + sub.name
			if m.name == "attributes" { // JSON:API 1.1, 7.2.2
				alias = sub.name
			}
			c.add(m.name+"."+sub.name, sub.schema, alias)
		}
	}
	return c
}

func (c *catalogue) add(path string, schema *definition.Value, alias string) {
	if c.schema[path] != nil || len(c.paths) >= maxMembers {
		return
	}
	if c.ask != nil {
		if schema = c.ask(path); schema == nil {
			return
		}
	}
	c.paths = append(c.paths, path)
	c.schema[path] = schema
	setNew(c.folded, fold(alias), path)
	setNew(c.singular, singular(alias), path)
	if k := c.kind(path); (k == kindTime || k == kindUnix) && alias == path[strings.LastIndexByte(path, '.')+1:] {
		c.times = append(c.times, path)
		setNew(c.moments, moment(words(alias)), path)
	}
}

func setNew(m map[string]string, key, value string) {
	if _, ok := m[key]; !ok {
		m[key] = value
	}
}

// find gives the path of the property that a name means, "" for none: as it is
// written, in another case, in the singular or plural, as the reference to an
// object or the object of a reference.
func (c *catalogue) find(name string) string {
	if path := c.exact(name); path != "" {
		return path
	}
	one := singular(name)
	if path, ok := c.singular[one]; ok && one != "" {
		return path
	}
	if one == "" {
		return ""
	}
	if path, ok := c.folded[one+"id"]; ok {
		return path
	}
	for _, suffix := range []string{"id", "gid", "uuid", "sid"} {
		if rest, ok := strings.CutSuffix(one, suffix); ok && rest != "" {
			if path, ok := c.singular[rest]; ok {
				return path
			}
			if rest == c.own {
				return c.folded[suffix]
			}
		}
	}
	if one == "id" {
		return c.folded[c.own+"id"]
	}
	return ""
}

// exact finds a property without regard to case and separators.
func (c *catalogue) exact(name string) string {
	if c.schema[name] != nil {
		return name
	}
	if path, ok := c.folded[fold(name)]; ok && fold(name) != "" {
		return path
	}
	// Requests name properties, too: of a schema that refers to itself they must
	// not make ever more columns.
	if c.ask != nil && name != "" && len(name) < 200 && strings.Count(name, ".") <= 2 {
		if schema := c.ask(name); schema != nil {
			return name
		}
	}
	return ""
}

// loose finds a property also where the name leaves out what says that it is a
// time, a count or a flag.
func (c *catalogue) loose(name string) string {
	if path := c.find(name); path != "" {
		return path
	}
	list := words(name)
	if m := moment(list); m != "" {
		if path, ok := c.moments[m]; ok {
			return path
		}
	}
	base := strings.Join(list, "")
	if base == "date" || base == "time" || base == "timestamp" {
		return c.obviousTime("")
	}
	if base == "" {
		return ""
	}
	for _, other := range []string{base + "count", "num" + base, base + "scount", base + "code", "is" + base, "has" + base} {
		if path, ok := c.folded[other]; ok {
			return path
		}
	}
	return ""
}

// obviousTime is the time that a range without a name is about: the only one,
// the one that the description tells of, the one that is just a date, or the
// time of creation; "" where none is obvious.
func (c *catalogue) obviousTime(description string) string {
	if len(c.times) == 1 {
		return c.times[0]
	}
	text := strings.ToLower(description)
	for _, w := range []struct{ word, moment string }{
		{"updated", "updated"}, {"modified", "updated"}, {"created", "created"}, {"creation", "created"},
	} {
		if path, ok := c.moments[w.moment]; ok && strings.Contains(text, w.word) {
			return path
		}
	}
	for _, m := range []string{"", "created"} {
		if path, ok := c.moments[m]; ok {
			return path
		}
	}
	return ""
}

// schemaOf gives the schema of a path that find has given.
func (c *catalogue) schemaOf(path string) *definition.Value {
	if schema := c.schema[path]; schema != nil || c.ask == nil {
		return schema
	}
	return c.ask(path)
}

// kind tells how the property's values are compared, those of an array by its
// items.
func (c *catalogue) kind(path string) kind {
	schema := c.schemaOf(path)
	t := c.types(schema)
	if t&typeArray != 0 {
		if item := c.items(schema); item != nil {
			schema, t = item, c.types(item)
		}
	}
	name := words(path[strings.LastIndexByte(path, '.')+1:])
	switch c.text(schema, "format") {
	case "date-time", "date", "date-time-rfc-2822", "datetime":
		if t&typeNumber == 0 {
			return kindTime
		}
	case "unix-time", "unixtime", "timestamp", "unix-timestamp":
		if t&typeNumber != 0 {
			return kindUnix
		}
		return kindTime
	}
	switch t & typeScalar {
	case typeNumber:
		if timely(name) {
			return kindUnix
		}
		return kindNumber
	case typeBool:
		return kindBool
	case typeString:
		if timely(name) && !c.has(schema, "enum") {
			return kindTime
		}
	case typeString | typeNumber:
		return kindNumber
	}
	return kindText
}

func (c *catalogue) has(schema *definition.Value, keyword string) bool {
	return c.keyword(schema, keyword) != nil
}

// columns gives the paths whose texts tell whether an item has a value in the
// property: itself, or what identifies the object that it is. deep reports that
// items have to be looked into.
func (c *catalogue) columns(path string) (paths []string, deep bool) {
	schema := c.schemaOf(path)
	t := c.types(schema) &^ typeNull
	if t&(typeArray|typeObject) == 0 {
		return []string{path}, false
	}
	if t != typeObject {
		return []string{path}, true
	}
	own := fold(path[strings.LastIndexByte(path, '.')+1:]) + "id"
	for _, m := range c.members(schema) {
		if fold(m.name) == own {
			paths = append(paths, path+"."+m.name)
		}
	}
	for _, name := range identities() {
		if c.property(schema, name) != nil {
			paths = append(paths, path+"."+name)
		}
	}
	if len(paths) == 0 || slices.ContainsFunc(paths, func(p string) bool { return c.ask != nil && c.ask(p) == nil }) {
		return []string{path}, true
	}
	return paths, false
}
