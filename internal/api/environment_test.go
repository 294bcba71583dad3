package api

import (
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/store"
)

func TestEnvironments_WholeFlow_KeepsTheContract(t *testing.T) {
	t.Parallel()
	c := startJudged(t)
	public := c.workspaceOf("public", "Open")
	body := `{"environment":{"name":"E","values":[
		{"key":"a","value":"1","enabled":true,"type":"default","description":"d","vault":{"z":1.50,"a":null}},
		{"enabled":true,"key":"s","secret":true,"source":{"provider":"postman","postman":{"type":"cloud"}},"type":"default","value":""}],
		"_postman_variable_scope":"environment"}}`
	made := c.do("POST", "/environments?workspace="+public, body).want(200)
	id, full := made.text("environment", "id"), made.text("environment", "uid")
	got := c.do("GET", "/environments/"+full, nil).want(200)
	if got.text("environment", "uid") != full || got.at("environment", "isPublic") != true || got.text("environment", "owner") != "1" {
		t.Errorf("the environment is %s", got.body)
	}
	if !strings.Contains(string(got.body), `"vault":{"z":1.50,"a":null}`) || got.text("environment", "_postman_variable_scope") != "environment" {
		t.Errorf("what isn't known was lost: %s", got.body)
	}
	c.do("POST", "/environments", object{"environment": object{"name": "second"}}).want(200)
	if n := len(c.do("GET", "/environments", nil).want(200).at("environments").([]any)); n != 2 {
		t.Errorf("the list has %d", n)
	}
	if n := len(c.do("GET", "/environments?workspace="+public, nil).want(200).at("environments").([]any)); n != 1 {
		t.Errorf("the list of the workspace has %d", n)
	}
	if n := len(c.do("GET", "/environments?workspace="+store.NewID(), nil).want(200).at("environments").([]any)); n != 0 {
		t.Errorf("the list of no workspace has %d", n)
	}

	for _, media := range []string{"application/json", "application/json-patch+json"} {
		c.do("PATCH", "/environments/"+id, `[{"op":"replace","path":"/name","value":"E2"},{"op":"replace","path":"/values/0/value","value":"2"},
			{"op":"replace","path":"/values/0/enabled","value":false}]`, "Content-Type", media).want(200)
	}
	got = c.do("PATCH", "/environments/"+id, `[{"op":"remove","path":"/values/1"},{"op":"add","path":"/values/0","value":{"key":"n","value":"v"}},{"op":"add","path":"/values/-","value":{"key":"last"}},{"op":"add","path":"/values/0/description","value":"x"}]`).want(200)
	if got.text("environment", "name") != "E2" || got.text("environment", "values", 0, "description") != "x" ||
		got.text("environment", "values", 1, "value") != "2" || got.at("environment", "values", 1, "enabled") != false || got.text("environment", "values", 2, "key") != "last" {
		t.Errorf("the environment that was patched is %s", got.body)
	}
	if now := c.do("GET", "/environments/"+id, nil).want(200); now.text("environment", "values", 2, "key") != "last" {
		t.Errorf("the patch was not kept: %s", now.body)
	}

	c.do("PUT", "/environments/"+id, `{"environment":{"values":[]}}`).want(200)
	got = c.do("GET", "/environments/"+id, nil).want(200)
	if l, _ := got.at("environment", "values").([]any); got.text("environment", "name") != "E2" || len(l) != 0 || got.at("environment", "_postman_variable_scope") != nil {
		t.Errorf("after a PUT without a name the environment is %s", got.body)
	}
	if uid := c.do("DELETE", "/environments/"+full, nil).want(200).text("environment", "uid"); uid != full {
		t.Errorf("the uid that was deleted is %s", uid)
	}
	c.do("GET", "/environments/"+id, nil).want(400)
	c.do("DELETE", "/environments/"+id, nil).want(404)
}

func TestEnvironments_WrongInput_IsRefusedAndChangesNothing(t *testing.T) {
	t.Parallel()
	c := startJudged(t)
	id := c.do("POST", "/environments", `{"environment":{"name":"E","values":[{"key":"a","value":"1"}]}}`).want(200).text("environment", "id")
	before := string(c.do("GET", "/environments/"+id, nil).body)
	one, none := "/environments/"+id, "/environments/"+store.NewID()
	for _, x := range []struct {
		method, path string
		body         any
		status       int
		has          string
	}{
		{"POST", "/environments", nil, 400, "required"},
		{"POST", "/environments", "{}", 400, "environment"},
		{"POST", "/environments", `{"environment":[]}`, 400, "expected object"},
		{"POST", "/environments", `{"environment":{"values":[]}}`, 400, "environment: must have required property 'name'"},
		{"POST", "/environments", `{"environment":{"name":1}}`, 400, "environment.name"},
		{"POST", "/environments", `{"environment":{"name":"x","values":{}}}`, 400, "expected array"},
		{"POST", "/environments", `{"environment":{"name":"x","values":[null]}}`, 400, "Invalid type: null (expected object) at environment.values.0"},
		{"POST", "/environments", `{"environment":{"name":"x","values":[{"key":"a","value":1}]}}`, 400, "environment.values.0.value"},
		{"POST", "/environments", `{"environment":{"name":"x","values":[{"key":"a","type":"x"}]}}`, 400, "secret, default"},
		{"POST", "/environments", `{"environment":{"name":"x","values":[{"key":"a","description":"` + strings.Repeat("é", 513) + `"}]}}`, 400, "512"},
		{"POST", "/environments?workspace=" + store.NewID(), `{"environment":{"name":"x"}}`, 404, "workspace"},
		{"PUT", none, `{"environment":{"name":"x"}}`, 404, "instanceNotFoundError"},
		{"PUT", one, `{"environment":{}}`, 400, "name"},
		{"PATCH", none, `[{"op":"replace","path":"/name","value":"x"}]`, 404, "instanceNotFoundError"},
		{"PATCH", "/environments/5daabc50", `[{"op":"replace","path":"/name","value":"x"}]`, 400, "Invalid Environment ID"},
		{"PATCH", one, nil, 400, "Patch sequence must be an array"},
		{"PATCH", one, `{"op":"add"}`, 400, "Patch sequence must be an array"},
		{"PATCH", one, `[{"op":"copy","from":"/name","path":"/values/0/key"}]`, 400, "op must be"},
		{"PATCH", one, `[{"op":"replace","path":"/name"}]`, 400, "empty value"},
		{"PATCH", one, `[{"op":"replace","path":"/values/0/value","value":""}]`, 400, "empty value"},
		{"PATCH", one, `[{"op":"replace","path":"/values/0/value","value":1}]`, 400, `["/values/0/value: must be a string"]`},
		{"PATCH", one, `[{"op":"replace","path":"/values/0/type","value":"x"}]`, 400, "/values/0/type"},
		{"PATCH", one, `[{"op":"replace","path":"/values/1/value","value":"x"}]`, 400, "does not exist"},
		{"PATCH", one, `[{"op":"add","path":"/values/2","value":{"key":"x"}}]`, 400, "does not exist"},
		{"PATCH", one, `[{"op":"replace","path":"/values/0/description","value":"x"}]`, 400, "does not exist"},
		{"PATCH", one, `[{"op":"add","path":"/values/01","value":{"key":"x"}}]`, 400, "Invalid path"},
		{"PATCH", one, `[{"op":"replace","path":"/id","value":"x"}]`, 400, "Invalid path"},
		{"PATCH", one, `[{"op":"replace","path":"/values/0/other","value":"x"}]`, 400, "Invalid path"},
		{"PATCH", one, `[{"op":"remove","path":"/name"}]`, 400, "Invalid path"},
		{"PATCH", one, `[{"op":"add","path":"/values/0","value":"x"}]`, 400, "/values/0: must be an object"},
		{"PATCH", one, `[{"op":"add","path":"/values/0","value":{"key":"x"}},{"op":"replace","path":"/name","value":"x"}]`, 400, "one type of operation"},
		{"PATCH", one, `[{"op":"replace","path":"/name","value":"x"},{"op":"replace","path":"/values/9/key","value":"x"}]`, 400, "does not exist"},
	} {
		a := c.do(x.method, x.path, x.body)
		if a.status != x.status || !strings.Contains(string(a.body), x.has) {
			t.Errorf("%s %s %v: %d %s, want %d with %s", x.method, x.path, x.body, a.status, a.body, x.status, x.has)
		}
	}
	if after := string(c.do("GET", one, nil).body); after != before {
		t.Errorf("what was refused changed the environment: %s, before %s", after, before)
	}
}

func TestCreateEnvironment_WithAnIDThatIsTaken_GetsANewOne(t *testing.T) {
	t.Parallel()
	c := start(t)
	body := `{"environment":{"id":"5daabc50-8451-43f6-922d-96b403b4f28e","name":"E"}}`
	first := c.do("POST", "/environments", body).want(200).text("environment", "id")
	second := c.do("POST", "/environments", body).want(200).text("environment", "id")
	if first != "5daabc50-8451-43f6-922d-96b403b4f28e" || second == first {
		t.Errorf("the ids are %s and %s", first, second)
	}
}
