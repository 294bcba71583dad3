package main

import (
	"context"
	"time"
)

// result is what was found for one document.
type result struct {
	Document  string          `json:"document"`
	Resources int             `json:"resources"`
	Passed    int             `json:"passed"`
	Judged    int             `json:"judged"`
	Skipped   int             `json:"skipped"`
	Seconds   float64         `json:"seconds"`
	Requests  int             `json:"requests"`
	Checks    map[check]count `json:"checks"`
	Failures  []finding       `json:"failures,omitempty"`
	Skips     []finding       `json:"skips,omitempty"`
}

// starter starts a server of the document with a seed, "" for the usual one.
// base is its URL, stop ends it.
type starter func(ctx context.Context, seed string) (base string, stop func(), err error)

// otherSeed is a seed that nobody has by default.
const otherSeed = "worldcheck"

// judgeFile judges a document by a binary.
func judgeFile(ctx context.Context, mimus string, d location) *result {
	ctx, cancel := context.WithTimeout(ctx, documentTime)
	defer cancel()
	began := time.Now()
	t := newTally()
	resources, requests := judgeWith(ctx, program{mimus, d.path}, t)
	r := t.result()
	r.Document, r.Resources, r.Requests, r.Seconds = d.name, resources, requests, time.Since(began).Seconds()
	return r
}

// judgeWith reads the document, asks what mimus infers, and judges it served.
func judgeWith(ctx context.Context, p program, t *tally) (resources, requests int) {
	q, err := openRequests(ctx, p.document, nil)
	if err != nil {
		t.skip(checkStart, nil, "it can't be read: %v", err)
		return 0, 0
	}
	if len(q.def.Operations) == 0 {
		t.skip(checkStart, nil, "it has no operations")
		return 0, 0
	}
	data, err := p.resources(ctx)
	if err != nil {
		t.fail(checkStart, nil, "%v", err)
		return 0, 0
	}
	found, err := readInference(data, q)
	if err != nil {
		t.fail(checkStart, nil, "%v", err)
		return 0, 0
	}
	if len(found.Resources) == 0 {
		t.skip(checkStart, nil, "nothing was inferred")
		return 0, 0
	}
	return len(found.Resources), judgeWorld(ctx, q, found, p.serve, t)
}

// judgeWorld starts servers and judges the world. A quarter of the time is
// left for what compares servers. It gives the number of requests.
func judgeWorld(ctx context.Context, q *requests, found *inference, start starter, t *tally) int {
	base, stop, err := start(ctx, "")
	if err != nil {
		t.fail(checkStart, nil, "%v", err)
		return 0
	}
	t.pass(checkStart)
	w := newWorld(ctx, newClient(base), q, found, t)
	t.stopped = func() bool { return w.ctx.Err() != nil }
	w.judgeWithin(documentTime * 3 / 4)
	w.checkAnswers()
	w.checkAgain()
	stop()
	w.onAnother(start, checkRestart, "", w.checkRestarted)
	w.onAnother(start, checkSeed, otherSeed, w.checkOtherSeed)
	return w.sent
}

// judgeWithin judges all resources, as far as the time allows.
func (w *world) judgeWithin(limit time.Duration) {
	all := w.ctx
	ctx, cancel := context.WithTimeout(all, limit)
	defer cancel()
	w.ctx = ctx
	defer func() { w.ctx = all }()
	for i, r := range w.found.Resources {
		for _, judge := range []func(*resource){
			w.checkLists, w.checkItems, w.checkPages, w.checkChildren, w.checkFilters, w.checkSorts,
			w.checkReferences, w.checkCounts, w.checkTimes, w.checkOtherPaths,
		} {
			if ctx.Err() == nil {
				judge(r)
			}
		}
		if ctx.Err() != nil {
			w.tally.skip(checkStart, r, "the time was over before %d of %d resources were judged", len(w.found.Resources)-i, len(w.found.Resources))
			return
		}
	}
}

// onAnother judges by another server of the same document.
func (w *world) onAnother(start starter, what check, seed string, judge func(*client)) {
	if len(w.recorded) == 0 {
		return
	}
	base, stop, err := start(w.ctx, seed)
	if err != nil {
		w.tally.fail(what, nil, "%v", err)
		return
	}
	defer stop()
	judge(newClient(base))
}
