package main

import (
	"context"
	"time"
)

// pulse finds out when this process was held up itself: on a machine that has
// no time for it, late answers say little about the nodes.
type pulse struct {
	longest, at time.Duration // how much too long a sleep took, and when that was
}

func (p *pulse) run(ctx context.Context, now func() time.Duration) {
	const beat = 20 * time.Millisecond
	for last := now(); pause(ctx, beat); {
		at := now()
		if late := at - last - beat; late > p.longest {
			p.longest, p.at = late, at
		}
		last = at
	}
}
