package openapi

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// parameters reads a list of parameters, those of a 2.0 body left out.
func (r *reader) parameters(v *value) []*definition.Parameter {
	if !v.Is(definition.Array) {
		if v != nil && !v.Is(definition.Null) {
			r.errorf(v, "bad-parameters", "write \"parameters\" as an array", "\"parameters\" is %s, not an array", article(v.Kind))
		}
		return nil
	}
	var out []*definition.Parameter
	for i := range v.Kids {
		if p := r.parameter(&v.Kids[i]); p != nil {
			out = append(out, p)
		}
	}
	return out
}

// mergeParameters overlays the parameters of a path item with those of its
// operation: name and place together identify one.
func mergeParameters(shared, own []*definition.Parameter) []*definition.Parameter {
	if len(own) == 0 {
		return shared
	}
	if len(shared) == 0 {
		return own
	}
	out := make([]*definition.Parameter, 0, len(shared)+len(own))
	for _, s := range shared {
		replaced := false
		for _, o := range own {
			if o.Name == s.Name && o.In == s.In {
				replaced = true
				break
			}
		}
		if !replaced {
			out = append(out, s)
		}
	}
	return append(out, own...)
}

func (r *reader) parameter(at *value) *definition.Parameter {
	v := r.deref(at, "parameter")
	if !v.Is(definition.Object) {
		if v != nil {
			r.errorf(v, "bad-parameter", "write it as an object with \"name\" and \"in\"", "a parameter is %s, not an object", article(v.Kind))
		}
		return nil
	}
	if p, ok := r.params[v]; ok {
		return p
	}
	p := r.readParameter(v)
	r.params[v] = p
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
	switch p.In {
	case definition.InPath, definition.InQuery, definition.InHeader, definition.InCookie, definition.InQuerystring:
	default:
		r.errorf(v, "bad-parameter", "set \"in\" to path, query, header, cookie or querystring", "parameter %q has \"in: %s\"; it is not checked", p.Name, p.In)
		return nil
	}
	if p.Name == "" && p.In != definition.InQuerystring {
		r.errorf(v, "bad-parameter", "give it a \"name\"", "a %s parameter has no name; it is not checked", p.In)
		return nil
	}
	if p.In == definition.InHeader {
		switch strings.ToLower(p.Name) { // OpenAPI 3.0, Parameter Object, name
		case "accept", "content-type", "authorization":
			return nil
		}
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
	if content := v.Get("content"); content.Is(definition.Object) && content.Len() > 0 {
		p.Content = r.media(&content.Kids[0])
	} else {
		p.Schema = r.schema(v.Get("schema"))
	}
	p.Examples = r.examples(v)
	return p
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
// parameters.
func (r *reader) checkPathParameters(op *definition.Operation, v *value) {
	if r.callbacks > 0 || !strings.HasPrefix(op.Path, "/") {
		return
	}
	for _, name := range variables(op.Path) {
		declared := false
		for _, p := range op.Parameters {
			if p.In == definition.InPath && p.Name == name {
				declared = true
				break
			}
		}
		if !declared {
			r.warnf(v, "undeclared-path-parameter", "declare it under \"parameters\" with \"in: path\"", "%s %s doesn't declare the path parameter %q; any value is accepted", op.Method, op.Path, name)
		}
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
