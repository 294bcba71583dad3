// Package convert makes one format's document of another's: an OpenAPI document
// of a collection or a recording and the other way round, curl commands and
// recordings of a collection.
package convert

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/postman"
)

// OpenAPIOptions tell what a collection doesn't. The zero value takes all from
// the collection.
type OpenAPIOptions struct {
	// Title and Version are those of the document's "info"; empty means the
	// collection's name and version, else "1.0.0".
	Title   string
	Version string

	// Variables are those of an environment; they win over the collection's.
	Variables []definition.Variable
}

// ToOpenAPI infers an OpenAPI 3.1 document from a collection's requests and
// saved examples; of 3.2 where it has a method that 3.1 can't express. Requests
// of the same method and path are one operation, what only some of them have is
// optional, and every saved example satisfies the schemas. The result is the
// same for the same collection. Diagnostics tell what was left out or guessed.
func ToOpenAPI(c *postman.Collection, o OpenAPIOptions) (definition.Value, []document.Diagnostic) {
	w := &inference{
		options: o,
		ids:     uniqueNames{},
	}
	w.collect(c, o.Variables)
	w.group()
	return w.document(c), w.diags
}

// inference is what one conversion needs.
type inference struct {
	collector
	options OpenAPIOptions
	paths   []*pathItem
	byKey   map[string]*pathItem
	schemes schemeTable
	ids     uniqueNames // operation ids
	newer   bool        // something needs 3.2
}

// pathItem is one path template with its operations.
type pathItem struct {
	parts []part
	slash bool // it ends with one; the first sample of it decides
	ops   []*inferred

	byMethod map[string]*inferred
}

// inferred is one operation with the requests that it is inferred from.
type inferred struct {
	method  string
	path    *pathItem
	samples []*sample
}

// group puts each sample into the operation of its method and path.
func (w *inference) group() {
	w.byKey = map[string]*pathItem{}
	w.stripServerPaths()
	for _, s := range w.samples {
		if s.owner != nil && s.method == s.owner.method && s.adopt(s.owner) {
			s.server = s.owner.server
		}
		key := structure(s.parts)
		p := w.byKey[key]
		if p == nil {
			p = &pathItem{parts: s.parts, slash: s.slash}
			w.byKey[key] = p
			w.paths = append(w.paths, p)
		}
		p.prefer(s.parts)
		p.operation(s.method).add(s)
	}
	for _, p := range w.paths {
		p.distinct()
	}
}

func (p *pathItem) operation(method string) *inferred {
	if op := p.byMethod[method]; op != nil {
		return op
	}
	op := &inferred{method: method, path: p}
	if p.byMethod == nil {
		p.byMethod = map[string]*inferred{}
	}
	p.byMethod[method] = op
	p.ops = append(p.ops, op)
	return op
}

func (op *inferred) add(s *sample) {
	s.of = op
	op.samples = append(op.samples, s)
}

// document writes the whole document.
func (w *inference) document(c *postman.Collection) definition.Value {
	general := w.generalSecurity(c)
	servers := w.commonServers()

	var paths tree
	for _, p := range w.paths {
		var item, more tree
		for _, op := range p.ops {
			name := strings.ToLower(op.method)
			v := w.operation(op, general, servers)
			switch name {
			case "get", "put", "post", "delete", "options", "head", "patch", "trace":
				item.put(name, v)
			case "query":
				w.newer = true
				item.put(name, v)
			default:
				w.newer = true
				more.put(op.method, v)
			}
		}
		if len(more) > 0 {
			item.put("additionalOperations", more.object())
		}
		paths.put(p.template(), item.object())
	}

	var doc tree
	if w.newer {
		doc.text("openapi", "3.2.0")
		w.warn(c.Pos, document.Info, "needs-openapi-3.2", "the collection has methods that only OpenAPI 3.2 can express; the document is of that version", "tools that read 3.1 don't see these operations")
	} else {
		doc.text("openapi", "3.1.1")
	}
	doc.put("info", w.info(c))
	if len(servers) > 0 {
		doc.put("servers", serverList(servers))
	}
	if general != nil {
		doc.put("security", general.value())
	}
	if list := w.tagList(); list.Len() > 0 {
		doc.put("tags", list)
	}
	doc.put("paths", paths.object())
	if len(w.schemes.list) > 0 {
		var components tree
		components.put("securitySchemes", w.schemes.value())
		doc.put("components", components.object())
	}
	return doc.object()
}

func (w *inference) info(c *postman.Collection) definition.Value {
	var info tree
	title := w.options.Title
	if title == "" {
		title = c.Name
	}
	if title == "" {
		title = "Collection"
	}
	info.text("title", title)
	if d := c.Description.String(); d != "" {
		info.text("description", d)
	}
	version := w.options.Version
	if version == "" {
		version = collectionVersion(c)
	}
	info.text("version", version)
	return info.object()
}

// collectionVersion is a text or {"major": 1, "minor": 2, "patch": 3}.
func collectionVersion(c *postman.Collection) string {
	for i := range c.Info {
		v := &c.Info[i]
		if v.Key != "version" {
			continue
		}
		if v.Kind == definition.String && v.Text != "" {
			return v.Text
		}
		if v.Kind == definition.Object {
			var parts []string
			for _, k := range []string{"major", "minor", "patch"} {
				if n := v.Get(k); n.Is(definition.Number) || n.Is(definition.String) {
					parts = append(parts, n.Text)
				}
			}
			if len(parts) > 0 {
				return strings.Join(parts, ".")
			}
		}
	}
	return "1.0.0"
}

// operation writes one operation.
func (w *inference) operation(op *inferred, general *requirements, common []string) definition.Value {
	first := op.samples[0]
	var v tree
	var tags []definition.Value
	seen := map[*tag]bool{}
	for _, s := range op.samples {
		if s.tag != nil && !seen[s.tag] {
			seen[s.tag] = true
			s.tag.used = true
			tags = append(tags, definition.NewString(s.tag.name))
		}
	}
	if len(tags) > 0 {
		v.put("tags", definition.NewArray(tags...))
	}
	if first.item.Name != "" {
		v.text("summary", first.item.Name)
	}
	for _, s := range op.samples {
		if d := s.description(); d != "" {
			v.text("description", d)
			break
		}
	}
	v.text("operationId", w.ids.take(operationID(op)))
	if params := w.parameters(op); params.Len() > 0 {
		v.put("parameters", params)
	}
	if body, ok := w.requestBody(op); ok {
		v.put("requestBody", body)
	}
	v.put("responses", w.responses(op))
	if sec := w.security(op); !sec.equal(general) {
		v.put("security", sec.value())
	}
	if own := op.servers(); len(own) > 0 && !sameTexts(own, common) {
		v.put("servers", serverList(own))
	}
	return v.object()
}

// tree is an object that is being written, its members in order.
type tree []definition.Value

func (t *tree) put(key string, v definition.Value) { *t = append(*t, v.With(key)) }
func (t *tree) text(key, s string)                 { t.put(key, definition.NewString(s)) }
func (t tree) object() definition.Value            { return definition.NewObject(t...) }
