package transfer

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mimus-dev/mimus/internal/store"
)

// full fills a store with what the API may have made: names that are not those
// of the documents, equal names, files that nothing refers to, types that can't
// be mocked, settings that are the default.
func full(t *testing.T, s *store.Store) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		w, err := tx.EnsureWorkspace()
		if err != nil {
			return err
		}
		w.Globals = []byte(`[{"key":"region","value":"eu","type":"default","enabled":true}]`)
		if err := tx.UpdateWorkspace(&w); err != nil {
			return err
		}
		spec := func(id, name, kind string, files ...store.SpecFile) error {
			if err := tx.CreateSpec(&store.Spec{ID: id, Workspace: w.ID, Owner: 1, Name: name, Type: kind}); err != nil {
				return err
			}
			for i := range files {
				files[i].ID, files[i].Spec = store.NewID(), id
				if err := tx.CreateSpecFile(&files[i]); err != nil {
					return err
				}
			}
			return nil
		}
		root := func(name, text string) store.SpecFile {
			return store.SpecFile{Path: name, Root: true, Content: []byte(text)}
		}
		file := func(name, text string) store.SpecFile { return store.SpecFile{Path: name, Content: []byte(text)} }
		collection := func(id, name, rest string) error {
			body := `{"info":{"name":"` + name + `","_postman_id":"` + id + `","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[` + rest + `]}`
			return tx.CreateCollection(&store.Collection{ID: id, Workspace: w.ID, Owner: 1, Name: name, Body: []byte(body)})
		}
		return errors.Join(
			spec("s1", "Pets for all", "OPENAPI:3.0", root("api/openapi.yaml", strings.Replace(petstore, "schemas/", "../schemas/", 1)), file("schemas/pet.yaml", pet), file("README.md", "read me")),
			spec("s2", "Twins", "OPENAPI:3.1", root("a.yaml", "openapi: 3.1.0\ninfo: {title: X, version: '1'}\npaths: {}\n")),
			spec("s3", "Twins", "OPENAPI:3.1", root("a.yaml", "openapi: 3.1.0\ninfo: {title: X, version: '1'}\npaths: {}\n")),
			spec("s4", "Events", "ASYNCAPI:2.0", root("asyncapi.yaml", "asyncapi: 2.0.0\ninfo: {title: X, version: '1'}\nchannels: {}\n")),
			collection("c1", "Shop", `{"name":"Ping","id":"i1","request":{"url":"https://h/x","method":"GET"},"response":[{"id":"r1","name":"ok","code":200,"body":"1e3"}]}`),
			collection("c2", "Shop", `{"name":"Pong","id":"i1","request":{"url":"https://h/x","method":"GET"}}`),
			tx.CreateEnvironment(&store.Environment{ID: "e1", Workspace: w.ID, Owner: 1, Name: "Stage: 1", Body: []byte(`{"id":"e1","name":"Stage: 1","values":[{"key":"a","value":"b","secret":true}],"note":[1.50]}`)}),
			tx.CreateMock(&store.Mock{ID: "m1", Slug: "pets", Workspace: w.ID, Name: "Pets\nof two lines", Description: "x: y", Spec: "s1", Environment: "e1", Private: true, Prefix: "/", Host: "a.test", Config: []byte(`{"headers":[],"matchQueryParams":true,"seed":"s","serverResponseId":null}`)}),
			tx.CreateMock(&store.Mock{ID: "m2", Slug: "b", Workspace: w.ID, Name: "B", Spec: "s3", Collection: "c2", Config: []byte(`{}`), ResponseID: "sr2"}),
			tx.CreateMock(&store.Mock{ID: "m3", Slug: "a", Workspace: w.ID, Name: "B", Spec: "s2", Config: []byte(`{"pins":[{"operation":"GET /x","status":404}],"overlay":""}`)}),
			tx.CreateServerResponse(&store.ServerResponse{ID: "sr1", Mock: "m2", Name: "Down", Status: 503, Headers: []byte(`[{"key":"A","value":"b"}]`), Language: "text", Body: "yes"}),
			tx.CreateServerResponse(&store.ServerResponse{ID: "sr2", Mock: "m2", Name: "Down", Status: 500, Headers: []byte(`[]`), Body: " two\nlines "}),
		)
	})
}

func export(t *testing.T, s *store.Store, dir string) *Exported {
	t.Helper()
	out, err := Export(t.Context(), s, "", dir)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestExport_ImportedIntoAnEmptyStore_GivesTheSameBytes(t *testing.T) {
	t.Parallel()
	for name, location := range map[string]func() string{"memory": func() string { return "" }, "sqlite": t.TempDir} {
		first, dir := openStore(t, location()), filepath.Join(t.TempDir(), "one")
		full(t, first)
		out := export(t, first, dir)
		if d := cmp.Diff(&Exported{Mocks: 3, Specs: 4, Collections: 2, Environments: 1}, out); d != "" {
			t.Errorf("%s: exported (-want +got):\n%s", name, d)
		}
		second, again := openStore(t, location()), filepath.Join(t.TempDir(), "two")
		for _, line := range importAll(t, second, dir, ImportConfig{Sources: func(string) ([]SourceMock, error) { return nil, nil }}, dir) {
			if !strings.HasPrefix(line, "imported ") {
				t.Errorf("%s: %s", name, line)
			}
		}
		export(t, second, again)
		if d := cmp.Diff(tree(t, dir), tree(t, again)); d != "" {
			t.Errorf("%s: the second export differs (-first +second):\n%s", name, d)
		}
	}
}

func TestExport_Files_AreThoseThatPeopleKnow(t *testing.T) {
	t.Parallel()
	s, dir := openStore(t, ""), t.TempDir()
	full(t, s)
	export(t, s, dir)
	files := tree(t, dir)
	for _, name := range []string{
		"mimus.yaml", "specs/pets-for-all/api/openapi.yaml", "specs/pets-for-all/schemas/pet.yaml", "specs/pets-for-all/README.md", "specs/twins/a.yaml", "specs/twins-2/a.yaml",
		"collections/shop.postman_collection.json", "collections/shop-2.postman_collection.json", "environments/stage-1.postman_environment.json", "workspace.postman_globals.json",
	} {
		if files[name] == "" {
			t.Errorf("there is no %s", name)
		}
	}
	if got := files["specs/pets-for-all/schemas/pet.yaml"]; got != pet {
		t.Errorf("a file of a spec is not as it was: %q", got)
	}
	if mocks, err := ReadMocks(filepath.Join(dir, "mimus.yaml")); err != nil || len(mocks) != 3 {
		t.Errorf("the mocks are read as %+v, %v", mocks, err)
	}
}

func TestExport_AFolderWithOtherFiles_IsRefused(t *testing.T) {
	t.Parallel()
	s := openStore(t, "")
	for _, files := range []map[string]string{{"notes.txt": "x"}, {"mimus.yaml": "port: 1\n"}} {
		dir := folder(t, files)
		if _, err := Export(t.Context(), s, "", dir); !errors.Is(err, ErrNotEmpty) {
			t.Errorf("%v: got error %v", files, err)
		}
		if d := cmp.Diff(files, tree(t, dir)); d != "" {
			t.Errorf("the folder was changed:\n%s", d)
		}
	}
}

func TestExport_OverAnExport_TellsWhatIsNotPartOfIt(t *testing.T) {
	t.Parallel()
	s, dir := openStore(t, ""), t.TempDir()
	full(t, s)
	export(t, s, dir)
	update(t, s, func(tx *store.Tx) error { return errors.Join(tx.DeleteCollection("c1"), tx.DeleteSpec("s1")) })
	out := export(t, s, dir)
	if d := cmp.Diff([]string{"collections/shop-2.postman_collection.json", "specs/pets-for-all/api/openapi.yaml", "specs/pets-for-all/schemas/pet.yaml"}, out.Foreign); d != "" {
		t.Errorf("files (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"the mock Pets\nof two lines: its spec or collection is not there any more"}, out.LeftOut); d != "" {
		t.Errorf("left out (-want +got):\n%s", d)
	}
}

func TestExport_PathsThatLeadOut_AreLeftOut(t *testing.T) {
	t.Parallel()
	s, dir := openStore(t, ""), filepath.Join(t.TempDir(), "out")
	update(t, s, func(tx *store.Tx) error {
		w, err := tx.EnsureWorkspace()
		if err != nil {
			return err
		}
		return errors.Join(
			tx.CreateSpec(&store.Spec{ID: "s", Workspace: w.ID, Name: "Bad"}),
			tx.CreateSpecFile(&store.SpecFile{ID: "f", Spec: "s", Path: "../../x.yaml", Root: true, Content: []byte("x")}))
	})
	out := export(t, s, dir)
	if out.Specs != 0 || len(out.LeftOut) != 1 || !strings.Contains(out.LeftOut[0], "leads out") {
		t.Errorf("got %+v", out)
	}
}
