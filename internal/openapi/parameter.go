package openapi

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// parameters reads a list of parameters, those of a 2.0 body left out. v is an
// array or nil.
func (r *reader) parameters(v *value) []*definition.Parameter {
	if v.Len() == 0 {
		return nil
	}
	out := make([]*definition.Parameter, 0, v.Len())
	seen := make(map[parameterKey]bool, v.Len())
	for i := range v.Kids {
		p := r.parameter(&v.Kids[i])
		if p == nil {
			continue
		}
		if seen[keyOf(p)] {
			r.warnf(&v.Kids[i], "duplicate-parameter", "remove one of them", "the %s parameter %q is there twice; the first is used", p.In, clip(p.Name))
			continue
		}
		seen[keyOf(p)] = true
		out = append(out, p)
	}
	return out
}

// parameterKey is what identifies a parameter of an operation.
type parameterKey struct {
	in   definition.In
	name string
}

func keyOf(p *definition.Parameter) parameterKey { return parameterKey{p.In, p.Name} }

// mergeParameters overlays the parameters of a path item with those of its
// operation.
func mergeParameters(shared, own []*definition.Parameter) []*definition.Parameter {
	if len(own) == 0 {
		return shared
	}
	if len(shared) == 0 {
		return own
	}
	replaced := make(map[parameterKey]bool, len(own))
	for _, o := range own {
		replaced[keyOf(o)] = true
	}
	out := make([]*definition.Parameter, 0, len(shared)+len(own))
	for _, s := range shared {
		if !replaced[keyOf(s)] {
			out = append(out, s)
		}
	}
	return append(out, own...)
}

// splitIgnored takes out the headers that parameters can't describe (OpenAPI
// 3.0, Parameter Object, name).
func splitIgnored(all []*definition.Parameter) (kept, ignored []*definition.Parameter) {
	if !slices.ContainsFunc(all, isIgnored) {
		return all, nil
	}
	for _, p := range all {
		if isIgnored(p) {
			ignored = append(ignored, p)
		} else {
			kept = append(kept, p)
		}
	}
	return kept, ignored
}

func isIgnored(p *definition.Parameter) bool {
	if p.In != definition.InHeader {
		return false
	}
	switch strings.ToLower(p.Name) {
	case "accept", "content-type", "authorization":
		return true
	}
	return false
}

func (r *reader) parameter(at *value) *definition.Parameter {
	v := r.object(r.deref(at, "a parameter"), "a parameter")
	if v == nil {
		return nil
	}
	p, ok := r.params[v]
	if !ok {
		if !r.spend(v, 300) {
			return nil
		}
		p = r.readParameter(v)
		r.params[v] = p
	}
	if p != nil {
		if text := r.beside(at, v, "description"); text != p.Description {
			own := *p
			own.Description = text
			return &own
		}
	}
	return p
}

func (r *reader) readParameter(v *value) *definition.Parameter {
	p := &definition.Parameter{
		Name:          text(v.Get("name")),
		In:            definition.In(v.Get("in").Str()),
		Description:   v.Get("description").Str(),
		Required:      v.Get("required").True(),
		Deprecated:    v.Get("deprecated").True(),
		AllowEmpty:    v.Get("allowEmptyValue").True(),
		AllowReserved: v.Get("allowReserved").True(),
	}
	if r.version == v20 && (p.In == "body" || p.In == "formData") {
		return nil
	}
	if !r.checkParameter(p, v) {
		return nil
	}
	if p.In == definition.InPath {
		p.Required = true
	}
	if r.version == v20 {
		r.parameter20(p, v)
		return p
	}
	p.Style = v.Get("style").Str()
	if !styleFits(p.In, p.Style) {
		if p.Style != "" {
			r.warnf(v.Get("style"), "bad-style", "use a style that the place allows", "style %q is not one of a %s parameter; %q is used", p.Style, p.In, defaultStyle(p.In))
		}
		p.Style = defaultStyle(p.In)
	}
	p.Explode = p.Style == "form" || p.Style == "cookie"
	if e := v.Get("explode"); e.Is(definition.Bool) {
		p.Explode = e.True()
	}
	if content := r.object(v.Get("content"), "\"content\" of parameter "+clip(p.Name)); content.Len() > 0 {
		p.Content = r.media(&content.Kids[0])
	} else {
		p.Schema = r.schema(v.Get("schema"))
	}
	p.Examples = r.examples(v)
	return p
}

// checkParameter reports whether name and place of a parameter are such that a
// request can have it.
func (r *reader) checkParameter(p *definition.Parameter, v *value) bool {
	switch p.In {
	case definition.InPath, definition.InQuery, definition.InHeader, definition.InCookie, definition.InQuerystring:
	case "":
		r.errorf(v, "bad-parameter", "set \"in\" to path, query, header, cookie or querystring", "parameter %q has no \"in\"; it is not checked", clip(p.Name))
		return false
	default:
		r.errorf(v, "bad-parameter", "set \"in\" to path, query, header, cookie or querystring", "parameter %q has \"in: %s\"; it is not checked", clip(p.Name), clip(string(p.In)))
		return false
	}
	if p.Name == "" && p.In != definition.InQuerystring {
		r.errorf(v, "bad-parameter", "give it a \"name\"", "a %s parameter has no name; it is not checked", p.In)
		return false
	}
	if p.In == definition.InHeader && !isToken(p.Name) {
		r.errorf(v, "bad-header-name", "use letters, digits and hyphens", "no request can have the header %q; it is not checked", clip(p.Name))
		return false
	}
	return true
}

func defaultStyle(in definition.In) string {
	switch in {
	case definition.InQuery, definition.InCookie, definition.InQuerystring:
		return "form"
	}
	return "simple"
}

func styleFits(in definition.In, style string) bool {
	switch in {
	case definition.InPath:
		return style == "simple" || style == "label" || style == "matrix"
	case definition.InHeader:
		return style == "simple"
	case definition.InCookie:
		return style == "form" || style == "cookie"
	}
	switch style {
	case "form", "spaceDelimited", "pipeDelimited", "deepObject":
		return true
	}
	return false
}

// checkPathParameters compares the variables of the path with the declared
// parameters and drops those that no request can have.
func (r *reader) checkPathParameters(op *definition.Operation, v *value) {
	if r.callbacks > 0 || !strings.HasPrefix(op.Path, "/") {
		return
	}
	names := variables(op.Path)
	declared := make(map[string]bool, len(names)) // those of the path
	for _, name := range names {
		declared[name] = false
	}
	var kept []*definition.Parameter
	for i, p := range op.Parameters {
		_, there := declared[p.Name]
		switch {
		case p.In != definition.InPath:
		case there:
			declared[p.Name] = true
		default:
			r.warnf(v, "unused-path-parameter", "write it into the path in braces or remove it", "%s %s declares the path parameter %q, which is not in the path; it is not checked", op.Method, clip(op.Path), clip(p.Name))
			if kept == nil {
				kept = append(make([]*definition.Parameter, 0, len(op.Parameters)), op.Parameters[:i]...)
			}
			continue
		}
		if kept != nil {
			kept = append(kept, p)
		}
	}
	if kept != nil {
		op.Parameters = kept
	}
	for _, name := range names {
		if name != "" && !declared[name] {
			r.warnf(v, "undeclared-path-parameter", "declare it under \"parameters\" with \"in: path\"", "%s %s doesn't declare the path parameter %q; any value is accepted", op.Method, clip(op.Path), clip(name))
		}
	}
}

// checkTemplate tells of variables that a path template writes wrong.
func (r *reader) checkTemplate(path string, item *value) {
	names := variables(path)
	if strings.Count(path, "{") != len(names) || strings.Count(path, "}") != len(names) {
		r.warnf(item, "bad-path-template", "write each variable as {name}", "path %q has a brace without its counterpart", clip(path))
	}
	seen := map[string]bool{}
	for _, name := range names {
		switch {
		case name == "":
			r.warnf(item, "bad-path-template", "write a name between the braces", "path %q has a variable without a name; any value is accepted", clip(path))
		case seen[name]:
			r.warnf(item, "bad-path-template", "give each variable a name of its own", "path %q has the variable %q twice", clip(path), clip(name))
		}
		seen[name] = true
	}
}

// variables lists the names in braces of a path template.
func variables(path string) []string {
	var out []string
	for {
		i := strings.IndexByte(path, '{')
		if i < 0 {
			return out
		}
		j := strings.IndexByte(path[i:], '}')
		if j < 0 {
			return out
		}
		out = append(out, strings.TrimRight(path[i+1:i+j], "*+"))
		path = path[i+j+1:]
	}
}
