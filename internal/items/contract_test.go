package items

import (
	"context"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// contract is the description of the API.
type contract struct{ root *definition.Value }

func readContract(t *testing.T) contract {
	t.Helper()
	file, err := filepath.Abs(filepath.Join(shared(t), "reference/postman-api.openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := document.NewLoader(document.Config{Limits: document.Limits{Time: time.Minute}}).Open(context.Background(), file)
	if err != nil {
		t.Fatal(err)
	}
	return contract{&f.Root}
}

func (c contract) deref(v *definition.Value) *definition.Value {
	for v.Get("$ref").Str() != "" {
		v, _ = document.Pointer(c.root, v.Get("$ref").Str())
	}
	return v
}

// example gives an example of an operation's request, or of its success.
func (c contract) example(t *testing.T, path, method string, response bool, name string) *definition.Value {
	t.Helper()
	op := c.root.Get("paths").Get(path).Get(method)
	from := c.deref(op.Get("requestBody"))
	if response {
		from = c.deref(op.Get("responses").Get("200"))
	}
	examples := from.Get("content").Get("application/json").Get("examples")
	for i := range examples.Kids {
		if name == "" || examples.Kids[i].Key == name {
			return c.deref(&examples.Kids[i]).Get("value")
		}
	}
	t.Fatalf("%s %s has no example %q", method, path, name)
	return nil
}

// hasAll checks that a value has every property of an example with its type;
// null in either says that it may be nothing.
func hasAll(t *testing.T, at string, example, got *definition.Value) {
	t.Helper()
	if got == nil {
		t.Errorf("%s is missing", at)
		return
	}
	if isNull(example) {
		return
	}
	if got.Kind != example.Kind {
		t.Errorf("%s is %s (%s), want %s", at, got.Kind, text(got), example.Kind)
		return
	}
	if example.Kind == definition.Object {
		for i := range example.Kids {
			hasAll(t, at+"."+example.Kids[i].Key, &example.Kids[i], got.Get(example.Kids[i].Key))
		}
	}
}

const (
	requestsPath  = "/collections/{collectionId}/requests"
	foldersPath   = "/collections/{collectionId}/folders"
	responsesPath = "/collections/{collectionId}/responses"
)

// The description is large and read once for all.
func TestContract(t *testing.T) {
	t.Parallel()
	c := readContract(t)
	for name, test := range map[string]func(*testing.T, contract){
		"Requests_ShowEveryPropertyOfTheExamples":    contractRequestsShowEveryPropertyOfTheExamples,
		"Folders_ShowEveryPropertyOfTheExamples":     contractFoldersShowEveryPropertyOfTheExamples,
		"Responses_ShowEveryPropertyOfTheExamples":   contractResponsesShowEveryPropertyOfTheExamples,
		"Collection_ShowsEveryPropertyOfTheExamples": contractCollectionShowsEveryPropertyOfTheExamples,
		"Bodies_OfCollectionsAreTaken":               contractBodiesOfCollectionsAreTaken,
		"Patch_TakesEveryExample":                    contractPatchTakesEveryExample,
	} {
		t.Run(name, func(t *testing.T) { test(t, c) })
	}
}

func contractRequestsShowEveryPropertyOfTheExamples(t *testing.T, c contract) {
	t.Parallel()
	v := parse(t, shop)
	id, err := AddRequest(v, "f1", c.example(t, requestsPath, "post", false, ""), counter())
	if err != nil {
		t.Fatal(err)
	}
	got, _ := Created(v, id, Options{Stamp: stamp})
	want := c.example(t, requestsPath, "post", true, "").Get("data")
	hasAll(t, "created", want, &got)
	for _, key := range []string{"headers", "url", "queryParams", "dataOptions", "name", "description", "method"} {
		if !definition.Equal(want.Get(key), got.Get(key)) {
			t.Errorf("created.%s is %s, want %s", key, text(got.Get(key)), text(want.Get(key)))
		}
	}
	if err := PutRequest(v, id, parse(t, `{"tests": "var data = JSON.parse(responseBody);", "protocolProfileBehavior": {"disableBodyPruning": true}}`), counter()); err != nil {
		t.Fatal(err)
	}
	got, _ = FlatRequest(v, id, Options{Stamp: stamp})
	hasAll(t, "got", c.example(t, requestsPath+"/{requestId}", "get", true, "").Get("data"), &got)

	if err := PutRequest(v, id, c.example(t, requestsPath+"/{requestId}", "put", false, ""), counter()); err != nil {
		t.Fatal(err)
	}
	got, _ = FlatRequest(v, id, Options{Stamp: stamp})
	want = c.example(t, requestsPath+"/{requestId}", "put", true, "").Get("data")
	hasAll(t, "put", want, &got)
	for _, key := range []string{"name", "dataMode", "data", "auth", "events", "rawModeData", "description", "method", "url", "preRequestScript", "tests", "queryParams", "headerData", "protocolProfileBehavior", "dataOptions"} {
		if !definition.Equal(want.Get(key), got.Get(key)) {
			t.Errorf("put.%s is %s, want %s", key, text(got.Get(key)), text(want.Get(key)))
		}
	}
}

func contractFoldersShowEveryPropertyOfTheExamples(t *testing.T, c contract) {
	t.Parallel()
	v := parse(t, shop)
	id, err := AddFolder(v, "", c.example(t, foldersPath, "post", false, ""), counter())
	if err != nil {
		t.Fatal(err)
	}
	got, _ := Created(v, id, Options{Stamp: stamp})
	hasAll(t, "created", c.example(t, foldersPath, "post", true, "").Get("data"), &got)
	want := c.example(t, foldersPath+"/{folderId}", "get", true, "").Get("data")
	auth := definition.NewObject(want.Get("auth").With("auth"))
	if err := PutFolder(v, id, &auth, counter()); err != nil {
		t.Fatal(err)
	}
	got, _ = FlatFolder(v, id, Options{Stamp: stamp})
	hasAll(t, "got", want, &got)
	if err := PutFolder(v, id, c.example(t, foldersPath+"/{folderId}", "put", false, ""), counter()); err != nil {
		t.Fatal(err)
	}
	got, _ = FlatFolder(v, id, Options{Stamp: stamp})
	hasAll(t, "put", c.example(t, foldersPath+"/{folderId}", "put", true, "").Get("data"), &got)
}

func contractResponsesShowEveryPropertyOfTheExamples(t *testing.T, c contract) {
	t.Parallel()
	v := parse(t, shop)
	id, err := AddResponse(v, "r1", c.example(t, responsesPath, "post", false, ""), counter())
	if err != nil {
		t.Fatal(err)
	}
	got, _ := Created(v, id, Options{Stamp: stamp})
	want := c.example(t, responsesPath, "post", true, "").Get("data")
	hasAll(t, "created", want, &got)
	if len(got.Kids) != len(want.Kids) {
		t.Errorf("created shows %s", text(&got))
	}
	got, _ = FlatResponse(v, id, Options{Stamp: stamp})
	hasAll(t, "got", c.example(t, responsesPath+"/{responseId}", "get", true, "").Get("data"), &got)

	body := c.example(t, responsesPath+"/{responseId}", "put", false, "").Clone()
	set(&body, "request", definition.NewString("r1"))
	if err := PutResponse(v, id, &body, counter()); err != nil {
		t.Fatal(err)
	}
	got, _ = FlatResponse(v, id, Options{Stamp: stamp})
	want = c.example(t, responsesPath+"/{responseId}", "put", true, "").Get("data")
	hasAll(t, "put", want, &got)
	for _, key := range []string{"name", "responseCode", "time", "headers", "cookies", "mime", "text", "language", "rawDataType"} {
		if !definition.Equal(want.Get(key), got.Get(key)) {
			t.Errorf("put.%s is %s, want %s", key, text(got.Get(key)), text(want.Get(key)))
		}
	}
	object := parse(t, got.Get("requestObject").Str())
	hasAll(t, "requestObject", parse(t, want.Get("requestObject").Str()), object)
	if object.Get("url").Str() != "https://postman-echo.com/post" || object.Get("method").Str() != http.MethodPost {
		t.Errorf("the request that is answered is %s", text(object))
	}
}

func contractCollectionShowsEveryPropertyOfTheExamples(t *testing.T, c contract) {
	t.Parallel()
	v := c.example(t, "/collections", "post", false, "").Get("collection").Clone()
	if err := Normalize(&v, counter()); err != nil {
		t.Fatal(err)
	}
	want := c.example(t, "/collections/{collectionId}", "get", true, "").Get("collection")
	got := Decorate(&v, stamp)
	hasAll(t, "info", withoutDescription(want.Get("info")), got.Get("info"))
	example := want.Clone()
	if err := Normalize(&example, counter()); err != nil {
		t.Fatal(err)
	}
	got = Decorate(&example, stamp)
	if !definition.Equal(want.Get("item"), got.Get("item")) {
		t.Error("the contract's collection is shown otherwise than it is written")
	}
	minimal := c.example(t, "/collections/{collectionId}", "get", true, "Response with model=minimal").Get("collection")
	set(&example, "auth", minimal.Get("auth").Clone())
	got = Minimal(&example, stamp)
	hasAll(t, "minimal", minimal, &got)
}

func withoutDescription(info *definition.Value) *definition.Value {
	out := info.Clone()
	drop(&out, "description")
	return &out
}

func contractBodiesOfCollectionsAreTaken(t *testing.T, c contract) {
	t.Parallel()
	for path, method := range map[string]string{"/collections": "post", "/collections/{collectionId}": "put"} {
		body := c.deref(c.root.Get("paths").Get(path).Get(method).Get("requestBody"))
		examples := body.Get("content").Get("application/json").Get("examples")
		if examples.Len() == 0 {
			t.Errorf("%s has no examples", path)
		}
		for i := range examples.Kids {
			v := c.deref(&examples.Kids[i]).Get("value").Get("collection").Clone()
			if err := Normalize(&v, counter()); err != nil {
				t.Errorf("%s: %v", examples.Kids[i].Key, err)
				continue
			}
			putBackAll(t, &v)
		}
	}
}

func contractPatchTakesEveryExample(t *testing.T, c contract) {
	t.Parallel()
	for _, name := range []string{"Update Auth", "Update Events", "Update Info", "Update Variables"} {
		v := parse(t, shop)
		if err := PatchCollection(v, c.example(t, "/collections/{collectionId}", "patch", false, name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
