package openapi

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/document"
)

// hostileCase is a document that somebody made to break a reader, and what
// must come of it.
type hostileCase struct {
	name string
	text func() string
	code string   // of a diagnostic, or of the error where nothing is served; "" for none
	ops  []string // what is served; nil: nothing, or an error
}

func lit(s string) func() string { return func() string { return s } }

// in31 is a document with one operation that answers with a schema.
func in31(schema string) func() string {
	return lit(head("3.1.0") + "paths: {/a: {get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}}}}}\ncomponents: {schemas: {S: " + schema + "}}")
}

func get(path string) string {
	return head("3.1.0") + "paths: {" + path + ": {get: {responses: {'200': {description: d}}}}}"
}

// times writes a line for each number.
func times(n int, before, format string) func() string {
	return func() string {
		var b strings.Builder
		b.WriteString(before)
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
}

const okay = "{get: {responses: {'200': {description: d}}}}"

var getA = []string{"GET /a"}

var hostile = []hostileCase{
	// files
	{"empty", lit(""), "file-empty", nil},
	{"blank", lit(" \n\t\n"), "file-empty", nil},
	{"only a comment", lit("# nothing\n"), "yaml-invalid", nil},
	{"binary", lit("\x00\x01\x02openapi: 3.0.0"), "file-binary", nil},
	{"no UTF-8", lit("openapi: 3.0.0\ninfo: {title: \xff}\n"), "yaml-invalid", nil},
	{"cut off JSON", lit(`{"openapi":"3.0.0","paths":{"/a":{"get`), "json-invalid", nil},
	{"cut off YAML", lit("openapi: 3.0.0\npaths: {/a: {get: \"x"), "yaml-invalid", nil},
	{"tabs", lit("openapi: 3.0.0\npaths:\n\t/a:\n\t\tget: {}\n"), "yaml-invalid", nil},
	{"lines end with CR LF", lit(strings.ReplaceAll(head("3.0.3")+"paths:\n  /a: "+okay+"\n", "\n", "\r\n")), "", getA},
	{"a byte order mark", lit("\xEF\xBB\xBF" + get("/a")), "", getA},
	{"JSON with comments and commas", lit("{\"openapi\": \"3.0.0\", # comment\n \"info\": {}, \"paths\": {\"/a\": " + okay + ",},}"), "json-syntax", getA},
	{"two documents", lit(get("/a") + "\n---\nother: 1\n"), "yaml-documents", getA},
	{"YAML tags", lit("openapi: !!str 3.0.0\ninfo: !!python/object:os.system {title: !!binary aGk=}\npaths: {/a: " + okay + "}"), "yaml-tag", getA},
	{"duplicate keys", lit(head("3.0.3") + "paths:\n  /a: 5\n  /a: " + okay + "\n"), "duplicate-key", getA},
	{"merge keys", lit("x: &x " + okay + "\n" + head("3.0.3") + "paths: {/a: {<<: *x}}"), "", getA},
	{"keys that are no text", lit(head("3.0.3") + "paths: {/a: {get: {responses: {200: {description: d}, 404: {description: d}}}}, 1: {}, ~: {}, true: {}}"), "path-without-slash", getA},
	{"a key that is a list", lit("openapi: 3.0.0\npaths:\n  ? [a, b]\n  : 1\n"), "yaml-invalid", nil},
	{"an anchor in itself", lit("openapi: 3.0.0\npaths: &a {/a: *a}"), "yaml-invalid", nil},
	{"an alias bomb", func() string {
		s := "openapi: 3.0.0\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
		for i := 1; i < 12; i++ {
			s += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10), ","))
		}
		return s
	}, "limit-aliases", nil},
	{"100,000 levels of JSON", lit(`{"openapi":"3.0.0","paths":` + strings.Repeat("[", 100_000)), "limit-depth", nil},
	{"100,000 levels of YAML", lit("openapi: 3.0.0\npaths: " + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)), "yaml-invalid", nil},
	{"500 levels of schemas", func() string {
		return in31(strings.Repeat("{not: ", 480) + "{}" + strings.Repeat("}", 480))()
	}, "", getA},
	// the wrong type in each place
	{"a root of null", lit("null"), "not OpenAPI", nil},
	{"paths is a list", lit(head("3.0.3") + "paths: [/a]"), "bad-type", nil},
	{"paths is null", lit(head("3.0.3") + "paths: null"), "null-value", nil},
	{"a path is a number", lit(head("3.0.3") + "paths: {/b: 5, /a: " + okay + "}"), "bad-type", getA},
	{"an operation is a text", lit(head("3.0.3") + "paths: {/a: {get: {responses: {'200': {description: d}}}, put: text}}"), "bad-type", getA},
	{"parameters is an object", lit(head("3.0.3") + "paths: {/a: {parameters: {}, get: {parameters: text, responses: {'200': {description: d}}}}}"), "bad-type", getA},
	{"responses is a list", lit(head("3.0.3") + "paths: {/a: {get: {responses: []}}}"), "bad-type", getA},
	{"content is a list", lit(head("3.0.3") + "paths: {/a: {get: {responses: {'200': {description: d, content: [x]}}}}}"), "bad-type", getA},
	{"a media type is null", lit(head("3.0.3") + "paths: {/a: {get: {responses: {'200': {description: d, content: {a/b: null}}}}}}"), "null-value", getA},
	{"headers is a text", lit(head("3.0.3") + "paths: {/a: {get: {responses: {'200': {description: d, headers: x, links: 5}}}}}"), "bad-type", getA},
	{"examples is a number", lit(head("3.0.3") + "paths: {/a: {get: {responses: {'200': {description: d, content: {a/b: {examples: 5}}}}}}}"), "bad-type", getA},
	{"components is a list", lit(get("/a") + "\ncomponents: []"), "bad-type", getA},
	{"schemas is a list", lit(get("/a") + "\ncomponents: {schemas: [], responses: 5}"), "bad-type", getA},
	{"security is a list of texts", lit(get("/a") + "\nsecurity: [x, null]"), "bad-type", getA},
	{"tags is a text", lit(head("3.0.3") + "paths: {/a: {get: {tags: x, operationId: [], responses: {'200': {description: d}}}}}"), "bad-type", getA},
	{"callbacks is a list", lit(head("3.0.3") + "paths: {/a: {get: {callbacks: [x], responses: {'200': {description: d}}}}}"), "bad-type", getA},
	{"servers is a text", lit(get("/a") + "\nservers: /v1"), "bad-type", getA},
	{"info is a text", lit("openapi: 3.0.3\ninfo: x\npaths: {/a: " + okay + "}"), "no-info", getA},
	{"a schema is a text", in31("text"), "bad-schema", getA},
	{"a schema is null", lit(head("3.0.3") + "paths: {/a: {get: {responses: {'200': {description: d, content: {a/b: {schema: null}}}}}}}"), "bad-schema", getA},
	// schemas
	{"allOf itself", in31("{allOf: [{$ref: '#/components/schemas/S'}]}"), "circular-schema", getA},
	{"a reference to itself", in31("{$ref: '#/components/schemas/S'}"), "circular-schema", getA},
	{"oneOf itself", in31("{oneOf: [{$ref: '#/components/schemas/S'}, {type: string}]}"), "", getA},
	{"required for ever", in31("{type: object, required: [s], properties: {s: {$ref: '#/components/schemas/S'}}}"), "", getA},
	{"a reference to the root", in31("{$ref: '#'}"), "", getA},
	{"a reference through itself", in31("{$ref: '#/components/schemas/S/properties/x'}"), "reference-not-found", getA},
	{"maxItems of 1e9", in31("{type: array, maxItems: 1000000000, minItems: 1e9}"), "", getA},
	{"bounds without end", in31("{minimum: 1e999999999, maximum: -1e999999999, multipleOf: 1e-300, maxLength: 1e400}"), "", getA},
	{"multipleOf 0", in31("{multipleOf: 0}"), "bad-keyword", getA},
	{"a pattern that doesn't end", in31("{pattern: '(((('}"), "bad-pattern", getA},
	{"a pattern of 20,000 groups", func() string {
		return in31("{pattern: '" + strings.Repeat("(", 20_000) + strings.Repeat(")", 20_000) + "'}")()
	}, "bad-pattern", getA},
	{"names of all sorts", in31(`{required: ["a\nb", "__proto__", "", "😀"], properties: {"a\nb": {}, __proto__: {}, "": {}, "😀": {}}}`), "", getA},
	{"100,000 members of an enum", times(100_000, "openapi: 3.1.0\ninfo: {}\npaths: {/a: "+okay+"}\ncomponents:\n schemas:\n  S:\n   enum:\n", "   - v%d\n"), "", getA},
	{"100,000 required properties", times(100_000, "openapi: 3.1.0\ninfo: {}\npaths: {/a: "+okay+"}\ncomponents:\n schemas:\n  S:\n   required:\n", "   - v%d\n"), "", getA},
	{"30,000 references to places of one name", func() string {
		return times(30_000, "openapi: 3.1.0\ninfo: {}\npaths: {/a: "+okay+"}\ncomponents:\n schemas:\n", "  S%[1]d: {items: {}}\n  T%[1]d: {$ref: '#/components/schemas/S%[1]d/items'}\n")()
	}, "", getA},
	{"20,000 subtypes", times(20_000, "openapi: 3.1.0\ninfo: {}\npaths: {/a: "+okay+"}\ncomponents:\n schemas:\n  Base: {discriminator: {propertyName: k}}\n", "  S%d: {allOf: [{$ref: '#/components/schemas/Base'}]}\n"), "", getA},
	{"a chain of 20,000 schemas", times(20_000, "openapi: 3.1.0\ninfo: {}\npaths: {/a: "+okay+"}\ncomponents:\n schemas:\n", "  S%[1]d: {$ref: '#/components/schemas/S1%[1]d'}\n"), "reference-not-found", getA},
	{"a chain of 2,000 pointers through references", times(2000, "openapi: 3.1.0\ninfo: {}\npaths: {/a: "+okay+"}\ncomponents:\n schemas:\n", "  S%[1]d: {$ref: '#/components/schemas/S1%[1]d/items'}\n"), "reference-not-found", getA},
	// paths and what hangs on them
	{"braces that don't match", lit(head("3.1.0") + "paths: {'/a{': " + okay + ", '/}': " + okay + ", '/{}': " + okay + "}"), "bad-path-template", []string{"GET /a{", "GET /}", "GET /{}"}},
	{"an empty path", lit(get("''")), "path-without-slash", []string{"GET /"}},
	{"a path without a slash", lit(get("a")), "path-without-slash", getA},
	{"the same variable twice", lit(get("'/{a}/{a}'")), "bad-path-template", []string{"GET /{a}/{a}"}},
	{"status codes of all sorts", lit(head("3.0.3") + "paths: {/a: {get: {responses: {'0': {}, '99': {}, '600': {}, 1e3: {}, 2xx: {}, 2XX: {}, '': {}, '²00': {}, default: {}}}}}"), "bad-status", getA},
	{"media types of all sorts", lit(head("3.0.3") + `paths: {/a: {get: {responses: {'200': {content: {"": {}, /: {}, "a/b\nX: y": {}, "A/B; c=d": {}}}}}}}`), "bad-media-type", getA},
	{"header names of all sorts", lit(head("3.0.3") + `paths: {/a: {get: {responses: {'200': {headers: {"": {}, "a b": {}, "a\nb": {}, "a:b": {}}}}}}}`), "bad-header-name", getA},
	{"a parameter three times", lit(head("3.0.3") + "paths: {/a: {get: {parameters: [{name: q, in: query}, {name: q, in: query}, {name: q, in: query}], responses: {'200': {}}}}}"), "duplicate-parameter", getA},
	{"a path item that refers to itself", lit(head("3.0.3") + "paths: {/a: {$ref: '#/paths/~1a', get: {responses: {'200': {}}}}}"), "circular-reference", getA},
	{"path items in a circle", lit(head("3.0.3") + "paths: {/a: {$ref: '#/paths/~1b', get: {responses: {'200': {}}}}, /b: {$ref: '#/paths/~1a'}}"), "circular-reference", []string{"GET /a", "GET /b"}},
	{"a metadata address", lit(head("3.0.3") + "paths: {/a: {get: {responses: {'200': {$ref: 'http://169.254.169.254/latest'}}}}}"), "reference-remote", getA},
	{"a file outside", lit(head("3.0.3") + "paths: {/a: {get: {responses: {'200': {$ref: '/etc/passwd'}}}}}"), "file-missing", getA},
	{"100,000 broken operations on one line", func() string {
		return strings.ReplaceAll(times(100_000, `{"openapi":"3.0.3","info":{},"paths":{"/a":`+`{"get":{"responses":{"200":{}}}}`, `,"/%d":{"get":5}`)(), "\n", "") + "}}"
	}, "bad-type", getA},
	{"callbacks of callbacks", times(3000, head("3.1.0")+"components: {callbacks: {C: {http://x: {post: {callbacks: {c: {$ref: '#/components/callbacks/C'}}, responses: {'200': {}}}}}}}\npaths:\n", " /%d: {get: {callbacks: {c: {$ref: '#/components/callbacks/C'}}, responses: {'200': {}}}}\n"), "", nil},
}

func TestRead_HostileDocuments_AreToldOrServed(t *testing.T) {
	t.Parallel()
	for _, c := range hostile {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			def, diags, err := load(map[string]string{"api.yaml": c.text()})
			if took := time.Since(start); took > 8*time.Second {
				t.Errorf("it took %v", took)
			}
			var fe *document.FileError
			switch {
			case errors.As(err, &fe):
				if c.ops != nil || fe.Code != c.code {
					t.Errorf("got error %v [%s], want %s", err, fe.Code, c.code)
				}
				return
			case errors.Is(err, ErrNotOpenAPI):
				if c.code != "not OpenAPI" {
					t.Errorf("got error %v", err)
				}
				return
			case err != nil:
				t.Fatal(err)
			}
			x := reading{def, t, diags}
			if c.code == "" {
				x.sound()
			} else if !slices.Contains(x.codes(), c.code) {
				t.Errorf("no %s among:\n%.2000s", c.code, x.listing())
			}
			if c.ops != nil {
				routes := x.routes()
				for _, want := range c.ops {
					if !slices.Contains(routes, want) {
						t.Errorf("%s is not served, but %.200v", want, routes)
					}
				}
			}
			checkWhole(t, def)
		})
	}
}
