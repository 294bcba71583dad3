package outbound

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStrip_LeavesWhatBelongsToTheAPI(t *testing.T) {
	t.Parallel()
	h := http.Header{
		"X-Mimus-Session": {"a"}, "x-mimus-key": {"mimus_1"}, // also where a name isn't in its canonical form
		"X-Api-Key":     {"mimus_1", "theirs"},
		"Authorization": {"Bearer mimus_1"},
		"Connection":    {"keep-alive, X-Hop", "x-other"}, "X-Hop": {"1"}, "X-Other": {"1"},
		"Keep-Alive": {"timeout=5"}, "Proxy-Connection": {"keep-alive"}, "Te": {"trailers"}, "Trailer": {"X-Sum"}, "Transfer-Encoding": {"chunked"}, "Upgrade": {"h2c"},
		"Proxy-Authorization": {"Basic x"}, "Proxy-Authenticate": {"Basic"},
		"Accept": {"*/*"}, "X-Mimusic": {"1"}, "X-Note": {"mimus_1"}, "Prefer": {"code=200"},
	}
	Strip(h)
	want := http.Header{"X-Api-Key": {"theirs"}, "Accept": {"*/*"}, "X-Mimusic": {"1"}, "X-Note": {"mimus_1"}, "Prefer": {"code=200"}}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Error(diff)
	}
	for value, stays := range map[string]bool{"mimus_1": false, "bearer  mimus_1": false, "Bearer theirs": true, "Basic bWltdXNfMQ==": true, "": true} {
		h := http.Header{"Authorization": {value}}
		Strip(h)
		if _, ok := h["Authorization"]; ok != stays {
			t.Errorf("%q stays: %v", value, ok)
		}
	}
	Strip(nil)
}
