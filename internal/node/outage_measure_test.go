package node

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"encoding/json"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/store"
)

func (o *outage) ctx() context.Context { return context.Background() }

func hold(o *outage, n int) {
	var wg, all sync.WaitGroup
	all.Add(n)
	for range n {
		wg.Go(func() {
			_ = o.a.store.View(o.ctx(), func(*store.Tx) error { all.Done(); all.Wait(); return nil })
		})
	}
	wg.Wait()
}

func TestMeasure_Dead(t *testing.T) {
	for _, n := range []int{1, 8, 16} {
		for _, d := range []time.Duration{300 * time.Millisecond, 3 * time.Second, 10 * time.Second} {
			o := newOutage(t)
			hold(o, n)
			g := runtime.NumGoroutine()
			o.set(lose)
			time.Sleep(d)
			g2 := runtime.NumGoroutine()
			o.set(pass)
			start := time.Now()
			var bad int
			for {
				st, _ := ask(o.a, "GET", "/_mimus/api/mocks", "", o.secret)
				if st == 200 {
					break
				}
				bad++
				time.Sleep(20 * time.Millisecond)
			}
			m := time.Since(start)
			within(t, 60*time.Second, "x", func() bool { _, err := o.a.store.Healthy(); return err == nil })
			fmt.Println("DEAD idle", n, "lost for", d, "first 200", m, "503s", bad, "healthy again", time.Since(start), "goroutines", g, g2)
			_ = o.a.Close()
			_ = o.b.Close()
		}
	}
}

func TestMeasure_AllOps(t *testing.T) {
	o := newOutage(t)
	_, doc := ask(o.a, "GET", "/_mimus/api/openapi.json", "", o.secret)
	var d struct{ Paths map[string]map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(doc), &d); err != nil {
		t.Fatal(err)
	}
	o.set(cut)
	away(t, o.a.store)
	count := map[int]int{}
	for p, ops := range d.Paths {
		for m := range ops {
			m = strings.ToUpper(m)
			switch m {
			case "GET", "PUT", "POST", "PATCH", "DELETE":
			default:
				continue
			}
			path := p
			for strings.Contains(path, "{") {
				i, j := strings.Index(path, "{"), strings.Index(path, "}")
				path = path[:i] + store.NewID() + path[j+1:]
			}
			start := time.Now()
			st, a := ask(o.a, m, "/_mimus/api"+path, map[bool]string{true: "{}", false: ""}[m != "GET" && m != "DELETE"], o.secret)
			took := time.Since(start)
			count[st]++
			if st != 503 && st != 400 && st != 501 || took > 3*time.Second {
				fmt.Println("OP", m, p, st, took, a[:min(len(a), 150)])
			}
		}
	}
	fmt.Println(count)
	fmt.Println(o.log.text.String())
}

func TestMeasure_Slow(t *testing.T) {
	o := newOutage(t)
	o.set(slow)
	for range 6 {
		start := time.Now()
		st, _ := ask(o.a, "GET", "/_mimus/api/mocks", "", o.secret)
		fmt.Println("SLOW GET", st, time.Since(start))
		start = time.Now()
		st, _ = ask(o.a, "PUT", "/_mimus/api/collections/"+o.collection, fmt.Sprintf(pets, fmt.Sprint("L", time.Now().Second())), o.secret)
		fmt.Println("SLOW PUT", st, time.Since(start))
		_, err := o.a.store.Healthy()
		fmt.Println("healthy", err)
	}
	for _, mb := range []int{1, 8, 30} {
		start := time.Now()
		st, a := ask(o.a, "PUT", "/_mimus/api/collections/"+o.collection, fmt.Sprintf(pets, strings.Repeat("x", mb<<20)), o.secret)
		fmt.Println("SLOW PUT", mb, "MB", st, a[:min(len(a), 100)], time.Since(start))
	}
	fmt.Println(o.log.text.String())
}

func TestMeasure_SQLite(t *testing.T) {
	dir := t.TempDir()
	n := open(t, Config{Location: dir})
	_, made := ask(n, "POST", "/_mimus/api/collections", fmt.Sprintf(pets, "Rex"), "")
	id := between(made, `"uid":"`, `"`)
	ask(n, "POST", "/_mimus/api/mocks", `{"mock": {"collection": "`+id+`", "slug": "pets"}}`, "")
	ask(n, "GET", "/m/pets/pets", "", "")
	fs, _ := filepath.Glob(dir + "/mimus.db*")
	for _, f := range fs {
		fmt.Println("RM", f, os.Remove(f))
	}
	for range 3 {
		st, a := ask(n, "GET", "/m/pets/pets", "", "")
		fmt.Println("SQLITE mock", st, a)
		st, a = ask(n, "GET", "/_mimus/api/mocks", "", "")
		fmt.Println("SQLITE GET", st, a[:min(len(a), 200)])
		st, a = ask(n, "PUT", "/_mimus/api/collections/"+id, fmt.Sprintf(pets, "Luna"), "")
		fmt.Println("SQLITE PUT", st, a[:min(len(a), 200)])
		_, err := n.store.Healthy()
		fmt.Println("healthy", err)
		var wg, all sync.WaitGroup
		all.Add(6)
		for range 6 {
			wg.Go(func() {
				err := n.store.View(context.Background(), func(tx *store.Tx) error { _, err := tx.Value("x"); all.Done(); all.Wait(); return err })
				if err != nil { fmt.Println("SQLITE view", err) }
			})
		}
		time.Sleep(time.Second)
		fs, _ := filepath.Glob(dir + "/*")
		fmt.Println(fs)
	}
	_ = httptest.NewRecorder
}
