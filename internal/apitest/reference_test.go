package apitest

import (
	"net/http"
	"testing"
)

func reference(t *testing.T) *Contract {
	t.Helper()
	path, ok := Path()
	if !ok {
		t.Skip("MIMUS_SHARED is not set: it names the folder that holds the description of Postman's API")
	}
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The description's own success examples break nothing.
func TestCorpus_ReferenceExamplesPass(t *testing.T) {
	t.Parallel()
	c := reference(t)
	if n := len(c.operations); n < 150 {
		t.Errorf("%d operations are read, want all of them", n)
	}
	checked := 0
	for _, op := range c.operations {
		for _, r := range op.Responses {
			for _, m := range r.Content {
				for _, e := range m.Examples {
					if e.Value == nil || r.Status != "200" || m.Type != "application/json" {
						continue
					}
					checked++
					header := http.Header{"Content-Type": {m.Type}}
					for _, v := range c.Check(op.Method, concrete(op), 200, header, e.Value.AppendJSON(nil)) {
						t.Errorf("%s %s, example %q: %v", op.Method, op.Path, e.Name, v)
					}
				}
			}
		}
	}
	if checked < 100 {
		t.Errorf("%d examples were found, want more", checked)
	}
}

// concrete is a path of an operation.
func concrete(op *operation) string {
	path := ""
	for _, s := range op.segments {
		values := op.enum(s)
		if isParameter(s) {
			s = "x"
		}
		for v := range values {
			s = v
		}
		path += "/" + s
	}
	return path
}

func TestCorpus_ReferenceJudges(t *testing.T) {
	t.Parallel()
	c := reference(t)
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	for _, test := range []struct {
		name, method, path string
		status             int
		body               string
		want               int
	}{
		{"create a workspace", "POST", "/workspaces", 200, `{"workspace":{"id":"1f0df51a-8658-4ee8-a2a1-d2567dfa09a9","name":"A"}}`, 0},
		{"without its name", "POST", "/workspaces", 200, `{"workspace":{"id":"1f0df51a-8658-4ee8-a2a1-d2567dfa09a9"}}`, 1},
		{"an empty object", "GET", "/mocks/a", 200, `{}`, 1},
		{"a mock without delay and environment", "GET", "/mocks/a", 200, `{"mock":{"id":"a","owner":"1","uid":"1-a","collection":"1-b","mockUrl":"http://127.0.0.1/m/a","name":"A",
			"config":{"headers":[],"matchBody":false,"matchQueryParams":true,"matchWildcards":true,"delay":null,"serverResponseId":null},
			"createdAt":"2022-07-25T20:54:30.000Z","updatedAt":"2022-07-25T20:54:30.000Z","isPublic":true,"deactivated":false}}`, 0},
		{"nobody's 404", "GET", "/collections/a", 404, `{"error":{"name":"instanceNotFoundError","message":"x"}}`, 1},
		{"a numeric owner", "GET", "/environments", 200, `{"environments":[{"id":"a","name":"A","createdAt":"2022-07-25T20:54:30.000Z","updatedAt":"2022-07-25T20:54:30.000Z","owner":1,"uid":"1-a","isPublic":false}]}`, 2},
		{"headers of a call as a list", "GET", "/mocks/a/call-logs?include=request.headers", 200, `{"call-logs":[{"id":"1","responseName":"A","servedAt":"2022-07-25T20:54:30.000Z",
			"request":{"method":"GET","path":"/a?b=c","headers":[{"key":"a","value":"b"}]},"response":{"type":"success","statusCode":200}}],"meta":{"nextCursor":null}}`, 0},
	} {
		if got := c.Check(test.method, test.path, test.status, header, []byte(test.body)); len(got) != test.want {
			t.Errorf("%s: %d violations, want %d: %v", test.name, len(got), test.want, got)
		}
	}
}
