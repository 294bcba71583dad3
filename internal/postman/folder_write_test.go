package postman

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

func TestWriteFolder_Fixture_LosesNothing(t *testing.T) {
	t.Parallel()
	c, _ := readFolder(t, folderFixture)
	again := writeAndRead(t, c)
	first, err := c.Files()
	if err != nil {
		t.Fatal(err)
	}
	second, _ := again.Files()
	if diff := sameModel(c, again); diff != "" {
		t.Error(diff)
	}
	if !reflect.DeepEqual(first, second) {
		t.Error("writing again gives other files")
	}
}

func TestFiles_Fixture_PathsAreThoseOfTheFormat(t *testing.T) {
	t.Parallel()
	c, _ := readFolder(t, folderFixture)
	files, err := c.Files()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		".resources/Ban.resources/examples/Gone.example.yaml",
		".resources/List pets.resources/examples/500.example.yaml",
		".resources/List pets.resources/examples/OK.example.yaml",
		".resources/Upload.resources/examples/Done.example.yaml",
		".resources/definition.yaml",
		"Admin/.resources/Ban user.resources/examples/Banned.example.yaml",
		"Admin/.resources/definition.yaml",
		"Admin/Ban user.request.yaml",
		"Admin/Deep/.resources/definition.yaml",
		"Admin/Deep/Ping.request.yaml",
		"Admin/Escape.request.yaml",
		"Ban.request.yaml",
		"Create a pet.request.yaml",
		"File.request.yaml",
		"Form.request.yaml",
		"GraphQL.request.yaml",
		"Later/.resources/definition.yaml",
		"List pets.request.yaml",
		"Pet by id.request.yaml",
		"Search.request.yaml",
		"Upload.request.yaml",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(files))); diff != "" {
		t.Error(diff)
	}
	const example = `$kind: http-example
request:
  method: GET
  url: '{{baseUrl}}/pets?limit=10'
  queryParams:
    - key: limit
      value: '10'
  headers:
    - key: Accept
      value: application/json
  x-note: kept
response:
  statusCode: 200
  statusText: OK
  headers:
    - key: Content-Type
      value: application/json
  body:
    type: json
    content: |-
      [
        {"id": 1}
      ]
    x-body: kept
  responseTime: 12
order: 2
`
	if diff := cmp.Diff(example, string(files[".resources/List pets.resources/examples/OK.example.yaml"])); diff != "" {
		t.Error(diff)
	}
}

func TestWriteFolder_NewOrder_RenumbersAndIsReadInIt(t *testing.T) {
	t.Parallel()
	c, _ := readFolder(t, folderFixture)
	slices.Reverse(c.Items)
	want := itemNames(c.Items)
	again := writeAndRead(t, c)
	if diff := cmp.Diff(want, itemNames(again.Items)); diff != "" {
		t.Error(diff)
	}
}

func TestFileNames_AreLegalEverywhereAndUnique(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"List pets": "List pets", "a/b\\c": "a-b-c", `<>:"|?*`: "-------", "tab\there": "tab-here",
		"dots...": "dots", "space ": "space", "": "Untitled", "..": "Untitled", " . ": "Untitled", ".env": "_.env",
		"CON": "CON_", "con.txt": "con_.txt", "Lpt1": "Lpt1_", "COM¹": "COM¹_", "COM10": "COM10", "console": "console",
		"x.resources": "x.resources_", "héllo ✓": "héllo ✓", "a\u202eb": "a-b", "\xff": "-",
		strings.Repeat("é", 300): strings.Repeat("é", 100),
		strings.Repeat("字", 300): strings.Repeat("字", 66),
	} {
		if got := folderFileName(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
	names := folderNames{}
	for _, want := range []string{"List pets", "LIST PETS 2", "List pets 3"} {
		name := strings.TrimRight(want, " 23")
		if got := names.unique(name, ".request.yaml"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := names.unique("List pets", ""); got != "List pets" {
		t.Errorf("a folder needs no other name than a request: %q", got)
	}
}

// oddTexts are texts that formats get wrong.
var oddTexts = []string{
	"", " ", "true", "No", "null", "~", "12", "0x1F", "1e3", "2024-01-01", "12:30:45", ".5", ".inf", "-", "- a", "a: b", "a #b", "#a",
	"{{x}}", "[a", "*a", "&a", "!a", "|", ">", "%a", "@a", "`a", "'a'", `"a"`, "? a", "a:", ":a", "<<", "=", "a\\b",
	"a\nb", "a\nb\n", "a\nb\n\n", "\na", "  a\nb", "\ta\nb", "a\n  b\n\tc", "a \nb ", "a\r\nb\r\n", "a\rb", "\n", "\n\n", "a\n---\nb\n...\n",
	"\x00\x01\x1b", "\x7f", "\u0085", "\u2028", "\u2029", "\ufeff", "a\ufeffb\nc", "é✓字", "🐕", "👩‍👩‍👧\n🐕", "\u00a0x", "x\u00a0", "\u202e", "\ufffd", "\uffff",
	strings.Repeat("long ", 100), strings.Repeat("x", 2000), "CON", "a/b", "..", ".hidden", "x.resources", "A", "a", "a.request.yaml",
	"{\n  \"a\": [1, 2],\n\n  \"b\": \"# no comment\"\n}\n",
}

func TestYAML_OddTexts_SurviveAsTexts(t *testing.T) {
	t.Parallel()
	for _, s := range oddTexts {
		v := definition.NewObject(
			definition.NewString(s).With("value"), definition.NewString("x").With(s+"key"),
			definition.NewArray(definition.NewString(s), definition.NewObject(definition.NewString(s).With("a"))).With("list"),
			definition.NewString("end").With("last"))
		text, err := document.AppendYAML(nil, &v)
		if err != nil {
			t.Fatal(err)
		}
		got, diags, err := document.ParseYAML(string(text), 1, document.Limits{})
		if err != nil || len(diags) > 0 {
			t.Errorf("%q: %v %v\n%s", s, err, diags, text)
			continue
		}
		strip(reflect.ValueOf(&got))
		strip(reflect.ValueOf(&v))
		if diff := cmp.Diff(v, got); diff != "" {
			t.Errorf("%q: %s\n%s", s, diff, text)
		}
	}
}

func TestYAML_SeveralLines_AreABlock(t *testing.T) {
	t.Parallel()
	v := definition.NewObject(
		definition.NewString("{\n  \"a\": 1\n}").With("body"),
		definition.NewString("12").With("text"), definition.NewInt(12).With("number"),
		definition.NewNull().With("none"), definition.NewArray().With("list"), definition.NewObject().With("map"))
	got, err := document.AppendYAML(nil, &v)
	if err != nil {
		t.Fatal(err)
	}
	const want = "body: |-\n  {\n    \"a\": 1\n  }\ntext: '12'\nnumber: 12\nnone: null\nlist: []\nmap: {}\n"
	if string(got) != want {
		t.Errorf("got\n%s", got)
	}
}

// oddCollection makes a collection of odd texts.
func oddCollection(rnd *rand.Rand) *Collection {
	o := odd{rnd}
	c := &Collection{
		Version: V3, Name: o.text(), ID: o.full(), Description: NewDescription(o.text()),
		Variables: o.variables(), Auth: o.auth(), Events: o.events(),
		Extra: []definition.Value{definition.NewObject(definition.NewString(o.text()).With(o.text())).With("x-extra")},
	}
	c.Items = o.items(3)
	return c
}

type odd struct{ *rand.Rand }

func (o odd) text() string { return oddTexts[o.IntN(len(oddTexts))] }

// full is a text that is not empty.
func (o odd) full() string {
	for {
		if s := o.text(); s != "" {
			return s
		}
	}
}

func (o odd) items(depth int) []*Item {
	var items []*Item
	for range 1 + o.IntN(6) {
		if depth > 0 && o.IntN(3) == 0 {
			items = append(items, &Item{Name: o.text(), Folder: true, Description: NewDescription(o.text()),
				Variables: o.variables(), Auth: o.auth(), Events: o.events(), Items: o.items(depth - 1)})
			continue
		}
		it := &Item{Name: o.text(), Kind: "http-request", Request: o.request(), Events: o.events()}
		for range o.IntN(4) {
			body := o.text()
			it.Examples = append(it.Examples, &Example{ID: o.full(), Name: o.text(), OriginalRequest: o.request(),
				Code: 200 + o.IntN(300), Status: o.full(), Header: o.fields(), Body: &body, PreviewLanguage: "json"})
		}
		items = append(items, it)
	}
	return items
}

func (o odd) request() *Request {
	req := &Request{Method: "POST", URL: ParseURL("{{baseUrl}}/pets/:id?q=1#" + o.text()), Header: o.fields(), Auth: o.auth(), Description: NewDescription(o.text())}
	if query := o.fields(); query != nil {
		req.URL.Query = query
	}
	req.URL.Params = o.variables()
	switch o.IntN(5) {
	case 0:
		options := definition.NewObject(definition.NewObject(definition.NewString("json").With("language")).With("raw")).With("options")
		req.Body = &Body{Mode: "raw", Raw: o.full(), Options: &options}
	case 1:
		req.Body = &Body{Mode: "urlencoded", URLEncoded: o.fields()}
	case 2:
		src := definition.NewString(o.text()).With("src")
		req.Body = &Body{Mode: "formdata", Form: append(o.fields(), &Field{Key: "f", Type: "file", Src: &src})}
	case 3:
		graph := definition.NewObject(definition.NewString(o.text()).With("query")).With("graphql")
		req.Body = &Body{Mode: "graphql", GraphQL: &graph, Disabled: true}
	}
	return req
}

func (o odd) fields() []*Field {
	var list []*Field
	for range o.IntN(4) {
		list = append(list, &Field{Key: o.full(), Value: o.full(), Disabled: o.IntN(2) == 0, Description: NewDescription(o.text())})
	}
	return list
}

func (o odd) variables() []*Variable {
	var list []*Variable
	for range o.IntN(3) {
		v := NewVariable(o.full(), o.text(), "string")
		*v.Value = v.Value.With("value")
		list = append(list, v)
	}
	return list
}

func (o odd) auth() *Auth {
	if o.IntN(2) == 0 {
		return nil
	}
	return &Auth{Type: "bearer", Schemes: []AuthScheme{{Type: "bearer", Params: []AuthParam{{Key: o.full(), Value: definition.NewString(o.text()).With("value"), Type: "string"}}}}}
}

func (o odd) events() []*Event {
	if o.IntN(2) == 0 {
		return nil
	}
	return []*Event{{Listen: "prerequest", Disabled: true, Script: &Script{Type: "text/javascript", Exec: strings.Split(o.text(), "\n")}}, {Listen: o.full()}}
}

func TestWriteFolder_OddNames_LosesNothing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(15) {
		c := oddCollection(rand.New(rand.NewPCG(seed, 1)))
		numbered := writeAndRead(t, c)
		again := writeAndRead(t, numbered)
		setOrder(c.Items)
		if diff := sameModel(c, numbered); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
		if diff := sameModel(numbered, again); diff != "" {
			t.Fatalf("seed %d, again: %s", seed, diff)
		}
	}
}

// setOrder gives the places that a writer gives where the order has to change,
// and takes them where it kept the one of the names.
func setOrder(items []*Item) {
	placed := make([]folderPlaced, 0, len(items))
	names := folderNames{}
	for _, it := range items {
		kind := ".request.yaml"
		if it.Folder {
			kind = ""
		}
		placed = append(placed, folderPlaced{it, names.unique(it.Name, kind)})
	}
	sorted := slices.IsSortedFunc(placed, folderCompare)
	for i, it := range items {
		if !sorted {
			place := folderPlace(i).With("order")
			it.Order = &place
		}
		setOrder(it.Items)
		examples := folderNames{}
		var stems []string
		for _, e := range it.Examples {
			stems = append(stems, examples.unique(e.Name, ".example.yaml"))
		}
		for j, e := range it.Examples {
			if !slices.IsSorted(stems) {
				place := folderPlace(j).With("order")
				e.Order = &place
			}
		}
	}
}

// TestCorpus_WriteFolder_KeepsTheModel compares collections of older formats
// with what is read of them as folders, without what format 3.0.0 has no place
// for.
func TestCorpus_WriteFolder_KeepsTheModel(t *testing.T) {
	t.Parallel()
	for _, file := range corpus(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c, _ := read(t, string(text))
			again := writeAndRead(t, c)
			files, err := again.Files()
			if err != nil {
				t.Fatal(err)
			}
			second, _ := writeAndRead(t, again).Files()
			if !reflect.DeepEqual(files, second) {
				t.Error("as a collection of format 3.0.0 it changes again")
			}
			reduceCollection(c)
			reduceCollection(again)
			if diff := sameModel(c, again); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// reduceCollection takes out of the model what format 3.0.0 can't hold, or
// holds in one way where others have two.
func reduceCollection(c *Collection) {
	c.Info = nil
	c.Description = reduceDescription(c.Description)
	c.Extra = reduceExtra(c.Extra, "info", "item")
	c.Auth = reduceAuth(c.Auth)
	reduceVariables(c.Variables)
	reduceEvents(c.Events)
	reduceItems(c.Items)
}

func reduceItems(items []*Item) {
	for _, it := range items {
		it.Order = nil
		it.Description = reduceDescription(it.Description)
		it.Auth = reduceAuth(it.Auth)
		reduceVariables(it.Variables)
		reduceEvents(it.Events)
		if !it.Folder {
			it.Kind = "http-request"
		}
		if it.Request != nil { // one mapping holds both
			it.Extra = append(it.Extra, it.Request.Extra...)
			it.Request.Extra = nil
			if it.Request.Description == nil {
				it.Request.Description = it.Description
			}
			it.Description = nil
		}
		it.Extra = reduceExtra(it.Extra)
		reduceRequest(it.Request)
		for _, e := range it.Examples {
			e.Order = nil
			e.HeaderText = nil
			e.Extra = reduceExtra(e.Extra)
			if e.PreviewLanguage = strings.ToLower(e.PreviewLanguage); !folderTextType(e.PreviewLanguage) {
				e.PreviewLanguage = ""
			}
			if e.PreviewLanguage == "" && e.Body != nil {
				e.PreviewLanguage = "text"
			}
			reduceFields(e.Header)
			reduceRequest(e.OriginalRequest)
			if r := e.OriginalRequest; r != nil {
				r.Extra = reduceExtra(r.Extra)
			}
		}
		reduceItems(it.Items)
	}
}

func reduceRequest(r *Request) {
	if r == nil {
		return
	}
	r.Text, r.HeaderText = false, nil
	r.Description = reduceDescription(r.Description)
	r.Auth = reduceAuth(r.Auth)
	reduceFields(r.Header)
	if r.URL != nil {
		u := ParseURL(folderRaw(r.URL))
		if len(r.URL.Query) > 0 {
			u.Query = r.URL.Query
		}
		u.Params = r.URL.Params
		r.URL = u
		reduceFields(u.Query)
		reduceVariables(u.Params)
	}
	if b := r.Body; b != nil {
		if b.Mode == "" {
			b.Mode = "raw"
		}
		if b.Mode != "raw" {
			b.Raw = ""
		}
		if b.Mode != "urlencoded" {
			b.URLEncoded = nil
		}
		if b.Mode != "formdata" {
			b.Form = nil
		}
		if b.Mode != "graphql" {
			b.GraphQL = nil
		}
		if b.Mode != "file" {
			b.File = nil
		}
		language := b.Options.Get("raw").Get("language").Str()
		b.Options = nil
		if b.Mode == "raw" && folderTextType(language) && language != "text" {
			v := definition.NewString(language)
			b.Options = &v
		}
		b.Extra = reduceExtra(b.Extra)
		reduceFields(b.URLEncoded)
		reduceFields(b.Form)
	}
}

func reduceFields(list []*Field) {
	for _, f := range list {
		f.Description = reduceDescription(f.Description)
		f.Extra = reduceExtra(f.Extra, "enabled")
	}
}

func reduceVariables(list []*Variable) {
	for _, v := range list {
		v.Description = reduceDescription(v.Description)
		v.Extra = reduceExtra(v.Extra)
	}
}

func reduceDescription(d *Description) *Description {
	return NewDescription(d.String())
}

func reduceAuth(a *Auth) *Auth {
	if a == nil {
		return nil
	}
	params := slices.Clone(a.Scheme())
	for i := range params {
		params[i].Value = params[i].Value.With("value")
	}
	return &Auth{Type: a.Type, Schemes: []AuthScheme{{Type: a.Type, Params: params}}, Extra: reduceExtra(a.Extra)}
}

func reduceEvents(list []*Event) {
	for _, e := range list {
		if e.Script == nil {
			e.Script = &Script{}
		}
		s := *e.Script
		if s.Extra = reduceExtra(append(slices.Clip(s.Extra), e.Extra...)); len(s.Exec) > 0 {
			s.Exec = strings.Split(strings.Join(s.Exec, "\n"), "\n")
		}
		s.Line, s.Plain = false, false
		if i := slices.IndexFunc(s.Extra, func(v definition.Value) bool { return v.Key == "id" }); i >= 0 { // the event's
			if s.ID == "" {
				s.ID = s.Extra[i].Text
			}
			s.Extra = slices.Delete(s.Extra, i, i+1)
		}
		e.Script, e.Extra = &s, nil
	}
}

func reduceExtra(extra []definition.Value, drop ...string) []definition.Value {
	return slices.DeleteFunc(slices.Clone(extra), func(v definition.Value) bool {
		empty := v.Kind <= definition.Null || v.Kind != definition.Number && v.Kind != definition.Bool && v.Text == "" && len(v.Kids) == 0
		return empty || slices.Contains(drop, v.Key)
	})
}

func TestWriteFolder_ExistingFolder_ReplacesItsOwnFiles(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "Shop")
	c := &Collection{Version: V3, Name: "Shop", Items: []*Item{{Name: "A", Request: &Request{Method: "GET", URL: ParseURL("https://a.example.com")}}}}
	if err := c.WriteFolder(dir); err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(dir, "note.txt")
	os.WriteFile(note, []byte("mine"), 0o644)
	c.Items[0].Request.Method = "PUT"
	if err := c.WriteFolder(dir); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(note); string(text) != "mine" {
		t.Error("a file of another name was touched")
	}
	again, _ := readFolder(t, dir)
	if again.Items[0].Request.Method != "PUT" {
		t.Error("the file was not replaced")
	}
	left, _ := filepath.Glob(filepath.Join(dir, ".mimus-*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWriteFolder_LinkOutOfTheFolder_IsRefused(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need rights on Windows")
	}
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "Admin")); err != nil {
		t.Fatal(err)
	}
	c := &Collection{Version: V3, Items: []*Item{{Name: "Admin", Folder: true}}}
	if err := c.WriteFolder(dir); err == nil || !strings.Contains(err.Error(), "Admin") {
		t.Errorf("the error is %v", err)
	}
	if entries, _ := os.ReadDir(outside); len(entries) > 0 {
		t.Error("a file was written outside")
	}
}

func TestWriteFolder_TooDeep_SaysSo(t *testing.T) {
	t.Parallel()
	nest := func(n int, name string) *Collection {
		items := []*Item{}
		for range n {
			items = []*Item{{Name: name, Folder: true, Items: items}}
		}
		return &Collection{Version: V3, Items: items}
	}
	if err := nest(folderMaxDepth+2, "d").WriteFolder(t.TempDir()); err == nil || !strings.Contains(err.Error(), "nest") {
		t.Errorf("the error is %v", err)
	}
	if err := nest(400, strings.Repeat("long", 20)).WriteFolder(t.TempDir()); err == nil || !strings.Contains(err.Error(), "path") {
		t.Errorf("the error is %v", err)
	}
}

// FuzzReadFolderFile reads any bytes as a request with an example, which must
// neither fail nor change once it was written.
func FuzzReadFolderFile(f *testing.F) {
	fixtures, _ := filepath.Glob(filepath.Join(folderFixture, "*.request.y*ml"))
	examples, _ := filepath.Glob(filepath.Join(folderFixture, ".resources", "*", "*", "*.example.y*ml"))
	for _, name := range append(fixtures, examples...) {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("url: a\nauth: [{type: a}, 1]\nbody: {type: x, content: [1]}\norder: '1e2'\nname: ''\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		l := document.NewLoader(document.Config{Files: map[string][]byte{"a.yaml": text}, Limits: document.Limits{Nodes: 10_000}})
		file, err := l.Open(context.Background(), "a.yaml")
		if err != nil || file.Root.Kind != definition.Object {
			return
		}
		it, _ := folderItem(&file.Root, "a")
		it.Examples = []*Example{folderSaved(&file.Root, "a")}
		c := &Collection{Version: V3, Items: []*Item{it}}
		first, err := c.Files()
		if err != nil {
			t.Fatal(err)
		}
		second := fuzzAgain(t, first)
		if third := fuzzAgain(t, second); !maps.EqualFunc(second, third, bytes.Equal) {
			t.Error(cmp.Diff(fmt.Sprintf("%s", second), fmt.Sprintf("%s", third)))
		}
	})
}

// fuzzAgain reads the request and the example of files and writes them.
func fuzzAgain(t *testing.T, files map[string][]byte) map[string][]byte {
	t.Helper()
	c := &Collection{Version: V3, Items: []*Item{{}}}
	var example *Example
	for name, text := range files {
		l := document.NewLoader(document.Config{Files: map[string][]byte{"a.yaml": text}})
		file, err := l.Open(context.Background(), "a.yaml")
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, text)
		}
		base := filepath.Base(name)
		if stem, ok := folderStem(base, folderRequest); ok {
			c.Items[0], _ = folderItem(&file.Root, stem)
		} else if stem, ok := folderStem(base, folderExample); ok {
			example = folderSaved(&file.Root, stem)
		}
	}
	c.Items[0].Examples = []*Example{example}
	again, err := c.Files()
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func TestFiles_OlderFormat_NumbersItsItems(t *testing.T) {
	t.Parallel()
	c := &Collection{Version: V21, Items: []*Item{{Name: "A"}, {Name: "B", Folder: true}}}
	files, err := c.Files()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"A.request.yaml": "order: 1000\n", "B/.resources/definition.yaml": "order: 2000\n"} {
		if !strings.HasSuffix(string(files[name]), want) {
			t.Errorf("%s lacks %q:\n%s", name, want, files[name])
		}
	}
}
