package api

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/apitest"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/openapi"
	"github.com/mimus-dev/mimus/internal/server"
)

// startDescribed is a client that checks each answer against the API's own
// description.
func startDescribed(t *testing.T) *judge {
	t.Helper()
	contract, err := apitest.Load("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	contract.Extensions = nil
	return &judge{start(t), []*apitest.Contract{contract}}
}

func TestDescription_Reading_HasNothingToSay(t *testing.T) {
	t.Parallel()
	loader := document.NewLoader(document.Config{})
	f, err := loader.Open(context.Background(), "openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, diagnostics, err := openapi.Read(context.Background(), loader, f)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diagnostics {
		t.Errorf("%v", d)
	}
}

func TestDescription_Operations_AreTheRoutes(t *testing.T) {
	t.Parallel()
	loaded, err := server.Source{Location: "openapi.yaml", Data: description}.Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var described []string
	ids := map[string]bool{}
	for _, op := range loaded.Definition.Operations {
		described = append(described, op.Method+" "+shape(op.Path))
		if op.ID == "" || ids[op.ID] {
			t.Errorf("%s %s has no id of its own: %q", op.Method, op.Path, op.ID)
		}
		ids[op.ID] = true
	}
	absent := map[string]bool{}
	for _, r := range (&API{}).notOffered() {
		absent[r.method+" "+shape(r.path)] = true
	}
	var routed []string
	for _, r := range New(Config{}).routes.routes {
		if key := r.method + " " + shape(r.path); !absent[key] {
			routed = append(routed, key)
		}
	}
	for _, r := range routed {
		if !slices.Contains(described, r) {
			t.Errorf("%s is not described", r)
		}
	}
	for _, d := range described {
		if !slices.Contains(routed, d) {
			t.Errorf("%s is described, but there is no such route", d)
		}
	}
	if got := loaded.Compile(engine.Config{}).Operations(); got != len(described) {
		t.Errorf("a mock of the description has %d operations, want %d", got, len(described))
	}
}

func TestDescription_IsServedAsBothFormats(t *testing.T) {
	t.Parallel()
	c := start(t)
	if got := c.do("GET", "/openapi.yaml", nil).want(200); !strings.HasPrefix(string(got.body), "openapi: 3.1.0\n") {
		t.Errorf("the document begins with %.40s", got.body)
	}
	if id := c.do("GET", "/openapi.json", nil).want(200).text("paths", "/me", "get", "operationId"); id != "getAuthenticatedUser" {
		t.Errorf("the operation's id is %s", id)
	}
}
