package items

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
)

func TestFind_IDsAndUIDs_NameTheSameItem(t *testing.T) {
	t.Parallel()
	const uuid = "12345678-1111-4222-8333-444444444444" // begins as a uid does
	v := parse(t, `{"info":{},"item":[{"id":"f","item":[{"id":"`+uuid+`","request":"x","response":[{"id":"e"}]}]}]}`)
	for id, want := range map[string]Kind{"f": Folder, "7-f": Folder, uuid: Request, "99-" + uuid: Request, "e": Response, "1-e": Response, "": "", "1-": "", "x-f": "", "1111-4222-8333-444444444444": ""} {
		if _, _, kind := Find(v, id); kind != want {
			t.Errorf("%q is found as %q, want %q", id, kind, want)
		}
	}
	item, parent, _ := Find(v, uuid)
	if item.Get("id").Str() != uuid || parent.Get("id").Str() != "f" {
		t.Error("the parent isn't the folder")
	}
	if BareID("99-"+uuid) != uuid || BareID(uuid) != uuid {
		t.Error("a uuid loses its first part")
	}
}

func TestWalk_NamesTheFoldersOfEachItem(t *testing.T) {
	t.Parallel()
	var got []string
	Walk(parse(t, shop), func(kind Kind, id, name string, _ *definition.Value, path []string) bool {
		got = append(got, fmt.Sprintf("%s %s %s/%s", kind, id, strings.Join(path, "/"), name))
		return id != "r2"
	})
	want := "folder f1 /Pets|folder f2 Pets/Inner|request r3 Pets/Inner/Deep|request r1 Pets/Get pet|response e1 Pets/Get pet/Found|response e2 Pets/Get pet/Missing|request r2 /Root"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got %s", s)
	}
}

func TestNormalize_GivesIDsAndTakesOffWhatTheAPIAdds(t *testing.T) {
	t.Parallel()
	v := parse(t, `{"info":{"name":"N","uid":"1-x","createdAt":"now","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json","x":1},"item":[
		{"name":"F","item":[{"name":"R","uid":"1-r","id":"r","request":"x","response":[{"name":"E"}]},{"name":"Again","id":"r","request":"x"}]}]}`)
	if err := Normalize(v, counter()); err != nil {
		t.Fatal(err)
	}
	const id = "00000000-0000-4000-8000-00000000000"
	want := `{"info":{"_postman_id":"` + id + `1","name":"N","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json","x":1},"item":[{"name":"F","id":"` + id + `2","item":[{"name":"R","id":"r","request":"x","response":[{"id":"` + id + `3","name":"E"}]},{"name":"Again","id":"` + id + `4","request":"x"}]}]}`
	if text(v) != want {
		t.Errorf("got  %s\nwant %s", text(v), want)
	}
}

func TestNormalize_NoCollection_TellsEveryProblem(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`[]`:                    ": must be object",
		`{"info":{"name":"N"}}`: ": must have required property 'item'|info: must have required property 'schema'",
		`{"info":1,"item":{}}`:  "info: must be object|item: must be array",
		`{"info":{"name":1,"schema":"v2.0.0"},"item":[1,{"item":{}},{"item":[{"request":1,"response":[2],"auth":"x"}]}]}`:            "info.name: must be string|info.schema: must be the address of the schema of Collection v2.1.0|item[0]: must be object|item[1].item: must be array|item[2].item[0].request: must be object or string|item[2].item[0].response[0]: must be object|item[2].item[0].auth: must be object",
		`{"info":{"name":"N","schema":"v2.1.0"},"item":` + strings.Repeat(`[{"item":`, 500) + `[]` + strings.Repeat(`}]`, 500) + `}`: ": must not be nested deeper than 1000 levels",
	} {
		v, _ := deepParse(t, body)
		e := wantError(t, Normalize(&v, counter()), Malformed)
		if got := strings.Join(e.Problems, "|"); got != want {
			t.Errorf("%.80s:\ngot  %s\nwant %s", body, got, want)
		}
		if d := e.Details(1); d.Len() != len(e.Problems) {
			t.Errorf("details are %s", text(&d))
		}
	}
}

// Properties of the flat model and what becomes of the item.
func TestPutRequest_ChangesWhatIsGivenAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, want, gone string }{
		"name":           {`{"name":"New"}`, `"name":"New"`, `"Get pet"`},
		"method":         {`{"method":"PUT"}`, `"method":"PUT"`, ""},
		"description":    {`{"description":"D"}`, `{"content":"D","type":"text/markdown"}`, "Gets a pet"},
		"no description": {`{"description":null}`, `"variable":[{"key":"id","value":"7"}]}},"response"`, "Gets a pet"},
		"text of url":    {`{"url":"https://b.test/x?x=1#h"}`, `"host":["b","test"],"path":["x"],"query":[{"key":"x","value":"1","description":"the x"},{"key":"y","value":"2","disabled":true}],"variable":[{"key":"id","value":"7"}],"hash":"h"`, "pets/:id"},
		"url as parts":   {`{"url":{"raw":"https://b.test","host":["b","test"]}}`, `"url":{"raw":"https://b.test","host":["b","test"]}`, "pets/:id"},
		"parameters":     {`{"queryParams":[{"key":"z","value":"9","equals":true,"enabled":true}]}`, `"raw":"https://a.test/pets/:id?z=9"`, "the x"},
		"no parameters":  {`{"queryParams":[]}`, `"raw":"https://a.test/pets/:id","protocol"`, "the x"},
		"headers":        {`{"headerData":[{"key":"C","value":"3","enabled":false},{"key":"A","value":"1","x-header":3,"enabled":true}]}`, `"header":[{"key":"C","value":"3","disabled":true},{"key":"A","value":"1","x-header":3}]`, `"B"`},
		"header lines":   {`{"headers":"C: 3\nD: 4"}`, `"header":[{"key":"C","value":"3"},{"key":"D","value":"4"}]`, `"B"`},
		"header":         {`{"header":[{"key":"C","value":"3"}]}`, `"header":[{"key":"C","value":"3"}]`, `"B"`},
		"path variables": {`{"pathVariables":{"id":"8","more":"9"}}`, `"variable":[{"key":"id","value":"8"},{"key":"more","value":"9"}]`, ""},
		"path values":    {`{"pathVariableData":[{"key":"id","value":"8"}]}`, `"variable":[{"key":"id","value":"8"}]`, ""},
		"raw body":       {`{"dataMode":"raw","rawModeData":"{}","dataOptions":{"raw":{"language":"json"}}}`, `"body":{"mode":"raw","raw":"{}","options":{"raw":{"language":"json"}}}`, ""},
		"form":           {`{"dataMode":"params","data":[{"key":"k","value":"v","enabled":true,"type":"text"}]}`, `"body":{"mode":"formdata","formdata":[{"key":"k","value":"v","type":"text"}]}`, ""},
		"file":           {`{"dataMode":"binary","rawModeData":"/a"}`, `"body":{"mode":"file","file":{"src":"/a"}}`, ""},
		"graphql":        {`{"dataMode":"graphql","graphqlModeData":{"query":"{a}","variables":""}}`, `"body":{"mode":"graphql","graphql":{"query":"{a}","variables":""}}`, ""},
		"body":           {`{"body":{"mode":"raw","raw":"x"}}`, `"body":{"mode":"raw","raw":"x"}`, ""},
		"auth":           {`{"auth":{"type":"bearer","bearer":[{"key":"token","value":"t"}]}}`, `"auth":{"type":"bearer","bearer":[{"key":"token","value":"t"}]}`, ""},
		"test script":    {`{"tests":"c();\nd();"}`, `{"id":"s1","exec":["c();","d();"],"type":"text/javascript"}`, "a();"},
		"no scripts":     {`{"tests":null}`, `"x-item"`, `"event"`},
		"scripts":        {`{"events":[{"listen":"prerequest","script":{"exec":["p"]}}]}`, `"event":[{"listen":"prerequest","script":{"exec":["p"]}}]`, "s1"},
		"unknown":        {`{"x-new":[1]}`, `"x-new":[1]`, ""},
		"order":          {`{"responses_order":["e2","1-e1"]}`, `"response":[{"id":"e2"`, ""},
		"other order":    {`{"responses_order":[]}`, `[{"id":"e1"`, ""},
		"where it is":    {`{"folder":"f2","collection":"x","owner":"9","id":"z"}`, `"id":"r1"`, `"z"`},
		"request":        {`{"request":{"method":"HEAD"}}`, `{"method":"HEAD","x-request":2`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := parse(t, shop)
			if err := PutRequest(v, "5-r1", parse(t, c.body), counter()); err != nil {
				t.Fatal(err)
			}
			item, parent, _ := Find(v, "r1")
			got := text(item)
			if !strings.Contains(got, c.want) || c.gone != "" && strings.Contains(got, c.gone) {
				t.Errorf("got %s", got)
			}
			for _, kept := range []string{`"x-item":{"a":1}`, `"x-request":2`, `"x-response":4`, `"disableBodyPruning":true`} {
				if !strings.Contains(got, kept) {
					t.Errorf("%s is lost: %s", kept, got)
				}
			}
			if parent.Get("id").Str() != "f1" {
				t.Error("it has moved")
			}
			again, err := FlatRequest(v, "r1", Options{})
			if err != nil {
				t.Fatal(err)
			}
			before := text(v)
			if err := PutRequest(v, "r1", &again, counter()); err != nil || text(v) != before {
				t.Errorf("what it shows now changes it: %v", err)
			}
		})
	}
}

func TestPutResponse_ChangesTheAnswerAndWhatItAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ id, body, want string }{
		"status":             {"e1", `{"responseCode":{"code":201,"name":"Created"}}`, `"code":201,"status":"Created"`},
		"code alone":         {"e1", `{"code":404}`, `"code":404,"status":"Not Found"`},
		"null beside a name": {"e1", `{"status":null,"responseCode":{"code":200,"name":"OK"}}`, `"code":200,"status":"OK"`},
		"body":               {"e1", `{"text":"[]","language":"json","time":"5"}`, `"responseTime":"5","body":"[]"`},
		"headers":            {"e1", `{"headers":[{"key":"X","value":"1"}]}`, `"header":[{"key":"X","value":"1"}]`},
		"request's url":      {"e1", `{"url":"https://b.test/9"}`, `"originalRequest":{"method":"GET","header":[],"url":{"raw":"https://b.test/9"`},
		"copies the request": {"e2", `{"method":"DELETE"}`, `"originalRequest":{"method":"DELETE","x-request":2`},
		"request object":     {"e1", `{"requestObject":"{\"method\":\"PATCH\",\"headerData\":[{\"key\":\"H\",\"value\":\"1\",\"enabled\":true}]}"}`, `"originalRequest":{"method":"PATCH","header":[{"key":"H","value":"1"}],"url":{"raw":"https://a.test/pets/7"`},
		"original request":   {"e1", `{"originalRequest":{"method":"PUT"}}`, `"originalRequest":{"method":"PUT"}`},
		"own request":        {"e1", `{"request":"1-r1","name":"N"}`, `"name":"N"`},
	} {
		v := parse(t, shop)
		if err := PutResponse(v, c.id, parse(t, c.body), counter()); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		item, _, _ := Find(v, c.id)
		if got := text(item); !strings.Contains(got, c.want) || c.id == "e1" && !strings.Contains(got, `"x-response":4`) {
			t.Errorf("%s: got %s", name, got)
		}
	}
	v := parse(t, shop)
	before := text(v)
	wantError(t, PutResponse(v, "e1", parse(t, `{"request":"r2","name":"N"}`), counter()), NotFound)
	if text(v) != before {
		t.Error("a refused change has changed something")
	}
}

func TestPutFolder_PutsItsItemsInOrder(t *testing.T) {
	t.Parallel()
	v := parse(t, `{"info":{},"item":[{"id":"f","name":"F","x":1,"item":[{"id":"a","request":"x"},{"id":"g","item":[]},{"id":"b","request":"x"}]}]}`)
	if err := PutFolder(v, "f", parse(t, `{"order":["b","a"],"name":"G"}`), counter()); err != nil {
		t.Fatal(err)
	}
	if want := `{"id":"f","name":"G","x":1,"item":[{"id":"b","request":"x"},{"id":"g","item":[]},{"id":"a","request":"x"}]}`; text(&v.Get("item").Kids[0]) != want {
		t.Errorf("got %s", text(v))
	}
}

func TestAdd_FlatAndDocumentShapes_MakeTheSameItem(t *testing.T) {
	t.Parallel()
	const want = `{"name":"N","id":"00000000-0000-4000-8000-000000000001","request":{"method":"POST","header":[{"key":"A","value":"1"}],"url":{"raw":"https://a.test/b?c=d","protocol":"https","host":["a","test"],"path":["b"],"query":[{"key":"c","value":"d"}]},"body":{"mode":"raw","raw":"x"}},"response":[]}`
	for _, body := range []string{
		`{"name":"N","method":"POST","headerData":[{"key":"A","value":"1","enabled":true}],"url":"https://a.test/b?c=d","dataMode":"raw","rawModeData":"x","auth":null,"events":null,"data":null}`,
		`{"name":"N","method":"POST","headers":[{"key":"A","value":"1"}],"url":"https://a.test/b?c=d","queryParams":[{"key":"c","value":"d","equals":true}],"dataMode":"raw","data":"x"}`,
		`{"name":"N","method":"POST","header":[{"key":"A","value":"1"}],"url":{"raw":"https://a.test/b?c=d","protocol":"https","host":["a","test"],"path":["b"],"query":[{"key":"c","value":"d"}]},"body":{"mode":"raw","raw":"x"}}`,
		`{"name":"N","request":{"method":"POST","header":[{"key":"A","value":"1"}],"url":{"raw":"https://a.test/b?c=d","protocol":"https","host":["a","test"],"path":["b"],"query":[{"key":"c","value":"d"}]},"body":{"mode":"raw","raw":"x"}},"response":[]}`,
	} {
		v := parse(t, shop)
		id, err := AddRequest(v, "f2", parse(t, body), counter())
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		item, parent, _ := Find(v, id)
		if text(item) != want || parent.Get("id").Str() != "f2" {
			t.Errorf("%s\ngot  %s\nwant %s", body, text(item), want)
		}
	}
}

func TestAddFolder_ComesWithWhatIsInIt(t *testing.T) {
	t.Parallel()
	v := parse(t, shop)
	id, err := AddFolder(v, "f1", parse(t, `{"name":"New","folder":"f1","requests":[{"name":"A","url":"https://a.test","responses":[{"name":"E","text":"x","responseCode":{"code":201}}]}],"folders":[{"name":"B","item":[{"name":"C","request":"https://c.test"}]}]}`), counter())
	if err != nil {
		t.Fatal(err)
	}
	got, err := FlatFolder(v, id, Options{Stamp: stamp, Populate: true, UID: true})
	if err != nil {
		t.Fatal(err)
	}
	r := got.Get("requests").Kids[0]
	if got.Get("folder").Str() != "12345678-f1" || r.Get("name").Str() != "A" || r.Get("responses").Kids[0].Get("text").Str() != "x" ||
		r.Get("folder").Str() != "12345678-"+id || got.Get("folders").Kids[0].Get("requests").Kids[0].Get("url").Str() != "https://c.test" {
		t.Errorf("got %s", text(&got))
	}
	only, _ := FlatFolder(v, id, Options{Stamp: stamp, IDs: true})
	for i := range only.Kids {
		if only.Kids[i].Key == "name" || only.Kids[i].Key == "auth" {
			t.Errorf("%s is no id", only.Kids[i].Key)
		}
	}
}

func TestAddResponse_TakesTheRequestThatItAnswers(t *testing.T) {
	t.Parallel()
	v := parse(t, shop)
	id, err := AddResponse(v, "r1", parse(t, `{"name":"N","text":"{}"}`), counter())
	if err != nil {
		t.Fatal(err)
	}
	item, _, _ := Find(v, id)
	request, _, _ := Find(v, "r1")
	if !definition.Equal(item.Get("originalRequest"), request.Get("request")) {
		t.Errorf("got %s", text(item))
	}
	if n, _ := item.Get("code").Int(); n != 200 {
		t.Error("a response without a code is never served")
	}
}

func TestEdits_Refused_ChangeNothing(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":[`, 499) + strings.Repeat(`]}`, 499)
	for name, c := range map[string]struct {
		edit func(v *definition.Value) error
		want string
	}{
		"no parent": {func(v *definition.Value) error {
			_, err := AddRequest(v, "none", parse(t, `{}`), counter())
			return err
		}, NotFound},
		"parent no folder":  {func(v *definition.Value) error { _, err := AddFolder(v, "r1", parse(t, `{}`), counter()); return err }, NotFound},
		"parent no request": {func(v *definition.Value) error { _, err := AddResponse(v, "f1", parse(t, `{}`), counter()); return err }, NotFound},
		"id taken": {func(v *definition.Value) error {
			_, err := AddRequest(v, "", parse(t, `{"id":"e1"}`), counter())
			return err
		}, Found},
		"no object": {func(v *definition.Value) error { _, err := AddRequest(v, "", parse(t, `[]`), counter()); return err }, Malformed},
		"nothing":   {func(v *definition.Value) error { return PutRequest(v, "r1", nil, counter()) }, Malformed},
		"wrong type": {func(v *definition.Value) error {
			return PutRequest(v, "r1", parse(t, `{"name":"x","url":1}`), counter())
		}, Invalid},
		"wrong mode": {func(v *definition.Value) error { return PutRequest(v, "r1", parse(t, `{"dataMode":"x"}`), counter()) }, Invalid},
		"wrong object": {func(v *definition.Value) error {
			return PutResponse(v, "e1", parse(t, `{"name":"x","requestObject":"{"}`), counter())
		}, Invalid},
		"wrong kind": {func(v *definition.Value) error { return PutFolder(v, "r1", parse(t, `{}`), counter()) }, NotFound},
		"bad item": {func(v *definition.Value) error {
			_, err := AddFolder(v, "", parse(t, `{"item":[1]}`), counter())
			return err
		}, Malformed},
		"too deep": {func(v *definition.Value) error { return PutRequest(v, "r1", parse(t, `{"x":`+deep+`}`), counter()) }, Invalid},
		"too deep to add": {func(v *definition.Value) error {
			_, err := AddRequest(v, "f2", parse(t, `{"x":`+deep+`}`), counter())
			return err
		}, Invalid},
		"delete nothing":    {func(v *definition.Value) error { _, err := Delete(v, "none"); return err }, NotFound},
		"delete wrong kind": {func(v *definition.Value) error { return DeleteKind(v, "r1", Folder) }, NotFound},
	} {
		v := parse(t, shop)
		before := text(v)
		err := c.edit(v)
		if nameOf(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
		if text(v) != before {
			t.Errorf("%s: it has changed", name)
		}
	}
}

func TestDelete_TakesWhatIsInIt(t *testing.T) {
	t.Parallel()
	for id, gone := range map[string][]string{"1-f1": {"f1", "f2", "r1", "r3", "e1", "e2"}, "r1": {"r1", "e1", "e2"}, "e2": {"e2"}} {
		v := parse(t, shop)
		if _, err := Delete(v, id); err != nil {
			t.Fatal(err)
		}
		left := allIDs(v)
		for _, g := range gone {
			if left[g] {
				t.Errorf("%s: %s is left", id, g)
			}
		}
		if len(left) != 7-len(gone) {
			t.Errorf("%s: left are %v", id, left)
		}
	}
}

func TestReidentify_EveryIDIsNewAndNamesStay(t *testing.T) {
	t.Parallel()
	v := parse(t, shop)
	c := v.Clone()
	Reidentify(&c, counter())
	for id := range allIDs(v) {
		if allIDs(&c)[id] {
			t.Errorf("%s is the old one", id)
		}
	}
	if s := text(&c); strings.Contains(s, `"s1"`) || strings.Contains(s, "c0000000") || !strings.Contains(s, "Get pet") || len(allIDs(&c)) != 7 {
		t.Errorf("got %s", s)
	}
}

func TestTouch_TimesAreTheItemsOwn(t *testing.T) {
	t.Parallel()
	v := parse(t, shop)
	Touch(v, "r1", "T1")
	Touch(v, "r1", "T2")
	got, _ := FlatRequest(v, "r1", Options{Stamp: stamp})
	if got.Get("createdAt").Str() != "T1" || got.Get("updatedAt").Str() != "T2" {
		t.Errorf("got %s", text(&got))
	}
}

func TestDecorate_LeavesTheDocumentAlone(t *testing.T) {
	t.Parallel()
	v := parse(t, shop)
	before := text(v)
	got := Decorate(v, stamp)
	if text(v) != before {
		t.Error("the document has changed")
	}
	if err := Normalize(&got, counter()); err != nil || strings.Contains(text(&got), "uid") {
		t.Errorf("what is shown can't be stored again: %v %s", err, text(&got))
	}
}

func TestPatchCollection_WordsErrorsAsTheContractDoes(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{}`:                                        "paramMissingError: The parameter 'collection' is missing.",
		`{"collection":{}}`:                         "paramMissingError: 'info' key is mandatory when 'collection' is empty.",
		`{"collection":{"item":[]}}`:                "badRequest: Invalid parameters: ('item') for key: 'collection'",
		`{"collection":{"info":{"schema":"x"}}}`:    "badRequest: Invalid parameters: ('schema') for key: 'collection.info'",
		`{"collection":{"auth":{"type":"x"}}}`:      "badRequest: Invalid parameters: ('x') for key: 'collection.auth.type'",
		`{"collection":{"auth":{"type":"apikey"}}}`: "paramMissingError: The key 'apikey' must be present in 'collection.auth' when 'type' is 'apikey'.",
		`{"collection":{"variable":[{"key":"a"}]}}`: "badRequest: Parameters required: ('value') for key: 'collection.variables'",
		`{"collection":{"variable":[{"key":"a","value":"","property":1}]}}`:                                   "badRequest: Invalid parameters: ('property') for key: 'collection.variables'",
		`{"collection":{"events":[{"listen":"test","id":"x"}]}}`:                                              "badRequest: Invalid parameters: ('id') for key: 'collection.events'",
		`{"collection":{"events":[{"listen":"test","script":{"id":"x"}}]}}`:                                   "badRequest: Parameters required: ('type', 'exec') for key: 'collection.events.script'",
		`{"collection":{"events":[{"listen":"test","script":{"id":"x","type":"t","exec":[],"property":1}}]}}`: "badRequest: Invalid parameters: ('property') for key: 'collection.events.script'",
	} {
		v := parse(t, shop)
		before := text(v)
		err := PatchCollection(v, parse(t, body))
		if got := nameOf(err) + ": " + fmt.Sprint(err); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", body, got, want)
		}
		if text(v) != before {
			t.Errorf("%s has changed something", body)
		}
	}
}

func TestPatchCollection_UpdatesVariablesAndScriptsByTheirNames(t *testing.T) {
	t.Parallel()
	v := parse(t, `{"info":{"name":"N","x":1},"item":[],"variable":[{"key":"a","value":"1","x":2}],"event":[{"listen":"test","script":{"id":"1"}},{"listen":"prerequest","script":{"id":"2"}}]}`)
	err := PatchCollection(v, parse(t, `{"collection":{"info":{"name":"M"},"variable":[{"key":"a","value":true},{"key":"b","value":3,"enabled":false}],"events":[{"listen":"test","script":{"id":"3","type":"t","exec":["x"]}}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"info":{"name":"M","x":1},"item":[],"variable":[{"key":"a","value":true,"x":2},{"key":"b","value":3,"disabled":true}],"event":[{"listen":"test","script":{"id":"3","type":"t","exec":["x"]}},{"listen":"prerequest","script":{"id":"2"}}]}`
	if text(v) != want {
		t.Errorf("got %s", text(v))
	}
}

func TestEdits_AHundredThousandItems_TakeNoQuadraticTime(t *testing.T) {
	if testing.Short() {
		t.Skip("a large collection")
	}
	const folders, each = 1000, 100
	var b strings.Builder
	b.WriteString(`{"info":{"name":"N","schema":"v2.1.0"},"item":[`)
	ids := make([]string, 0, folders*each)
	for f := range folders {
		fmt.Fprintf(&b, `%.*s{"name":"F","id":"f%d","item":[`, min(f, 1), ",", f)
		for r := range each {
			fmt.Fprintf(&b, `%.*s{"name":"R","id":"r%d.%d","request":"https://a.test"}`, min(r, 1), ",", f, r)
			ids = append(ids, fmt.Sprintf("r%d.%d", f, r))
		}
		b.WriteString(`]}`)
	}
	b.WriteString(`]}`)
	v := parse(t, b.String())
	start, n := time.Now(), 0
	if err := Normalize(v, counter()); err != nil {
		t.Fatal(err)
	}
	if _, err := (Transfer{Kind: Request, IDs: ids, Mode: Move, Target: Place{Model: Collection}, Location: Location{Position: Start}}).Run(v, v, counter()); err != nil {
		t.Fatal(err)
	}
	newID := func() string { n++; return fmt.Sprintf("new%d", n) }
	for range 20 {
		if err := PutRequest(v, "r999.99", parse(t, `{"method":"PUT"}`), counter()); err != nil {
			t.Fatal(err)
		}
		if _, err := AddRequest(v, "", parse(t, `{"name":"x"}`), newID); err != nil {
			t.Fatal(err)
		}
	}
	Reidentify(v, counter())
	got := Decorate(v, stamp)
	if n := len(allIDs(&got)); n < folders*each {
		t.Errorf("%d items are left", n)
	}
	// Quadratic behaviour takes minutes; the bound is far from what it takes.
	if d := time.Since(start); d > 20*time.Second {
		t.Errorf("it took %v", d)
	}
}
