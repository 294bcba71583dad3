package api

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/openapi"
)

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// shape is a path with its parameters' names left out.
func shape(path string) string { return parameter.ReplaceAllString(path, "{}") }

func TestNotOffered_Operation_SaysWhatIsNot(t *testing.T) {
	t.Parallel()
	c := start(t)
	for _, x := range [][2]string{
		{"GET", "/monitors"}, {"POST", "/monitors/1/run"}, {"GET", "/monitors/1/executions/2/runs"}, {"GET", "/api-catalog/services"},
		{"POST", "/context-graph/asks"}, {"PUT", "/apis/1/collections/2/comments/3"}, {"GET", "/teams"},
	} {
		a := c.do(x[0], x[1], nil).want(501)
		if a.text("title") != "Not Implemented" || a.at("status") != 501.0 || !strings.Contains(a.text("detail"), "not offered by Mimus: ") || a.text("type") == "" {
			t.Errorf("%s %s: %s", x[0], x[1], a.body)
		}
	}
}

func TestNotOffered_Table_HasNothingThatIsOffered(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range New(Config{}).routes.routes {
		key := r.method + " " + shape(r.path)
		if seen[key] {
			t.Errorf("there are two routes for %s", key)
		}
		seen[key] = true
	}
}

func TestContract_EachOperation_IsOfferedOrSaidNotToBe(t *testing.T) {
	t.Parallel()
	loader := document.NewLoader(document.Config{})
	f, err := loader.Open(context.Background(), shared(t, "reference/postman-api.openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	def, _, err := openapi.Read(context.Background(), loader, f)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, r := range New(Config{}).routes.routes {
		have = append(have, r.method+" "+shape(strings.ReplaceAll(r.path, "...}", "}")))
	}
	for _, op := range def.Operations {
		if !slices.Contains(have, op.Method+" "+shape(op.Path)) {
			t.Errorf("%s %s (%s) is neither offered nor in the table", op.Method, op.Path, op.ID)
		}
	}
}
