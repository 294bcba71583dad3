package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The times of waiting for the logs.
const (
	settleLimit = 60 * time.Second
	settleStill = 5 * time.Second // without a change they stand still
	settleEvery = time.Second
)

// logged is a call that is in a log.
type logged struct {
	id     string
	mock   int
	path   string
	status int
}

// number is the number of the path /items/123; -1 where it has none.
func (l logged) number() int {
	n, err := strconv.Atoi(l.path[strings.LastIndexByte(l.path, '/')+1:])
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// callLogs are the logs of all mocks, as each node tells them.
type callLogs [nodeCount][]logged

// settle reads the logs until they hold what they have to and both nodes say
// the same, or until they stand still, or the time is over.
func (t *trial) settle(ctx context.Context) (*callLogs, error) {
	began := time.Now()
	var last *callLogs
	for changed := began; ; {
		now, err := t.readLogs(ctx)
		if err != nil {
			return nil, err
		}
		if last == nil || !slices.Equal(now[0], last[0]) || !slices.Equal(now[1], last[1]) {
			changed = time.Now()
		}
		last = now
		// Twice the same: what comes late may come twice.
		whole := slices.Equal(now[0], now[1]) && t.history.complete(t.load.world, now[0]) && changed.Before(time.Now().Add(-settleEvery))
		still := time.Since(changed) > settleStill
		if whole || still || time.Since(began) > settleLimit || !pause(ctx, settleEvery) {
			rest := ""
			if !whole && !still {
				rest = "; they have not come to rest"
			}
			fmt.Printf("the logs were read for %.1f s; %d and %d calls are in them%s\n", time.Since(began).Seconds(), len(now[0]), len(now[1]), rest)
			return now, ctx.Err()
		}
	}
}

// readLogs reads the whole log of each mock from each node.
func (t *trial) readLogs(ctx context.Context) (*callLogs, error) {
	var (
		logs    callLogs
		errs    [nodeCount]error
		reading sync.WaitGroup
	)
	for i, n := range t.nodes {
		reading.Go(func() {
			for m, k := range t.load.world.mocks {
				page, err := n.readLog(ctx, m, k.id)
				logs[i] = append(logs[i], page...)
				if errs[i] = err; err != nil {
					return
				}
			}
		})
	}
	reading.Wait()
	return &logs, errors.Join(errs[:]...)
}

// reader keeps its connections: a log has thousands of pages.
var reader = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 2}}

// readLog reads the log of a mock, page by page.
func (n *node) readLog(ctx context.Context, mock int, id string) (all []logged, err error) {
	const limit = 100
	cursor := ""
	for range 2 * mostCalls / limit {
		var page struct {
			Calls []struct {
				ID       string
				Request  struct{ Path string }
				Response struct{ StatusCode int }
			} `json:"call-logs"`
			Meta struct{ NextCursor string }
		}
		query := url.Values{"limit": {strconv.Itoa(limit)}}
		if cursor != "" {
			query.Set("cursor", cursor)
		}
		if _, err := n.manage(ctx, reader, http.MethodGet, "/mocks/"+id+"/call-logs?"+query.Encode(), nil, &page); err != nil {
			return all, err
		}
		for _, c := range page.Calls {
			all = append(all, logged{id: c.ID, mock: mock, path: c.Request.Path, status: c.Response.StatusCode})
		}
		if cursor = page.Meta.NextCursor; cursor == "" {
			return all, nil
		}
	}
	return all, fmt.Errorf("the log of mock %s on node %s has no end", id, n.name)
}
