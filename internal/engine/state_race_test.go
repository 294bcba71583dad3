package engine

import (
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/mimus-dev/mimus/internal/resource"
)

const racers = 64

// racer is one of many callers of a mock. It reports and goes on, because only
// the test's own goroutine may end it.
type racer struct {
	t *testing.T
	m *Mock
	n int
}

func (r *racer) wants(status int, target, body string, header ...string) (*Response, object) {
	if body != "" {
		header = append(header, "Content-Type: application/json")
	}
	res := ask(r.m, sent{target, header, body})
	if res.Fault != "" || status != 0 && res.Status != status {
		r.t.Errorf("%d: %s %s: status %d, want %d: %s %s", r.n, target, body, res.Status, status, text(res), res.Fault)
	}
	if why := undeclared(r.m, target, res); why != "" {
		r.t.Errorf("%d: %s: %s", r.n, target, why)
	}
	var o object
	if b := text(res); b != "" && b[0] == '{' {
		if err := json.Unmarshal([]byte(b), &o); err != nil {
			r.t.Error(err)
		}
	}
	return res, o
}

// lists wants a page on which nothing stands twice.
func (r *racer) lists(query string) {
	res := ask(r.m, sent{"GET /pets?" + query, nil, ""})
	var list []object
	if err := json.Unmarshal([]byte(text(res)), &list); err != nil || res.Status != 200 {
		r.t.Errorf("%d: %s: status %d, %v", r.n, query, res.Status, err)
	}
	seen := map[any]bool{}
	for _, x := range list {
		if seen[x["id"]] {
			r.t.Errorf("%d: %s: %v is listed twice", r.n, query, x["id"])
		}
		seen[x["id"]] = true
	}
	if total, err := strconv.Atoi(res.Get("X-Total-Count")); err != nil || total < len(list) {
		r.t.Errorf("%d: %s: %d items of %d", r.n, query, len(list), total)
	}
}

// TestState_ManyCallers has many callers make, change, list, read and delete at
// once: their own pets, and shared ones. Afterwards the counts agree, no id was
// given twice and no change that an entity tag guarded is lost.
func TestState_ManyCallers(t *testing.T) {
	t.Parallel()
	const own, keep, counters, victims = 12, 9, 4, 8
	m := livingMock(t, "pets.yaml", Config{Resources: resource.Config{World: 40}})
	setup := &racer{t: t, m: m}
	for i := range counters {
		setup.wants(200, fmt.Sprintf("PATCH /pets/%d", i+1), `{"age":0}`)
	}
	var mu sync.Mutex
	ids, deleted := map[float64]bool{}, map[int]int{}
	var wg sync.WaitGroup
	for n := range racers {
		r := &racer{t, m, n}
		wg.Go(func() {
			for i := range own {
				name := fmt.Sprintf("%d-%d", r.n, i)
				_, made := r.wants(201, "POST /pets", `{"name":"`+name+`","status":"sold","age":1}`)
				id, _ := made["id"].(float64)
				mu.Lock()
				if ids[id] || id <= 40 {
					t.Errorf("the id %v is given twice", id)
				}
				ids[id] = true
				mu.Unlock()
				path := fmt.Sprintf(" /pets/%.0f", id)
				r.wants(200, "PATCH"+path, `{"age":2}`)
				if _, got := r.wants(200, "GET"+path, ""); got["name"] != name || got["age"] != 2.0 {
					t.Errorf("made %s, read %v", name, got)
				}
				switch i % 4 {
				case 0:
					r.lists("per_page=50&sort=name&page=" + strconv.Itoa(1+r.n%9))
				case 1:
					r.lists("per_page=20&status=sold&sort=-age")
				case 2:
					r.wants(204, "DELETE"+path, "")
					r.wants(404, "GET"+path, "")
				}
			}
			r.counts(r.n%counters + 1)
			victim := 11 + r.n%victims
			res, _ := r.wants(0, fmt.Sprintf("DELETE /pets/%d", victim), "")
			mu.Lock()
			defer mu.Unlock()
			if res.Status == 204 {
				deleted[victim]++
			} else if res.Status != 404 {
				t.Errorf("pet %d: deleted with status %d", victim, res.Status)
			}
		})
	}
	wg.Wait()
	want := 40 - victims + racers*keep
	res := ask(m, sent{"GET /pets?per_page=1", nil, ""})
	if got := res.Get("X-Total-Count"); got != strconv.Itoa(want) {
		t.Errorf("%s pets, want %d", got, want)
	}
	if len(ids) != racers*own || len(deleted) != victims {
		t.Errorf("%d were made and %v deleted", len(ids), deleted)
	}
	for id, n := range deleted {
		if n != 1 {
			t.Errorf("pet %d was deleted %d times", id, n)
		}
	}
	for i := range counters {
		if _, got := setup.wants(200, fmt.Sprintf("GET /pets/%d", i+1), ""); got["age"] != float64(racers/counters) {
			t.Errorf("pet %d was counted to %v, want %d", i+1, got["age"], racers/counters)
		}
	}
	seen := map[any]bool{}
	for page := 1; ; page++ {
		var list []object
		if err := json.Unmarshal([]byte(text(ask(m, sent{fmt.Sprintf("GET /pets?per_page=50&page=%d", page), nil, ""}))), &list); err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		for _, x := range list {
			seen[x["id"]] = true
		}
	}
	if len(seen) != want {
		t.Errorf("%d pets are listed, want %d", len(seen), want)
	}
}

// counts adds one to a shared pet's age, again where another was faster.
func (r *racer) counts(id int) {
	path := fmt.Sprintf(" /pets/%d", id)
	for range racers * 4 {
		res, pet := r.wants(200, "GET"+path, "")
		age, _ := pet["age"].(float64)
		changed, _ := r.wants(0, "PATCH"+path, fmt.Sprintf(`{"age":%.0f}`, age+1), "If-Match: "+res.Get("Etag"))
		switch changed.Status {
		case 200:
			return
		case 412:
			continue
		}
		r.t.Errorf("%d: status %d", r.n, changed.Status)
		return
	}
	r.t.Errorf("%d: never was the first", r.n)
}

// TestState_ManyParents has many callers look into parents that nobody looked
// into before, while others delete them.
func TestState_ManyParents(t *testing.T) {
	t.Parallel()
	m := livingMock(t, "owners.yaml", Config{})
	_, list := (&racer{t: t, m: m}).wants(200, "GET /owners?limit=50", "")
	var owners []string
	for _, o := range list["results"].([]any) {
		owners = append(owners, o.(object)["id"].(string))
	}
	var mu sync.Mutex
	seen := map[string]float64{}
	var wg sync.WaitGroup
	for n := range racers {
		r := &racer{t, m, n}
		wg.Go(func() {
			for i := range owners {
				owner := owners[(i+n)%len(owners)]
				gone := (i+n)%len(owners) < 5
				if gone && n%8 == 0 {
					r.wants(0, "DELETE /owners/"+owner, "")
				}
				want := 200
				if gone {
					want = 0
				}
				res, pets := r.wants(want, "GET /owners/"+owner+"/pets", "")
				if res.Status == 404 && gone {
					continue
				}
				total, _ := pets["total"].(float64)
				mu.Lock()
				if have, known := seen[owner]; known && have != total {
					t.Errorf("owner %s had %v pets, now %v", owner, have, total)
				}
				seen[owner] = total
				mu.Unlock()
				if _, o := r.wants(want, "GET /owners/"+owner, ""); !gone && o["pet_count"] != total {
					t.Errorf("owner %s: %v pets, %v are told", owner, total, o["pet_count"])
				}
			}
		})
	}
	wg.Wait()
	_, after := (&racer{t: t, m: m}).wants(200, "GET /owners", "")
	if after["total"] != float64(len(owners)-5) {
		t.Errorf("%v owners are left of %d", after["total"], len(owners))
	}
}
