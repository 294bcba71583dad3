package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/resource"
	"github.com/mimus-dev/mimus/internal/schema"
)

// living reads one of the small documents of internal/resource.
func living(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "resource", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// livingMock is a mock of such a document, whose clock goes a second further
// with every look.
func livingMock(t testing.TB, name string, cfg Config) *Mock {
	t.Helper()
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	if cfg.Resources.Now == nil {
		cfg.Resources.Now = func() time.Time { now = now.Add(time.Second); return now }
	}
	m := mockOf(t, living(t, name), cfg)
	if m.state == nil {
		t.Fatalf("%s: nothing lives", name)
	}
	return m
}

type object = map[string]any

// client sends requests to a living mock. Every answer must be one that the
// document declares.
type client struct {
	t    *testing.T
	m    *Mock
	told []string // what was sent, for the report
}

func (c *client) fatalf(format string, args ...any) {
	c.t.Helper()
	c.t.Fatalf("%s\nafter\n  %s", fmt.Sprintf(format, args...), strings.Join(c.told[max(len(c.told)-12, 0):], "\n  "))
}

// send sends a request with a body of JSON, of a form, or none, and gives the
// answer's body.
func (c *client) send(target, typ string, body any, header ...string) (*Response, any) {
	c.t.Helper()
	s := sent{target: target, header: header}
	if body != nil {
		s.body = sentBody(typ, body)
		s.header = append(s.header, "Content-Type: "+typ)
	}
	res := ask(c.m, s)
	answer := text(res)
	c.told = append(c.told, fmt.Sprintf("%s %.200s %s → %d %.200s", target, s.body, strings.Join(header, " "), res.Status, answer))
	if res.Fault != "" {
		c.fatalf("fault %s", res.Fault)
	}
	if res.Status < 300 && res.Responder != "state" {
		c.fatalf("%s answered: %+v", res.Responder, res.Trace)
	}
	if why := undeclared(c.m, target, res); why != "" {
		c.fatalf("%s", why)
	}
	if answer == "" {
		return res, nil
	}
	var v any
	if err := json.Unmarshal([]byte(answer), &v); err != nil {
		c.fatalf("%v", err)
	}
	return res, v
}

// wants sends a request and wants the status.
func (c *client) wants(status int, target, typ string, body any, header ...string) (*Response, any) {
	c.t.Helper()
	res, v := c.send(target, typ, body, header...)
	if res.Status != status {
		c.fatalf("%s: status %d, want %d; %+v", target, res.Status, status, res.Trace)
	}
	return res, v
}

const asJSON = "application/json"

func sentBody(typ string, body any) string {
	if typ != "application/x-www-form-urlencoded" {
		text, err := json.Marshal(body)
		if err != nil {
			panic(err)
		}
		return string(text)
	}
	form := url.Values{}
	for k, v := range body.(object) {
		form.Set(k, fmt.Sprint(v))
	}
	return form.Encode()
}

// undeclared tells how an answer breaks the document; "" where it doesn't.
// Errors that the document doesn't declare are problem documents.
func undeclared(m *Mock, target string, res *Response) string {
	method, _, _ := strings.Cut(target, " ")
	var op *definition.Operation
	for _, o := range m.def.Operations {
		if o.Method == method && o.Path == res.Route {
			op = o
		}
	}
	if op == nil {
		return "no operation is told: " + target
	}
	r := responseOf(op, res.Status)
	if res.Status == 304 {
		return ""
	}
	if r == nil {
		if res.Status >= 400 {
			return ""
		}
		return "the status " + strconv.Itoa(res.Status) + " isn't declared"
	}
	body := text(res)
	if len(r.Content) == 0 {
		if body != "" && res.Status < 400 {
			return "a body where none is declared"
		}
		return ""
	}
	typ, _, _ := strings.Cut(res.Get("Content-Type"), ";")
	for _, md := range r.Content {
		if md.Type != typ {
			continue
		}
		v, err := document.ParseJSON(body, 0, document.Limits{})
		if err != nil {
			return err.Error()
		}
		if found := m.set.Compile(md.Schema).Validate(&v, schema.Response, 3); found != nil {
			return fmt.Sprintf("%s breaks its schema: %v", body, found)
		}
		return ""
	}
	return "the type " + typ + " isn't declared"
}

// responseOf is the response that an operation declares for a status.
func responseOf(op *definition.Operation, status int) *definition.Response {
	text := strconv.Itoa(status)
	for _, want := range []string{text, text[:1] + "XX", "default"} {
		for _, r := range op.Responses {
			if r.Status == want {
				return r
			}
		}
	}
	return nil
}

// lacking gives an object without some members.
func lacking(v object, names ...string) object {
	v = maps.Clone(v)
	for _, name := range names {
		delete(v, name)
	}
	return v
}

func same(a, b any) bool { return reflect.DeepEqual(a, b) }

// at follows names into an answer.
func at(v any, names ...string) any {
	for _, name := range names {
		o, _ := v.(object)
		v = o[name]
	}
	return v
}

func TestState_Singleton(t *testing.T) {
	t.Parallel()
	c := &client{t: t, m: livingMock(t, "settings.yaml", Config{})}
	_, first := c.wants(200, "GET /settings", "", nil)
	_, again := c.wants(200, "GET /settings", "", nil)
	if !same(first, again) {
		c.fatalf("read twice: %v and %v", first, again)
	}
	whole := object{"name": "a", "status": "sold", "age": 3.0, "note": "n"}
	_, got := c.wants(200, "PUT /settings", asJSON, whole)
	if !same(got, any(whole)) {
		c.fatalf("replaced, it is %v", got)
	}
	if _, got = c.wants(200, "GET /settings", "", nil); !same(got, any(whole)) {
		c.fatalf("read again, it is %v", got)
	}
	whole["age"] = 4.0
	if _, got = c.wants(200, "PATCH /settings", asJSON, object{"age": 4}); !same(got, any(whole)) {
		c.fatalf("changed, it is %v", got)
	}
	short := lacking(whole, "note")
	if _, got = c.wants(200, "PUT /settings", asJSON, short); !same(got, any(short)) {
		c.fatalf("a note that isn't sent stays: %v", got)
	}
	c.wants(422, "PUT /settings", asJSON, object{"name": "b"})
	if _, got = c.wants(200, "GET /settings", "", nil); !same(got, any(short)) {
		c.fatalf("after a broken change, it is %v", got)
	}
}

// TestState_Full wants a limit to be told by a declared status, or by 507, and
// nothing to be kept of what was refused.
func TestState_Full(t *testing.T) {
	t.Parallel()
	pet := object{"name": "Rex", "status": "sold", "age": 1}
	for _, declared := range []struct{ as, want string }{{"", "507"}, {`"429": {description: Full.}`, "429"}, {`"403": {description: Full.}`, "403"}, {`"413": {description: Full.}`, "413"}} {
		text := living(t, "pets.yaml")
		if declared.as != "" {
			text = strings.Replace(text, `        "201": {description: Made.`, "        "+declared.as+"\n"+`        "201": {description: Made.`, 1)
		}
		m := mockOf(t, text, Config{Resources: resource.Config{World: 3, MaxItems: 5}})
		c := &client{t: t, m: m}
		c.wants(201, "POST /pets", asJSON, pet)
		c.wants(201, "POST /pets", asJSON, pet)
		want, _ := strconv.Atoi(declared.want)
		for range 2 {
			c.wants(want, "POST /pets", asJSON, pet)
		}
		c.hasPets(5)
		c.wants(204, "DELETE /pets/5", "", nil)
		_, got := c.wants(201, "POST /pets", asJSON, pet) // there is room again
		if at(got, "id") == 5.0 {
			c.fatalf("an id is given twice")
		}
		c.wants(want, "POST /pets", asJSON, pet)
		c.wants(200, "PATCH /pets/1", asJSON, object{"age": 7}) // a change needs no room
		c.hasPets(5)
	}
}

func (c *client) hasPets(n int) {
	c.t.Helper()
	res, list := c.wants(200, "GET /pets?per_page=50", "", nil)
	if len(list.([]any)) != n || res.Get("X-Total-Count") != strconv.Itoa(n) {
		c.fatalf("%d pets, %s are told, want %d", len(list.([]any)), res.Get("X-Total-Count"), n)
	}
}

// TestState_FullOfBytes fills the memory that a mock may take: by new items
// and by greater ones.
func TestState_FullOfBytes(t *testing.T) {
	t.Parallel()
	c := &client{t: t, m: livingMock(t, "pets.yaml", Config{Resources: resource.Config{World: 3, MaxBytes: 20_000}})}
	pet := object{"name": "Rex", "status": "sold", "age": 1, "note": strings.Repeat("n", 3000)}
	made := 0
	for ; made < 10; made++ {
		if res, _ := c.send("POST /pets", asJSON, pet); res.Status != 201 {
			break
		}
	}
	if made < 3 || made > 6 {
		c.fatalf("%d pets of 3 kB in 20 kB", made)
	}
	c.hasPets(3 + made)
	_, before := c.wants(200, "GET /pets/1", "", nil)
	c.wants(507, "PATCH /pets/1", asJSON, object{"note": strings.Repeat("m", 30_000)})
	if _, after := c.wants(200, "GET /pets/1", "", nil); !same(before, after) {
		c.fatalf("a refused change is kept: %v", after)
	}
	for i := range made {
		c.wants(204, fmt.Sprintf("DELETE /pets/%d", 4+i), "", nil)
	}
	for range made { // what is deleted takes no memory
		c.wants(201, "POST /pets", asJSON, pet)
	}
	c.hasPets(3 + made)
}

// TestState_ParentsOfAName renames a parent, and makes one of a name that
// another had: children go with theirs.
func TestState_ParentsOfAName(t *testing.T) {
	t.Parallel()
	doc := strings.Replace(living(t, "projects.yaml"), "components:", `  /projects/{slug}/tasks:
    parameters: [{name: slug, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: They., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Task'}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [title], properties: {title: {type: string}}}}}}
      responses: {"201": {description: Made., content: {application/json: {schema: {$ref: '#/components/schemas/Task'}}}}}
  /projects/{slug}/tasks/{id}:
    parameters: [{name: slug, in: path, required: true, schema: {type: string}}, {name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Task'}}}}}}
components:`, 1)
	doc = strings.Replace(doc, "  schemas:\n", "  schemas:\n    Task: {type: object, required: [id, title], properties: {id: {type: integer}, title: {type: string}}}\n", 1)
	project := func(slug string) object {
		return object{"slug": slug, "name": "P", "status": "sold", "age": 1}
	}
	titles := func(c *client, slug string) (out []any) {
		_, list := c.wants(200, "GET /projects/"+slug+"/tasks", "", nil)
		for _, x := range list.([]any) {
			out = append(out, at(x, "title"))
		}
		return out
	}
	t.Run("renamed", func(t *testing.T) {
		t.Parallel()
		c := &client{t: t, m: mockOf(t, doc, Config{Resources: resource.Config{World: 2}})}
		c.wants(201, "POST /projects", asJSON, project("a"))
		c.wants(201, "POST /projects/a/tasks", asJSON, object{"title": "mine"})
		before := titles(c, "a")
		c.wants(200, "PATCH /projects/a", asJSON, object{"slug": "b"})
		if after := titles(c, "b"); !same(before, after) {
			c.fatalf("before %v\nafter  %v", before, after)
		}
		c.wants(404, "GET /projects/a/tasks", "", nil)
	})
	t.Run("made again", func(t *testing.T) {
		t.Parallel()
		c := &client{t: t, m: mockOf(t, doc, Config{Resources: resource.Config{World: 2}})}
		c.wants(201, "POST /projects", asJSON, project("a"))
		c.wants(201, "POST /projects/a/tasks", asJSON, object{"title": "mine"})
		c.wants(200, "DELETE /projects/a", "", nil)
		c.wants(201, "POST /projects", asJSON, project("a"))
		if after := titles(c, "a"); len(after) != 0 {
			c.fatalf("a new project has tasks: %v", after)
		}
	})
}

// TestState_RequiredStays wants no change to take away what an item must have:
// else the mock would make up what nobody wrote.
func TestState_RequiredStays(t *testing.T) {
	t.Parallel()
	loose := strings.Replace(living(t, "pets.yaml"), `application/merge-patch+json: {schema: {$ref: '#/components/schemas/PetMerge'}}`, `application/merge-patch+json: {schema: {type: object}}`, 1)
	for _, test := range []struct {
		typ  string
		body any
	}{
		{"application/json-patch+json", []object{{"op": "remove", "path": "/name"}}},
		{"application/json-patch+json", []object{{"op": "move", "from": "/name", "path": "/note"}}},
		{"application/merge-patch+json", object{"name": nil}},
	} {
		c := &client{t: t, m: mockOf(t, loose, Config{})}
		_, before := c.wants(200, "GET /pets/1", "", nil)
		res, _ := c.send("PATCH /pets/1", test.typ, test.body)
		if res.Status != 422 && res.Status != 400 {
			t.Errorf("%v: status %d", test.body, res.Status)
		}
		if _, after := c.wants(200, "GET /pets/1", "", nil); !same(before, after) {
			t.Errorf("%v: before %v\nafter  %v", test.body, before, after)
		}
	}
}

// TestState_WalkWhileDeleting deletes what it reads, page by page: nothing is
// left out.
func TestState_WalkWhileDeleting(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		doc, list, item, items, id, token, told string
		deleted                                 int
	}{
		{"customers.yaml", "/v1/customers", "/v1/customers/", "data", "id", "starting_after", "", 200},
		{"books.yaml", "/v1/books", "/v1/books/", "items", "id", "pageToken", "nextPageToken", 200},
		{"projects.yaml", "/projects", "/projects/", "projects", "slug", "cursor", "next_cursor", 200},
	} {
		t.Run(test.doc, func(t *testing.T) {
			t.Parallel()
			c := &client{t: t, m: livingMock(t, test.doc, Config{})}
			size := map[string]string{"pageToken": "pageSize"}[test.token]
			if size == "" {
				size = "limit"
			}
			query, n := size+"=4", 0
			for range 20 {
				_, page := c.wants(200, "GET "+test.list+"?"+query, "", nil)
				items := at(page, test.items).([]any)
				last := ""
				for _, x := range items {
					last, _ = at(x, test.id).(string)
					c.wants(test.deleted, "DELETE "+test.item+last, "", nil)
					n++
				}
				next := last
				if test.told != "" {
					next, _ = at(page, test.told).(string)
				} else if at(page, "has_more") != true {
					next = ""
				}
				if next == "" {
					break
				}
				query = size + "=4&" + test.token + "=" + url.QueryEscape(next)
			}
			if n != 25 {
				c.fatalf("%d of 25 were seen", n)
			}
		})
	}
}
