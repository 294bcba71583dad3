package items

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// given is the body of a request of the API, and the flat model of what it
// changes.
type given struct {
	kind Kind
	body map[string]*definition.Value
	keys []string                     // of the body, in its order
	now  map[string]*definition.Value // nil where something is added
}

func newGiven(kind Kind, body *definition.Value, now *definition.Value) given {
	g := given{kind: kind, body: byKey(body)}
	for i := range body.Kids {
		g.keys = append(g.keys, body.Kids[i].Key)
	}
	if now != nil {
		g.now = byKey(now)
	}
	return g
}

func byKey(o *definition.Value) map[string]*definition.Value {
	m := make(map[string]*definition.Value, len(o.Kids))
	for i := range o.Kids {
		m[o.Kids[i].Key] = &o.Kids[i]
	}
	return m
}

// changed gives what the body has for a property, nil where it has nothing or
// just what the flat model shows.
func (g *given) changed(key string) *definition.Value {
	v := g.body[key]
	if v == nil || g.now != nil && definition.Equal(v, g.now[key]) {
		return nil
	}
	return v
}

func (g *given) any(keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return g.changed(key) != nil })
}

// managed are the properties that the API itself gives, or that say where an
// item stands. In a body they are passed over; order is looked at.
var managed = [...]string{
	"id", "uid", "_postman_id", "owner", "collection", "collectionId", "collection_id", "folder", "request",
	"lastUpdatedBy", "lastRevision", "revision", "createdAt", "updatedAt",
	"order", "folders_order", "responses_order", "requests", "folders", "responses", "oauth", "item", "response",
}

// callKeys are the properties of a request that a saved response has too, for
// the request that it answers.
var callKeys = []string{
	"method", "url", "queryParams", "pathVariableData", "pathVariables", "headerData",
	"dataMode", "data", "rawModeData", "graphqlModeData", "dataOptions", "dataDisabled",
}

// itemKeys are the properties that are put into the item one by one. What is in
// no list is kept as a member of the item.
var itemKeys = map[Kind][]string{
	Folder:   {"name", "description", "item", "auth", "event", "events", "variable", "variables"},
	Request:  {"name", "description", "response", "header", "headers", "body", "auth", "event", "events", "variable", "variables", "preRequestScript", "tests", "protocolProfileBehavior"},
	Response: {"name", "status", "responseCode", "code", "time", "responseTime", "header", "headers", "cookie", "cookies", "body", "text", "language", "_postman_previewlanguage", "originalRequest", "requestObject"},
}

// nothing are properties that the flat model shows as null where the item has
// no member of that name.
var nothing = []string{"descriptionFormat", "currentHelper", "helperAttributes", "mime", "rawDataType"}

// extras puts what is left into the item.
func (g *given) extras(item *definition.Value) {
	var left []*definition.Value
	for _, key := range g.keys {
		if slices.Contains(managed[:], key) || slices.Contains(itemKeys[g.kind], key) || g.kind != Folder && slices.Contains(callKeys, key) {
			continue
		}
		v := g.changed(key)
		if v == nil || v.Kind == definition.Null && slices.Contains(nothing, key) && !item.Has(key) {
			continue
		}
		left = append(left, v)
	}
	merge(item, left)
}

// shapes are the kinds that a property may have besides null.
var shapes = map[string][]definition.Kind{
	"name": {definition.String}, "method": {definition.String}, "dataMode": {definition.String}, "rawModeData": {definition.String},
	"description": {definition.String, definition.Object}, "url": {definition.String, definition.Object},
	"headerData": {definition.Array}, "queryParams": {definition.Array}, "pathVariableData": {definition.Array}, "pathVariables": {definition.Object},
	"headers": {definition.Array, definition.String}, "header": {definition.Array, definition.String}, "data": {definition.Array, definition.String},
	"graphqlModeData": {definition.Object, definition.String}, "dataOptions": {definition.Object}, "dataDisabled": {definition.Bool},
	"auth": {definition.Object, definition.String}, "events": {definition.Array}, "event": {definition.Array},
	"variables": {definition.Array}, "variable": {definition.Array}, "preRequestScript": {definition.String}, "tests": {definition.String},
	"protocolProfileBehavior": {definition.Object}, "responseCode": {definition.Object}, "code": {definition.Number},
	"text": {definition.String}, "language": {definition.String}, "requestObject": {definition.String, definition.Object},
	"originalRequest": {definition.String, definition.Object}, "status": {definition.String},
	"item": {definition.Array}, "response": {definition.Array}, "request": {definition.Object, definition.String},
	"requests": {definition.Array}, "folders": {definition.Array}, "responses": {definition.Array},
}

var modes = [...]string{"raw", "urlencoded", "formdata", "params", "binary", "file", "graphql"}

// check tells what in a body has the wrong shape, before anything is changed.
func (g *given) check() *Error {
	for _, key := range g.keys {
		v := g.body[key]
		kinds := shapes[key]
		if key == "body" {
			if kinds = []definition.Kind{definition.Object}; g.kind == Response {
				kinds[0] = definition.String
			}
		}
		if kinds != nil && v.Kind != definition.Null && !slices.Contains(kinds, v.Kind) {
			names := make([]string, len(kinds))
			for i, k := range kinds {
				names[i] = k.String()
			}
			return invalid("%s must be %s", key, strings.Join(names, " or "))
		}
	}
	if m := g.body["dataMode"]; g.kind != Folder && m.Str() != "" && g.changed("dataMode") != nil && !slices.Contains(modes[:], m.Text) {
		return invalid("dataMode must be one of raw, urlencoded, formdata, binary and graphql")
	}
	if c := g.body["responseCode"].Get("code"); !isNull(c) && g.kind == Response {
		if _, ok := c.Int(); !ok {
			return invalid("responseCode.code must be an integer")
		}
	}
	return nil
}
