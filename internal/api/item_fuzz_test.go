package api

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/hosting"
	"github.com/mimus-dev/mimus/internal/store"
)

// FuzzCollections sends a body to everything that changes a collection: nothing
// may fail, and what is stored has to stay readable.
func FuzzCollections(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"name":"x","folder":null}`, `{"id":"x","responses":[{}],"requests":[{}],"folders":[{"folders":[1]}]}`,
		`{"request":{"url":5},"response":[null]}`, `{"collection":{"info":{"name":"n","schema":"v2.0.0"},"item":[1]}}`,
		`{"collection":{"name":"n","order":[1],"requests":[null,{"id":"r","events":3}]}}`,
		`{"body":"x","threadId":1,"tags":["a"]}`, `{"workspace":"x","suffix":"y"}`,
		`{"ids":["1-` + petsGet + `"],"mode":"move","target":{"model":"folder","id":"` + petsFolder + `"},"location":{"position":"before","id":"` + petsGet + `"}}`,
	} {
		f.Add(seed)
	}
	s, err := store.Open(f.Context(), store.Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() })
	if err := s.Update(f.Context(), store.Actor{User: 1}, func(tx *store.Tx) error { _, err := tx.EnsureWorkspace(); return err }); err != nil {
		f.Fatal(err)
	}
	keys, err := access.NewKeys(f.Context(), s, time.Now)
	if err != nil {
		f.Fatal(err)
	}
	api := New(Config{Store: s, Keys: keys, Mocks: &hosting.Mocks{}})
	do := func(method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Host, r.RemoteAddr = "localhost", "127.0.0.1:1"
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		return w
	}
	at := "/collections/" + petsID
	do("POST", "/collections", wrapped(petsBody))
	f.Fuzz(func(t *testing.T, body string) {
		for _, call := range [][2]string{
			{"POST", "/collections"}, {"PUT", at}, {"PATCH", at}, {"POST", at + "/folders"}, {"POST", at + "/requests"},
			{"POST", at + "/responses?request=" + petsGet}, {"PUT", at + "/folders/" + petsFolder}, {"PUT", at + "/requests/" + petsGet},
			{"PUT", at + "/responses/" + petsAnswer}, {"POST", at + "/comments"}, {"PUT", at + "/tags"}, {"POST", at + "/duplicates"},
			{"POST", "/collection-requests-transfers"}, {"POST", "/collection-folders-transfers"},
		} {
			if reset := do("PUT", at, wrapped(petsBody)); reset.Code != 200 {
				t.Fatalf("before %v: %d %s", call, reset.Code, reset.Body)
			}
			if a := do(call[0], call[1], body); a.Code >= 500 {
				t.Fatalf("%v of %q: %d %s", call, body, a.Code, a.Body)
			}
			if got := do("GET", at, ""); got.Code != 200 || !json.Valid(got.Body.Bytes()) {
				t.Fatalf("%v of %q leaves %d %s", call, body, got.Code, got.Body)
			}
		}
	})
}
