// Package openapi reads OpenAPI documents of the versions 2.0, 3.0, 3.1 and
// 3.2 into a [definition.Definition]. It is the only package that knows these
// versions: whatever an older one writes differently is normalised upward
// here, once. Problems are collected as diagnostics; what is sound is read.
package openapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
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
	unknown
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
// The error is not nil only when f is no OpenAPI document at all or ctx ends.
// The trees of the files are changed by reading: a file is read once.
func Read(ctx context.Context, l *document.Loader, f *document.File) (*definition.Definition, []document.Diagnostic, error) {
	root := &f.Root
	r := newReader(ctx, l, f)
	r.diags = append(r.diags, f.Warnings...)
	written, err := r.detect(root)
	if err != nil {
		return nil, r.diags, err
	}
	r.def.Format = "OpenAPI " + written
	if self := root.Get("$self").Str(); self != "" && r.version >= v32 {
		f.Base = self
	}
	r.identifiers(f)
	r.resolveAll(root, "", false)
	r.componentSchemas(root)
	r.document(root)
	r.finishSchemas()
	if err := ctx.Err(); err != nil {
		return nil, r.diags, fmt.Errorf("%s: reading the document takes too long: %w", f.Name, err)
	}
	r.sortDiagnostics()
	if r.unlisted > 0 {
		r.diags = append(r.diags, document.Diagnostic{
			Severity: document.Info, Code: "more-problems", File: f.Name,
			Message: fmt.Sprintf("%d more problems are not listed", r.unlisted), Hint: "correct the first ones and check again",
		})
	}
	return r.def, r.diags, nil
}

// reader holds what one reading needs.
type reader struct {
	ctx     context.Context
	loader  *document.Loader
	entry   *document.File
	version version
	def     *definition.Definition

	diags    []document.Diagnostic
	reported map[problem]bool // so that a fault is told once
	listed   [3]int           // problems by severity
	unlisted int              // those beyond maxDiagnostics

	found   map[refKey]*value
	ends    map[*value]*value         // Reference Objects → where their chain ends
	members map[*value]map[string]int // of large objects, by their first member
	through int                       // references being resolved, each inside of the other
	ids     map[uint16]*identifiers   // by file
	withIDs []*identifiers            // those that have an $id

	names     map[*value]string // schemas that references lead to
	taken     map[string]int    // how often each name was asked for
	pending   []*value          // those of them that are not normalised yet
	schemas20 map[*value]*value // schemas made of 2.0 parameters and headers
	patterns  map[string]error  // regular expressions that were tried

	responses    map[*value]*definition.Response
	params       map[*value]*definition.Parameter
	bodies       map[*value]*definition.Body
	schemes      map[string]*definition.SecurityScheme
	operationIDs map[string]string // where each was first seen
	callbacks    int               // depth of callbacks being read
	spent        int               // bytes, about, of what was made
	full         bool              // the definition has become too large

	itemParameters []*value // lists of the path item being read, for 2.0
}

func newReader(ctx context.Context, l *document.Loader, f *document.File) *reader {
	return &reader{
		ctx: ctx, loader: l, entry: f,
		def:          &definition.Definition{Schemas: map[string]*value{}},
		reported:     map[problem]bool{},
		found:        map[refKey]*value{},
		ends:         map[*value]*value{},
		members:      map[*value]map[string]int{},
		ids:          map[uint16]*identifiers{},
		names:        map[*value]string{},
		taken:        map[string]int{},
		schemas20:    map[*value]*value{},
		patterns:     map[string]error{},
		responses:    map[*value]*definition.Response{},
		params:       map[*value]*definition.Parameter{},
		bodies:       map[*value]*definition.Body{},
		schemes:      map[string]*definition.SecurityScheme{},
		operationIDs: map[string]string{},
	}
}

// problem identifies a diagnostic.
type problem struct {
	file    uint16
	pos     uint32
	message string
}

func (r *reader) report(v *value, sev document.Severity, code, message, hint string) {
	if v == nil {
		v = &value{}
	}
	key := problem{v.File, v.Pos, message}
	if r.reported[key] {
		return
	}
	if r.listed[sev] >= maxDiagnostics {
		r.unlisted++
		return
	}
	r.listed[sev]++
	r.reported[key] = true
	r.diags = append(r.diags, r.loader.Diagnose(v, sev, code, message, hint))
}

// maxDiagnostics bounds the list of each severity: a document with more
// problems than that is not helped by a longer one.
const maxDiagnostics = 1000

// sortDiagnostics puts them in the order of the text, file by file.
func (r *reader) sortDiagnostics() {
	rank := map[string]int{r.entry.Name: -1}
	for i, f := range r.loader.Files() {
		if _, known := rank[f.Name]; !known {
			rank[f.Name] = i
		}
	}
	slices.SortStableFunc(r.diags, func(a, b document.Diagnostic) int {
		return cmp.Or(cmp.Compare(rank[a.File], rank[b.File]), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
}

// maxSpent bounds the memory that operations, parameters, responses and their
// parts take, in bytes. References can make much of a small document.
const maxSpent = 256 << 20

// spend takes from the budget what something costs, in bytes, and reports
// whether it may be made.
func (r *reader) spend(v *value, bytes int) bool {
	if r.full || r.ctx.Err() != nil {
		return false
	}
	if r.spent += bytes; r.spent <= maxSpent {
		return true
	}
	r.full = true
	r.errorf(v, "limit-expansion", "refer to large path items, callbacks and lists of parameters from fewer places", "by its references the document becomes too large; what comes after this place is left out")
	return false
}

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
	r.version = versionOf(text(mark))
	if r.version == unknown {
		r.version = v32
		r.warnf(mark, "unknown-version", "write a version from 2.0 to 3.2", "version %q is not known; it is read as 3.2", clip(text(mark)))
	}
	return clip(text(mark)), nil
}

// versionOf reads "3.0.4", "3.1" or "2.0".
func versionOf(written string) version {
	major, rest, _ := strings.Cut(strings.TrimSpace(written), ".")
	minor, _, _ := strings.Cut(rest, ".")
	switch {
	case major == "2":
		return v20
	case major == "3" && (minor == "0" || minor == ""):
		return v30
	case major == "3" && minor == "1":
		return v31
	case major == "3" && minor == "2":
		return v32
	}
	return unknown
}

// clip shortens a text of the document to what a message can hold.
func clip(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
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

// object gives v where it is an object, else nil. What is neither that nor
// absent is told, by the name of its field.
func (r *reader) object(v *value, field string) *value {
	return r.ofKind(v, definition.Object, field)
}

// list is object for arrays.
func (r *reader) list(v *value, field string) *value { return r.ofKind(v, definition.Array, field) }

func (r *reader) ofKind(v *value, want definition.Kind, field string) *value {
	switch {
	case v == nil, v.Kind == want:
		return v
	case v.Kind == definition.Null:
		r.warnf(v, "null-value", "remove it or write "+article(want), "%s is null, as if it were not there", field)
	default:
		r.errorf(v, "bad-type", "write it as "+article(want), "%s is %s, not %s; it is left out", field, article(v.Kind), article(want))
	}
	return nil
}

// isExtension reports whether a member of a map whose names are free is
// rather an extension beside them.
func isExtension(kid *value) bool {
	return strings.HasPrefix(kid.Key, "x-") && kid.Kind != definition.Object
}

func (r *reader) document(root *value) {
	info := root.Get("info")
	r.def.Title = text(info.Get("title"))
	r.def.Version = text(info.Get("version"))
	r.def.Description = info.Get("description").Str()
	r.def.Contact = definition.Contact{Name: info.Get("contact").Get("name").Str(), Email: info.Get("contact").Get("email").Str()}
	r.def.Faker = root.Get("x-json-schema-faker")
	if !info.Is(definition.Object) {
		r.warnf(root, "no-info", "add an \"info\" object with title and version", "the document has no \"info\"")
	}
	r.servers(root)
	r.securitySchemes(root)
	r.componentKinds(root)

	r.tags(root.Get("tags"))
	security := r.list(root.Get("security"), "\"security\"")
	r.def.Security = r.security(security)
	written := root.Get("paths")
	if written == nil && r.version < v31 {
		r.errorf(root, "no-paths", "add \"paths\" with at least one operation", "the document has no \"paths\"")
	}
	if paths := r.object(r.deref(written, "\"paths\""), "\"paths\""); paths != nil {
		for i := range paths.Kids {
			r.path(&paths.Kids[i], security)
		}
	}
	for _, name := range []string{"webhooks", "x-webhooks"} {
		hooks := r.object(root.Get(name), "\""+name+"\"")
		if hooks == nil {
			continue
		}
		for i := range hooks.Kids {
			h := &hooks.Kids[i]
			r.def.Webhooks = append(r.def.Webhooks, r.pathItem(h.Key, h, nil)...)
		}
	}
}

// tags reads what the document says of its tags, the first of each name.
func (r *reader) tags(v *value) {
	if v = r.list(v, "\"tags\""); v == nil {
		return
	}
	seen := make(map[string]bool, v.Len())
	for i := range v.Kids {
		t := &v.Kids[i]
		name := t.Get("name").Str()
		if seen[name] || name == "" || !r.spend(t, 50) {
			continue
		}
		seen[name] = true
		r.def.Tags = append(r.def.Tags, definition.Tag{Name: name, Description: t.Get("description").Str()})
	}
}

// componentKinds tells of kinds of components that are no map.
func (r *reader) componentKinds(root *value) {
	if r.version == v20 {
		for _, kind := range []string{"definitions", "parameters", "responses", "securityDefinitions"} {
			r.object(root.Get(kind), "\""+kind+"\"")
		}
		return
	}
	all := r.object(r.deref(root.Get("components"), "\"components\""), "\"components\"")
	if all == nil {
		return
	}
	for i := range all.Kids {
		if k := &all.Kids[i]; !strings.HasPrefix(k.Key, "x-") && k.Key != "$ref" {
			r.object(k, "\"components."+clip(k.Key)+"\"")
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
