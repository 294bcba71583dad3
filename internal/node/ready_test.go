package node

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mimus-dev/mimus/internal/calls"
)

// log is a log of calls that is as a test says.
type log struct {
	*calls.Ring
	stats calls.Stats
}

func (l *log) Stats() calls.Stats { return l.stats }

func readinessOf(t *testing.T, n *Node, want int) (r readiness) {
	t.Helper()
	status, answer := ask(n, "GET", "/_mimus/ready", "", "")
	if err := json.Unmarshal([]byte(answer), &r); err != nil || status != want {
		t.Errorf("%d %s: %v, want %d", status, answer, err, want)
	}
	return r
}

func TestReady_SaysHowAllIs(t *testing.T) {
	t.Parallel()
	l := &log{calls.NewRing(), calls.Stats{Spooled: 3, Lost: 2, Trouble: "the disk is full"}}
	n := open(t, Config{Location: t.TempDir(), Calls: l})
	r := readinessOf(t, n, 200)
	if !r.Ready || r.Reason != "" || !r.Checks.Store.OK || !r.Checks.Changes.OK || r.CallsLost != 2 {
		t.Errorf("it is %+v", r)
	}
	if c := r.Checks.Calls; c.OK || c.Why != "the disk is full" || c.Spooled != 3 || c.Lost != 2 {
		t.Errorf("calls are %+v, but keep no mock from answering", c)
	}
}

func TestReady_ANodeThatEnds_SaysSo(t *testing.T) {
	t.Parallel()
	n := open(t, Config{Calls: calls.NewRing()})
	n.End()
	if r := readinessOf(t, n, 503); r.Ready || r.Reason != "shutting down" {
		t.Errorf("it is %+v", r)
	}
	if status, _ := ask(n, "GET", "/_mimus/api/mocks", "", ""); status != 200 {
		t.Errorf("it answers %d, but should answer on", status)
	}
}

func TestReady_ANodeThatHasNotStarted_SaysSo(t *testing.T) {
	t.Parallel()
	n := open(t, Config{Calls: calls.NewRing()})
	n.started.Store(false)
	if r := readinessOf(t, n, 503); !strings.HasPrefix(r.Reason, "starting") {
		t.Errorf("it is %+v", r)
	}
}

// A short trouble is nothing: the next look may find all well. After a long one
// nobody knows what the mocks should answer.
func TestReady_ChangesThatAreNotSeen_CountAfterAWhile(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	n := open(t, Config{Location: t.TempDir(), Calls: calls.NewRing(), Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	if err := n.store.Close(); err != nil {
		t.Fatal(err)
	}
	n.storeUp.ask = func(context.Context) error { return nil } // it is reached again, but the watch does not know
	within(t, 5*time.Second, "trouble", func() bool { _, err := n.store.Healthy(); return err != nil })
	if r := readinessOf(t, n, 200); !r.Ready || !r.Checks.Changes.OK {
		t.Errorf("at once it is %+v", r)
	}
	ahead.Store(int64(behindMost + time.Second))
	if r := readinessOf(t, n, 503); r.Checks.Changes.OK || !strings.HasPrefix(r.Reason, "changes of other nodes are not seen: for 1") || r.Checks.Changes.Behind < 10 {
		t.Errorf("later it is %+v", r)
	}
}

// Who watches over many nodes waits for 2 s.
func TestReady_AStoreThatHangs_IsToldWithinTwoSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		end := make(chan struct{})
		q := question{ask: func(context.Context) error { asked.Add(1); <-end; return nil }} // it heeds no context
		start := time.Now()
		for range 3 {
			ctx, cancel := context.WithTimeout(t.Context(), readyTime)
			if err := q.answer(ctx); err == nil || !strings.Contains(err.Error(), "does not answer within 1.5s") {
				t.Errorf("the answer is %v", err)
			}
			cancel()
		}
		if took := time.Since(start); took > 3*2*time.Second {
			t.Errorf("three answers took %s", took)
		}
		if asked.Load() != 1 {
			t.Errorf("it was asked %d times while it did not answer", asked.Load())
		}
		close(end)
		synctest.Wait()
		if err := q.answer(t.Context()); err != nil || asked.Load() != 2 {
			t.Errorf("when it answers again: %v, asked %d times", err, asked.Load())
		}
		q.close()
		if err := q.answer(t.Context()); !errors.Is(err, errClosed) {
			t.Errorf("when it is closed: %v", err)
		}
	})
}
