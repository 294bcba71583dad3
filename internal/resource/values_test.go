package resource_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/resource"
)

const shelves = `
openapi: 3.1.0
info: {title: Shelves, version: "1"}
paths:
  /shelves:
    get:
      parameters: [{name: starting_after, in: query, schema: {type: string}}, {name: limit, in: query, schema: {type: integer}}]
      responses: {"200": {description: OK, content: {application/json: {schema: {type: object, properties: {data: {type: array, items: {$ref: "#/components/schemas/Shelf"}}, has_more: {type: boolean}}}}}}}
    post: {responses: {"201": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Shelf"}}}}}}
  /shelves/{shelf}:
    parameters: [{name: shelf, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Shelf"}}}}}}
    delete: {responses: {"204": {description: gone}}}
  /shelves/{shelf}/books/{book}:
    parameters: [{name: shelf, in: path, required: true, schema: {type: integer}}, {name: book, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}}}
    put: {responses: {"200": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}}}
  /towns/{town}/halls:
    parameters: [{name: town, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: OK, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Hall"}}}}}}}
  /towns/{town}/halls/{hall}:
    parameters: [{name: town, in: path, required: true, schema: {type: string}}, {name: hall, in: path, required: true, schema: {type: string, format: uuid}}]
    get: {responses: {"200": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Hall"}}}}}}
    delete: {responses: {"204": {description: gone}}}
components:
  schemas:
    Shelf: {type: object, required: [id], properties: {id: {type: integer}, theme: {type: string}}}
    Book: {type: object, required: [id], properties: {id: {type: integer}, title: {type: string}}}
    Hall: {type: object, required: [id], properties: {id: {type: string, format: uuid}, title: {type: string}}}
`

func shelvesState(t *testing.T) (*resource.State, func(method, path string) *resource.Role) {
	t.Helper()
	def, ok := open([]byte(shelves))
	if !ok {
		t.Fatal("the document can't be read")
	}
	model, _ := infer(def)
	return resource.NewState(model, resource.Config{Seed: "mimus"}), func(method, path string) *resource.Role {
		for _, op := range def.Operations {
			if op.Method == method && op.Path == path {
				if role := model.Role(op); role != nil {
					return role
				}
			}
		}
		t.Fatalf("%s %s has no role", method, path)
		return nil
	}
}

func TestFirstValues_KeepsWhatIsKnownAndThere(t *testing.T) {
	t.Parallel()
	state, role := shelvesState(t)
	for name, c := range map[string]struct {
		path  string
		known []string
		want  []string // nil: there is nothing
	}{
		"the first":                       {"/shelves/{shelf}", nil, []string{"1"}},
		"known and there":                 {"/shelves/{shelf}", []string{"7"}, []string{"7"}},
		"known and not there":             {"/shelves/{shelf}", []string{"777"}, []string{"1"}},
		"under the parent that is known":  {"/shelves/{shelf}/books/{book}", []string{"7", "2"}, []string{"7", "2"}},
		"under the first, as none is":     {"/shelves/{shelf}/books/{book}", []string{"x", "999"}, []string{"1", "1"}},
		"a variable that names nothing":   {"/towns/{town}/halls", []string{"Bree"}, []string{"Bree"}},
		"which isn't known":               {"/towns/{town}/halls", nil, nil},
		"an item whose scope isn't known": {"/towns/{town}/halls/{hall}", nil, nil},
	} {
		got, ok := state.FirstValues(role("GET", c.path), c.known...)
		if ok != (c.want != nil) || ok && !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, %v, want %q", name, got, ok, c.want)
		}
	}
}

// The ids that were told are those that a mock answers for.
func TestFirstValues_AreThoseOfAMock(t *testing.T) {
	t.Parallel()
	state, role := shelvesState(t)
	read := role("GET", "/towns/{town}/halls/{hall}")
	bree, _ := state.FirstValues(read, "Bree", "")
	dale, _ := state.FirstValues(read, "Dale", "")
	if len(bree) != 2 || len(dale) != 2 || bree[1] == dale[1] {
		t.Fatalf("the first halls are %q and %q, want two", bree, dale)
	}
	m := mockOf(t, []byte(shelves), engine.Config{})
	for path, want := range map[string]int{
		"/towns/Bree/halls/" + bree[1]: 200, "/towns/Dale/halls/" + dale[1]: 200,
	} {
		if got := ask(m, "GET", path); got.Status != want {
			t.Errorf("GET %s answered %d %s", path, got.Status, got.Body)
		}
	}
	if list := string(ask(m, "GET", "/towns/Bree/halls").Body); !strings.Contains(list, bree[1]) || strings.Contains(list, dale[1]) {
		t.Errorf("the halls of Bree are %s, want %s among them, not %s", list, bree[1], dale[1])
	}
}

func TestOthers_ListsWhatIsThereBesides(t *testing.T) {
	t.Parallel()
	state, role := shelvesState(t)
	got := state.Others(role("GET", "/shelves/{shelf}/books/{book}"), []string{"7", "1"})
	if len(got) != 2 || len(got[0].IDs) != resource.DefaultWorld || got[0].IDs[1] != "2" || len(got[1].IDs) < 3 {
		t.Fatalf("the shelves and the books of one are %+v", got)
	}
	other := state.Others(role("GET", "/shelves/{shelf}/books/{book}"), []string{"8", "1"})
	if other[0].Place != got[0].Place || other[1].Place == got[1].Place {
		t.Errorf("the places are %q and %q, want the same shelves and other books", got, other)
	}
	free := state.Others(role("GET", "/towns/{town}/halls/{hall}"), []string{"Bree", "x"})
	if free[0].Place != "" || free[0].IDs != nil || len(free[1].IDs) == 0 {
		t.Errorf("a variable that names nothing has others: %+v", free)
	}
}

func TestCursors_AreThoseOfLists(t *testing.T) {
	t.Parallel()
	state, role := shelvesState(t)
	if got := state.Cursors(role("GET", "/shelves")); !slices.Equal(got, []string{"starting_after"}) {
		t.Errorf("the cursors of a list are %q", got)
	}
	for _, path := range []string{"/towns/{town}/halls", "/shelves/{shelf}"} {
		if got := state.Cursors(role("GET", path)); got != nil {
			t.Errorf("%s has the cursors %q", path, got)
		}
	}
}
