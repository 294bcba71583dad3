package apitest

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// small is a contract with the peculiarities that the checker has rules for.
const small = `
openapi: 3.0.3
info: {title: Things, version: "1"}
paths:
  /things:
    get:
      operationId: getThings
      responses:
        "200":
          description: all
          content:
            application/json:
              schema: {$ref: "#/components/schemas/things"}
              examples:
                some: {$ref: "#/components/examples/some"}
                none: {value: {things: []}}
        "404": &missing
          description: none
          content:
            application/problem+json:
              schema: {type: object, required: [title], properties: {title: {type: string}}}
  /things/{id}:
    get:
      operationId: getCollection
      responses:
        "200":
          description: one
          content:
            application/json:
              schema: {type: object}
              example: {collection: {info: {name: A}, item: [{name: B}], auth: {}}}
        "400": *missing
    delete:
      operationId: deleteThing
      responses: {"204": {description: gone}, "404": *missing}
  /things/special:
    get:
      operationId: getSpecial
      responses: {"200": {description: ok}}
  /things/{id}/files/{filePath}:
    get:
      operationId: getFile
      responses: {"200": {description: ok}}
  /{elementType}/{id}/tasks/{task}:
    get:
      operationId: getTask
      parameters:
        - {name: elementType, in: path, required: true, schema: {type: string, enum: [things, specs]}}
      responses: {"200": {description: ok}}
  /mocks/{id}/call-logs:
    get:
      operationId: getMockCallLogs
      responses:
        "200":
          description: calls
          content:
            application/json:
              schema:
                type: object
                properties:
                  call-logs:
                    type: array
                    items:
                      type: object
                      properties:
                        request: {type: object, properties: {path: {type: string}, headers: {type: object}}}
components:
  examples:
    some: {value: {things: [{id: a, size: 3, color: null, parts: [{n: 1}]}], meta: {total: 1}}}
  schemas:
    things:
      type: object
      properties:
        things:
          type: array
          items:
            type: object
            properties:
              id: {type: string}
              size: {type: integer, nullable: true}
              type: {type: string, enum: ["OPENAPI:3.0"]}
`

func smallContract(t *testing.T) *Contract {
	t.Helper()
	path := filepath.Join(t.TempDir(), "small.yaml")
	if err := os.WriteFile(path, []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	plainJSON   = "application/json; charset=utf-8"
	problemJSON = "application/problem+json"
)

func TestCheck_JudgesAnswers(t *testing.T) {
	t.Parallel()
	c := smallContract(t)
	for _, test := range []struct {
		name        string
		method      string
		path        string
		status      int
		contentType string
		body        string
		want        []string // kind and pointer of each violation
	}{
		{"like the example", "GET", "/things", 200, plainJSON, `{"things":[{"id":"x","size":1,"color":"red","parts":[{"n":2,"m":1}]}],"meta":{"total":9},"more":1}`, nil},
		{"none found", "GET", "/things", 200, plainJSON, `{"things":[]}`, nil},
		{"a query belongs to no path", "GET", "/things?limit=1", 200, plainJSON, `{"things":[]}`, nil},
		{"nothing but ids where that was asked for", "GET", "/things?ids=true", 200, plainJSON, `{"things":[{"id":"x"}]}`, nil},
		{"null where the schema has it", "GET", "/things", 200, plainJSON, `{"things":[{"id":"x","size":null,"color":1,"parts":[]}],"meta":{"total":9}}`, nil},
		{"missing member", "GET", "/things", 200, plainJSON, `{"things":[{"id":"x","size":1,"parts":[]}],"meta":{"total":9}}`, []string{"example /things/0/color"}},
		{"missing in a nested list", "GET", "/things", 200, plainJSON, `{"things":[{"id":"x","size":1,"color":0,"parts":[{}]}],"meta":{"total":9}}`, []string{"example /things/0/parts/0/n"}},
		{"another type than the example's", "GET", "/things", 200, plainJSON, `{"things":[{"id":"x","size":1,"color":0,"parts":{}}],"meta":{"total":9}}`, []string{"example /things/0/parts"}},
		{"breaks the schema", "GET", "/things", 200, plainJSON, `{"things":[{"id":1,"size":1,"color":0,"parts":[]}],"meta":{"total":9}}`, []string{"body /things/0/id", "example /things/0/id"}},
		{"an empty list of the example is no measure", "GET", "/things", 200, plainJSON, `{"things":[{"id":"x","size":1,"color":0,"parts":[]}]}`, []string{"example /meta"}},
		{"type of a spec that the description lacks", "GET", "/things", 200, plainJSON, `{"things":[{"id":"x","size":1,"color":0,"parts":[],"type":"OPENAPI:3.2"}],"meta":{"total":9}}`, nil},
		{"type of a spec that nobody has", "GET", "/things", 200, plainJSON, `{"things":[{"id":"x","size":1,"color":0,"parts":[],"type":"OPENAPI:4"}],"meta":{"total":9}}`, []string{"body /things/0/type"}},
		{"no JSON", "GET", "/things", 200, plainJSON, `{`, []string{"body "}},
		{"another media type", "GET", "/things", 200, "text/html", `{"things":[]}`, []string{"content type "}},
		{"JSON kinds are told apart", "GET", "/things", 404, plainJSON, `{"title":"no"}`, []string{"content type "}},
		{"declared error", "GET", "/things", 404, problemJSON, `{"title":"no"}`, nil},
		{"declared error that breaks its schema", "GET", "/things", 404, problemJSON, `{}`, []string{"body "}},
		{"undeclared status", "GET", "/things", 302, "", ``, []string{"status "}},
		{"undeclared success", "GET", "/things", 201, plainJSON, `{"things":[]}`, []string{"status "}},
		{"fault of the server", "GET", "/things", 500, plainJSON, `{"error":{"name":"serverError","message":"x"}}`, []string{"status "}},
		{"401 is declared everywhere", "GET", "/things", 401, problemJSON, `{"error":{"name":"AuthenticationError","message":"x"}}`, nil},
		{"400 is declared everywhere", "GET", "/things", 400, problemJSON, `{"title":"Bad Request","detail":"x","status":400}`, nil},
		{"409, 412, 501 too", "GET", "/things", 501, plainJSON, `{"error":{"name":"notOffered","message":"x"}}`, nil},
		{"an undeclared error has the API's shape", "GET", "/things", 501, plainJSON, `{"message":"x"}`, []string{"error shape "}},
		{"an undeclared error is JSON", "GET", "/things", 501, "text/plain", `no`, []string{"error shape "}},
		{"404 where none is declared", "GET", "/things/special", 404, plainJSON, `{"error":{"name":"instanceNotFoundError","message":"x"}}`, nil},
		{"404 where 400 means it", "GET", "/things/a", 404, plainJSON, `{"error":{"name":"instanceNotFoundError","message":"x"}}`, []string{"status "}},
		{"no body where none is declared", "DELETE", "/things/a", 204, "", ``, nil},
		{"a body where none is declared", "DELETE", "/things/a", 204, plainJSON, `{}`, []string{"body "}},
		{"what a user wrote isn't compared", "GET", "/things/a", 200, plainJSON, `{"collection":{"info":{"name":"A"},"item":[{"x":1}]}}`, nil},
		{"what no user wrote is", "GET", "/things/a", 200, plainJSON, `{"collection":{"info":{}}}`, []string{"example /collection/info/name"}},
		{"headers of a call log as a list", "GET", "/mocks/m/call-logs", 200, plainJSON, `{"call-logs":[{"request":{"path":"/a","headers":[{"key":"a","value":"b"}]}}]}`, nil},
		{"the rest of a call log", "GET", "/mocks/m/call-logs", 200, plainJSON, `{"call-logs":[{"request":{"path":1}}]}`, []string{"body /call-logs/0/request/path"}},
		{"unknown operation", "POST", "/nothing", 200, plainJSON, `{}`, []string{"unknown operation "}},
		{"honest error for an unknown operation", "POST", "/nothing", 404, plainJSON, `{"error":{"name":"notFound","message":"x"}}`, nil},
		{"dishonest error for an unknown operation", "POST", "/nothing", 404, "text/plain", `404 page not found`, []string{"error shape "}},
		{"what Postman's client asks beside the description", "POST", "/collectionruns", 200, plainJSON, `{}`, nil},
		{"the same below", "GET", "/context/workspaces/a", 200, plainJSON, `{}`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			if test.contentType != "" {
				header.Set("Content-Type", test.contentType)
			}
			var got []string
			for _, v := range c.Check(test.method, test.path, test.status, header, []byte(test.body)) {
				got = append(got, string(v.Kind)+" "+v.Pointer)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("violations are %q, want %q", got, test.want)
			}
		})
	}
}

func TestOperationID_TakesTheMostLiteralPath(t *testing.T) {
	t.Parallel()
	c := smallContract(t)
	for path, want := range map[string]string{
		"/things":                      "getThings",
		"/things/":                     "getThings",
		"/things/special":              "getSpecial",
		"/things/other":                "getCollection",
		"/things/a/files/index.yaml":   "getFile",
		"/things/a/files/b/c.yaml":     "getFile",
		"/things/a/files/b%2Fc.yaml":   "getFile",
		"/things/a/files":              "",
		"/things/a/tasks/b":            "getTask",
		"/others/a/tasks/b":            "",
		"/things//tasks/b":             "",
		"/mocks/a/call-logs?limit=100": "getMockCallLogs",
	} {
		if got := c.OperationID("GET", path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if got := c.OperationID("delete", "/things/a"); got != "deleteThing" {
		t.Errorf("a method in lower case is %q, want deleteThing", got)
	}
}

func TestViolation_SaysWhatAndWhere(t *testing.T) {
	t.Parallel()
	c := smallContract(t)
	header := http.Header{"Content-Type": {plainJSON}}
	found := c.Check("GET", "/things", 200, header, []byte(`{"things":[{"id":1}]}`))
	if len(found) == 0 {
		t.Fatal("no violation")
	}
	for _, part := range []string{"getThings", "/things/0/id", "body"} {
		if !strings.Contains(found[0].String(), part) {
			t.Errorf("%q lacks %q", found[0], part)
		}
	}
}

func TestLoad_SaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	if _, err := Load(filepath.Join(t.TempDir(), "none.yaml")); err == nil {
		t.Error("a missing file is no error")
	}
	path := filepath.Join(t.TempDir(), "empty.yaml")
	if err := os.WriteFile(path, []byte("openapi: 3.0.3\ninfo: {title: a, version: b}\npaths: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), "no operations") {
		t.Errorf("a contract without operations: %v", err)
	}
}
