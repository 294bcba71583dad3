package postman

import (
	"context"
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

const folderFixture = "testdata/folder/postman/collections/Shop API"

// readFolder reads a collection's folder.
func readFolder(t testing.TB, dir string) (*Collection, []document.Diagnostic) {
	t.Helper()
	c, diags, err := ReadFolder(context.Background(), document.NewLoader(document.Config{}), dir)
	if err != nil {
		t.Fatal(err)
	}
	return c, diags
}

// writeAndRead gives the collection that its files hold.
func writeAndRead(t testing.TB, c *Collection) *Collection {
	t.Helper()
	dir := t.TempDir()
	if err := c.WriteFolder(dir); err != nil {
		t.Fatal(err)
	}
	again, diags := readFolder(t, dir)
	if len(diags) > 0 {
		t.Errorf("what was written is read with complaints: %v", diags)
	}
	return again
}

// sameModel tells how two collections differ, but for where they were read
// from, their versions and whether a list is empty or missing; "" for not at
// all. It changes both.
func sameModel(a, b *Collection) string {
	strip(reflect.ValueOf(a))
	strip(reflect.ValueOf(b))
	if reflect.DeepEqual(a, b) { // a difference is slow to make
		return ""
	}
	return cmp.Diff(a, b)
}

// strip clears what sameModel leaves out.
func strip(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			strip(v.Elem())
		}
	case reflect.Slice:
		if v.Len() == 0 {
			v.SetZero()
		}
		for i := range v.Len() {
			strip(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			switch v.Type().Field(i).Name {
			case "Pos", "File", "Flags", "Version":
				v.Field(i).SetZero()
			default:
				strip(v.Field(i))
			}
		}
	}
}

func itemNames(items []*Item) []string {
	var names []string
	for _, it := range items {
		names = append(names, it.Name)
		for _, name := range itemNames(it.Items) {
			names = append(names, it.Name+"/"+name)
		}
	}
	return names
}

func findItem(t testing.TB, items []*Item, path ...string) *Item {
	t.Helper()
	for _, it := range items {
		if it.Name == path[0] {
			if len(path) == 1 {
				return it
			}
			return findItem(t, it.Items, path[1:]...)
		}
	}
	t.Fatalf("there is no item %q among %v", path[0], itemNames(items))
	return nil
}

func TestFolders_FindsTheCollectionsFromEveryPlace(t *testing.T) {
	t.Parallel()
	all := []string{"Billing", "Shop API"}
	for dir, want := range map[string][]string{
		"testdata/folder":                             all,
		"testdata/folder/postman":                     all,
		"testdata/folder/postman/collections":         all,
		folderFixture:                                 {"Shop API"},
		"testdata/folder/postman/collections/Billing": {"Billing"},
		"testdata/folder/postman/environments":        nil,
		"testdata/folder/missing":                     nil,
	} {
		var got []string
		for _, found := range Folders(dir) {
			got = append(got, filepath.Base(found))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", dir, got, want)
		}
		if IsFolder(dir) != (want != nil) {
			t.Errorf("IsFolder(%s) is %v", dir, IsFolder(dir))
		}
	}
}

func TestReadFolder_Tree_IsOrderedByOrderThenName(t *testing.T) {
	t.Parallel()
	c, _ := readFolder(t, folderFixture)
	want := []string{
		"List pets", "Create a pet", "Admin", "Admin/Escape", "Admin/Ban user", "Admin/Deep", "Admin/Deep/Ping",
		"Form", "Pet by id", // a tie, by file name
		"Search", "GraphQL", "File",
		"Ban", "Later", "Upload", // without a place
	}
	if diff := cmp.Diff(want, itemNames(c.Items)); diff != "" {
		t.Error(diff)
	}
	if c.Version != V3 || c.Name != "Shop" || c.ID != "5d1cd3d9-5a5f-4c59-8d3f-3f1f6d5f0a01" {
		t.Errorf("the collection is %s %q %q", c.Version, c.Name, c.ID)
	}
	if got := c.Description.String(); got != "Pets and orders.\n\nAll of them." {
		t.Errorf("the description is %q", got)
	}
	if got := extraKeys(c.Extra); got != "$schema x-team" {
		t.Errorf("extra members are %q", got)
	}
	if later := findItem(t, c.Items, "Later"); !later.Folder || later.Description.String() != "Nothing yet" {
		t.Errorf("a folder with only a definition is %+v", later)
	}
}

func extraKeys(extra []definition.Value) string {
	var keys []string
	for i := range extra {
		keys = append(keys, extra[i].Key)
	}
	return strings.Join(keys, " ")
}

func fieldTexts(list []*Field) []string {
	var out []string
	for _, f := range list {
		s := f.Key + "=" + f.Value
		if f.Disabled {
			s += " off"
		}
		out = append(out, s)
	}
	return out
}

func TestReadFolder_Request_MappingsAndListsAreAlike(t *testing.T) {
	t.Parallel()
	c, _ := readFolder(t, folderFixture)
	it := findItem(t, c.Items, "List pets")
	req := it.Request
	if diff := cmp.Diff([]string{"Accept=application/json", "X-Version=2", "X-Trace=a", "X-Trace=b", "X-Off=nothing off"}, fieldTexts(req.Header)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"limit=10", "tag= off"}, fieldTexts(req.URL.Query)); diff != "" {
		t.Error(diff)
	}
	if req.URL.Base() != "{{baseUrl}}/pets" || req.Method != "GET" || req.Description.String() != "All pets" {
		t.Errorf("the request is %s %s, %q", req.Method, req.URL.Base(), req.Description)
	}
	if req.Auth.Type != "apikey" || req.Auth.Param("value") != "secret" || extraKeys(req.Auth.Extra) != "id name auths" {
		t.Errorf("the auth is %+v", req.Auth)
	}
	if it.Kind != "http-request" || extraKeys(it.Extra) != "x-operation" || it.Events[0].Listen != "test" {
		t.Errorf("the item is %+v", it)
	}
	if bearer := findItem(t, c.Items, "Create a pet").Request.Auth; bearer.Type != "bearer" || bearer.Param("token") != "{{token}}" {
		t.Errorf("the flat auth is %+v", bearer)
	}
	byID := findItem(t, c.Items, "Pet by id").Request
	if byID.Auth != nil || len(byID.URL.Params) != 1 || byID.URL.Params[0].Key != "id" || byID.URL.Params[0].Text() != "1" {
		t.Errorf("auth %+v, path variables %+v", byID.Auth, byID.URL.Params)
	}
	admin := findItem(t, c.Items, "Admin")
	if admin.Variables[0].Text() != "https://admin.example.com" || admin.Variables[1].Text() != "3" || admin.Auth.Type != "noauth" {
		t.Errorf("the folder is %+v", admin)
	}
	if c.Variables[1].Disabled != true || extraKeys(c.Variables[1].Extra) != "x-owner" {
		t.Errorf("the variable is %+v", c.Variables[1])
	}
	if got := c.Events[1].Script.Exec; !slices.Equal(got, []string{"one();", "two();"}) || c.Events[0].Listen != "prerequest" {
		t.Errorf("the scripts are %v", got)
	}
}

func TestReadFolder_Body_OfEachType(t *testing.T) {
	t.Parallel()
	c, _ := readFolder(t, folderFixture)
	body := func(path ...string) *Body { return findItem(t, c.Items, path...).Request.Body }
	if b := body("Create a pet"); b.Mode != "raw" || b.Raw != `{"name":"Rex","age":3}` || b.Options.Get("raw").Get("language").Str() != "json" {
		t.Errorf("json: %+v", b)
	}
	if b := body("Form"); b.Mode != "urlencoded" || !slices.Equal(fieldTexts(b.URLEncoded), []string{"a=1", "b="}) {
		t.Errorf("urlencoded: %+v", b)
	}
	if b := body("Upload"); b.Mode != "formdata" || b.Form[0].Type != "text" || b.Form[1].Src.Str() != "./photo.png" {
		t.Errorf("formdata: %+v", b)
	}
	if b := body("GraphQL"); b.Mode != "graphql" || b.GraphQL.Get("query").Str() != "{ pets { id } }" {
		t.Errorf("graphql: %+v", b)
	}
	if b := body("File"); b.Mode != "file" || b.File.Get("src").Str() != "./book.pdf" {
		t.Errorf("file: %+v", b)
	}
	if b := body("Ban"); b.Mode != "none" {
		t.Errorf("none: %+v", b)
	}
	if b := body("Admin", "Ban user"); b.Mode != "raw" || b.Raw != `{"id": 7}` {
		t.Errorf("an older shape: %+v", b)
	}
}

func TestReadFolder_Examples_OldAndNewShapesInTheirOrder(t *testing.T) {
	t.Parallel()
	c, _ := readFolder(t, folderFixture)
	examples := findItem(t, c.Items, "List pets").Examples
	if len(examples) != 2 {
		t.Fatalf("there are %d examples", len(examples))
	}
	old, ok := examples[0], examples[1]
	if old.Name != "500" || old.Code != 500 || old.Status != "Oops" || *old.Body != "oops" || old.OriginalRequest.URL.Base() != "{{baseUrl}}/pets" || len(old.Header) != 1 {
		t.Errorf("the older shape is %+v", old)
	}
	if ok.Name != "OK" || ok.Code != 200 || ok.Status != "OK" || *ok.Body != "[\n  {\"id\": 1}\n]" || ok.PreviewLanguage != "json" {
		t.Errorf("the newer shape is %+v", ok)
	}
	left := definition.NewObject(ok.Extra...)
	if got := string(left.AppendJSON(nil)); got != `{"response":{"body":{"x-body":"kept"},"responseTime":12}}` {
		t.Errorf("what is left of the response: %s", got)
	}
	if extraKeys(ok.OriginalRequest.Extra) != "x-note" || !slices.Equal(fieldTexts(ok.OriginalRequest.URL.Query), []string{"limit=10"}) {
		t.Errorf("the original request is %+v", ok.OriginalRequest)
	}
	for _, path := range [][]string{{"Upload"}, {"Ban"}, {"Admin", "Ban user"}} {
		if got := findItem(t, c.Items, path...).Examples; len(got) != 1 || got[0].Code == 0 {
			t.Errorf("%v has the examples %v", path, got)
		}
	}
}

func TestReadFolder_UnknownKind_IsKeptWhole(t *testing.T) {
	t.Parallel()
	c, _ := readFolder(t, folderFixture)
	it := findItem(t, c.Items, "Search")
	if it.Kind != "graphql-request" || it.Request != nil || extraKeys(it.Extra) != "url query variables" {
		t.Errorf("the item is %+v", it)
	}
}

func TestReadFolder_Diagnostics_NameTheFile(t *testing.T) {
	t.Parallel()
	_, diags := readFolder(t, folderFixture)
	var got []string
	for _, d := range diags {
		if d.Line == 0 {
			t.Errorf("no position: %s", d)
		}
		got = append(got, filepath.Base(d.File)+" "+d.Code)
	}
	slices.Sort(got)
	want := []string{
		"Broken.request.yaml yaml-invalid", "Escape.request.yaml folder-outside",
		"List.request.yaml folder-shape", "broken.example.yaml yaml-invalid",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadFolder_WithoutDefinition_TakesTheFoldersName(t *testing.T) {
	t.Parallel()
	c, diags := readFolder(t, "testdata/folder/postman/collections/Billing")
	if c.Name != "Billing" || len(diags) > 0 || !slices.Equal(itemNames(c.Items), []string{"Invoices", "Invoices/List"}) {
		t.Errorf("%q %v %v", c.Name, itemNames(c.Items), diags)
	}
}

func TestReadFolder_NotAFolder_IsAnError(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"testdata/missing", "folder_test.go"} {
		if _, _, err := ReadFolder(context.Background(), document.NewLoader(document.Config{}), dir); err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v", dir, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := ReadFolder(ctx, document.NewLoader(document.Config{}), folderFixture); err == nil {
		t.Error("a cancelled context gives no error")
	}
}

func TestReadFolder_Links_StayInside(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need rights on Windows")
	}
	outside, dir := t.TempDir(), t.TempDir()
	secret := filepath.Join(outside, "Secret.request.yaml")
	for path, text := range map[string]string{
		secret:                                 "url: https://secret.example.com\n",
		filepath.Join(dir, "A.request.yaml"):   "url: https://a.example.com\n",
		filepath.Join(dir, "d/B.request.yaml"): "url: https://b.example.com\n",
	} {
		os.MkdirAll(filepath.Dir(path), 0o755)
		os.WriteFile(path, []byte(text), 0o644)
	}
	for link, target := range map[string]string{
		"Out.request.yaml": secret, "out": outside, "In.request.yaml": "A.request.yaml",
		"d/loop": "..", "same": "d", ".resources": outside, "Nowhere.request.yaml": "missing",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	os.MkdirAll(filepath.Join(outside, "A.resources", "examples"), 0o755)
	os.WriteFile(filepath.Join(outside, "definition.yaml"), []byte("name: Secret\n"), 0o644)
	os.WriteFile(filepath.Join(outside, "A.resources", "examples", "X.example.yaml"), []byte("name: Secret\n"), 0o644)

	c, diags := readFolder(t, dir)
	want := []string{"A", "In", "d", "d/B", "same", "same/B"}
	if diff := cmp.Diff(want, itemNames(c.Items)); diff != "" {
		t.Error(diff)
	}
	if c.Name == "Secret" || len(findItem(t, c.Items, "A").Examples) > 0 {
		t.Error("a file outside of the folder was read")
	}
	codes := map[string]int{}
	for _, d := range diags {
		codes[d.Code]++
	}
	if codes["folder-outside"] < 4 || codes["folder-loop"] == 0 || codes["file-unreadable"] == 0 {
		t.Errorf("diagnostics: %v", diags)
	}
}

func TestReadFolder_Depth_IsBounded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	deep := strings.Repeat("d/", folderMaxDepth+1)
	if err := root.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := root.WriteFile(deep+"A.request.yaml", []byte("url: https://a.example.com\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, diags := readFolder(t, dir)
	if len(diags) != 1 || diags[0].Code != "limit-depth" && diags[0].Code != "folder-unreadable" { // the latter where paths are shorter
		t.Errorf("diagnostics: %v", diags)
	}
}
