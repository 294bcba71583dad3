package store

import (
	"context"
	"sync"
	"time"
)

// silence ends a transaction whose database has grown silent in the middle of
// it. One that goes on, however slowly, may take its time.
type silence struct {
	quiet  func() time.Duration // how long an answer has been waited for
	cancel context.CancelFunc

	mu    sync.Mutex
	most  time.Duration
	timer *time.Timer
}

// watchSilence begins; who is silent for longer than the most is cut off.
func watchSilence(quiet func() time.Duration, cancel context.CancelFunc, most time.Duration) *silence {
	w := &silence{quiet: quiet, cancel: cancel, most: most}
	if quiet == nil {
		return w
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(most, w.look)
	return w
}

// allow says how long the silence may be from now on, and gives what it was.
func (w *silence) allow(most time.Duration) (before time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before, w.most = w.most, most
	if w.timer != nil {
		w.timer.Reset(most)
	}
	return before
}

func (w *silence) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
}

func (w *silence) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer == nil { // it has ended
		return
	}
	if quiet := w.quiet(); quiet < w.most {
		w.timer.Reset(w.most - quiet)
		return
	}
	w.cancel()
}
