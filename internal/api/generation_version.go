package api

import "github.com/mimus-dev/mimus/internal/definition"

// asVersion writes a document that was inferred from a collection, which is of
// OpenAPI 3.1 or 3.2, as one of the version of a type of specs. It knows what
// such documents have, not all that OpenAPI has.
func asVersion(doc *definition.Value, specType string) {
	switch specType {
	case "OPENAPI:3.2":
		setMember(doc, "openapi", definition.NewString("3.2.0"))
		return
	case "OPENAPI:3.1":
		setMember(doc, "openapi", definition.NewString("3.1.1"))
	default:
		setMember(doc, "openapi", definition.NewString("3.0.3"))
	}
	eachPath(doc, func(item *definition.Value) {
		dropMember(item, "query")
		dropMember(item, "additionalOperations")
	})
	if specType == "OPENAPI:3.1" {
		return
	}
	eachOperation(doc, asOperation30)
	if specType == "OPENAPI:2.0" {
		*doc = asSwagger(doc)
	}
}

func eachPath(doc *definition.Value, f func(item *definition.Value)) {
	paths := doc.Get("paths")
	for i := range paths.Len() {
		f(&paths.Kids[i])
	}
}

var operationMethods = [...]string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}

func isMethod(name string) bool {
	for _, m := range operationMethods {
		if name == m {
			return true
		}
	}
	return false
}

func eachOperation(doc *definition.Value, f func(op *definition.Value)) {
	eachPath(doc, func(item *definition.Value) {
		for i := range item.Kids {
			if isMethod(item.Kids[i].Key) {
				f(&item.Kids[i])
			}
		}
	})
}

func asOperation30(op *definition.Value) {
	params := op.Get("parameters")
	for i := range params.Len() {
		asSchema30(params.Kids[i].Get("schema"))
	}
	asContent30(op.Get("requestBody").Get("content"))
	responses := op.Get("responses")
	for i := range responses.Len() {
		r := &responses.Kids[i]
		headers := r.Get("headers")
		for j := range headers.Len() {
			asSchema30(headers.Kids[j].Get("schema"))
		}
		asContent30(r.Get("content"))
	}
}

func asContent30(content *definition.Value) {
	for i := range content.Len() {
		asSchema30(content.Kids[i].Get("schema"))
	}
}

// asSchema30 writes a schema without what 3.0 hasn't: lists of types, media
// types of texts.
func asSchema30(s *definition.Value) {
	if !s.Is(definition.Object) {
		return
	}
	if s.Has("contentMediaType") {
		dropMember(s, "contentMediaType")
		if s.Get("type").Str() == "string" && !s.Has("format") {
			setMember(s, "format", definition.NewString("binary"))
		}
	}
	asSchema30(s.Get("items"))
	properties := s.Get("properties")
	for i := range properties.Len() {
		asSchema30(&properties.Kids[i])
	}
	if types := s.Get("type"); types.Is(definition.Array) {
		asOneType(s, types.Kids)
	}
}

// asOneType writes a list of types as nullable and one type, or as a choice
// between schemas of one type.
func asOneType(s *definition.Value, types []definition.Value) {
	var some []definition.Value
	nullable := false
	for _, t := range types {
		if t.Str() == "null" {
			nullable = true
		} else {
			some = append(some, definition.NewString(t.Str()))
		}
	}
	if len(some) == 1 {
		setMember(s, "type", some[0])
		if nullable {
			setMember(s, "nullable", definition.NewBool(true))
		}
		return
	}
	belong := map[string]string{"properties": "object", "required": "object", "items": "array", "format": "string"}
	choice := definition.NewArray()
	for _, t := range some {
		one := definition.NewObject(t.With("type"))
		for i := range s.Kids {
			if belong[s.Kids[i].Key] == t.Text {
				one.Kids = append(one.Kids, s.Kids[i])
			}
		}
		if nullable {
			setMember(&one, "nullable", definition.NewBool(true))
		}
		choice.Kids = append(choice.Kids, one)
	}
	for keyword := range belong {
		dropMember(s, keyword)
	}
	dropMember(s, "type")
	if len(some) > 0 {
		setMember(s, "anyOf", choice)
	}
}
