package main

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"
)

// writeEvery is the time between two changes of the collection.
const writeEvery = 300 * time.Millisecond

// write is one change of the collection. One that was not acknowledged may have
// happened or not.
type write struct {
	version      int
	node         int
	phase        int
	began, ended time.Duration
	acknowledged bool
	why          string // it was not acknowledged
	check        readback
}

// readback is what another node says of the collection right after a write.
type readback struct {
	torn bool
	lost bool // what was acknowledged isn't there
}

// writer changes the collection again and again, through one node after the other.
type writer struct {
	load   *load
	nodes  [nodeCount]*node
	acked  atomic.Int64 // the newest version that was acknowledged
	writes []write      // the first is version 1
}

// run writes until the context ends.
func (w *writer) run(ctx context.Context) {
	w.writes = append(w.writes, write{version: 1, acknowledged: true})
	for pause(ctx, writeEvery) {
		version := len(w.writes) + 1
		// Not tied to the context: the last one is to have an end, too.
		w.writes = append(w.writes, w.write(context.WithoutCancel(ctx), version))
	}
}

func (w *writer) write(ctx context.Context, version int) write {
	k := write{version: version, node: version % nodeCount, phase: int(w.load.phase.Load()), began: w.load.now()}
	_, err := w.nodes[k.node].manage(ctx, management, http.MethodPut, "/collections/"+w.load.world.collection, collection(version), nil)
	k.ended = w.load.now()
	if err != nil {
		k.why = err.Error()
	} else {
		k.acknowledged = true
		w.acked.Store(int64(version))
	}
	if found, torn, err := stored(ctx, w.nodes[(k.node+1)%nodeCount], w.load.world.collection); err == nil {
		k.check = readback{torn: torn, lost: !torn && int64(found) < w.acked.Load()}
	}
	return k
}
