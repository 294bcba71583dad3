package convert

import (
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/postman"
)

const worldDocument = `
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /pets:
    get:
      summary: list
      parameters: [{name: after, in: query, schema: {type: string}}, {name: limit, in: query, schema: {type: integer}}]
      responses: {"200": {description: OK, content: {application/json: {schema: {type: object, properties: {data: {type: array, items: {$ref: "#/components/schemas/Pet"}}, has_more: {type: boolean}}}}}}}
    post: {summary: create, responses: {"201": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}}}
  /pets/{pet}:
    parameters: [{name: pet, in: path, required: true, schema: {type: integer}, example: 4711}]
    get: {summary: read, responses: {"200": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}}}
    patch:
      summary: change
      parameters: [{name: If-Match, in: header, schema: {type: string}}, {name: X-Trace, in: header, schema: {type: string}}]
      responses: {"200": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}}
    delete: {summary: delete, tags: [a, b], responses: {"204": {description: gone}}}
  /pets/{pet}/toys:
    parameters: [{name: pet, in: path, required: true, schema: {type: integer}, example: 3}]
    get: {summary: toys, responses: {"200": {description: OK, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Toy"}}}}}}}
  /pets/{pet}/toys/{toy}:
    parameters: [{name: pet, in: path, required: true, schema: {type: integer}, example: 3}, {name: toy, in: path, required: true, schema: {type: integer}}]
    get: {summary: toy, responses: {"200": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Toy"}}}}}}
    delete: {summary: drop, responses: {"204": {description: gone}}}
  /towns/{town}/halls.json:
    parameters: [{name: town, in: path, required: true, schema: {type: string}, example: Bree}]
    get: {summary: halls, responses: {"200": {description: OK, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Hall"}}}}}}}
  /towns/{town}/halls/{hall}.json:
    parameters: [{name: town, in: path, required: true, schema: {type: string}, example: Bree}, {name: hall, in: path, required: true, schema: {type: integer}}]
    get: {summary: hall, responses: {"200": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Hall"}}}}}}
    delete: {summary: raze, responses: {"204": {description: gone}}}
  /health/{probe}:
    parameters: [{name: probe, in: path, required: true, schema: {type: string}, example: live}]
    get: {summary: health, responses: {"200": {description: OK}}}
components:
  schemas:
    Pet: {type: object, required: [id], properties: {id: {type: integer}, name: {type: string}}}
    Toy: {type: object, required: [id], properties: {id: {type: integer}, name: {type: string}}}
    Hall: {type: object, required: [id], properties: {id: {type: integer}, name: {type: string}}}
`

// byRequestName are the requests of a collection by their names, those of one
// name in their order.
func byRequestName(c *postman.Collection) map[string][]*postman.Request {
	out := map[string][]*postman.Request{}
	eachItem(c.Items, func(it *postman.Item) {
		if it.Request != nil {
			out[it.Name] = append(out[it.Name], it.Request)
		}
	})
	return out
}

func paramsOf(r *postman.Request) string {
	var all []string
	for _, v := range r.URL.Params {
		all = append(all, v.Key+"="+v.Value.Text)
	}
	return strings.Join(all, " ")
}

func TestToPostman_World_NamesWhatIsThere(t *testing.T) {
	t.Parallel()
	def := parseDefinition(t, worldDocument)
	for name, c := range map[string]struct {
		options PostmanOptions
		want    map[string]string
	}{
		"without": {PostmanOptions{}, map[string]string{"read": "pet=4711", "delete": "pet=4711", "toys": "pet=3"}},
		"with": {PostmanOptions{World: true}, map[string]string{
			"read": "pet=1", "change": "pet=1", "delete": "pet=2", // an example that isn't there
			"toys": "pet=3", "toy": "pet=3 toy=1", "drop": "pet=3 toy=2", // one that is
			"halls": "town=Bree", "health": "probe=live", // what names nothing
		}},
		"with examples":       {PostmanOptions{World: true, Values: ValuesOfExample}, map[string]string{"read": "pet=1", "drop": "pet=3 toy=2"}},
		"with names of types": {PostmanOptions{World: true, Values: ValuesOfType}, map[string]string{"read": "pet=<integer>", "delete": "pet=<integer>"}},
	} {
		made, _ := ToPostman(def, c.options)
		all := byRequestName(made)
		for request, want := range c.want {
			if got := paramsOf(all[request][0]); got != want {
				t.Errorf("%s: %s has %q, want %q", name, request, got, want)
			}
		}
	}
}

// One that is in two folders deletes two.
func TestToPostman_World_DeletesAnotherEachTime(t *testing.T) {
	t.Parallel()
	made, _ := ToPostman(parseDefinition(t, worldDocument), PostmanOptions{World: true, Folders: FoldersByTag})
	all := byRequestName(made)["delete"]
	if len(all) != 2 || paramsOf(all[0]) != "pet=2" || paramsOf(all[1]) != "pet=4" {
		t.Errorf("the deletes have %q and %q, want 2 and 4, as 3 is read", paramsOf(all[0]), paramsOf(all[1]))
	}
}

// A variable that is a part of a segment is the collection's: those of other
// values need other names.
func TestToPostman_World_PartsOfSegmentsHaveTheirOwnVariables(t *testing.T) {
	t.Parallel()
	made, _ := ToPostman(parseDefinition(t, worldDocument), PostmanOptions{World: true})
	values := map[string]string{}
	for _, v := range made.Variables {
		values["{{"+v.Key+"}}.json"] = v.Value.Text
	}
	all := byRequestName(made)
	for request, want := range map[string]string{"hall": "1", "raze": "2"} {
		path := all[request][0].URL.Path
		if got := values[path[len(path)-1].Value]; got != want {
			t.Errorf("%s has the hall %q by %q, want %q", request, got, path[len(path)-1].Value, want)
		}
	}
}

// What only an answer before tells is there and not sent.
func TestToPostman_World_FirstRequestsHaveNoCursors(t *testing.T) {
	t.Parallel()
	for world, want := range map[bool]string{false: "after limit If-Match X-Trace", true: "-after limit -If-Match X-Trace"} {
		made, _ := ToPostman(parseDefinition(t, worldDocument), PostmanOptions{World: world})
		all := byRequestName(made)
		var got []string
		for _, f := range append(append([]*postman.Field{}, all["list"][0].URL.Query...), all["change"][0].Header...) {
			if f.Key == "Accept" {
				continue
			}
			sign := ""
			if f.Disabled {
				sign = "-"
			}
			got = append(got, sign+f.Key)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("world %v: the fields are %q, want %q", world, got, want)
		}
	}
}

// A change whose body names the item may give it another id, and what comes
// after asks for the one of before.
func TestToPostman_World_RenamesLeaveAloneWhatIsRead(t *testing.T) {
	t.Parallel()
	def := parseDefinition(t, `
openapi: 3.1.0
info: {title: Labels, version: "1"}
paths:
  /labels:
    get: {summary: list, responses: {"200": {description: OK, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Label"}}}}}}}
  /labels/{name}:
    parameters: [{name: name, in: path, required: true, schema: {type: string}}]
    get: {summary: read, responses: {"200": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Label"}}}}}}
    patch:
      summary: change
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Label"}}}}
      responses: {"200": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Label"}}}}}
    delete: {summary: delete, responses: {"204": {description: gone}}}
    put:
      summary: recolor
      requestBody: {content: {application/json: {schema: {type: object, properties: {color: {type: string}}}}}}
      responses: {"200": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Label"}}}}}
components:
  schemas:
    Label: {type: object, required: [name], properties: {name: {type: string}, color: {type: string}}}
`)
	made, _ := ToPostman(def, PostmanOptions{World: true})
	all := byRequestName(made)
	read, change, gone := paramsOf(all["read"][0]), paramsOf(all["change"][0]), paramsOf(all["delete"][0])
	if read == change || read == gone || change == gone {
		t.Errorf("read has %q, change %q, delete %q; want three", read, change, gone)
	}
	if got := paramsOf(all["recolor"][0]); got != read {
		t.Errorf("a change that can't rename has %q, want %q as is read", got, read)
	}
}
