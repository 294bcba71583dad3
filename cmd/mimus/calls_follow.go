package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// The times of a follower.
const (
	firstWait      = 250 * time.Millisecond // before it connects again
	longestWait    = 5 * time.Second
	longestSilence = 45 * time.Second // a server that lives shows it every 15 s
)

// follower prints calls as they come.
type follower struct {
	*callReader
	printer *callPrinter
	wait    time.Duration // the first one; each is twice the one before
	silence time.Duration

	last   string // id of the call that came last
	recent recentIDs
	taken  int // calls that were printed
}

// beforeAll stands for a call that came before all others.
const beforeAll = "0"

// run prints the last calls, then what comes, until ctx ends.
func (f *follower) run(ctx context.Context, before int) error {
	if err := f.begin(ctx, before); err != nil {
		return err
	}
	wait, broken := f.wait, false
	for {
		was := f.taken
		began := func() {
			if broken {
				f.tell("connected again")
			}
			broken = false
		}
		err := f.stream(ctx, began)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // its user ended it
		}
		if f.taken > was { // else a server that ends every stream at once is asked less and less
			wait = f.wait
		}
		var refused *refusal
		var printing *printError
		if errors.As(err, &printing) || errors.As(err, &refused) && refused.status < 500 && refused.status != http.StatusTooManyRequests {
			return err
		}
		if !broken {
			f.tell(fmt.Sprintf("warning: the connection to %s broke: %s; trying again", f.base, plain(reasonOf(err))))
		}
		broken = true
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
		wait = min(2*wait, longestWait)
	}
}

// begin finds where to follow from, and prints calls before that.
func (f *follower) begin(ctx context.Context, before int) error {
	all := *f.callReader
	all.filter = nil // a search that finds nothing says nothing of what there is
	newest, err := all.list(ctx, 1, false)
	if err != nil {
		return err
	}
	f.last = beforeAll
	if len(newest) > 0 {
		f.last = newest[0].ID
	}
	calls, err := f.list(ctx, before, f.printer.json)
	for i := range calls {
		f.last = max(f.last, calls[i].ID)
		if err := f.take(&calls[i]); err != nil {
			return err
		}
	}
	return err
}

// take prints a call that was not printed yet.
func (f *follower) take(c *remoteCall) error {
	if c.ID != "" && !f.recent.add(c.ID) {
		return nil
	}
	f.taken++
	if err := f.printer.print(c); err != nil {
		return &printError{err}
	}
	return nil
}

// printError is of what is written to, not of the server.
type printError struct{ err error }

func (e *printError) Error() string { return e.err.Error() }
func (e *printError) Unwrap() error { return e.err }

func (f *follower) tell(text string) {
	fmt.Fprintf(f.err, "%s %s\n", appendClock(nil, time.Now()), text)
}

// reasonOf is why a stream ended, in words.
func reasonOf(err error) string {
	var away *unreached
	switch {
	case errors.As(err, &away):
		return away.err.Error()
	case err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return "the server ended it"
	}
	return err.Error()
}

var errSilent = errors.New("nothing came for a while")

// stream reads one connection to its end. What came after the last call before
// is sent first.
func (f *follower) stream(ctx context.Context, began func()) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silent := time.AfterFunc(f.silence, func() { cancel(errSilent) })
	defer silent.Stop()
	q := clone(f.filter)
	if !f.printer.json {
		q.Set("include", "none")
	}
	header := http.Header{"Accept": {"text/event-stream"}, "Last-Event-Id": {f.last}}
	res, err := f.open(ctx, f.path()+"/stream", q, header)
	if err != nil {
		return f.cause(ctx, err)
	}
	defer res.Body.Close()
	began()
	err = readEvents(res.Body, func() { silent.Reset(f.silence) }, f.event)
	return f.cause(ctx, err)
}

// cause is why a connection broke, where the silence ended it.
func (f *follower) cause(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), errSilent) {
		return errSilent
	}
	return err
}

func (f *follower) event(e serverEvent) error {
	switch e.name {
	case "call":
		var c remoteCall
		if err := json.Unmarshal(e.data, &c); err != nil {
			return fmt.Errorf("a call can't be read: %w", err)
		}
		f.last = c.ID
		return f.take(&c)
	case "left":
		var left struct{ Left int64 }
		if json.Unmarshal(e.data, &left) == nil && left.Left > 0 {
			f.tell(plural(int(left.Left), "call") + " left out: they came too fast")
		}
	}
	return nil
}

// serverEvent is one of a stream.
type serverEvent struct {
	name string
	data []byte
}

// maxEvent bounds a line of a stream, in bytes: two bodies of 64 KiB, escaped.
const maxEvent = 16 << 20

// readEvents reads server-sent events (HTML, 9.2.6) until the stream ends;
// alive is called with each line.
func readEvents(r io.Reader, alive func(), take func(serverEvent) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxEvent)
	var e serverEvent
	for lines.Scan() {
		alive()
		line := lines.Bytes()
		if len(line) == 0 {
			if len(e.data) > 0 {
				if err := take(e); err != nil {
					return err
				}
			}
			e = serverEvent{}
			continue
		}
		field, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(field) {
		case "event":
			e.name = string(value)
		case "data":
			if len(e.data)+len(value) > maxEvent {
				return bufio.ErrTooLong
			}
			if e.data != nil {
				e.data = append(e.data, '\n')
			}
			e.data = append(e.data, value...)
		}
	}
	if lines.Err() != nil {
		return lines.Err()
	}
	return io.EOF
}

// recentIDs are the last calls that were printed: a server may send one again
// after a break.
type recentIDs struct {
	have map[string]bool
	list []string
	next int
}

const maxRecent = 4096

// add reports whether an id is new.
func (r *recentIDs) add(id string) bool {
	if r.have[id] {
		return false
	}
	if r.have == nil {
		r.have = map[string]bool{}
	}
	r.have[id] = true
	if len(r.list) < maxRecent {
		r.list = append(r.list, id)
		return true
	}
	delete(r.have, r.list[r.next])
	r.list[r.next] = id
	r.next = (r.next + 1) % maxRecent
	return true
}
