package transfer

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/store"
)

const described = `# yaml-language-server: $schema=mimus.schema.json
port: 4010
mocks:
  - name: Pets
    slug: pets
    description: For tests.
    spec: openapi.yaml
    environment: staging.json
    private: true
    mount: /pets/v1
    host: pets.example.com
    config:
      validation: warn
      delay: {type: fixed, duration: 200}
    responses:
      - name: Down
        status: 503
        headers: [{key: Retry-After, value: "5"}]
        language: json
        body: '{"error": "down"}'
        active: true
  - collection: shop.json
`

func describedFolder(t *testing.T) (dir, file string) {
	t.Helper()
	dir = folder(t, map[string]string{"mimus.yaml": described, "openapi.yaml": petstore, "schemas/pet.yaml": pet, "shop.json": shop, "staging.json": staging})
	return dir, filepath.Join(dir, "mimus.yaml")
}

func ownMocks(t *testing.T, s *store.Store, file string) {
	t.Helper()
	mocks, err := ReadMocks(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := OwnMocks(t.Context(), s, mocks); err != nil {
		t.Fatal(err)
	}
}

func TestOwnMocks_AFile_IsTheAuthorityForItsMocks(t *testing.T) {
	t.Parallel()
	_, file := describedFolder(t)
	s := openStore(t, t.TempDir())
	ownMocks(t, s, file)
	got := contentOf(t, s)
	m := got.Mocks["pets"]
	if m.Name != "Pets" || m.Description != "For tests." || !m.Private || m.Prefix != "/pets/v1" || m.Host != "pets.example.com" || m.File != filepath.ToSlash(file) ||
		m.Spec == "" || m.Environment == "" || !strings.Contains(string(m.Config), `"delay":{"type":"fixed","duration":200}`) {
		t.Errorf("got %+v, config %s", m, m.Config)
	}
	if other := got.Mocks["shop"]; other.Name != "Shop" || other.Collection == "" {
		t.Errorf("got %+v", got.Mocks)
	}
	view(t, s, func(tx *store.Tx) error {
		list, err := tx.ServerResponses(m.ID)
		if len(list) != 1 || list[0].ID != m.ResponseID || list[0].Status != 503 || string(list[0].Headers) != `[{"key":"Retry-After","value":"5"}]` {
			t.Errorf("got the responses %+v, active %s", list, m.ResponseID)
		}
		return err
	})
	before := seq(t, s)
	ownMocks(t, s, file)
	if seq(t, s) != before {
		t.Error("the same file again changed the store")
	}
	write(t, filepath.Dir(file), map[string]string{"mimus.yaml": "mocks:\n  - {slug: pets, spec: openapi.yaml}\n"})
	ownMocks(t, s, file)
	got = contentOf(t, s)
	if n := got.Mocks["pets"]; len(got.Mocks) != 1 || n.ID != m.ID || n.Private || n.Prefix != "" || n.ResponseID != "" || n.Name != "Petstore" || len(got.Collections)+len(got.Environments) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestOwnMocks_BesideServedFiles_TakesNothingFromThem(t *testing.T) {
	t.Parallel()
	dir, file := describedFolder(t)
	s := openStore(t, "")
	shopFile := filepath.Join(dir, "shop.json")
	own(t, s, served(t, shopFile, "/own"))
	ownMocks(t, s, file)
	own(t, s, served(t, shopFile, "/own"))
	if got := contentOf(t, s); len(got.Mocks) != 3 || len(got.Collections) != 1 || len(got.Specs) != 1 {
		t.Errorf("got %+v", got)
	}
	if err := OwnMocks(t.Context(), s, nil); err != nil {
		t.Fatal(err)
	}
	if got := contentOf(t, s); len(got.Mocks) != 1 || len(got.Collections) != 1 || len(got.Specs) != 0 {
		t.Errorf("without mocks in a file, got %+v", got)
	}
}

func TestOwnMocks_ADocumentThatIsGone_IsNamedWithItsPlace(t *testing.T) {
	t.Parallel()
	dir, file := describedFolder(t)
	s := openStore(t, "")
	ownMocks(t, s, file)
	remove(t, dir, "openapi.yaml")
	mocks, err := ReadMocks(file)
	if err != nil {
		t.Fatal(err)
	}
	err = OwnMocks(t.Context(), s, mocks)
	if err == nil || !strings.Contains(err.Error(), "mimus.yaml:4:5: ") {
		t.Errorf("got error %v", err)
	}
	if m := contentOf(t, s).Mocks["pets"]; m.Spec == "" || m.Environment == "" {
		t.Errorf("the mock lost what it is of: %+v", m)
	}
}

func TestReadMocks_Mistakes_AreToldWithTheirPlaces(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"typo":       {"mocks:\n  - nam: x\n    spec: a.yaml\n", []string{`2:10: "nam" is no setting of a mock; there are collection, `}},
		"several":    {"mocks:\n  - private: maybe\n    slug: A B\n    spec: 1\n", []string{"2:14: private is \"maybe\"; write true or false", "3:11: slug is \"A B\": it has to be a DNS label", "4:11: spec is \"1\"; write a text"}},
		"no api":     {"mocks:\n  - name: x\n", []string{`2:5: a mock needs a "spec" or a "collection"`}},
		"no list":    {"mocks: x\n", []string{`1:8: "mocks" is "x"; write a list`}},
		"reserved":   {"mocks:\n  - {spec: a.yaml, mount: /_mimus/x}\n", []string{"2:27: mount is \"/_mimus/x\": /_mimus is reserved"}},
		"settings":   {"mocks:\n  - spec: a.yaml\n    config:\n      validation: loud\n", []string{"4:19: config.validation: it has to be strict or warn or off"}},
		"id":         {"mocks:\n  - spec: a.yaml\n    config: {serverResponseId: x}\n", []string{"3:32: config.serverResponseId: ids aren't known here"}},
		"twice":      {"mocks:\n  - {spec: a.yaml, slug: x}\n  - {spec: b.yaml, slug: x}\n", []string{"3:5: the mock has the name or file x of the one at line 2; give each a slug"}},
		"same mount": {"mocks:\n  - {spec: a.yaml, mount: /x}\n  - {spec: b.yaml, mount: /x}\n", []string{"3:5: the mock has the mount /x of the one at line 2; choose another"}},
		"key twice":  {"mocks:\n  - spec: a.yaml\n    spec: b.yaml\n", []string{`3:11: the key "spec" is there twice`}},
		"outside":    {"specs:\n  - {folder: a, root: ../b.yaml}\n", []string{"2:23: \"../b.yaml\" does not stay inside"}},
		"status":     {"mocks:\n  - spec: a.yaml\n    responses: [{status: 9}]\n", []string{"3:26: status is \"9\"; write a number from 100 to 599"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, map[string]string{"mimus.yaml": c.text})
			_, err := ReadMocks(filepath.Join(dir, "mimus.yaml"))
			for _, want := range c.want {
				if err == nil || !strings.Contains(err.Error(), "mimus.yaml:"+want) {
					t.Errorf("got %v, want %s", err, want)
				}
			}
		})
	}
}
