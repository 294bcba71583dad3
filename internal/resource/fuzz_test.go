package resource_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/resource"
	"github.com/mimus-dev/mimus/internal/schema"
)

// FuzzInfer makes any document live: every operation that has a role answers
// without a fault, and where the contract alone has a valid answer, so has the
// state.
func FuzzInfer(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	if err != nil || len(files) == 0 {
		f.Fatal("no documents")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, doc := range []string{
		"GET /a [A]\nPOST /a A A\nGET /a/{x} A\nPUT /a/{x} A A\nGET /a/{x}/b [A]\nPOST /a/{x}/b A A\nGET /a/{x}/b/{y} A\nPATCH /a/{x}/b/{y} A Any\nA: id:integer a_id?:integer b_count?:integer",
		"GET /pets/list [Pet]\nPOST /pets/create Pet Pet\nGET /pets/{id} Pet\nPOST /pets/{id}/update Pet Pet\nPOST /pets/{id}/delete -\nPOST /pets/{id}/adopt Pet\nPet: id:uuid name:string adopted:boolean status:enum/new/adopted",
		"GET /owners [O]\nGET /owners/{id} O\nGET /owners/{id}/pets [Pet]\nPOST /owners/{id}/pets Pet Pet\nGET /pets/{id} Pet\nGET /pets?page:integer&limit:integer&sort&q [Pet]\nO: id:integer\nPet: id:integer owner:O owner_id:integer url!:string",
		"GET /pods items=[P]\nPOST /pods P P\nGET /pods/{name} P\nP: metadata:M spec:Any\nM: name:string",
		"GET /b [B]\nGET /b/{name} B\nPUT /b/{name} B B\nDELETE /b/{name} B\nB: name:string created_at!:date-time version!:integer",
	} {
		f.Add(sketch(doc))
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<14 {
			return
		}
		def, ok := open(text)
		if !ok && !bytes.Contains(text, []byte("{\n")) { // short lines change to more documents than YAML does
			def, ok = open(sketch(string(text)))
		}
		if !ok || len(def.Operations) > 40 {
			return
		}
		start := time.Now()
		exercise(t, def)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%d bytes took %v", len(text), took)
		}
	})
}

// TestInfer_RandomDocuments does what FuzzInfer does with documents of random
// paths and schemas, which a fuzzer seldom comes to.
func TestInfer_RandomDocuments(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		lines := randomSketch(rand.New(rand.NewPCG(seed, 3)))
		def, ok := open(sketch(lines))
		if !ok {
			t.Fatalf("%d: not read: %s", seed, sketch(lines))
		}
		if !t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) { exercise(t, def) }) {
			t.Logf("%s", lines)
		}
	}
}

// TestInfer_Corpus does the same with documents of real APIs.
func TestInfer_Corpus(t *testing.T) {
	t.Parallel()
	shared := os.Getenv("MIMUS_SHARED")
	if shared == "" {
		t.Skip("MIMUS_SHARED is not set: the corpus is not there")
	}
	files, err := filepath.Glob(filepath.Join(shared, "corpus", "openapi", "*.*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if def, ok := open(text); ok {
			t.Run(filepath.Base(file), func(t *testing.T) { exercise(t, def) })
		}
	}
}

// randomSketch makes the lines of a sketch: resources in one another, with
// some of the operations and schemas of some kind.
func randomSketch(rng *rand.Rand) string {
	one := func(list ...string) string { return list[rng.IntN(len(list))] }
	var b strings.Builder
	nouns := []string{"pets", "owners", "boxes", "toy-cars", "statuses", "data", "users"}
	rng.Shuffle(len(nouns), func(i, j int) { nouns[i], nouns[j] = nouns[j], nouns[i] })
	names := []string{"Pet", "Owner", "Box"}
	base := ""
	for i, name := range names {
		coll := base + "/" + nouns[i]
		typ := one("integer", "string")
		param := "{" + one("id", strings.TrimSuffix(nouns[i], "s")+"_id", "name", "x") + strconv.Itoa(i) + ":" + typ + "}"
		answer := func(s string) string { return one(s, s, "data="+s, name+"="+s, "item?="+s+",ok=boolean") }
		for _, op := range []string{
			"GET " + coll + one("", "?page:integer&limit:integer", "?cursor&limit:integer", "?sort&q&status") + " " + one("["+name+"]", "data=["+name+"],total=integer,next_cursor?=string", "items=["+name+"]", "meta=Any,"+nouns[i]+"=["+name+"]"),
			"POST " + coll + " " + answer(name) + " " + one(name, "data="+name, "name=string", "Any", "["+name+"]"),
			"GET " + coll + "/" + param + " " + answer(name),
			"PUT " + coll + "/" + param + " " + one("-", answer(name)) + " " + one(name, "name=string"),
			"PATCH " + coll + "/" + param + " " + one("-", answer(name)) + " " + one(name, "Any", "name?=string"),
			"POST " + coll + "/" + param + "/" + one("cancel", "archive", "lock", "publish") + " " + one("-", name, "Any"),
			"DELETE " + coll + "/" + param + " " + one("-", name, "id=string,deleted=boolean"),
			"GET " + coll + "/" + one("search", "mine", "count") + " " + one("["+name+"]", "integer", "[string]"),
		} {
			if rng.IntN(5) > 0 {
				b.WriteString(op + "\n")
			}
		}
		if rng.IntN(2) == 0 {
			base = coll + "/" + param
		}
		b.WriteString(name + ": " + one("id:integer", "id:uuid", "id:string", "id!:cus_NffrFeUfNV2Hib", "name:string", "uuid:uuid", "meta:Meta"))
		for _, p := range []string{
			"title?:string", "status:enum/active/archived/cancelled", "created_at!:date-time", "updated_at?:date-time", "version!:integer", "pet_id:integer", "owner?:Owner", "owner_ids:[uuid]",
			"pets_count:integer", "self!:string", "url!?:string", "tags:[string]", "locked:boolean", "box?:Box", "parent_id?:string", "pets?:[Pet]", "published_at?:date-time", "email:string",
		} {
			if rng.IntN(4) == 0 {
				b.WriteString(" " + p)
			}
		}
		b.WriteString("\n")
	}
	return b.String() + "Meta: id:string name:string\n"
}

// exercise calls every operation that has a role.
func exercise(t *testing.T, def *definition.Definition) {
	t.Helper()
	for _, op := range def.Operations {
		op.Security = nil // credentials are another test's
	}
	clock := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	cfg := resource.Config{World: 5, Now: func() time.Time { return clock }}
	m, set := infer(def)
	m.Describe()
	// of the seed that the mock has: the ids are the same
	state := resource.NewState(m, resource.Config{Seed: "mimus", World: 5, Now: cfg.Now})
	state.Describe()
	u := user{t: t, def: def, set: set, state: state,
		living: engine.Compile(def, engine.Config{State: engine.LivingOn, Resources: cfg}),
		still:  engine.Compile(def, engine.Config{State: engine.LivingOff})}
	for _, kind := range []resource.Kind{resource.List, resource.Create, resource.Read, resource.Replace, resource.Update, resource.Action, resource.List, resource.Delete, resource.List, resource.Read} {
		for _, op := range def.Operations {
			if role := m.Role(op); role != nil && role.Kind == kind {
				u.calls(role)
			}
		}
	}
}

// user calls a living mock, and one that isn't.
type user struct {
	t             *testing.T
	def           *definition.Definition
	set           *schema.Set
	state         *resource.State
	living, still *engine.Mock
	n             uint64
}

// calls sends a request that is made of the operation's schemas.
func (u *user) calls(role *resource.Role) {
	u.t.Helper()
	op := role.Op
	u.n++
	path, query, header := u.parameters(role)
	var body []byte
	if op.Body != nil {
		for _, md := range op.Body.Content {
			if strings.Contains(md.Type, "json") && md.Schema != nil {
				v, ok, err := u.set.Compile(md.Schema).Generate(u.set, schema.Options{Direction: schema.Request, Dynamic: true, Seed: u.n})
				if ok && err == nil {
					body = v.AppendJSON(nil)
					header.Set("Content-Type", strings.NewReplacer("*/*", "application/json", "application/*", "application/json").Replace(md.Type))
				}
				break
			}
		}
	}
	request := func() *engine.Request {
		req := &engine.Request{Method: op.Method, Path: path, RawQuery: query, Header: maps.Clone(header), Length: int64(len(body)), Base: "http://host"}
		if body != nil {
			req.Body = bytes.NewReader(body)
		}
		return req
	}
	var got engine.Response
	u.living.Answer(request(), &got)
	if got.Fault != "" {
		u.t.Fatalf("%s %s?%s %s: %s", op.Method, path, query, body, got.Fault)
	}
	if got.Responder != "state" || got.Status > 299 || len(got.Found) > 0 {
		return
	}
	why := u.breach(op, &got)
	if why == "" {
		return
	}
	var other engine.Response
	u.still.Answer(request(), &other)
	if other.Status > 299 || u.breach(op, &other) != "" {
		return // nothing answers this one as it should be
	}
	u.t.Errorf("%s %s?%s %s\nanswered %d %s\n%s\nwithout state %d %s", op.Method, path, query, body, got.Status, got.Body, why, other.Status, other.Body)
}

var inPath = regexp.MustCompile(`\{[^{}]*\}`)

// parameters makes what is required of the parameters; what the path names is
// there, if anything is.
func (u *user) parameters(role *resource.Role) (path, query string, header http.Header) {
	values, _ := u.state.FirstValues(role)
	header = http.Header{}
	params := url.Values{}
	var cookies []string
	made := map[string]string{}
	for _, p := range role.Op.Parameters {
		if !p.Required && p.In != definition.InPath {
			continue
		}
		v, ok, err := u.set.Compile(p.Schema).Generate(u.set, schema.Options{Direction: schema.Request, Seed: u.n, Name: p.Name})
		if !ok || err != nil || v.Kind == definition.Object || v.Kind == definition.Array {
			continue
		}
		switch p.In {
		case definition.InPath:
			made[p.Name] = v.Text
		case definition.InQuery:
			params.Set(p.Name, v.Text)
		case definition.InHeader:
			header.Set(p.Name, v.Text)
		case definition.InCookie:
			cookies = append(cookies, p.Name+"="+v.Text)
		}
	}
	if len(cookies) > 0 {
		header.Set("Cookie", strings.Join(cookies, "; "))
	}
	i := 0
	path = inPath.ReplaceAllStringFunc(role.Op.Path, func(s string) string {
		text := made[strings.Trim(s, "{}")]
		if i < len(values) {
			text = values[i]
		}
		i++
		if text == "" {
			text = "1"
		}
		return url.PathEscape(text)
	})
	return path, params.Encode(), header
}

// breach tells how an answer of JSON breaks what is declared; "" where it
// doesn't, or is no JSON.
func (u *user) breach(op *definition.Operation, res *engine.Response) string {
	if len(res.Body) == 0 {
		return ""
	}
	status := strconv.Itoa(res.Status)
	for _, want := range []string{status, status[:1] + "XX", "default"} {
		i := slices.IndexFunc(op.Responses, func(r *definition.Response) bool { return r.Status == want })
		if i < 0 {
			continue
		}
		typ := plain(res.Get("Content-Type"))
		for _, md := range op.Responses[i].Content {
			if plain(md.Type) != typ || !strings.HasSuffix(typ, "json") || md.Schema == nil {
				continue
			}
			v, err := document.ParseJSON(string(res.Body), 0, document.Limits{})
			if err != nil {
				return err.Error()
			}
			if found := u.set.Compile(md.Schema).Validate(&v, schema.Response, 3); found != nil {
				return fmt.Sprint(found)
			}
			return ""
		}
		return ""
	}
	return ""
}

func plain(typ string) string {
	typ, _, _ = strings.Cut(typ, ";")
	return strings.ToLower(strings.TrimSpace(typ))
}

// TestInfer_ExercisesAll keeps the fuzz target honest: of its documents, most
// requests reach the state.
func TestInfer_ExercisesAll(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"pets.yaml", "owners.yaml", "users.yaml", "envelope.yaml", "articles.yaml", "buckets.yaml"} {
		def, ok := open(fixture(t, name))
		if !ok {
			t.Fatal(name)
		}
		m, set := infer(def)
		state := resource.NewState(m, resource.Config{Seed: "mimus", World: 5})
		u := user{t: t, def: def, set: set, state: state, living: engine.Compile(def, engine.Config{Resources: resource.Config{World: 5}})}
		for _, op := range def.Operations {
			role := m.Role(op)
			if role == nil {
				t.Errorf("%s: %s %s has no role", name, op.Method, op.Path)
				continue
			}
			if role.Kind != resource.Read && role.Kind != resource.List {
				continue
			}
			path, query, header := u.parameters(role)
			var res engine.Response
			u.living.Answer(&engine.Request{Method: op.Method, Path: path, RawQuery: query, Header: header}, &res)
			if res.Responder != "state" || res.Status != 200 {
				t.Errorf("%s: %s %s: status %d: %+v", name, op.Method, path, res.Status, res.Trace)
			}
		}
	}
}
