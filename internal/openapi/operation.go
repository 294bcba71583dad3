package openapi

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// path reads one entry of "paths".
func (r *reader) path(item *value, security *value) {
	path := item.Key
	if strings.HasPrefix(path, "x-") {
		return
	}
	if !strings.HasPrefix(path, "/") {
		r.warnf(item, "path-without-slash", "begin the path with /", "path %q doesn't begin with a slash; it is served as %q", clip(path), "/"+clip(path))
		path = "/" + path
	}
	r.checkTemplate(path, item)
	r.def.Operations = append(r.def.Operations, r.pathItem(path, item, security)...)
}

// methods are the fixed fields of a Path Item that hold operations.
var methods = map[string]string{
	"get": "GET", "put": "PUT", "post": "POST", "delete": "DELETE", "options": "OPTIONS",
	"head": "HEAD", "patch": "PATCH", "trace": "TRACE", "query": "QUERY",
}

// itemReader reads the operations of one path.
type itemReader struct {
	*reader
	path     string
	security *value
	params   []*definition.Parameter
	servers  []definition.Server
	ops      []*definition.Operation
	seen     map[string]bool // methods
	living   *value          // "x-mimus-resource"
}

// pathItem reads a Path Item Object. One that refers to another is merged with
// it, its own fields first.
func (r *reader) pathItem(path string, item, security *value) []*definition.Operation {
	outer := r.itemParameters
	r.itemParameters = nil
	defer func() { r.itemParameters = outer }()
	x := itemReader{reader: r, path: path, security: security, seen: map[string]bool{}}
	been := map[*value]bool{}
	for {
		if item = r.object(item, "path "+clip(path)); item == nil {
			return x.ops
		}
		been[item] = true
		x.fields(item)
		ref := referenceOf(item)
		if ref == nil {
			return x.ops
		}
		next, err := r.lookup(ref)
		if err != nil {
			r.dangling(ref, err, "path "+clip(path))
			return x.ops
		}
		if been[next] {
			r.errorf(ref, "circular-reference", "let the last reference lead to an object", "the references of path %s go in a circle", clip(path))
			return x.ops
		}
		item = next
	}
}

// fields reads what stands in one Path Item Object itself.
func (x *itemReader) fields(item *value) {
	if list := x.list(item.Get("parameters"), "\"parameters\" of path "+clip(x.path)); list != nil {
		x.itemParameters = append(x.itemParameters, list)
		x.params = mergeParameters(x.reader.parameters(list), x.params)
	}
	if servers := x.serverList(item.Get("servers")); servers != nil && x.servers == nil {
		x.servers = servers
	}
	if living := item.Get("x-mimus-resource"); living != nil && x.living == nil {
		x.living = living
	}
	for i := range item.Kids {
		kid := &item.Kids[i]
		method, ok := methods[kid.Key]
		if ok {
			x.add(method, kid)
			continue
		}
		if m, upper := methods[strings.ToLower(kid.Key)]; upper {
			x.warnf(kid, "method-case", "write the method in lower case", "method %q of path %s is read as %s", kid.Key, clip(x.path), strings.ToLower(kid.Key))
			x.add(m, kid)
			continue
		}
		x.checkField(kid)
	}
	if more := x.object(item.Get("additionalOperations"), "\"additionalOperations\" of path "+clip(x.path)); more != nil {
		for i := range more.Kids {
			x.additional(&more.Kids[i])
		}
	}
}

// checkField tells of an operation under a name that is no method.
func (x *itemReader) checkField(kid *value) {
	switch kid.Key {
	case "parameters", "servers", "summary", "description", "additionalOperations", "$ref":
		return
	}
	if strings.HasPrefix(kid.Key, "x-") || !kid.Has("responses") {
		return
	}
	x.warnf(kid, "unknown-method", "use a method of OpenAPI, or \"additionalOperations\" of OpenAPI 3.2", "%q of path %s is no method of OpenAPI; the operation is left out", clip(kid.Key), clip(x.path))
}

// additional reads an operation whose method is its name as sent.
func (x *itemReader) additional(kid *value) {
	method := kid.Key
	if strings.HasPrefix(method, "x-") {
		return
	}
	if !isToken(method) {
		x.errorf(kid, "bad-method", "name it by a method such as COPY", "%q is no HTTP method; the operation of path %s is left out", clip(method), clip(x.path))
		return
	}
	if m, fixed := methods[strings.ToLower(method)]; fixed && method != m {
		x.warnf(kid, "method-case", "write the method in upper case", "method %q of path %s is read as %s", method, clip(x.path), m)
		method = m
	}
	x.add(method, kid)
}

func (x *itemReader) add(method string, v *value) {
	if x.seen[method] {
		return
	}
	x.seen[method] = true
	if op := x.operation(method, v); op != nil {
		x.ops = append(x.ops, op)
	}
}

// isToken reports whether s may be the name of a method or header (RFC 9110,
// 5.6.2).
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"(),/:;<=>?@[\\]{}", c) >= 0 {
			return false
		}
	}
	return s != ""
}

// What an operation and each of its parameters cost, in bytes, about, with what
// is compiled of them.
const (
	operationCost = 500
	parameterCost = 64
)

func (x *itemReader) operation(method string, v *value) *definition.Operation {
	r, name := x.reader, method+" "+clip(x.path)
	v = r.object(r.deref(v, name), name)
	if v == nil || !r.spend(v, operationCost+len(x.path)) {
		return nil
	}
	op := &definition.Operation{
		Method: method, Path: x.path,
		ID:          text(v.Get("operationId")),
		Summary:     v.Get("summary").Str(),
		Description: v.Get("description").Str(),
		Deprecated:  v.Get("deprecated").True(),
		Servers:     x.servers,
		Pos:         r.loader.Locate(v),
	}
	if own := r.serverList(v.Get("servers")); own != nil {
		op.Servers, op.OwnServers = own, true
	}
	if tags := r.list(v.Get("tags"), "\"tags\" of "+name); tags != nil {
		for i := range tags.Kids {
			op.Tags = append(op.Tags, tags.Kids[i].Text)
		}
	}
	r.checkOperationID(op, v)
	op.Parameters = mergeParameters(x.params, r.parameters(r.list(v.Get("parameters"), "\"parameters\" of "+name)))
	op.Parameters, op.Ignored = splitIgnored(op.Parameters)
	if !r.spend(v, parameterCost*len(op.Parameters)) {
		return nil
	}
	r.checkPathParameters(op, v)
	if r.version == v20 {
		r.bodyOf20(op, v)
	} else {
		op.Body = r.body(v.Get("requestBody"))
	}
	op.Responses = r.operationResponses(op, v)
	if own := r.list(v.Get("security"), "\"security\" of "+name); own != nil {
		op.Security, op.OwnSecurity = r.security(own), true
	} else {
		op.Security = r.security(x.security)
	}
	op.Callbacks = r.readCallbacks(v.Get("callbacks"))
	if op.Living = v.Get("x-mimus-resource"); op.Living == nil {
		op.Living = x.living
	}
	return op
}

func (r *reader) checkOperationID(op *definition.Operation, v *value) {
	if op.ID == "" || r.callbacks > 0 {
		return
	}
	if first, twice := r.operationIDs[op.ID]; twice {
		r.warnf(v.Get("operationId"), "duplicate-operation-id", "give each operation an id of its own", "operation id %q is used twice; first by %s", clip(op.ID), first)
		return
	}
	r.operationIDs[op.ID] = op.Method + " " + clip(op.Path)
}

// readCallbacks reads the callbacks of an operation, those of callbacks and of
// 2.0, which has none, left out.
func (r *reader) readCallbacks(v *value) []definition.Callback {
	if r.callbacks > 0 || r.version == v20 {
		return nil
	}
	if v = r.object(v, "\"callbacks\""); v == nil {
		return nil
	}
	r.callbacks++
	defer func() { r.callbacks-- }()
	var out []definition.Callback
	for i := range v.Kids {
		name := v.Kids[i].Key
		if isExtension(&v.Kids[i]) {
			continue
		}
		c := r.object(r.deref(&v.Kids[i], "callback "+clip(name)), "callback "+clip(name))
		if c == nil {
			continue
		}
		for j := range c.Kids {
			kid := &c.Kids[j]
			if strings.HasPrefix(kid.Key, "x-") {
				continue
			}
			if !r.spend(kid, 64) {
				return out
			}
			out = append(out, definition.Callback{
				Name: name, Expression: kid.Key,
				Operations: r.pathItem(kid.Key, kid, nil),
			})
		}
	}
	return out
}
