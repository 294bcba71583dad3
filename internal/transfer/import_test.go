package transfer

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mimus-dev/mimus/internal/store"
)

// repository is a folder with everything in it.
func repository(t *testing.T) string {
	t.Helper()
	return folder(t, map[string]string{
		"api/openapi.yaml":     strings.Replace(petstore, "schemas/", "../schemas/", 1),
		"schemas/pet.yaml":     pet,
		"package.json":         `{"name": "app"}`,
		"node_modules/x.json":  shop,
		"notes.txt":            "nothing",
		"calls/call.har":       recording,
		"broken.postman.json":  `{"info": {"name": "Broken", "schema": "v2.1.0"}, "item": [`,
		"postman/globals.json": globals,
		"mimus.yaml":           "mocks:\n  - name: Pets\n    spec: api/openapi.yaml\n    environment: postman/environments/Staging.environment.yaml\n    config: {validation: warn}\n",
		"postman/environments/Staging.environment.yaml":                  "name: Staging\nvalues:\n  - key: host\n    value: s.test\n",
		"postman/collections/Shop/.resources/definition.yaml":            "$kind: collection\nname: Shop\n",
		"postman/collections/Shop/List.request.yaml":                     "$kind: http-request\nname: List\nmethod: GET\nurl: https://shop.test/books\n",
		"postman/collections/Plain/Books/List.request.yaml":              "$kind: http-request\nname: List\nmethod: GET\nurl: https://shop.test/books\n",
		"postman/collections/Shop/.resources/List.resources/unknown.txt": "",
	})
}

func TestImport_ARepository_SaysWhatBecameOfEachItem(t *testing.T) {
	t.Parallel()
	dir := repository(t)
	s := openStore(t, t.TempDir())
	got := importAll(t, s, dir, ImportConfig{}, dir)
	want := []string{
		"imported spec api/openapi.yaml → Petstore, 1 operation",
		"failed collection broken.postman.json: broken.postman.json:1:60: error: the JSON ends here; an element or ] was expected",
		"imported collection calls/call.har → call, 1 request, 1 saved example",
		"imported collection postman/collections/Plain → Plain, 1 request, 0 saved examples",
		"imported collection postman/collections/Shop → Shop, 1 request, 0 saved examples",
		"imported environment postman/environments/Staging.environment.yaml → Staging, 1 variable",
		"imported globals postman/globals.json → My globals, 1 variable",
		"imported mock mimus.yaml → Pets, at /m/pets",
		"skipped  package.json: it is no API description, collection, environment or recording",
	}
	if len(got) > 1 && strings.HasPrefix(got[1], "failed collection broken.postman.json: ") {
		want[1] = got[1]
	}
	wantLines(t, got, want...)
	has := contentOf(t, s)
	if d := cmp.Diff([]string{"*api/openapi.yaml", "schemas/pet.yaml"}, has.Specs["Petstore"]); d != "" {
		t.Errorf("the paths inside of the spec (-want +got):\n%s", d)
	}
	if strings.Contains(has.Collections["call"], "geheim") {
		t.Errorf("the collection of the recording has a credential:\n%s", has.Collections["call"])
	}
	if m := has.Mocks["pets"]; m.File != "" || m.Spec == "" || m.Environment == "" || !strings.Contains(string(m.Config), `"validation":"warn"`) {
		t.Errorf("got the mock %+v", m)
	}
	view(t, s, func(tx *store.Tx) error {
		w, err := tx.FirstWorkspace()
		if string(w.Globals) != `[{"key":"region","value":"eu"}]` {
			t.Errorf("got globals %s", w.Globals)
		}
		return err
	})
}

func TestImport_TheSameAgain_ChangesNothing(t *testing.T) {
	t.Parallel()
	dir := repository(t)
	s := openStore(t, "")
	importAll(t, s, dir, ImportConfig{}, dir)
	before := seq(t, s)
	for _, line := range importAll(t, s, dir, ImportConfig{}, dir) {
		if !strings.HasPrefix(line, "unchanged ") && !strings.HasPrefix(line, "skipped ") && !strings.HasPrefix(line, "failed collection broken") {
			t.Errorf("the second time: %s", line)
		}
	}
	if after := seq(t, s); after != before {
		t.Errorf("the second time changed the store from %d to %d", before, after)
	}
	write(t, dir, map[string]string{"schemas/pet.yaml": pet + "required: [name]\n"})
	wantLines(t, importAll(t, s, dir, ImportConfig{}, filepath.Join(dir, "api/openapi.yaml")), "updated spec api/openapi.yaml → Petstore, 1 operation")
	if got := contentOf(t, s); len(got.Specs) != 1 {
		t.Errorf("the spec was doubled: %v", got.Specs)
	}
}

func TestImport_FilesOfEveryKind_AreTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, text, want string }{
		"gzip":       {"a.yaml.gz", gzipped(t, strings.Replace(petstore, "schemas/pet.yaml", "#/x", 1)), "imported spec a.yaml.gz → Petstore, 1 operation"},
		"swagger":    {"a.json", `{"swagger": "2.0", "info": {"title": "Old", "version": "1"}, "paths": {}}`, "imported spec a.json → Old, 0 operations"},
		"collection": {"a.json", shop, "imported collection a.json → Shop, 3 requests, 1 saved example"},
		"v2.0":       {"a.json", `{"info": {"name": "Two", "schema": "https://schema.getpostman.com/json/collection/v2.0.0/collection.json"}, "item": [{"name": "x", "request": {"method": "GET", "url": "http://h/x"}}]}`, "imported collection a.json → Two, 1 request, 0 saved examples"},
		"v1":         {"a.json", `{"id": "1", "name": "One", "order": ["r"], "requests": [{"id": "r", "name": "x", "method": "GET", "url": "http://h/x"}]}`, "imported collection a.json → One, 1 request, 0 saved examples"},
		"wrapped":    {"a.json", `{"collection": ` + shop + `}`, "imported collection a.json → Shop, 3 requests, 1 saved example"},
		"empty":      {"mimus.yaml", "# nothing\n", "skipped mock mimus.yaml: it describes no mocks"},
		"other":      {"a.json", `{"a": 1}`, `failed  a.json: `},
		"globals":    {"g.globals.yaml", "values:\n  - {key: a, value: b}\n", "imported globals g.globals.yaml → globals, 1 variable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, map[string]string{c.file: c.text})
			s := openStore(t, "")
			got := importAll(t, s, dir, ImportConfig{Sources: func(string) ([]SourceMock, error) { return nil, nil }}, filepath.Join(dir, c.file))
			if len(got) != 1 || !strings.HasPrefix(got[0], c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestImport_WhatIsNotThere_DoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"shop.json": shop})
	s := openStore(t, "")
	got := importAll(t, s, dir, ImportConfig{}, filepath.Join(dir, "missing.json"), "https://api.test/openapi.json", filepath.Join(dir, "shop.json"))
	wantLines(t, got,
		"failed  missing.json: missing.json: there is no such file",
		"failed  https://api.test/openapi.json: https://api.test/openapi.json: files are imported; download it first",
		"imported collection shop.json → Shop, 3 requests, 1 saved example")
}

func TestImport_Sources_BecomeMocksWithTheirSettings(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"mimus.yaml": "sources: [shop.json]\n", "openapi.yaml": petstore, "schemas/pet.yaml": pet, "shop.json": shop, "env.json": staging})
	s := openStore(t, "")
	at := func(name string) string { return filepath.Join(dir, name) }
	cfg := ImportConfig{Sources: func(string) ([]SourceMock, error) {
		return []SourceMock{
			{File: at("shop.json"), Environment: at("env.json"), Settings: []byte(`{"matchBody": true}`)},
			{File: at("openapi.yaml"), Prefix: "/pets", Examples: []string{at("shop.json")}},
			{File: at("shop.json"), Prefix: "/_mimus"},
		}, nil
	}}
	got := importAll(t, s, dir, cfg, at("mimus.yaml"))
	wantLines(t, got,
		"imported collection shop.json → Shop, 3 requests, 1 saved example",
		"imported environment env.json → Staging, 1 variable",
		"imported mock mimus.yaml → Shop, at /m/shop",
		"imported spec openapi.yaml → Petstore, 1 operation",
		"imported mock mimus.yaml → Petstore, at /pets, /m/"+strings.ToLower(filepath.Base(dir)),
		"failed mock mimus.yaml: the mount /_mimus of shop.json: /_mimus is reserved for the server itself")
	mocks := contentOf(t, s).Mocks
	if m := mocks["shop"]; m.Environment == "" || !strings.Contains(string(m.Config), `"matchBody":true`) {
		t.Errorf("got %+v, config %s", m, m.Config)
	}
	for _, m := range mocks {
		if m.Prefix == "/pets" && (m.Spec == "" || m.Collection == "") {
			t.Errorf("the mock of a spec with examples has not both: %+v", m)
		}
	}
}

func TestImport_AWorkspace_TakesWhatIsImportedAgain(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"shop.json": shop})
	s := openStore(t, "")
	importAll(t, s, dir, ImportConfig{}, dir)
	update(t, s, func(tx *store.Tx) error {
		return tx.CreateWorkspace(&store.Workspace{ID: "second", Name: "Second", Type: "team", Owner: 1})
	})
	wantLines(t, importAll(t, s, dir, ImportConfig{}, dir), "unchanged collection shop.json → Shop, 3 requests, 1 saved example")
	wantLines(t, importAll(t, s, dir, ImportConfig{Workspace: "second"}, dir), "updated collection shop.json → Shop, 3 requests, 1 saved example")
	view(t, s, func(tx *store.Tx) error {
		list, err := tx.Collections(store.ElementFilter{Workspace: "second"})
		if len(list) != 1 {
			t.Errorf("the workspace has %d collections", len(list))
		}
		return err
	})
}

func TestImport_Globals_ReplaceThoseOfTheSameKey(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"g.json": globals})
	s := openStore(t, "")
	update(t, s, func(tx *store.Tx) error {
		w, err := tx.EnsureWorkspace()
		if err != nil {
			return err
		}
		w.Globals = []byte(`[{"key":"region","value":"us"},{"key":"mine","value":"1"}]`)
		return tx.UpdateWorkspace(&w)
	})
	wantLines(t, importAll(t, s, dir, ImportConfig{}, dir), "updated globals g.json → My globals, 1 variable")
	view(t, s, func(tx *store.Tx) error {
		w, err := tx.FirstWorkspace()
		if want := `[{"key":"mine","value":"1"},{"key":"region","value":"eu"}]`; string(w.Globals) != want {
			t.Errorf("got %s, want %s", w.Globals, want)
		}
		return err
	})
}

func TestImport_Progress_EndsWhereEverythingIsDone(t *testing.T) {
	t.Parallel()
	dir := repository(t)
	s := openStore(t, "")
	last, all := 0, 0
	importAll(t, s, dir, ImportConfig{Progress: func(done, total int) {
		if done != last+1 {
			t.Errorf("from %d to %d", last, done)
		}
		last, all = done, total
	}}, dir)
	if last != all || all == 0 {
		t.Errorf("ended at %d of %d", last, all)
	}
}
