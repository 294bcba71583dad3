package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// readyTime bounds the question whether the store answers, and so the answer
// whether the node is ready: below the 2 s that those who ask wait at least.
const readyTime = 1500 * time.Millisecond

// behindMost is how long a node whose watch is in trouble may not have heard of
// changes: after that it may serve what others have changed long since.
const behindMost = 10 * time.Second

// readiness tells whether a node can do its work.
type readiness struct {
	Ready     bool   `json:"ready"`
	Reason    string `json:"reason,omitempty"` // where it is not ready
	Checks    checks `json:"checks"`
	Mocks     int    `json:"mocks"`
	CallsLost int64  `json:"callsLost"`
}

type checks struct {
	Store   check        `json:"store"`
	Changes changesCheck `json:"changes"`
	Calls   callsCheck   `json:"calls"`
}

type check struct {
	OK  bool   `json:"ok"`
	Why string `json:"why,omitempty"` // where it is not ok
}

type changesCheck struct {
	check
	Behind float64 `json:"behindSeconds"` // since it was known that all were seen
}

type callsCheck struct {
	check
	Waiting int64 `json:"waiting"`
	Spooled int64 `json:"spooled"`
	Lost    int64 `json:"lost"`
}

// ready answers whether the node can do its work, and why not.
func (n *Node) ready(w http.ResponseWriter, r *http.Request) {
	answer := n.readiness(r.Context())
	w.Header().Set("Content-Type", "application/json")
	if !answer.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// readiness looks whether the node can do its work, for readyTime at most.
func (n *Node) readiness(ctx context.Context) readiness {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	r := readiness{Mocks: n.mocks.Len(), Checks: checks{Store: n.checkStore(ctx), Changes: n.checkChanges(), Calls: n.checkCalls()}}
	r.CallsLost = r.Checks.Calls.Lost
	switch {
	case n.ending.Load():
		r.Reason = "shutting down"
	case !n.started.Load():
		r.Reason = "starting: what it serves is not there yet"
	case !r.Checks.Store.OK:
		r.Reason = "the store can't be reached: " + r.Checks.Store.Why
	case !r.Checks.Changes.OK:
		r.Reason = "changes of other nodes are not seen: " + r.Checks.Changes.Why
	default: // a log of calls that is in trouble keeps no mock from answering
		r.Ready = true
	}
	return r
}

func (n *Node) checkStore(ctx context.Context) check {
	if err := n.storeUp.answer(ctx); err != nil {
		return check{Why: err.Error()}
	}
	return check{OK: true}
}

func (n *Node) checkChanges() changesCheck {
	since, err := n.store.Healthy()
	behind := max(0, n.cfg.Now().Sub(since))
	c := changesCheck{check{OK: true}, behind.Seconds()}
	if err != nil && behind > behindMost {
		c.check = check{Why: fmt.Sprintf("for %s now: %v", behind.Round(time.Second), err)}
	}
	return c
}

func (n *Node) checkCalls() callsCheck {
	s := n.calls.Stats()
	return callsCheck{check{s.Trouble == "", s.Trouble}, s.Waiting, s.Spooled, s.Lost}
}

// End has a node say that it is not ready, so that nobody is sent to it any
// more. It answers on until it is closed.
func (n *Node) End() { n.ending.Store(true) }

// question is asked once at a time: who asks meanwhile has the same answer. A
// store that hangs is not asked again and again.
type question struct {
	ask func(context.Context) error

	mu      sync.Mutex
	asking  *asking // nil: nobody is
	closed  bool
	waiting sync.WaitGroup
}

type asking struct {
	done chan struct{}
	err  error
}

var errClosed = errors.New("it is closed")

// answer waits for the answer as long as a context lasts.
func (q *question) answer(ctx context.Context) error {
	a := q.join()
	if a == nil {
		return errClosed
	}
	select {
	case <-a.done:
		return a.err
	case <-ctx.Done():
		return fmt.Errorf("it does not answer within %s", readyTime)
	}
}

// join asks, or joins who does; nil where nobody may ask any more.
func (q *question) join() *asking {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || q.asking != nil {
		return q.asking
	}
	a := &asking{done: make(chan struct{})}
	q.asking = a
	q.waiting.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), readyTime)
		defer cancel()
		a.err = q.ask(ctx)
		q.mu.Lock()
		q.asking = nil
		q.mu.Unlock()
		close(a.done)
	})
	return a
}

// close waits for who asks, and lets nobody ask any more.
func (q *question) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.waiting.Wait()
}
