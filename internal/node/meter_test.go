package node

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.yaml.in/yaml/v3"

	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/engine"
)

// exercised is a node of which every metric has something to tell.
func exercised(t *testing.T) *Node {
	t.Helper()
	n := open(t, Config{Location: t.TempDir(), Version: "1.2.3"})
	ask(n, "GET", "/_mimus/api/mocks/7", "", "")
	ask(n, "GET", "/_mimus/api/mocks/8", "", "")
	ask(n, "BREW", "/_mimus/api/nothing/9", "", "")
	n.meter.count(&engine.Response{Status: 200}, time.Millisecond)
	n.meter.count(&engine.Response{Status: 0, Mistake: "broken off"}, time.Millisecond)
	return n
}

func TestMetrics_AreAsPrometheusAsks(t *testing.T) {
	t.Parallel()
	problems, err := testutil.GatherAndLint(exercised(t).meter.reg)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestMetrics_TellWhatHappened(t *testing.T) {
	t.Parallel()
	_, text := ask(exercised(t), "GET", "/_mimus/metrics", "", "")
	for _, want := range []string{
		`mimus_calls_total{status="2xx",type="success"} 1`, `mimus_calls_total{status="5xx",type="error"} 1`, `mimus_calls_total{status="4xx",type="error"} 0`,
		// templates, never ids: what is called can't make series
		`mimus_management_requests_total{method="GET",route="/_mimus/api/mocks/{mockId}",status="404"} 2`, `mimus_management_requests_total{method="other",route="none",status="404"} 1`,
		`mimus_management_duration_seconds_count{method="GET",route="/_mimus/api/mocks/{mockId}"} 2`,
		`version="1.2.3"} 1`, "mimus_ready 1", "mimus_store_up 1", "mimus_changes_behind_seconds 0.", "mimus_spool_limit_bytes 0", "mimus_calls_lost_total 0",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s", want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

func TestMetrics_WithoutTheStore_SayThatItIsGone(t *testing.T) {
	t.Parallel()
	n := open(t, Config{Calls: calls.NewRing()})
	if err := n.store.Close(); err != nil {
		t.Fatal(err)
	}
	_, text := ask(n, "GET", "/_mimus/metrics", "", "")
	if !strings.Contains(text, "\nmimus_ready 0") || !strings.Contains(text, "\nmimus_store_up 0") {
		t.Error(text)
	}
}

const observability = "../../examples/observability"

var metricName = regexp.MustCompile(`\b(mimus|go|process)_[a-z0-9_]+`)

// A panel or an alert of a metric that is no more stays empty, and nobody sees.
func TestObservability_UsesMetricsThatThereAre(t *testing.T) {
	t.Parallel()
	n := exercised(t)
	families, err := n.meter.reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range families {
		names = append(names, f.GetName())
		if f.GetType().String() == "HISTOGRAM" {
			names = append(names, f.GetName()+"_bucket", f.GetName()+"_sum", f.GetName()+"_count")
		}
	}
	for _, file := range []string{"grafana-dashboard.json", "rules.yml"} {
		used := 0
		for _, expr := range expressions(t, filepath.Join(observability, file)) {
			for _, name := range metricName.FindAllString(expr, -1) {
				if used++; !slices.Contains(names, name) {
					t.Errorf("%s: there is no metric %s", file, name)
				}
			}
		}
		if used == 0 {
			t.Errorf("%s uses no metric", file)
		}
	}
	all, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if strings.HasPrefix(f.GetName(), "mimus_") && !strings.Contains(string(all), "`"+f.GetName()+"`") {
			t.Errorf("docs/operations.md says nothing of %s", f.GetName())
		}
	}
}

// expressions are all values of a key "expr", and what variables ask for.
func expressions(t *testing.T, file string) (out []string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := yaml.Unmarshal(data, &doc); err != nil { // JSON is YAML
		t.Fatalf("%s: %v", file, err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, one := range v {
				walk(one)
			}
		case map[string]any:
			for key, one := range v {
				if text, ok := one.(string); ok && (key == "expr" || key == "query") {
					out = append(out, text)
				}
				walk(one)
			}
		}
	}
	walk(doc)
	return out
}

func TestDashboard_CanBeImported(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join(observability, "grafana-dashboard.json"))
	if err != nil {
		t.Fatal(err)
	}
	type panel struct {
		ID         int
		Title      string
		Type       string
		Datasource struct{ UID string }
		GridPos    struct{ H, W, X, Y int }
		Targets    []struct {
			RefID, Expr string
			Datasource  struct{ UID string }
		}
	}
	var d struct {
		SchemaVersion int
		UID           string
		Panels        []panel
		Templating    struct {
			List []struct{ Name, Type string }
		}
	}
	if err := errors.Join(json.Unmarshal(data, &d)); err != nil {
		t.Fatal(err)
	}
	ids, places := map[int]bool{}, map[[2]int]string{}
	for _, p := range d.Panels {
		if ids[p.ID] || p.ID == 0 {
			t.Errorf("%s: the id %d is another panel's, too", p.Title, p.ID)
		}
		ids[p.ID] = true
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := places[[2]int{x, y}]; other != "" || x >= 24 {
					t.Fatalf("%s lies on %s, or beyond the edge", p.Title, other)
				}
				places[[2]int{x, y}] = p.Title
			}
		}
		if p.Type == "row" {
			continue
		}
		if p.Datasource.UID != "${datasource}" || len(p.Targets) == 0 {
			t.Errorf("%s: has the data source %s and %d targets", p.Title, p.Datasource.UID, len(p.Targets))
		}
		refs := map[string]bool{}
		for _, target := range p.Targets {
			if refs[target.RefID] || target.Datasource.UID != "${datasource}" {
				t.Errorf("%s: target %s is there twice, or has a data source of its own", p.Title, target.RefID)
			}
			refs[target.RefID] = true
		}
	}
	if d.SchemaVersion < 39 || d.UID == "" || len(d.Templating.List) == 0 || d.Templating.List[0].Type != "datasource" {
		t.Errorf("the version is %d, the uid %q, the variables %v", d.SchemaVersion, d.UID, d.Templating.List)
	}
}
