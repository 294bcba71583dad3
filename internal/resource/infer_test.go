package resource_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/resource"
)

// sketch makes a document of lines. Those that begin with a method are
// operations: the method, the path, the answer, and if any the body and
// extensions. The others are schemas: the name, and properties with types.
// [Pet] is an array, pets=[Pet],total=integer an object, - nothing.
func sketch(lines string) []byte {
	var paths, schemas strings.Builder
	seen := map[string]string{}
	var order []string
	for line := range strings.SplitSeq(strings.TrimSpace(lines), "\n") {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if name, ok := strings.CutSuffix(words[0], ":"); ok {
			fmt.Fprintf(&schemas, "    %s: %s\n", name, sketchObject(words[1:], ":"))
			continue
		}
		if len(words) < 3 {
			continue
		}
		method, path := strings.ToLower(words[0]), words[1]
		op := "    " + method + ":\n"
		query, path := splitQuery(path)
		for _, name := range variable.FindAllString(path, -1) {
			name, typ, typed := strings.Cut(strings.Trim(name, "{}"), ":")
			if !typed {
				typ = "string"
			}
			query = append(query, fmt.Sprintf("{name: %s, in: path, required: true, schema: {type: %s}}", name, typ))
		}
		path = variable.ReplaceAllStringFunc(path, func(s string) string {
			name, _, _ := strings.Cut(strings.Trim(s, "{}"), ":")
			return "{" + name + "}"
		})
		op += "      parameters: [" + strings.Join(query, ", ") + "]\n"
		for _, w := range words[3:] {
			if ext, ok := strings.CutPrefix(w, "x:"); ok {
				op += "      x-mimus-resource: " + strings.ReplaceAll(ext, "=", ": ") + "\n"
				continue
			}
			op += "      requestBody: {required: true, content: {application/json: {schema: " + sketchSchema(w) + "}}}\n"
		}
		answer := `{"204": {description: Done.}}`
		if words[2] != "-" {
			status := "200"
			if method == "post" {
				status = "201"
			}
			answer = fmt.Sprintf(`{%q: {description: It., content: {application/json: {schema: %s}}}}`, status, sketchSchema(words[2]))
		}
		op += "      responses: " + answer + "\n"
		if seen[path] == "" {
			order = append(order, path)
		}
		seen[path] += op
	}
	for _, path := range order {
		fmt.Fprintf(&paths, "  %q:\n%s", path, seen[path])
	}
	return []byte("openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n" + paths.String() + "components:\n  schemas:\n    Any: {type: object}\n" + schemas.String())
}

var variable = regexp.MustCompile(`\{[^}]*\}`)

func splitQuery(path string) (params []string, rest string) {
	rest, query, _ := strings.Cut(path, "?")
	for _, name := range strings.FieldsFunc(query, func(r rune) bool { return r == '&' }) {
		name, typ, typed := strings.Cut(name, ":")
		if !typed {
			typ = "string"
		}
		params = append(params, fmt.Sprintf("{name: '%s', in: query, schema: {type: %s}}", name, typ))
	}
	return params, rest
}

func sketchSchema(s string) string {
	if rest, ok := strings.CutPrefix(s, "["); ok {
		return "{type: array, items: " + sketchSchema(strings.TrimSuffix(rest, "]")) + "}"
	}
	if strings.Contains(s, "=") {
		return sketchObject(strings.Split(s, ","), "=")
	}
	switch s {
	case "string", "integer", "boolean", "number":
		return "{type: " + s + "}"
	case "uuid", "date-time":
		return "{type: string, format: " + s + "}"
	}
	if rest, ok := strings.CutPrefix(s, "cus_"); ok {
		return "{type: string, examples: [cus_" + rest + "]}"
	}
	if list, ok := strings.CutPrefix(s, "enum/"); ok {
		return "{type: string, enum: [" + strings.ReplaceAll(list, "/", ", ") + "]}"
	}
	return "{$ref: '#/components/schemas/" + s + "'}"
}

// sketchObject is an object; properties are required but for those that end in
// "?", and read-only where they end in "!".
func sketchObject(members []string, sep string) string {
	var required, properties []string
	for _, m := range members {
		name, s, _ := strings.Cut(m, sep)
		base, optional := strings.CutSuffix(name, "?")
		base, readOnly := strings.CutSuffix(base, "!")
		text := sketchSchema(s)
		if readOnly {
			text = strings.TrimSuffix(text, "}") + ", readOnly: true}"
		}
		if !optional {
			required = append(required, base)
		}
		properties = append(properties, base+": "+text)
	}
	return "{type: object, required: [" + strings.Join(required, ", ") + "], properties: {" + strings.Join(properties, ", ") + "}}"
}

// told writes a description in short lines.
func told(d resource.Description) string {
	var b strings.Builder
	for _, r := range d.Resources {
		fmt.Fprintf(&b, "%s at %s", r.Name, r.Item)
		if r.Collection != "" {
			fmt.Fprintf(&b, " in %s", r.Collection)
		}
		if r.Singleton {
			b.WriteString(" alone")
		}
		for _, p := range r.AlsoAt {
			fmt.Fprintf(&b, " also %s%s", p.Collection, p.Item)
		}
		if r.Identity != nil {
			fmt.Fprintf(&b, "; %s is %s, %s", r.Identity.Parameter, r.Identity.Property, r.Identity.Kind)
		}
		if r.Parent != "" {
			fmt.Fprintf(&b, "; under %s", r.Parent)
		}
		o := r.Operations
		for _, op := range []struct{ name, op string }{{"list", o.List}, {"create", o.Create}, {"read", o.Read}, {"replace", o.Replace}, {"update", o.Update}, {"delete", o.Delete}} {
			if op.op != "" {
				method, _, _ := strings.Cut(op.op, " ")
				fmt.Fprintf(&b, "; %s %s", op.name, method)
			}
		}
		if r.Payload.List != nil && *r.Payload.List != "" {
			fmt.Fprintf(&b, "; lists %s", *r.Payload.List)
		}
		if r.Payload.Read != nil && *r.Payload.Read != "" {
			fmt.Fprintf(&b, "; reads %s", *r.Payload.Read)
		}
		b.WriteString("\n")
		if l := r.List; l != nil {
			fmt.Fprintf(&b, "  pages by %s", l.Style)
			for _, f := range l.Filters {
				fmt.Fprintf(&b, ", filter %s %s %s", f.Parameter, f.Operator, f.Property)
			}
			if l.Sort != nil {
				fmt.Fprintf(&b, ", sort %s", l.Sort.Parameter)
			}
			if l.Search != "" {
				fmt.Fprintf(&b, ", search %s", l.Search)
			}
			if l.Total != "" {
				fmt.Fprintf(&b, ", total %s", l.Total)
			}
			if len(l.Ignored) > 0 {
				fmt.Fprintf(&b, ", ignores %s", strings.Join(l.Ignored, " "))
			}
			b.WriteString("\n")
		}
		for _, x := range r.References {
			fmt.Fprintf(&b, "  %s names %s\n", x.Property, x.Resource)
		}
		for _, x := range r.Counts {
			fmt.Fprintf(&b, "  %s counts %s\n", x.Property, x.Resource)
		}
		for _, a := range o.Actions {
			fmt.Fprintf(&b, "  acts %s\n", a)
		}
		for _, a := range o.Beside {
			fmt.Fprintf(&b, "  beside %s\n", a)
		}
		for _, name := range []string{"created_at", "updated_at", "version", "self", "url", "deleted_at"} {
			if what := r.Life[name]; what != "" {
				fmt.Fprintf(&b, "  %s is %s\n", name, what)
			}
		}
	}
	for _, l := range d.Left {
		fmt.Fprintf(&b, "left %s: %s\n", l.Operation, l.Why)
	}
	return strings.TrimSpace(b.String())
}

func TestInfer_Describe(t *testing.T) {
	t.Parallel()
	const pets = `
		GET /pets [Pet]
		POST /pets Pet Pet
		GET /pets/{petId} Pet
		PUT /pets/{petId} Pet Pet
		PATCH /pets/{petId} Pet Any
		DELETE /pets/{petId} -
	`
	const petLine = "pet at /pets/{petId} in /pets; petId is id, integer; list GET; create POST; read GET; replace PUT; update PATCH; delete DELETE\n  pages by none"
	for _, test := range []struct{ name, doc, want string }{
		{"all roles", pets + "Pet: id:integer name:string", petLine},
		{"an id of text with a prefix", "GET /customers [C]\nPOST /customers C C\nGET /customers/{customer} C\nPOST /customers/{customer} C Any\nC: id:cus_NffrFeUfNV2Hib name:string", `customer at /customers/{customer} in /customers; customer is id, prefixed; list GET; create POST; read GET; update POST
  pages by none`},
		{"an id by its schema", "GET /users [U]\nGET /users/{id} U\nDELETE /users/{id} -\nU: id:uuid name:string", `user at /users/{id} in /users; id is id, made; list GET; read GET; delete DELETE
  pages by none`},
		{"a name that clients choose", "GET /repos [R]\nPOST /repos R R\nGET /repos/{name} R\nR: name:string size:integer", `repo at /repos/{name} in /repos; name is name, chosen; list GET; create POST; read GET
  pages by none`},
		{"a slug beside an id", "GET /posts [P]\nGET /posts/{slug} P\nP: id:integer slug:string", `post at /posts/{slug} in /posts; slug is slug, chosen; list GET; read GET
  pages by none`},
		{"the parameter names the property", "GET /orders [O]\nGET /orders/{orderNumber} O\nO: id:integer orderNumber:string", `order at /orders/{orderNumber} in /orders; orderNumber is orderNumber, made; list GET; read GET
  pages by none`},
		{"an id inside of metadata", "GET /pods items=[P]\nGET /pods/{name} P\nP: kind:string metadata:M spec:Any\nM: name:string", `pod at /pods/{name} in /pods; name is metadata.name, chosen; list GET; read GET; lists /items
  pages by none`},
		{"no id at all", "GET /lines [L]\nPOST /lines L L\nGET /lines/{line} L\nL: text:string", `line at /lines/{line} in /lines; line is , made; list GET; create POST; read GET
  pages by none`},
		{"envelopes", "GET /pets data=[Pet],total=integer\nPOST /pets data=Pet Pet\nGET /pets/{id} data=Pet\nPet: id:integer name:string", `pet at /pets/{id} in /pets; id is id, integer; list GET; create POST; read GET; lists /data; reads /data
  pages by none, total /total`},
		{"envelopes of the noun", "GET /pets pets=[Pet],next_page?=string\nPOST /pets pet=Pet pet=Pet\nGET /pets/{id} pet=Pet\nPet: id:integer name:string", `pet at /pets/{id} in /pets; id is id, integer; list GET; create POST; read GET; lists /pets; reads /pet
  pages by none`},
		{"lists that page, filter and sort", "GET /pets?page:integer&limit:integer&status&sort&q&colour data=[Pet],total=integer\nGET /pets/{id} Pet\nPet: id:integer name:string status:string", `pet at /pets/{id} in /pets; id is id, integer; list GET; read GET; lists /data
  pages by page, filter status eq status, sort sort, search q, total /total, ignores colour`},
		{"a parent", "GET /owners [O]\nGET /owners/{ownerId} O\nGET /owners/{ownerId}/pets [Pet]\nPOST /owners/{ownerId}/pets Pet Pet\nGET /owners/{ownerId}/pets/{petId} Pet\nO: id:integer name:string pets_count:integer\nPet: id:integer owner_id:integer name:string", `owner at /owners/{ownerId} in /owners; ownerId is id, integer; list GET; read GET
  pages by none
  pets_count counts pet
pet at /owners/{ownerId}/pets/{petId} in /owners/{ownerId}/pets; petId is id, integer; under owner; list GET; create POST; read GET
  pages by none
  owner_id names owner`},
		{"a parent that isn't one", "GET /{tenant}/pets [Pet]\nPOST /{tenant}/pets Pet Pet\nGET /{tenant}/pets/{id} Pet\nPet: id:integer tenant:string", `pet at /{tenant}/pets/{id} in /{tenant}/pets; id is id, integer; list GET; create POST; read GET
  pages by none
  tenant names`},
		{"grandparents", "GET /a [A]\nGET /a/{x} A\nGET /a/{x}/b [A]\nGET /a/{x}/b/{y} A\nGET /a/{x}/b/{y}/c [A]\nGET /a/{x}/b/{y}/c/{z} A\nA: id:integer", `a at /a/{x} in /a; x is id, integer; list GET; read GET
  pages by none
b at /a/{x}/b/{y} in /a/{x}/b; y is id, integer; under a; list GET; read GET
  pages by none
c at /a/{x}/b/{y}/c/{z} in /a/{x}/b/{y}/c; z is id, integer; under b; list GET; read GET
  pages by none`},
		{"shallow nesting", "GET /owners [O]\nGET /owners/{id} O\nGET /owners/{id}/pets [Pet]\nPOST /owners/{id}/pets Pet Pet\nGET /pets/{id} Pet\nGET /pets [Pet]\nO: id:integer\nPet: id:integer owner_id:integer", `owner at /owners/{id} in /owners; id is id, integer; list GET; read GET
  pages by none
pet at /pets/{id} in /pets also /owners/{id}/pets; id is id, integer; list GET; read GET
  pages by none
  owner_id names owner
  beside GET /owners/{id}/pets
  beside POST /owners/{id}/pets`},
		{"the same at two places", "GET /pets [Pet]\nGET /pets/{id} Pet\nGET /owners [O]\nGET /owners/{owner} O\nGET /owners/{owner}/pets [Pet]\nGET /owners/{owner}/pets/{id} Pet\nO: id:integer\nPet: id:integer name:string", `pet at /pets/{id} in /pets also /owners/{owner}/pets/owners/{owner}/pets/{id}; id is id, integer; list GET; read GET
  pages by none
  beside GET /owners/{owner}/pets
  beside GET /owners/{owner}/pets/{id}
owner at /owners/{owner} in /owners; owner is id, integer; list GET; read GET
  pages by none`},
		{"references", "GET /users [U]\nGET /users/{id} U\nGET /tasks [T]\nPOST /tasks T T\nGET /tasks/{id} T\nU: id:integer\nT: id:integer assigned_user_id:integer parent_task_id?:integer user_ids:[integer] owner:U user:U size_id:integer", `user at /users/{id} in /users; id is id, integer; list GET; read GET
  pages by none
task at /tasks/{id} in /tasks; id is id, integer; list GET; create POST; read GET
  pages by none
  assigned_user_id names user
  parent_task_id names task
  user_ids names user
  user names user`},
		{"a singleton", "GET /settings S\nPUT /settings S S\nPATCH /settings S Any\nS: theme:string", `settings at /settings alone; read GET; replace PUT; update PATCH`},
		{"a singleton of a parent", "GET /users [U]\nGET /users/{id} U\nGET /users/{id}/avatar A\nPUT /users/{id}/avatar A A\nU: id:integer\nA: url:string", `user at /users/{id} in /users; id is id, integer; list GET; read GET
  pages by none
avatar at /users/{id}/avatar alone; under user; read GET; replace PUT`},
		{"what is only read is no singleton", "GET /health H\nH: ok:boolean", `left GET /health: it isn't of the collection or the item of a resource`},
		{"actions", pets + "POST /pets/{petId}/adopt Pet\nPUT /pets/{petId}/star -\nDELETE /pets/{petId}/star -\nGET /pets/{petId}/photo Any\nPet: id:integer adopted:boolean starred:boolean", petLine + `
  acts POST /pets/{petId}/adopt
  acts PUT /pets/{petId}/star
  acts DELETE /pets/{petId}/star
left GET /pets/{petId}/photo: it isn't of the collection or the item of a resource`},
		{"an action after a colon", "GET /pets [Pet]\nGET /pets/{id} Pet\nPOST /pets/{id}:archive Pet\nPet: id:integer archived:boolean", `pet at /pets/{id} in /pets; id is id, integer; list GET; read GET
  pages by none
  acts POST /pets/{id}:archive`},
		{"verbs in paths", "GET /pets/list [Pet]\nPOST /pets/create Pet Pet\nGET /pets/{id} Pet\nPOST /pets/{id}/update Pet Pet\nPOST /pets/{id}/delete -\nPet: id:integer name:string", `pet at /pets/{id} in /pets; id is id, integer; list GET; create POST; read GET; update POST; delete POST
  pages by none`},
		{"lists beside", pets + "GET /pets/findByStatus [Pet]\nGET /pets/names [string]\nGET /pets/stats S\nS: n:integer\nPet: id:integer name:string", petLine + `
  beside GET /pets/findByStatus
left GET /pets/names: it lists something else
left GET /pets/stats: its answer has no list of items`},
		{"life", pets + "Pet: id:integer created_at!:date-time updated_at!:date-time version!:integer self!:string deleted_at!?:date-time", petLine + `
  created_at is created
  updated_at is updated
  version is version
  self is url
  deleted_at is ended`},
		{"left to the contract", "GET /pets [Pet]\nPOST /pets Pet Pet x:false\nGET /pets/{id} Pet\nGET /dogs [Pet]\nGET /dogs/{id} Pet\nPet: id:integer", `dog at /dogs/{id} in /dogs; id is id, integer; list GET; read GET
  pages by none
left GET /pets: the document says that it isn't kept
left POST /pets: the document says that it isn't kept
left GET /pets/{id}: the document says that it isn't kept`},
		{"an identity that is told", "GET /posts [P] x:{identity=slug}\nGET /posts/{id} P\nP: id:integer slug:string", `post at /posts/{id} in /posts; id is slug, chosen; list GET; read GET
  pages by none`},
		{"no answer tells an item", "GET /files -\nPOST /files -\nGET /files/{id} -\nDELETE /files/{id} -", `left GET /files: no answer shows what an item is
left POST /files: no answer shows what an item is
left GET /files/{id}: no answer shows what an item is
left DELETE /files/{id}: no answer shows what an item is`},
		{"a list of something else", "GET /pets [Pet]\nPOST /pets Pet Pet\nGET /pets/{id} Pet\nGET /pets/{id}/events [E]\nPet: id:integer\nE: at:date-time", `pet at /pets/{id} in /pets; id is id, integer; list GET; create POST; read GET
  pages by none
left GET /pets/{id}/events: it isn't of the collection or the item of a resource`},
		{"only made and deleted", "POST /tokens T T\nDELETE /tokens/{id} -\nT: id:uuid", `left POST /tokens: it isn't of the collection or the item of a resource
left DELETE /tokens/{id}: it isn't of the collection or the item of a resource`},
		{"a file extension", "GET /pets.json pets=[Pet]\nPOST /pets.json pet=Pet pet=Pet\nGET /pets/{id}.json pet=Pet\nPet: id:integer name:string", `pet at /pets/{id}.json in /pets.json; id is id, integer; list GET; create POST; read GET; lists /pets; reads /pet
  pages by none`},
		{"PUT makes", "GET /buckets [B]\nGET /buckets/{name} B\nPUT /buckets/{name} B B\nB: name:string", `bucket at /buckets/{name} in /buckets; name is name, chosen; list GET; read GET; replace PUT
  pages by none`},
		{"nothing", "GET / Any", `left GET /: it isn't of the collection or the item of a resource`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			def, ok := open(sketch(test.doc))
			if !ok {
				t.Fatalf("not read:\n%s", sketch(test.doc))
			}
			m, _ := infer(def)
			if got := told(m.Describe()); got != test.want {
				t.Errorf("told\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}
