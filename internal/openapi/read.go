// Package openapi reads OpenAPI documents of the versions 2.0, 3.0, 3.1 and
// 3.2 into a [definition.Definition]. It is the only package that knows these
// versions: whatever an older one writes differently is normalised upward
// here, once. Problems are collected as diagnostics; what is sound is read.
package openapi

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

type value = definition.Value

// version orders the OpenAPI versions.
type version uint8

const (
	v20 version = iota
	v30
	v31
	v32
)

// ErrNotOpenAPI says that a document is well-formed but of another kind.
var ErrNotOpenAPI = errors.New("not an OpenAPI document")

// Detect tells by the names of a document's root members whether it is an
// OpenAPI document.
func Detect(keys []string) bool {
	for _, k := range keys {
		if k == "openapi" || k == "swagger" {
			return true
		}
	}
	return false
}

// Read reads the document in f, following its references through the loader.
// The error is not nil only when f is no OpenAPI document at all. The trees of
// the files are changed by reading: a file is read once.
func Read(ctx context.Context, l *document.Loader, f *document.File) (*definition.Definition, []document.Diagnostic, error) {
	root := &f.Root
	r := &reader{
		ctx: ctx, loader: l, entry: f,
		def:       &definition.Definition{Schemas: map[string]*value{}},
		names:     map[*value]string{},
		schemas20: map[*value]*value{},
		found:     map[refKey]*value{},
		reported:  map[string]bool{},
		responses: map[*value]*definition.Response{},
		params:    map[*value]*definition.Parameter{},
		bodies:    map[*value]*definition.Body{},
		schemes:   map[string]*definition.SecurityScheme{},
		ids:       map[string]string{},
	}
	r.diags = append(r.diags, f.Warnings...)
	written, err := r.detect(root)
	if err != nil {
		return nil, r.diags, err
	}
	r.def.Format = "OpenAPI " + written
	if self := root.Get("$self").Str(); self != "" && r.version >= v32 {
		f.Base = self
	}
	r.resolveDeep(root)
	r.componentSchemas(root)
	r.document(root)
	r.finishSchemas()
	return r.def, r.diags, nil
}

type refKey struct {
	file uint16
	base string
	ref  string
}

// reader holds what one reading needs.
type reader struct {
	ctx     context.Context
	loader  *document.Loader
	entry   *document.File
	version version
	def     *definition.Definition
	diags   []document.Diagnostic

	names     map[*value]string // schemas that references lead to
	pending   []*value          // those of them that are not normalised yet
	schemas20 map[*value]*value // schemas made of 2.0 parameters and headers
	found     map[refKey]*value
	reported  map[string]bool // messages given, so that a fault is told once
	responses map[*value]*definition.Response
	params    map[*value]*definition.Parameter
	bodies    map[*value]*definition.Body
	schemes   map[string]*definition.SecurityScheme
	ids       map[string]string // operation id → where it was first seen
	anchors   map[uint16]*anchorIndex
	callbacks int // depth of callbacks being read

	itemParameters *value // "parameters" of the path item being read, for 2.0
}

func (r *reader) report(v *value, sev document.Severity, code, message, hint string) {
	d := r.loader.Diagnose(v, sev, code, message, hint)
	key := fmt.Sprint(d.File, d.Line, d.Col, code, message)
	if r.reported[key] || len(r.diags) >= maxDiagnostics {
		return
	}
	r.reported[key] = true
	r.diags = append(r.diags, d)
}

// maxDiagnostics bounds the list: a document with more problems than that is
// not helped by a longer one.
const maxDiagnostics = 2000

func (r *reader) errorf(v *value, code, hint, format string, args ...any) {
	r.report(v, document.Error, code, fmt.Sprintf(format, args...), hint)
}

func (r *reader) warnf(v *value, code, hint, format string, args ...any) {
	r.report(v, document.Warning, code, fmt.Sprintf(format, args...), hint)
}

// detect finds the version of the document.
func (r *reader) detect(root *value) (string, error) {
	if !root.Is(definition.Object) {
		return "", fmt.Errorf("%s: %w: its root is %s, not an object with \"openapi\" or \"swagger\"", r.entry.Name, ErrNotOpenAPI, article(root.Kind))
	}
	mark := root.Get("openapi")
	if mark == nil {
		mark = root.Get("swagger")
	}
	if mark == nil {
		return "", fmt.Errorf("%s: %w: %s", r.entry.Name, ErrNotOpenAPI, otherKind(root))
	}
	text := mark.Text
	switch {
	case strings.HasPrefix(text, "2"):
		r.version = v20
	case strings.HasPrefix(text, "3.0"), text == "3":
		r.version = v30
	case strings.HasPrefix(text, "3.1"):
		r.version = v31
	case strings.HasPrefix(text, "3.2"):
		r.version = v32
	default:
		r.version = v32
		r.warnf(mark, "unknown-version", "write a version from 2.0 to 3.2", "version %q is not known; it is read as 3.2", text)
	}
	return text, nil
}

func article(k definition.Kind) string {
	switch k {
	case definition.Array, definition.Object, definition.Invalid:
		return "an " + k.String()
	}
	return "a " + k.String()
}

// otherKind says what a document is that is no OpenAPI document.
func otherKind(root *value) string {
	switch {
	case root.Has("asyncapi"):
		return "it is an AsyncAPI document"
	case root.Has("arazzo"):
		return "it is an Arazzo document"
	case root.Get("info").Has("_postman_id"), strings.Contains(root.Get("info").Get("schema").Str(), "getpostman.com"):
		return "it is a Postman collection"
	case root.Get("log").Has("entries"):
		return "it is a HAR recording"
	case root.Has("$schema"):
		return "it is a JSON Schema"
	}
	return "it has neither \"openapi\" nor \"swagger\" at its root"
}

func (r *reader) document(root *value) {
	info := root.Get("info")
	r.def.Title = text(info.Get("title"))
	r.def.Version = text(info.Get("version"))
	r.def.Description = info.Get("description").Str()
	r.def.Faker = root.Get("x-json-schema-faker")
	if !info.Is(definition.Object) {
		r.warnf(root, "no-info", "add an \"info\" object with title and version", "the document has no \"info\"")
	}
	r.servers(root)
	r.securitySchemes(root)

	security := root.Get("security")
	paths := root.Get("paths")
	switch {
	case paths == nil && r.version < v31:
		r.errorf(root, "no-paths", "add \"paths\" with at least one operation", "the document has no \"paths\"")
	case paths != nil && !paths.Is(definition.Object):
		r.errorf(paths, "bad-paths", "write \"paths\" as an object of path templates", "\"paths\" is %s, not an object", article(paths.Kind))
	}
	if paths.Is(definition.Object) {
		for i := range paths.Kids {
			r.path(&paths.Kids[i], security)
		}
	}
	for _, name := range []string{"webhooks", "x-webhooks"} {
		hooks := root.Get(name)
		if !hooks.Is(definition.Object) {
			continue
		}
		for i := range hooks.Kids {
			h := &hooks.Kids[i]
			r.def.Webhooks = append(r.def.Webhooks, r.pathItem(h.Key, h, nil)...)
		}
	}
}

// text is the text of a scalar, whatever its type.
func text(v *value) string {
	if v == nil {
		return ""
	}
	switch v.Kind {
	case definition.String, definition.Number, definition.Bool:
		return v.Text
	}
	return ""
}

// path reads one entry of "paths".
func (r *reader) path(item *value, security *value) {
	path := item.Key
	if strings.HasPrefix(path, "x-") {
		return
	}
	if !strings.HasPrefix(path, "/") {
		r.warnf(item, "path-without-slash", "begin the path with /", "path %q doesn't begin with a slash; it is served as %q", path, "/"+path)
		path = "/" + path
	}
	r.def.Operations = append(r.def.Operations, r.pathItem(path, item, security)...)
}

// methods are the fixed fields of a Path Item that hold operations.
var methods = map[string]string{
	"get": "GET", "put": "PUT", "post": "POST", "delete": "DELETE", "options": "OPTIONS",
	"head": "HEAD", "patch": "PATCH", "trace": "TRACE", "query": "QUERY",
}

// pathItem reads a Path Item Object. One that refers to another is merged with
// it, its own fields first.
func (r *reader) pathItem(path string, item, security *value) []*definition.Operation {
	var ops []*definition.Operation
	seen := map[string]bool{}
	for hops := 0; item != nil && hops < maxHops; hops++ {
		if !item.Is(definition.Object) {
			if !item.Is(definition.Null) {
				r.errorf(item, "bad-path-item", "write it as an object with operations", "path %s is %s, not an object", path, article(item.Kind))
			}
			break
		}
		params := r.parameters(item.Get("parameters"))
		servers := r.serverList(item.Get("servers"))
		r.itemParameters = item.Get("parameters")
		add := func(method string, v *value) {
			if seen[method] {
				return
			}
			seen[method] = true
			if op := r.operation(method, path, v, params, servers, security); op != nil {
				ops = append(ops, op)
			}
		}
		for i := range item.Kids {
			kid := &item.Kids[i]
			method, ok := methods[kid.Key]
			if !ok {
				if m, upper := methods[strings.ToLower(kid.Key)]; upper {
					r.warnf(kid, "method-case", "write the method in lower case", "method %q of path %s is read as %s", kid.Key, path, strings.ToLower(kid.Key))
					add(m, kid)
				}
				continue
			}
			add(method, kid)
		}
		if more := item.Get("additionalOperations"); more.Is(definition.Object) {
			for i := range more.Kids {
				add(more.Kids[i].Key, &more.Kids[i])
			}
		}
		ref := item.Get("$ref")
		if ref == nil {
			break
		}
		next, err := r.lookup(ref)
		if err != nil {
			r.dangling(ref, err, "path "+path)
			break
		}
		item = next
	}
	return ops
}

func (r *reader) operation(method, path string, v *value, shared []*definition.Parameter, servers []definition.Server, security *value) *definition.Operation {
	v = r.deref(v, "operation")
	if !v.Is(definition.Object) {
		if v != nil {
			r.errorf(v, "bad-operation", "write it as an object with \"responses\"", "%s %s is %s, not an object", method, path, article(v.Kind))
		}
		return nil
	}
	op := &definition.Operation{
		Method: method, Path: path,
		ID:          text(v.Get("operationId")),
		Summary:     v.Get("summary").Str(),
		Description: v.Get("description").Str(),
		Deprecated:  v.Get("deprecated").True(),
		Servers:     servers,
		Pos:         r.loader.Locate(v),
	}
	if own := r.serverList(v.Get("servers")); own != nil {
		op.Servers = own
	}
	if tags := v.Get("tags"); tags.Is(definition.Array) {
		for i := range tags.Kids {
			op.Tags = append(op.Tags, tags.Kids[i].Text)
		}
	}
	if op.ID != "" && r.callbacks == 0 {
		if first, twice := r.ids[op.ID]; twice {
			r.warnf(v.Get("operationId"), "duplicate-operation-id", "give each operation an id of its own", "operation id %q is used twice; first by %s", op.ID, first)
		} else {
			r.ids[op.ID] = method + " " + path
		}
	}
	op.Parameters = mergeParameters(shared, r.parameters(v.Get("parameters")))
	r.checkPathParameters(op, v)
	if r.version == v20 {
		r.bodyOf20(op, v)
	} else {
		op.Body = r.body(v.Get("requestBody"))
	}
	op.Responses = r.operationResponses(op, v)
	if own := v.Get("security"); own != nil {
		op.Security = r.security(own)
	} else {
		op.Security = r.security(security)
	}
	op.Callbacks = r.readCallbacks(v.Get("callbacks"))
	return op
}

// readCallbacks reads the callbacks of an operation, those of callbacks left out.
func (r *reader) readCallbacks(v *value) []definition.Callback {
	if !v.Is(definition.Object) || r.callbacks > 0 {
		return nil
	}
	r.callbacks++
	defer func() { r.callbacks-- }()
	var out []definition.Callback
	for i := range v.Kids {
		name := v.Kids[i].Key
		c := r.deref(&v.Kids[i], "callback "+name)
		if !c.Is(definition.Object) {
			continue
		}
		for j := range c.Kids {
			kid := &c.Kids[j]
			if strings.HasPrefix(kid.Key, "x-") {
				continue
			}
			out = append(out, definition.Callback{
				Name: name, Expression: kid.Key,
				Operations: r.pathItem(kid.Key, kid, nil),
			})
		}
	}
	return out
}
