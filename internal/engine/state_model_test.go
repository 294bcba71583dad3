package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/resource"
)

// livingStyle is how one document does what all of them do. A property that a
// style lacks is left empty.
type livingStyle struct {
	doc     string
	places  []string // of collections: "/owners/1/pets"
	item    string   // template of an item's path: %[1]s the collection, %[2]s the id
	shared  bool     // the collections share one item path, and one count of ids
	id      string   // the property that is the id; "id" unless told
	chosen  bool     // clients choose ids
	upserts bool     // PUT makes
	create  int      // the status; 0: nothing creates
	form    bool     // bodies are forms
	typ     string   // of bodies; JSON unless told
	one     []string // the names that lead to one item in a body
	many    []string // and to the items of a list
	put     bool
	update  string // PATCH or POST; "" none
	merge   bool   // merge patches too
	patch   bool   // JSON patches too
	deletes int    // the status
	total   func(*Response, any) any
	walk    func(w *walk) bool // sets the query of the next page; false: there is none
	sort    func(property string, falling bool) string
	status  string // the parameter that filters; "status" unless told
	hidden  bool   // a password is sent and never comes back, and a role can't be sent
}

// walk is a walk through the pages of a list.
type walk struct {
	size  int
	seen  int    // items so far
	page  int    // pages so far
	last  string // id
	query string // of the next page
	res   *Response
	body  any
	got   int // items on the last page
}

func byPage(page, size string) func(*walk) bool {
	return func(w *walk) bool {
		w.query = fmt.Sprintf("%s=%d&%s=%d", url.QueryEscape(page), w.page+1, url.QueryEscape(size), w.size)
		return w.page == 0 || w.got == w.size
	}
}

func byOffset(w *walk) bool {
	w.query = fmt.Sprintf("offset=%d&limit=%d", w.seen, w.size)
	return w.page == 0 || w.got == w.size
}

func byToken(token, size string, told ...string) func(*walk) bool {
	return func(w *walk) bool {
		w.query = fmt.Sprintf("%s=%d", size, w.size)
		next, _ := at(w.body, told...).(string)
		if next != "" {
			w.query += "&" + token + "=" + url.QueryEscape(next)
		}
		return w.page == 0 || next != ""
	}
}

func afterID(w *walk) bool {
	w.query = fmt.Sprintf("limit=%d", w.size)
	if w.last != "" {
		w.query += "&starting_after=" + w.last
	}
	return w.page == 0 || at(w.body, "has_more") == true
}

func totalAt(names ...string) func(*Response, any) any {
	return func(_ *Response, body any) any { return at(body, names...) }
}

func totalHeader(res *Response, _ any) any {
	n, _ := strconv.ParseFloat(res.Get("X-Total-Count"), 64)
	return n
}

func minus(property string, falling bool) string {
	if falling {
		property = "-" + property
	}
	return "sort=" + property
}

var livingStyles = []livingStyle{
	{doc: "pets.yaml", places: []string{"/pets"}, create: 201, put: true, update: "PATCH", merge: true, patch: true, deletes: 204, total: totalHeader, walk: byPage("page", "per_page"), sort: minus},
	{doc: "customers.yaml", places: []string{"/v1/customers"}, create: 200, form: true, update: "POST", deletes: 200, many: []string{"data"}, walk: afterID},
	{doc: "books.yaml", places: []string{"/v1/books"}, create: 200, update: "PATCH", deletes: 200, many: []string{"items"}, total: totalAt("totalItems"), walk: byToken("pageToken", "pageSize", "nextPageToken"),
		sort: func(property string, falling bool) string {
			if falling {
				property += "%20desc"
			}
			return "orderBy=" + property
		}},
	{doc: "articles.yaml", places: []string{"/articles"}, create: 201, update: "PATCH", deletes: 204, typ: "application/vnd.api+json", one: []string{"data"}, many: []string{"data"}, total: totalAt("meta", "total"), walk: byPage("page[number]", "page[size]"), sort: minus, status: "filter%5Bstatus%5D"},
	{doc: "owners.yaml", create: 201, put: true, update: "PATCH", deletes: 204, many: []string{"results"}, total: totalAt("total"), walk: byOffset,
		sort: func(property string, falling bool) string {
			if falling {
				return "order=desc&sort_by=" + property
			}
			return "order=asc&sort_by=" + property
		}},
	{doc: "shallow.yaml", places: []string{"/owners/1/pets", "/owners/2/pets"}, item: "/pets/%[2]s", shared: true, create: 201, update: "PATCH", deletes: 204, walk: byPage("page", "size")},
	{doc: "projects.yaml", places: []string{"/projects"}, id: "slug", chosen: true, create: 201, update: "PATCH", deletes: 200, many: []string{"projects"}, walk: byToken("cursor", "limit", "next_cursor")},
	{doc: "buckets.yaml", places: []string{"/buckets"}, id: "name", upserts: true, put: true, deletes: 204, many: []string{"buckets"}, total: totalAt("total_count"), walk: byOffset, status: "-"},
	{doc: "envelope.yaml", places: []string{"/pets"}, item: "/pets/%[2]s.json", create: 201, put: true, update: "PATCH", deletes: 204, one: []string{"pet"}, many: []string{"pets"}, total: totalAt("count"), walk: byPage("page", "per_page")},
	{doc: "users.yaml", places: []string{"/users"}, create: 201, put: true, merge: true, patch: true, deletes: 204, many: []string{"data"}, total: totalAt("total"), walk: byOffset, sort: minus, hidden: true},
}

// volatile are the properties that change on their own.
var volatile = []string{"updated_at", "updateTime"}

// shelf is one collection as the test knows it.
type shelf struct {
	path  string
	items []object // in the order of creation
	gone  []string
}

// librarian does random things to a mock, and keeps a plain list of what there
// must be.
type librarian struct {
	client
	*livingStyle
	rng     *rand.Rand
	shelves []*shelf
	done    map[string]int
}

// TestState_Model compares living mocks with plain lists through hundreds of
// random operations.
func TestState_Model(t *testing.T) {
	t.Parallel()
	for i := range livingStyles {
		st := livingStyles[i]
		t.Run(strings.TrimSuffix(st.doc, ".yaml"), func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(4) {
				m := livingMock(t, st.doc, Config{Seed: fmt.Sprint("model", seed)})
				l := &librarian{client: client{t: t, m: m}, livingStyle: &st, rng: rand.New(rand.NewPCG(seed, 7)), done: map[string]int{}}
				l.begin()
				for range 300 {
					l.step()
				}
				l.end()
			}
		})
	}
}

// begin takes in what there is at the start.
func (l *librarian) begin() {
	if l.id == "" {
		l.id = "id"
	}
	if l.typ == "" {
		l.typ = asJSON
	}
	if l.form {
		l.typ = "application/x-www-form-urlencoded"
	}
	if l.item == "" {
		l.item = "%[1]s/%[2]s"
	}
	if l.status == "" {
		l.status = "status"
	}
	for _, p := range l.places {
		l.shelves = append(l.shelves, &shelf{path: p})
	}
	if l.doc == "owners.yaml" {
		for i := range 2 {
			_, list := l.wants(200, "GET /owners?limit=1&offset="+strconv.Itoa(i*3), "", nil)
			l.shelves = append(l.shelves, &shelf{path: "/owners/" + list.(object)["results"].([]any)[0].(object)["id"].(string) + "/pets"})
		}
	}
	for _, s := range l.shelves {
		s.items = l.pages(s, 10, "", nil)
		for i, x := range s.items {
			for k := range i {
				if l.idOf(x) == l.idOf(s.items[k]) {
					l.fatalf("two of the id %s", l.idOf(x))
				}
			}
		}
	}
}

// step does one thing.
func (l *librarian) step() {
	s := l.shelves[l.rng.IntN(len(l.shelves))]
	one := func(f func(*shelf, int)) func(*shelf) {
		return func(s *shelf) {
			if len(s.items) > 0 {
				f(s, l.rng.IntN(len(s.items)))
			}
		}
	}
	type thing struct {
		name   string
		can    bool
		weight int
		do     func(*shelf)
	}
	things := []thing{
		{"create", l.create != 0, 5, l.creates},
		{"create what is there", l.chosen, 2, one(l.createsAgain)},
		{"upsert", l.upserts, 4, l.puts},
		{"read", true, 3, one(l.reads)},
		{"list", true, 4, l.lists},
		{"replace", l.put, 2, one(l.replaces)},
		{"update", l.update != "", 2, one(l.updates)},
		{"rename", l.chosen, 1, one(l.renames)},
		{"merge", l.merge, 2, one(l.merges)},
		{"patch", l.patch, 2, one(l.patches)},
		{"delete", true, 3, one(l.drops)},
		{"precondition", !l.form, 1, one(l.conditions)},
		{"read what is gone", true, 1, l.misses},
		{"break the contract", l.create != 0 && !l.form, 1, l.breaks},
		{"another's", len(l.shelves) > 1 && !l.shared, 1, one(l.strays)},
	}
	sum := 0
	for _, x := range things {
		if x.can {
			sum += x.weight
		}
	}
	n := l.rng.IntN(sum)
	for _, x := range things {
		if !x.can {
			continue
		}
		if n -= x.weight; n < 0 {
			l.done[x.name]++
			x.do(s)
			return
		}
	}
}

// end looks at everything once more, and that everything was done.
func (l *librarian) end() {
	for _, s := range l.shelves {
		l.compare(l.pages(s, 7, "", nil), s.items)
		for i := range s.items {
			l.reads(s, i)
		}
	}
	if len(l.done) < 6 || l.done["list"] == 0 || l.done["delete"] == 0 {
		l.fatalf("too little was done: %v", l.done)
	}
}

func (l *librarian) path(s *shelf, id string) string {
	return fmt.Sprintf(l.livingStyle.item, s.path, url.PathEscape(id))
}

func (l *librarian) listPath(s *shelf) string {
	if l.doc == "envelope.yaml" {
		return s.path + ".json"
	}
	return s.path
}

// flat is an item of an answer, its attributes beside its id.
func (l *librarian) flat(v any) object {
	o, ok := v.(object)
	if !ok {
		l.fatalf("no item: %v", v)
	}
	if l.hidden && o["password"] != nil {
		l.fatalf("the password comes back: %v", o)
	}
	if a, ok := o["attributes"].(object); ok {
		o = lacking(o, "attributes")
		maps.Copy(o, a)
	}
	return o
}

func (l *librarian) only(body any) object { return l.flat(at(body, l.one...)) }

func (l *librarian) idOf(o object) string {
	switch id := o[l.id].(type) {
	case string:
		return id
	case float64:
		return strconv.FormatFloat(id, 'f', -1, 64)
	}
	l.fatalf("no id: %v", o)
	return ""
}

// wrapped is a body of properties, as the document has it.
func (l *librarian) wrapped(props object, id string) any {
	switch {
	case l.doc == "articles.yaml":
		data := object{"type": "articles", "attributes": props}
		if id != "" {
			data["id"] = id
		}
		return object{"data": data}
	case len(l.one) == 1:
		return object{l.one[0]: props}
	}
	return props
}

var names = []string{"Rex", "Ada", "Bo", "Cy", "Zoe", "ångström", "a b", "00"}

// props are properties of a new item.
func (l *librarian) props() object {
	p := object{"name": names[l.rng.IntN(len(names))], "status": [...]string{"available", "pending", "sold"}[l.rng.IntN(3)], "age": float64(l.rng.IntN(12))}
	if l.rng.IntN(2) == 0 {
		p["note"] = "note " + strconv.Itoa(l.rng.IntN(100))
	}
	return p
}

// change is a part of properties.
func (l *librarian) change() object {
	p := l.props()
	for _, name := range []string{"name", "status", "age", "note"} {
		if l.rng.IntN(2) == 0 && len(p) > 1 {
			delete(p, name)
		}
	}
	return p
}

// laid gives an item with a change laid over it.
func laid(item, change object) object {
	item = maps.Clone(item)
	maps.Copy(item, change)
	return item
}

// expect wants an answer to be an item as it must be, but for what changes on
// its own, and gives it as it is.
func (l *librarian) expect(body any, want object) object {
	l.t.Helper()
	got := l.only(body)
	if l.hidden {
		want = lacking(want, "password")
	}
	if !same(lacking(got, volatile...), lacking(want, volatile...)) {
		l.fatalf("got  %v\nwant %v", got, want)
	}
	return got
}

func (l *librarian) creates(s *shelf) {
	props := l.props()
	body := maps.Clone(props)
	if l.chosen {
		props["slug"] = fmt.Sprintf("p-%d", l.rng.IntN(1<<30))
		body = maps.Clone(props)
	}
	if l.hidden {
		body["password"] = "secret-1234"
		if l.rng.IntN(2) == 0 { // what only the server sets is not taken
			body["role"] = "admin"
			body["id"] = "00000000-0000-4000-8000-000000000000"
			body["created_at"] = "1999-01-01T00:00:00Z"
		}
	}
	method := "POST " + l.listPath(s)
	res, answer := l.send(method, l.typ, l.wrapped(body, ""))
	if l.hidden && res.Status == 422 && body["role"] != nil { // refused is right, too
		return
	}
	if res.Status != l.create {
		l.fatalf("status %d: %+v", res.Status, res.Trace)
	}
	made := l.only(answer)
	id := l.idOf(made)
	for _, other := range l.shelves {
		if other != s && !l.shared {
			continue
		}
		for _, x := range other.items {
			if l.idOf(x) == id {
				l.fatalf("the id %s is given twice", id)
			}
		}
		if slices.Contains(other.gone, id) && !l.chosen {
			l.fatalf("the id %s is given again", id)
		}
	}
	for k, v := range props {
		if !same(made[k], v) {
			l.fatalf("sent %v, got %v", props, made)
		}
	}
	if _, sent := props["note"]; !sent && made["note"] != nil {
		l.fatalf("a note nobody wrote: %v", made)
	}
	if l.hidden && (made["id"] == body["id"] || made["created_at"] == body["created_at"]) {
		l.fatalf("the client set what it can't: %v", made)
	}
	if res.Status == 201 && res.Get("Location") != l.path(s, id) {
		l.fatalf("it is at %q, want %q", res.Get("Location"), l.path(s, id))
	}
	s.items = append(s.items, made)
	l.reads(s, len(s.items)-1)
}

// createsAgain makes a thing of a name that is taken.
func (l *librarian) createsAgain(s *shelf, i int) {
	props := l.props()
	props["slug"] = s.items[i]["slug"]
	l.wants(409, "POST "+s.path, l.typ, props)
	l.reads(s, i)
}

// puts makes what isn't there, by PUT.
func (l *librarian) puts(s *shelf) {
	id := fmt.Sprintf("b-%d", l.rng.IntN(1<<30))
	props := lacking(l.props(), "name")
	_, answer := l.wants(201, "PUT "+l.path(s, id), l.typ, props)
	props[l.id] = id
	s.items = append(s.items, l.expect(answer, props))
	l.reads(s, len(s.items)-1)
}

func (l *librarian) reads(s *shelf, i int) {
	res, answer := l.wants(200, "GET "+l.path(s, l.idOf(s.items[i])), "", nil)
	if got := l.only(answer); !same(got, s.items[i]) {
		l.fatalf("read %v\nwant %v", got, s.items[i])
	}
	if l.rng.IntN(4) == 0 {
		l.wants(304, "GET "+l.path(s, l.idOf(s.items[i])), "", nil, "If-None-Match: "+res.Get("Etag"))
	}
}

// changed takes in what a change of an item came to.
func (l *librarian) changed(s *shelf, i int, answer any, want object) {
	s.items[i] = l.expect(answer, want)
	l.reads(s, i)
}

func (l *librarian) replaces(s *shelf, i int) {
	props := l.props()
	body := maps.Clone(props)
	if l.hidden {
		body["password"] = "secret-5678"
	}
	if l.upserts {
		props = lacking(props, "name")
		body = lacking(body, "name")
	}
	want := laid(lacking(s.items[i], "note"), props)
	_, answer := l.wants(200, "PUT "+l.path(s, l.idOf(s.items[i])), l.typ, l.wrapped(body, ""))
	l.changed(s, i, answer, want)
}

func (l *librarian) updates(s *shelf, i int) {
	change := l.change()
	id := l.idOf(s.items[i])
	_, answer := l.wants(200, l.update+" "+l.path(s, id), l.typ, l.wrapped(change, id))
	l.changed(s, i, answer, laid(s.items[i], change))
}

// renames gives an item another name: it is no longer found by the old one.
func (l *librarian) renames(s *shelf, i int) {
	old, now := l.idOf(s.items[i]), fmt.Sprintf("r-%d", l.rng.IntN(1<<30))
	_, answer := l.wants(200, "PATCH "+l.path(s, old), l.typ, object{"slug": now})
	l.changed(s, i, answer, laid(s.items[i], object{"slug": now}))
	l.wants(404, "GET "+l.path(s, old), "", nil)
	if k := l.rng.IntN(len(s.items)); k != i {
		l.wants(409, "PATCH "+l.path(s, now), l.typ, object{"slug": l.idOf(s.items[k])})
		l.reads(s, i)
		l.reads(s, k)
	}
}

func (l *librarian) merges(s *shelf, i int) {
	change := l.change()
	want := laid(s.items[i], change)
	if l.rng.IntN(2) == 0 {
		change["note"] = nil
		delete(want, "note")
	}
	_, answer := l.wants(200, "PATCH "+l.path(s, l.idOf(s.items[i])), "application/merge-patch+json", change)
	l.changed(s, i, answer, want)
}

func (l *librarian) patches(s *shelf, i int) {
	path, typ := "PATCH "+l.path(s, l.idOf(s.items[i])), "application/json-patch+json"
	name := names[l.rng.IntN(len(names))]
	age := s.items[i]["age"]
	patch := []object{{"op": "test", "path": "/age", "value": age}, {"op": "replace", "path": "/name", "value": name}, {"op": "add", "path": "/note", "value": "patched"}}
	want := laid(s.items[i], object{"name": name, "note": "patched"})
	switch l.rng.IntN(5) {
	case 0: // a test that fails changes nothing
		patch[0]["value"] = 999
		res, _ := l.send(path, typ, patch)
		if res.Status != 409 && res.Status != 422 {
			l.fatalf("a failed test: status %d", res.Status)
		}
		l.reads(s, i)
		return
	case 1: // nor does one that can't be applied, or that breaks the schema
		patch[2] = [...]object{{"op": "remove", "path": "/nothing"}, {"op": "replace", "path": "/status", "value": "lost"}, {"op": "replace", "path": "/age", "value": "old"}}[l.rng.IntN(3)]
		l.wants(422, path, typ, patch)
		l.reads(s, i)
		return
	case 2: // what only the server sets stays
		patch = append(patch, object{"op": "replace", "path": "/id", "value": s.items[i]["id"]}, object{"op": "add", "path": "/created_at", "value": "1999-01-01T00:00:00Z"})
	case 3:
		patch = append(patch, object{"op": "remove", "path": "/note"})
		delete(want, "note")
	}
	_, answer := l.wants(200, path, typ, patch)
	l.changed(s, i, answer, want)
}

func (l *librarian) drops(s *shelf, i int) {
	id := l.idOf(s.items[i])
	path := l.path(s, id)
	_, answer := l.wants(l.deletes, "DELETE "+path, "", nil)
	if d, ok := answer.(object); ok && l.doc == "customers.yaml" && (d["id"] != id || d["deleted"] != true) {
		l.fatalf("deleted: %v", d)
	}
	s.items = slices.Delete(s.items, i, i+1)
	s.gone = append(s.gone, id)
	l.missing(s, id)
}

// missing wants nothing to be at an id, whatever is done there.
func (l *librarian) missing(s *shelf, id string) {
	path := l.path(s, id)
	l.wants(404, "GET "+path, "", nil)
	l.wants(404, "DELETE "+path, "", nil)
	if l.update != "" {
		l.wants(404, l.update+" "+path, l.typ, l.wrapped(object{"age": 3}, id))
	}
	if l.put && !l.upserts {
		body := l.props()
		if l.hidden {
			body["password"] = "secret-1234"
		}
		l.wants(404, "PUT "+path, l.typ, l.wrapped(body, ""))
	}
}

// misses asks for what is gone, or never was.
func (l *librarian) misses(s *shelf) {
	id := "99999999"
	switch {
	case len(s.gone) > 0 && l.rng.IntN(3) > 0:
		id = s.gone[l.rng.IntN(len(s.gone))]
	case l.hidden:
		id = "00000000-0000-4000-8000-000000000000"
	}
	l.missing(s, id)
}

// strays asks for an item of one parent under another.
func (l *librarian) strays(s *shelf, i int) {
	id := l.idOf(s.items[i])
	for _, other := range l.shelves {
		if other != s && !slices.ContainsFunc(other.items, func(o object) bool { return l.idOf(o) == id }) {
			l.missing(other, id)
		}
	}
}

// conditions changes an item only as it is known.
func (l *librarian) conditions(s *shelf, i int) {
	path := l.path(s, l.idOf(s.items[i]))
	res, _ := l.wants(200, "GET "+path, "", nil)
	method, change := l.update, l.change()
	want := laid(s.items[i], change)
	typ := l.typ
	switch {
	case l.merge && method == "":
		method, typ = "PATCH", "application/merge-patch+json"
	case method == "":
		method, change = "PUT", lacking(l.props(), "name")
		want = laid(lacking(s.items[i], "note"), change)
	}
	body := l.wrapped(change, l.idOf(s.items[i]))
	l.wants(412, method+" "+path, typ, body, `If-Match: "another"`)
	l.reads(s, i)
	_, answer := l.wants(200, method+" "+path, typ, body, "If-Match: "+res.Get("Etag"))
	l.changed(s, i, answer, want)
	l.wants(412, "DELETE "+path, "", nil, "If-Match: "+res.Get("Etag"))
	l.reads(s, i)
}

// breaks sends what the document doesn't take: nothing is kept.
func (l *librarian) breaks(s *shelf) {
	props := l.props()
	props["status"] = "lost"
	res, _ := l.send("POST "+l.listPath(s), l.typ, l.wrapped(props, ""))
	if res.Status < 400 || res.Status > 499 {
		l.fatalf("status %d", res.Status)
	}
	l.compare(l.pages(s, 20, "", nil), s.items)
}

// lists walks through a list, in pages of any size, by any filter and order.
func (l *librarian) lists(s *shelf) {
	want := slices.Clone(s.items)
	var query []string
	if l.status != "-" && l.rng.IntN(2) == 0 {
		status := [...]string{"available", "pending", "sold"}[l.rng.IntN(3)]
		query = append(query, l.status+"="+status)
		want = slices.DeleteFunc(want, func(o object) bool { return o["status"] != status })
	}
	if l.sort != nil && l.rng.IntN(2) == 0 {
		property, falling := [...]string{"name", "age"}[l.rng.IntN(2)], l.rng.IntN(2) == 0
		query = append(query, l.sort(property, falling))
		slices.SortStableFunc(want, func(a, b object) int {
			c := 0
			if property == "age" {
				c = int(a["age"].(float64)) - int(b["age"].(float64))
			} else {
				c = strings.Compare(a["name"].(string), b["name"].(string))
			}
			if falling {
				return -c
			}
			return c
		})
	}
	n := float64(len(want))
	l.compare(l.pages(s, 1+l.rng.IntN(12), strings.Join(query, "&"), &n), want)
}

// pages gives all items of a list, page by page.
func (l *librarian) pages(s *shelf, size int, query string, total *float64) []object {
	l.t.Helper()
	w := &walk{size: size}
	var out []object
	for l.walk(w) {
		q := w.query
		if query != "" {
			q += "&" + query
		}
		w.res, w.body = l.wants(200, "GET "+l.listPath(s)+"?"+q, "", nil)
		list, ok := at(w.body, l.many...).([]any)
		if !ok {
			l.fatalf("no list: %v", w.body)
		}
		if len(list) > size {
			l.fatalf("%d items on a page of %d", len(list), size)
		}
		for _, x := range list {
			out = append(out, l.flat(x))
			w.last = l.idOf(out[len(out)-1])
		}
		w.page, w.got, w.seen = w.page+1, len(list), w.seen+len(list)
		if total != nil && l.total != nil && l.total(w.res, w.body) != any(*total) {
			l.fatalf("total %v, want %v", l.total(w.res, w.body), *total)
		}
		if w.page > 1000 {
			l.fatalf("there is no last page")
		}
	}
	return out
}

func (l *librarian) compare(got, want []object) {
	l.t.Helper()
	ids := func(list []object) []string {
		out := make([]string, len(list))
		for i := range list {
			out[i] = l.idOf(list[i])
		}
		return out
	}
	if !slices.Equal(ids(got), ids(want)) {
		l.fatalf("listed %v\nwant   %v", ids(got), ids(want))
	}
	for i := range got {
		if !same(got[i], want[i]) {
			l.fatalf("listed %v\nwant   %v", got[i], want[i])
		}
	}
}

// TestState_Parents deletes parents and makes others: children go with theirs,
// come back with nobody, and are counted.
func TestState_Parents(t *testing.T) {
	t.Parallel()
	c := &client{t: t, m: livingMock(t, "owners.yaml", Config{})}
	_, list := c.wants(200, "GET /owners", "", nil)
	owners := list.(object)["results"].([]any)
	a, b := owners[0].(object)["id"].(string), owners[1].(object)["id"].(string)
	pet := object{"name": "Rex", "status": "sold", "age": 1}
	count := func(owner string) (listed, told float64) {
		_, pets := c.wants(200, "GET /owners/"+owner+"/pets", "", nil)
		_, o := c.wants(200, "GET /owners/"+owner, "", nil)
		return pets.(object)["total"].(float64), o.(object)["pet_count"].(float64)
	}
	n, told := count(a)
	if n != told || n == 0 {
		c.fatalf("%v pets, %v are counted", n, told)
	}
	_, made := c.wants(201, "POST /owners/"+a+"/pets", asJSON, pet)
	if at(made, "owner_id") != any(a) {
		c.fatalf("the pet of %s: %v", a, made)
	}
	if now, told := count(a); now != n+1 || told != n+1 {
		c.fatalf("one more than %v: %v, %v are counted", n, now, told)
	}
	others, _ := count(b)
	c.wants(204, "DELETE /owners/"+a, "", nil)
	id := fmt.Sprint(at(made, "id"))
	for _, target := range []string{"GET /owners/" + a, "GET /owners/" + a + "/pets", "GET /owners/" + a + "/pets/" + id, "DELETE /owners/" + a + "/pets/" + id} {
		c.wants(404, target, "", nil)
	}
	c.wants(404, "POST /owners/"+a+"/pets", asJSON, pet)
	c.wants(404, "POST /owners/nobody/pets", asJSON, pet)
	if now, told := count(b); now != others || told != others {
		c.fatalf("the other owner had %v pets, now %v, %v are counted", others, now, told)
	}
	_, fresh := c.wants(201, "POST /owners", asJSON, object{"name": "New"})
	if fresh.(object)["pet_count"] != 0.0 {
		c.fatalf("a new owner has pets: %v", fresh)
	}
	if n, told := count(fresh.(object)["id"].(string)); n != 0 || told != 0 {
		c.fatalf("a new owner has %v pets, %v are counted", n, told)
	}
}

// TestState_Shallow wants what is made under a parent to be found beside it.
func TestState_Shallow(t *testing.T) {
	t.Parallel()
	c := &client{t: t, m: livingMock(t, "shallow.yaml", Config{})}
	pet := object{"name": "Rex", "status": "sold", "age": 1}
	ids := func(path string) []any {
		_, list := c.wants(200, "GET "+path+"?size=50", "", nil)
		var out []any
		for _, x := range list.([]any) {
			out = append(out, x.(object)["id"])
		}
		return out
	}
	_, made := c.wants(201, "POST /owners/2/pets", asJSON, pet)
	id := at(made, "id")
	if at(made, "owner_id") != 2.0 {
		c.fatalf("its owner: %v", made)
	}
	if !slices.Contains(ids("/pets"), id) || !slices.Contains(ids("/owners/2/pets"), id) || slices.Contains(ids("/owners/1/pets"), id) {
		c.fatalf("pet %v: of all %v, of 2 %v, of 1 %v", id, ids("/pets"), ids("/owners/2/pets"), ids("/owners/1/pets"))
	}
	_, owners := c.wants(200, "GET /owners", "", nil)
	sum := 0
	for _, o := range owners.([]any) {
		owner := fmt.Sprint(o.(object)["id"])
		for _, id := range ids("/owners/" + owner + "/pets") {
			sum++
			if _, p := c.wants(200, fmt.Sprint("GET /pets/", id), "", nil); fmt.Sprint(at(p, "owner_id")) != owner {
				c.fatalf("a pet of %s: %v", owner, p)
			}
		}
	}
	if all := len(ids("/pets")); sum != all {
		c.fatalf("the owners have %d pets, there are %d", sum, all)
	}
	c.wants(204, fmt.Sprint("DELETE /pets/", id), "", nil)
	if slices.Contains(ids("/owners/2/pets"), id) {
		c.fatalf("a deleted pet is listed")
	}
}

// TestState_Batch wants a create of many items to make all of them or none,
// and to answer with them.
func TestState_Batch(t *testing.T) {
	t.Parallel()
	doc := strings.Replace(living(t, "projects.yaml"), `      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Project'}}}}
      responses:
        "201": {description: Made., content: {application/json: {schema: {$ref: '#/components/schemas/Project'}}}}`, `      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Project'}}}}}
      responses:
        "201": {description: Made., content: {application/json: {schema: {ANSWER}}}}`, 1)
	batch := func(slugs ...string) []object {
		var out []object
		for _, s := range slugs {
			out = append(out, object{"slug": s, "name": s, "status": "sold", "age": 1.0})
		}
		return out
	}
	for _, test := range []struct {
		name, answer string
		place        []string
	}{
		{"wrapped", `type: object, required: [projects], properties: {projects: {type: array, items: {$ref: '#/components/schemas/Project'}}}`, []string{"projects"}},
		{"bare", `type: array, items: {$ref: '#/components/schemas/Project'}`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := &client{t: t, m: mockOf(t, strings.Replace(doc, "ANSWER", test.answer, 1), Config{Resources: resource.Config{World: 2, MaxItems: 5}})}
			has := func(n int, why string) {
				t.Helper()
				_, list := c.wants(200, "GET /projects", "", nil)
				if got := len(list.(object)["projects"].([]any)); got != n {
					t.Errorf("%s: %d are there, want %d", why, got, n)
				}
			}
			res := ask(c.m, sent{"POST /projects", []string{"Content-Type: application/json"}, sentBody(asJSON, batch("a", "b"))})
			has(4, "two more than two")
			if _, again := c.wants(200, "GET /projects/b", "", nil); !same(again, any(batch("b")[0])) {
				c.fatalf("read %v", again)
			}
			var got any
			_ = json.Unmarshal([]byte(text(res)), &got)
			var want []any
			for _, x := range batch("a", "b") {
				want = append(want, any(x))
			}
			if res.Status != 201 || !same(at(got, test.place...), any(want)) {
				t.Errorf("answered %d %s: %+v", res.Status, text(res), res.Trace)
			}
			c.wants(409, "POST /projects", asJSON, batch("c", "a"))
			has(4, "one name of two is taken")
			if res := ask(c.m, sent{"POST /projects", []string{"Content-Type: application/json"}, sentBody(asJSON, batch("d", "e", "f"))}); res.Status < 400 {
				t.Errorf("three in the room of one: status %d", res.Status)
			}
			has(4, "three in the room of one")
		})
	}
}
