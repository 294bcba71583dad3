package main

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/openapi"
	"github.com/mimus-dev/mimus/internal/schema"
)

// requests makes requests that a document allows.
type requests struct {
	def        *definition.Definition
	set        *schema.Set
	operations map[string]*definition.Operation // by method and path
	samples    map[*definition.Parameter]*value
}

// faker makes small values, and takes the document's where it has some.
var faker = schema.Faker{Optionals: 0, UseExamples: true, UseDefaults: true}

// openRequests reads a document. files, if not nil, is all there is.
func openRequests(ctx context.Context, path string, files map[string][]byte) (*requests, error) {
	l := document.NewLoader(document.Config{Files: files})
	file, err := l.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	def, _, err := openapi.Read(ctx, l, file)
	if err != nil {
		return nil, err
	}
	q := &requests{def: def, set: schema.NewSet(def.Schemas), operations: map[string]*definition.Operation{}, samples: map[*definition.Parameter]*value{}}
	for _, op := range def.Operations {
		q.operations[op.Method+" "+op.Path] = op
	}
	return q, nil
}

// get finds the operation that is written as "GET /path"; nil for another
// method and for what the document doesn't have.
func (q *requests) get(written string) *definition.Operation {
	if !strings.HasPrefix(written, "GET ") {
		return nil
	}
	return q.operations[written]
}

// parameter finds a parameter of the query by its name; nil where the document
// has none, and for a part of one, as in "page[size]".
func parameter(op *definition.Operation, name string) *definition.Parameter {
	for _, p := range op.Parameters {
		if p.In == definition.InQuery && p.Name == name {
			return p
		}
	}
	return nil
}

// takes tells whether the operation has the parameter, or one that it is a
// part of.
func takes(op *definition.Operation, name string) bool {
	base, _, _ := strings.Cut(name, "[")
	return parameter(op, name) != nil || base != "" && base != name && parameter(op, base) != nil
}

// call makes a GET request of an operation. path are the known values of the
// path, query goes before what the operation requires.
func (q *requests) call(op *definition.Operation, path map[string]string, query []pair) call {
	t := newTemplate(op.Path)
	filled, missing := t.fill(path)
	if missing != nil {
		all := path
		for _, name := range missing {
			all = with(all, name, q.pathSample(op, name))
		}
		filled, _ = t.fill(all)
	}
	header := http.Header{}
	pairs := slices.Clone(query)
	for _, p := range op.Parameters {
		if !p.Required || p.In == definition.InPath || p.In == definition.InQuery && given(query, p.Name) {
			continue
		}
		v := q.sample(p)
		switch p.In {
		case definition.InQuery:
			pairs = append(pairs, pairsOf(p, v)...)
		case definition.InHeader:
			header.Set(p.Name, flat(v))
		case definition.InCookie:
			header.Add("Cookie", p.Name+"="+url.QueryEscape(flat(v)))
		}
	}
	header.Set("Accept", accepted(op))
	pairs = append(pairs, authorise(op, header)...)
	return call{target: filled + encode(pairs), header: header}
}

// given tells whether a parameter is among the pairs, whole or in parts.
func given(query []pair, name string) bool {
	return slices.ContainsFunc(query, func(p pair) bool { return p.name == name || strings.HasPrefix(p.name, name+"[") })
}

// accepted is the JSON media type that the operation answers with.
func accepted(op *definition.Operation) string {
	for _, r := range op.Responses {
		if r.Status[0] != '2' && r.Status != "default" {
			continue
		}
		for _, m := range r.Content {
			if strings.Contains(m.Type, "json") {
				return m.Type
			}
		}
	}
	return "application/json, */*;q=0.5"
}

// authorise adds credentials to the header, and gives those that go into the
// query.
func authorise(op *definition.Operation, header http.Header) (query []pair) {
	for _, requirement := range op.Security {
		if slices.ContainsFunc(requirement, func(s definition.RequiredScheme) bool { return s.Scheme == nil }) {
			continue
		}
		for _, s := range requirement {
			query = append(query, credentials(s.Scheme, header)...)
		}
		return query
	}
	return nil
}

func credentials(s *definition.SecurityScheme, header http.Header) (query []pair) {
	switch {
	case s.Type == "apiKey" && s.In == definition.InQuery:
		return []pair{newPair(s.Name, "x")}
	case s.Type == "apiKey" && s.In == definition.InCookie:
		header.Add("Cookie", s.Name+"=x")
	case s.Type == "apiKey":
		header.Set(s.Name, "x")
	case s.Type == "http" && s.Scheme == "basic":
		header.Set("Authorization", "Basic eDp5")
	case s.Type == "http" && s.Scheme == "digest":
		header.Set("Authorization", `Digest username="x", realm="*", nonce="abc123", uri="/", response="00000000000000000000000000000000"`)
	case s.Type == "http" || s.Type == "oauth2" || s.Type == "openIdConnect":
		header.Set("Authorization", "Bearer x")
	}
	return nil
}

// pathSample is a value for a parameter of the path that no resource gives.
func (q *requests) pathSample(op *definition.Operation, name string) string {
	for _, p := range op.Parameters {
		if p.In == definition.InPath && p.Name == name {
			if s := flat(q.sample(p)); s != "" {
				return s
			}
		}
	}
	return "x"
}

// sample is a value that a parameter allows: what the document shows, or else
// a generated one.
func (q *requests) sample(p *definition.Parameter) *value {
	if v := q.samples[p]; v != nil {
		return v
	}
	v := q.makeSample(p)
	q.samples[p] = &v
	return &v
}

func (q *requests) makeSample(p *definition.Parameter) value {
	described, examples := p.Schema, p.Examples
	if p.Content != nil {
		described, examples = p.Content.Schema, p.Content.Examples
	}
	s := q.set.Compile(described)
	for i := range examples {
		if v := examples[i].Value; v != nil && s.Valid(v, schema.Request) {
			return *v
		}
	}
	v, _, err := s.Generate(q.set, schema.Options{Direction: schema.Request, Name: p.Name, Faker: &faker})
	if err != nil {
		return definition.NewString("x")
	}
	return v
}

// typed gives the pairs that a parameter of the query is sent a text with. ok
// is false where the document doesn't allow it.
func (q *requests) typed(op *definition.Operation, name string, texts ...string) (pairs []pair, ok bool) {
	p := parameter(op, name)
	if p == nil || p.Schema == nil {
		return []pair{newPair(name, strings.Join(texts, ","))}, len(texts) == 1
	}
	s := q.set.Compile(p.Schema)
	if s.Possible()&schema.TypeArray != 0 {
		list := definition.NewArray()
		for i, t := range texts {
			list.Kids = append(list.Kids, s.Item(i).FromText(t))
		}
		if s.Valid(&list, schema.Request) {
			return pairsOf(p, &list), true
		}
	}
	if len(texts) != 1 {
		return nil, false
	}
	v := s.FromText(texts[0])
	return []pair{newPair(name, texts[0])}, s.Valid(&v, schema.Request)
}
