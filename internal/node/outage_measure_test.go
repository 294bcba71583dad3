package node

import (
	"context"
	"fmt"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/store"
)

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

func TestMeasure_Cold(t *testing.T) {
	for _, lose := range []mode{cut, hang} {
		o := newOutage(t)
		o.set(lose)
		start := time.Now()
		w := httptest.NewRecorder()
		o.a.Mocks().Serve(w, httptest.NewRequest("GET", "http://localhost/m/cold/pets", nil), "/m/cold/pets", false)
		fmt.Println("COLD", lose, w.Code, time.Since(start))
		start = time.Now()
		st, a := ask(o.a, "GET", "/_mimus/api/mocks", "", o.secret)
		fmt.Println("MGMT", lose, st, a, time.Since(start))
		o.set(pass)
	}
}

func TestMeasure_Heal(t *testing.T) {
	for _, n := range []int{1, 8, 16} {
		for _, d := range []time.Duration{300 * time.Millisecond, 5 * time.Second, 20 * time.Second} {
			o := newOutage(t)
			hold(o, n)
			g := runtime.NumGoroutine()
			o.set(hang)
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
			fmt.Println("HEAL idle", n, "hang", d, "healed in", time.Since(start), "503s", bad, "goroutines", g, g2)
			_ = o.a.Close()
			_ = o.b.Close()
		}
	}
}

func TestMeasure_Close(t *testing.T) {
	o := newOutage(t)
	hold(o, 16)
	o.set(hang)
	start := time.Now()
	_ = o.a.Close()
	fmt.Println("CLOSE", time.Since(start))
}

func TestMeasure_Busy(t *testing.T) {
	o := newOutage(t)
	var wg sync.WaitGroup
	start := time.Now()
	for range 16 {
		wg.Go(func() {
			err := o.a.store.View(o.ctx(), func(tx *store.Tx) error {
				for time.Since(start) < 8*time.Second {
					if _, err := tx.Value("x"); err != nil {
						return err
					}
					time.Sleep(50 * time.Millisecond)
				}
				return nil
			})
			if err != nil {
				fmt.Println("BUSY view", time.Since(start), err)
			}
		})
	}
	for time.Since(start) < 8*time.Second {
		s := time.Now()
		st, _ := ask(o.a, "GET", "/_mimus/api/mocks", "", o.secret)
		_, err := o.a.store.Healthy()
		fmt.Println("BUSY mgmt", time.Since(start), st, time.Since(s), "healthy:", err)
		time.Sleep(500 * time.Millisecond)
	}
	wg.Wait()
	fmt.Println(o.log.text.String())
}

func (o *outage) ctx() context.Context { return context.Background() }
