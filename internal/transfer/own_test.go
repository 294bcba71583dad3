package transfer

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mimus-dev/mimus/internal/hosting"
	"github.com/mimus-dev/mimus/internal/server"
	"github.com/mimus-dev/mimus/internal/store"
)

func TestOwn_SpecOfSeveralFiles_IsStoredWithThemAndAMock(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"api/openapi.yaml": petstore, "api/schemas/pet.yaml": pet})
	s := openStore(t, "")
	file := filepath.Join(dir, "api", "openapi.yaml")
	o := served(t, file, "")
	o.Settings = []byte(`{"validation": "warn"}`)
	own(t, s, o)
	got := contentOf(t, s)
	if d := cmp.Diff([]string{"*openapi.yaml", "schemas/pet.yaml"}, got.Specs["Petstore"]); d != "" {
		t.Errorf("files (-want +got):\n%s", d)
	}
	m, ok := got.Mocks["api"] // the folder's name: that of the file says nothing
	if !ok {
		t.Fatalf("no mock of the slug api: %v", got.Mocks)
	}
	if m.ID != MockID(file) || m.Spec != ID(store.KindSpec, file) || m.Prefix != "/" || m.Name != "Petstore" || m.File != filepath.ToSlash(file) || !strings.Contains(string(m.Config), `"validation":"warn"`) {
		t.Errorf("got the mock %+v, config %s", m, m.Config)
	}
	view(t, s, func(tx *store.Tx) error {
		spec, err := tx.Spec(m.Spec)
		if spec.Type != "OPENAPI:3.0" || spec.File != m.File {
			t.Errorf("got the spec %+v", spec)
		}
		return err
	})
}

func TestOwn_UnchangedFiles_ChangeNothing(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"openapi.yaml": petstore, "schemas/pet.yaml": pet, "shop.json": shop, "call.har": recording})
	s := openStore(t, t.TempDir())
	files := func() (all []Owned) {
		for _, name := range []string{"openapi.yaml", "shop.json", "call.har"} {
			all = append(all, served(t, filepath.Join(dir, name), "/"+name[:4]))
		}
		return all
	}
	own(t, s, files()...)
	before, first := seq(t, s), contentOf(t, s)
	own(t, s, files()...)
	if after := seq(t, s); after != before {
		t.Errorf("the second time changed the store from %d to %d", before, after)
	}
	write(t, dir, map[string]string{"schemas/pet.yaml": pet + "required: [name]\n"})
	own(t, s, files()...)
	if after := seq(t, s); after == before {
		t.Error("a changed file of a spec changed nothing")
	}
	second := contentOf(t, s)
	if first.Collections["Shop"] != second.Collections["Shop"] || first.Mocks["shop"].Revision != second.Mocks["shop"].Revision {
		t.Error("the change of one file touched another's rows")
	}
}

func TestOwn_FilesThatAreServedNoMore_AreDeletedWithTheirMocks(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"openapi.yaml": petstore, "schemas/pet.yaml": pet, "shop.json": shop})
	s := openStore(t, "")
	update(t, s, func(tx *store.Tx) error { // what the API made stays
		w, err := tx.EnsureWorkspace()
		if err != nil {
			return err
		}
		return tx.CreateMock(&store.Mock{ID: store.NewID(), Slug: "by-hand", Workspace: w.ID, Name: "By hand", Config: []byte("{}")})
	})
	spec, collection := served(t, filepath.Join(dir, "openapi.yaml"), "/a"), served(t, filepath.Join(dir, "shop.json"), "/b")
	own(t, s, spec, collection)
	collection.Prefix = "" // the address of one is free for the other
	own(t, s, collection)
	got := contentOf(t, s)
	if len(got.Specs) != 0 || len(got.Collections) != 1 || len(got.Mocks) != 2 || got.Mocks["by-hand"].ID == "" {
		t.Errorf("got %+v", got)
	}
	own(t, s)
	if got := contentOf(t, s); len(got.Collections) != 0 || len(got.Mocks) != 1 {
		t.Errorf("got %+v after nothing was served", got)
	}
}

func TestOwn_MocksThatChangePlaces_KeepTheirIDs(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"a.json": shop, "b.json": shop})
	s := openStore(t, "")
	a, b := served(t, filepath.Join(dir, "a.json"), "/x"), served(t, filepath.Join(dir, "b.json"), "/y")
	own(t, s, a, b)
	a.Prefix, b.Prefix = b.Prefix, a.Prefix
	own(t, s, a, b)
	got := contentOf(t, s)
	if got.Mocks["a"].Prefix != "/y" || got.Mocks["b"].Prefix != "/x" || got.Mocks["a"].ID != MockID(a.File) {
		t.Errorf("got %+v", got.Mocks)
	}
}

func TestOwn_SlugsOfAnyFileName_AreUniqueLabels(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"Über Shop_2.json": shop, "x/shop.json": shop, "y/shop.json": shop})
	s := openStore(t, "")
	own(t, s, served(t, filepath.Join(dir, "Über Shop_2.json"), "/1"), served(t, filepath.Join(dir, "x/shop.json"), "/2"), served(t, filepath.Join(dir, "y/shop.json"), "/3"))
	got := contentOf(t, s)
	for slug := range got.Mocks {
		if err := hosting.CheckSlug(slug); err != nil {
			t.Errorf("%s: %v", slug, err)
		}
	}
	if len(got.Mocks) != 3 || got.Mocks["shop-2"].Prefix != "/3" {
		t.Errorf("got %+v", got.Mocks)
	}
}

func TestOwn_RowsThatWereImported_AreLeftAlone(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"shop.json": shop})
	s := openStore(t, "")
	file := filepath.Join(dir, "shop.json")
	own(t, s, served(t, file, ""))
	wantLines(t, importAll(t, s, dir, ImportConfig{}, file), "updated collection shop.json → Shop, 3 requests, 1 saved example")
	got := contentOf(t, s)
	if m := got.Mocks["shop"]; m.File != "" || m.Collection != ID(store.KindCollection, file) {
		t.Errorf("the mock was not taken over: %+v", m)
	}
	update(t, s, func(tx *store.Tx) error {
		c, err := tx.Collection(ID(store.KindCollection, file))
		if err != nil {
			return err
		}
		if c.File != "" {
			t.Errorf("the collection is still the file's")
		}
		c.Name = "Mine"
		return tx.UpdateCollection(&c)
	})
	before := seq(t, s)
	write(t, dir, map[string]string{"shop.json": strings.Replace(shop, "Ping", "Pong", 1)})
	own(t, s, served(t, file, "/else"))
	own(t, s)
	if seq(t, s) != before {
		t.Error("what was taken over was changed by its file")
	}
}

func TestOwn_EnvironmentAndExamples_BelongToTheMock(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"openapi.yaml": petstore, "schemas/pet.yaml": pet, "shop.json": shop, "staging.json": staging})
	s := openStore(t, "")
	at := func(name string) string { return filepath.Join(dir, name) }
	o := servedFrom(t, server.Source{Location: at("openapi.yaml"), Examples: []string{at("shop.json")}, Environment: at("staging.json")}, "")
	own(t, s, o)
	got := contentOf(t, s)
	for slug, m := range got.Mocks {
		if m.Spec == "" || m.Collection != ID(store.KindCollection, at("shop.json")) || m.Environment != ID(store.KindEnvironment, at("staging.json")) {
			t.Errorf("%s: got %+v", slug, m)
		}
	}
	if d := cmp.Diff([]string{"*openapi.yaml", "schemas/pet.yaml"}, got.Specs["Petstore"]); d != "" {
		t.Errorf("files of the spec (-want +got):\n%s", d)
	}
	if env := got.Environments["Staging"]; !strings.HasPrefix(env, `{"id":"`+ID(store.KindEnvironment, at("staging.json"))+`","name":"Staging","values":[`) {
		t.Errorf("got the environment %s", env)
	}
}

func TestOwn_AFileThatIsGone_KeepsItsRowsAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"a.json": shop, "b.json": shop})
	s := openStore(t, "")
	a, b := served(t, filepath.Join(dir, "a.json"), "/a"), served(t, filepath.Join(dir, "b.json"), "/b")
	own(t, s, a, b)
	remove(t, dir, "a.json")
	write(t, dir, map[string]string{"b.json": strings.Replace(shop, `"Shop"`, `"Other"`, 1)})
	err := Own(t.Context(), s, []Owned{a, b})
	if err == nil || !strings.Contains(err.Error(), "a.json") {
		t.Errorf("got error %v", err)
	}
	got := contentOf(t, s)
	if got.Collections["Shop"] == "" || got.Collections["Other"] == "" || got.Mocks["a"].Collection == "" {
		t.Errorf("got %+v", got)
	}
}

func TestOwn_APrefixOfAnotherMock_IsNamed(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"a.json": shop})
	s := openStore(t, "")
	update(t, s, func(tx *store.Tx) error {
		w, err := tx.EnsureWorkspace()
		if err != nil {
			return err
		}
		return tx.CreateMock(&store.Mock{ID: "other", Slug: "other", Workspace: w.ID, Prefix: "/a", Config: []byte("{}")})
	})
	err := Own(t.Context(), s, []Owned{served(t, filepath.Join(dir, "a.json"), "/a")})
	if !errors.Is(err, store.ErrTaken) || !strings.Contains(err.Error(), "a.json: the prefix /a is another mock's") {
		t.Errorf("got error %v", err)
	}
}

func TestReadCollection_IDs_OutliveChangesAround(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"shop.json": shop})
	file := filepath.Join(dir, "shop.json")
	first, err := readCollection(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"_postman_id":"` + first.id + `"`, `"id":"mine"`, `"x":1`} {
		if !strings.Contains(string(first.body), want) {
			t.Errorf("the body lacks %s:\n%s", want, first.body)
		}
	}
	write(t, dir, map[string]string{"shop.json": strings.Replace(shop, `"item": [`, `"item": [{"name": "New", "request": "x"},`, 1)})
	second, err := readCollection(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	id := func(body []byte) string {
		_, after, _ := strings.Cut(string(body), `"name":"Books"`)
		before, _, _ := strings.Cut(after, "request")
		return before
	}
	if a, b := id(first.body), id(second.body); a != b || !strings.Contains(string(first.body), `"id"`) {
		t.Errorf("the ids changed:\n%s\n%s", a, b)
	}
}
