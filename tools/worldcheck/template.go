package main

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// template is the path of an operation with its {parameters}.
type template struct {
	path     string // without what follows a '#'
	segments []string
	shapes   []string // the segments without the names of parameters, and without ".json"
}

func newTemplate(path string) template {
	path, _, _ = strings.Cut(path, "#")
	t := template{path: path, segments: strings.Split(strings.Trim(path, "/"), "/")}
	for _, s := range t.segments {
		s = strings.TrimSuffix(strings.TrimSuffix(s, ".json"), ".xml")
		for _, name := range parametersIn(s) {
			s = strings.Replace(s, "{"+name+"}", "{}", 1)
		}
		t.shapes = append(t.shapes, s)
	}
	return t
}

// parametersIn gives the names in braces, in their order.
func parametersIn(path string) (names []string) {
	for {
		_, rest, ok := strings.Cut(path, "{")
		if !ok {
			return names
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return names
		}
		names, path = append(names, name), after
	}
}

func (t template) parameters() []string { return parametersIn(t.path) }

// has tells whether the path has the parameter.
func (t template) has(name string) bool { return slices.Contains(t.parameters(), name) }

// fill puts values into the path. missing are the parameters without one.
func (t template) fill(values map[string]string) (path string, missing []string) {
	path = t.path
	for _, name := range t.parameters() {
		v, ok := values[name]
		if !ok {
			missing = append(missing, name)
			continue
		}
		path = strings.Replace(path, "{"+name+"}", url.PathEscape(v), 1)
	}
	return path, missing
}

// common is how many segments two paths begin with alike.
func (t template) common(o template) int {
	n := 0
	for n < len(t.shapes) && n < len(o.shapes) && t.shapes[n] == o.shapes[n] {
		n++
	}
	return n
}

// below tells whether the path lies under another.
func (t template) below(o template) bool {
	return len(t.shapes) > len(o.shapes) && t.common(o) == len(o.shapes)
}

// directlyBelow tells whether the path lies under another and has no more
// parameters.
func (t template) directlyBelow(o template) bool {
	return t.below(o) && len(t.parameters()) == len(o.parameters())
}

// inherit gives the values of the parameters that stand in the part which the
// path has in common with another, whatever their names are here and there.
func (t template) inherit(from template, values map[string]string) map[string]string {
	own := map[string]string{}
	for i := range t.common(from) {
		names, theirs := parametersIn(t.segments[i]), parametersIn(from.segments[i])
		for k := range min(len(names), len(theirs)) {
			if v, ok := values[theirs[k]]; ok {
				own[names[k]] = v
			}
		}
	}
	return own
}

// with gives the values and one more.
func with(values map[string]string, name, v string) map[string]string {
	more := maps.Clone(values)
	if more == nil {
		more = map[string]string{}
	}
	more[name] = v
	return more
}

// addMissing adds to own what has the same name in others. Names that mean
// something else on each path are left out.
func addMissing(own, others map[string]string) {
	for name, v := range others {
		switch strings.ToLower(name) {
		case "id", "name", "sid", "uuid", "key", "slug":
			continue
		}
		if _, ok := own[name]; !ok {
			own[name] = v
		}
	}
}
