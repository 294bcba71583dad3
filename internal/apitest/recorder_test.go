package apitest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestRecorder_JudgesAndCounts(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.URL.Path == Base+"/things" && r.URL.RawQuery == "":
			_, _ = io.WriteString(w, `{"things":[]}`)
		case strings.HasPrefix(r.URL.Path, Base):
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	t.Cleanup(server.Close)
	recorder := &Recorder{Contract: smallContract(t), Next: server.Client().Transport}
	client := &http.Client{Transport: recorder}
	for _, path := range []string{Base + "/things", Base + "/things?x=1", "/m/a/pets", "/_mimus/apis"} {
		res, err := client.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil || path == Base+"/things" && string(body) != `{"things":[]}` {
			t.Errorf("the caller reads %q, %v", body, err)
		}
		if err := res.Body.Close(); err != nil {
			t.Error(err)
		}
	}
	if n := len(recorder.Exchanges()); n != 2 {
		t.Errorf("%d exchanges are recorded, want the 2 with the API", n)
	}
	bad := recorder.Violations()
	if len(bad) != 1 || bad[0].Path != "/things?x=1" || bad[0].Status != http.StatusTeapot || bad[0].Violations[0].Kind != Status {
		t.Errorf("violations are %v", bad)
	}
	if got := recorder.Coverage()["getThings"]; !slices.Equal(got, []int{200, http.StatusTeapot}) {
		t.Errorf("coverage of getThings is %v", got)
	}
	missed := recorder.NotExercised("/things")
	if slices.Contains(missed, "getThings") || !slices.Contains(missed, "deleteThing") || slices.Contains(missed, "getMockCallLogs") {
		t.Errorf("not exercised below /things: %v", missed)
	}
}
