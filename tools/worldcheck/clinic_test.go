package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

type object = map[string]any

// clinic is the server of testdata/clinic.yaml. It behaves well, but for one
// thing, whose name is broken.
type clinic struct {
	broken string
	seed   string
	start  int // how many were started before it
	calls  atomic.Int64
}

// handler has a path for each of the document.
func (c *clinic) handler() http.Handler {
	mux := http.NewServeMux()
	add := func(path string, f func(r *http.Request) (status int, body any, header http.Header)) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Key") == "" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			status, body, header := f(r)
			for name, values := range header {
				w.Header()[name] = values
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(body)
		})
	}
	add("/owners", c.listOwners)
	add("/owners/{id}", func(r *http.Request) (int, any, http.Header) {
		return one(c.owners(), r.PathValue("id"), func(o object) any { return object{"data": o} })
	})
	add("/owners/{owner}/pets", c.listPets)
	add("/owners/{owner}/pets/{id}", c.readNestedPet)
	add("/pets", c.listPets)
	add("/pets/{id}", func(r *http.Request) (int, any, http.Header) {
		return one(c.pets(), r.PathValue("id"), func(o object) any {
			if c.broken == "item" {
				o["name"] = "somebody else"
			}
			return o
		})
	})
	add("/pets/{pet}/toys", c.listToys)
	add("/pets/{pet}/toys/{id}", func(r *http.Request) (int, any, http.Header) {
		return one(c.toys(r.PathValue("pet")), r.PathValue("id"), func(o object) any { return o })
	})
	add("/visits", c.listVisits)
	add("/visits/{id}", func(r *http.Request) (int, any, http.Header) {
		if c.broken == "answer fault" {
			return http.StatusInternalServerError, object{}, nil
		}
		return one(c.visits(), r.PathValue("id"), func(o object) any { return o })
	})
	add("/settings", func(*http.Request) (int, any, http.Header) {
		if c.broken == "answer scalar" {
			return http.StatusOK, "on", nil
		}
		body := object{"theme": "dark", "owner": c.word(1)}
		if c.broken == "again" {
			body["n"] = c.calls.Add(1)
		}
		if c.broken == "restart" {
			body["n"] = c.start
		}
		return http.StatusOK, body, nil
	})
	return mux
}

func one(items []object, id string, f func(object) any) (int, any, http.Header) {
	for _, o := range items {
		if fmt.Sprint(o["id"]) == id {
			return http.StatusOK, f(o), nil
		}
	}
	return http.StatusNotFound, object{"detail": "no " + id}, nil
}

// word is a text of the world that the seed decides on.
func (c *clinic) word(n int) string {
	if c.broken == "seed" {
		return fmt.Sprintf("word-%d", n)
	}
	return fmt.Sprintf("word-%d-%s", n*7%5, c.seed)
}

func day(n int) string { return fmt.Sprintf("2024-03-%02dT10:00:00Z", n) }

func (c *clinic) owners() (all []object) {
	cities := []string{"Bonn", "Kiel", "Ulm"}
	for n := 1; n <= 7; n++ {
		o := object{"id": n, "name": c.word(n), "address": object{"city": cities[n%3]}, "created_at": day(n*3%7 + 1), "updatedAt": day(20), "pets_count": 0}
		for _, p := range c.pets() {
			if p["owner_id"] == n {
				o["pets_count"] = o["pets_count"].(int) + 1
			}
		}
		if c.broken == "count" {
			o["pets_count"] = 9
		}
		if c.broken == "times" {
			o["updatedAt"] = "2020-01-01T00:00:00Z"
		}
		all = append(all, o)
	}
	return all
}

func (c *clinic) pets() (all []object) {
	for n := 1; n <= 12; n++ {
		owner := n%4 + 1
		if c.broken == "reference" && n == 3 {
			owner = 99
		}
		all = append(all, object{"id": n, "name": fmt.Sprintf("pet %d", n*5%13), "owner_id": owner, "born": day(n*5%12 + 1), "toys": 3})
	}
	return all
}

func (c *clinic) toys(pet string) (all []object) {
	n, _ := strconv.Atoi(pet)
	if n < 1 || n > 12 {
		return nil
	}
	for k := 1; k <= 3; k++ {
		o := object{"id": fmt.Sprintf("toy_%d_%d", n, k), "pet_id": n, "label": c.word(n + k)}
		switch c.broken {
		case "parent id":
			o["pet_id"] = 1
		case "parent shared":
			o = object{"id": fmt.Sprintf("toy_%d", k), "pet_id": n}
		}
		all = append(all, o)
	}
	return all
}

func (c *clinic) visits() (all []object) {
	for n := 1; n <= 9; n++ {
		pet := any(n)
		if n == 4 {
			pet = nil
		}
		all = append(all, object{"id": fmt.Sprintf("vis_%d", n), "toy": object{"pet": pet}})
	}
	return all
}

// pageOf cuts a page out of items.
func pageOf(items []object, from, size int) []object {
	from = min(from, len(items))
	return append([]object{}, items[from:min(from+size, len(items))]...)
}

func number(r *http.Request, name string, usual int) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil {
		return usual
	}
	return n
}

func (c *clinic) listOwners(r *http.Request) (int, any, http.Header) {
	q := r.URL.Query()
	if q.Get("tenant") != "north" {
		return http.StatusBadRequest, object{"detail": "tenant is required"}, nil
	}
	all := c.owners()
	wanted := strings.FieldsFunc(q.Get("city")+","+q.Get("cities"), func(r rune) bool { return r == ',' })
	if len(wanted) > 0 && c.broken != "filter ignored" {
		all = slices.DeleteFunc(all, func(o object) bool { return !slices.Contains(wanted, o["address"].(object)["city"].(string)) })
		if c.broken == "filter lacks" {
			all = all[1:]
		}
	}
	if by := q.Get("sort"); by != "" && c.broken != "sort ignored" {
		key := map[string]string{"created": "created_at", "-created": "created_at", "name": "name"}[by]
		slices.SortStableFunc(all, func(a, b object) int { return strings.Compare(a[key].(string), b[key].(string)) })
		if by[0] == '-' {
			slices.Reverse(all)
		}
		if c.broken == "sort loses" {
			all = all[1:]
		}
	}
	n, size := number(r, "page", 1), number(r, "per_page", 5)
	if c.broken == "size ignored" {
		size = 5
	}
	total := len(all)
	if c.broken == "total" {
		total++
	}
	header := http.Header{}
	if n*size < len(all) || c.broken == "next" {
		header.Set("Link", fmt.Sprintf(`<https://clinic.example/owners?page=%d>; rel="next", <https://clinic.example/owners?page=1>; rel="first"`, n+1))
	}
	return http.StatusOK, object{"data": pageOf(all, (n-1)*size, size), "meta": object{"total": total}}, header
}

func (c *clinic) listPets(r *http.Request) (int, any, http.Header) {
	all, q := c.pets(), r.URL.Query()
	if owner := r.PathValue("owner"); owner != "" {
		all = slices.DeleteFunc(all, func(o object) bool { return fmt.Sprint(o["owner_id"]) != owner })
		if c.broken == "also list" {
			all = all[1:]
		}
	}
	if after := q.Get("born_after"); after != "" {
		all = slices.DeleteFunc(all, func(o object) bool {
			return o["born"].(string) < after || o["born"] == after && c.broken != "filter bound"
		})
	}
	if by := q.Get("sort_by"); by != "" {
		slices.SortStableFunc(all, func(a, b object) int {
			if n, ok := a[by].(int); ok {
				return n - b[by].(int)
			}
			return strings.Compare(a[by].(string), b[by].(string))
		})
		if q.Get("order") == "desc" && c.broken != "sort direction" {
			slices.Reverse(all)
		}
	}
	from, size := number(r, "offset", 0), number(r, "limit", 50)
	if c.broken == "paging twice" && from > 0 {
		from--
	}
	return http.StatusOK, pageOf(all, from, size), http.Header{"X-Total-Count": {strconv.Itoa(len(all))}}
}

func (c *clinic) readNestedPet(r *http.Request) (int, any, http.Header) {
	return one(c.pets(), r.PathValue("id"), func(o object) any {
		if c.broken == "also item" {
			o["name"] = "somebody else"
		}
		return o
	})
}

func (c *clinic) listToys(r *http.Request) (int, any, http.Header) {
	all := c.toys(r.PathValue("pet"))
	from, size := number(r, "cursor", 0), number(r, "limit", 50)
	body := object{"toys": pageOf(all, from, size), "next_cursor": nil}
	if from+size < len(all) {
		body["next_cursor"] = strconv.Itoa(from + size)
		if c.broken == "paging circle" {
			body["next_cursor"] = "0"
		}
	}
	return http.StatusOK, body, nil
}

func (c *clinic) listVisits(r *http.Request) (int, any, http.Header) {
	all, from := c.visits(), 0
	if after := r.URL.Query().Get("starting_after"); after != "" {
		from = 1 + slices.IndexFunc(all, func(o object) bool { return o["id"] == after })
	}
	if r.URL.Query().Get("order") == "desc" && c.broken != "sort reversal" {
		slices.Reverse(all)
	}
	size := number(r, "limit", 50)
	more := from+size < len(all)
	if c.broken == "more" {
		more = !more
	}
	return http.StatusOK, object{"data": pageOf(all, from, size), "has_more": more}, nil
}

// judgeClinic judges a clinic that is broken in one way.
func judgeClinic(t *testing.T, broken string) *tally {
	t.Helper()
	ctx := context.Background()
	q, err := openRequests(ctx, "testdata/clinic.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	found, err := readInference(readFile(t, "testdata/clinic.json"), q)
	if err != nil {
		t.Fatal(err)
	}
	starts := 0
	result := newTally()
	judgeWorld(ctx, q, found, func(_ context.Context, seed string) (string, func(), error) {
		s := httptest.NewServer((&clinic{broken: broken, seed: seed, start: starts}).handler())
		starts++
		return s.URL, s.Close, nil
	}, result)
	return result
}

func TestJudgeWorld_GoodServer_PassesAllChecks(t *testing.T) {
	t.Parallel()
	got := judgeClinic(t, "")
	for _, f := range got.failures {
		t.Errorf("%s: %s: %s", f.Check, f.Resource, f.Why)
	}
	for _, c := range allChecks {
		if got.of(c).Passed == 0 {
			t.Errorf("%s was never judged: %+v", c, got.skips)
		}
	}
	for _, s := range got.skips {
		t.Errorf("skipped %s: %s: %s", s.Check, s.Resource, s.Why)
	}
}

func TestJudgeWorld_BrokenServer_FailsTheCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		broken string
		check  check
		why    string // a part of what is said
	}{
		{"answer fault", checkAnswer, "status 500"},
		{"answer scalar", checkAnswer, "neither object nor array"},
		{"item", checkItem, `name = "somebody else"`},
		{"paging twice", checkPaging, "twice"},
		{"paging circle", checkPaging, "read before"},
		{"size ignored", checkPaging, "has 5 items, expected"},
		{"total", checkPaging, "/meta/total = 8, there are 7"},
		{"next", checkPaging, "tells Link"},
		{"more", checkPaging, "/has_more"},
		{"parent id", checkParent, "pet_id = 1, its parent is 2"},
		{"parent shared", checkParent, "both have toy_1"},
		{"filter ignored", checkFilter, "has an item with address.city"},
		{"filter lacks", checkFilter, "lacks"},
		{"filter bound", checkFilter, "has an item with born"},
		{"sort ignored", checkSort, "created_at is not falling"},
		{"sort loses", checkSort, "lack"},
		{"sort direction", checkSort, "not falling"},
		{"sort reversal", checkSort, "is not the reverse"},
		{"reference", checkReference, "owner_id = 99"},
		{"count", checkCount, "pets_count = 9"},
		{"again", checkAgain, "n = 2, it was 1"},
		{"restart", checkRestart, "n = 1, it was 0"},
		{"seed", checkSeed, "same with another seed"},
		{"times", checkTimes, "is after updatedAt"},
		{"also item", checkAlso, `"somebody else"`},
		{"also list", checkAlso, "lacks"},
	}
	for _, test := range tests {
		t.Run(test.broken, func(t *testing.T) {
			t.Parallel()
			got := judgeClinic(t, test.broken)
			if !slices.ContainsFunc(got.failures, func(f finding) bool { return f.Check == test.check && strings.Contains(f.Why, test.why) }) {
				t.Errorf("no failed %s with %q, but: %v", test.check, test.why, got.failures)
			}
		})
	}
}
