package api

import (
	"context"
	"time"

	"github.com/mimus-dev/mimus/internal/calls"
)

// The size of what is read at once of calls with their messages follows what
// they had in them before, in calls and bytes: memory is bounded, and short
// calls don't take many pages.
const (
	firstPage  = 50
	mostPage   = 400
	smallPage  = 1 << 20
	largePage  = 8 << 20
	countPage  = 1000
	searchTime = 250 * time.Millisecond
	newestTime = 10 * time.Second
)

func nextLimit(limit, bytes int) int {
	switch {
	case bytes < smallPage:
		return min(4*limit, mostPage)
	case bytes > largePage:
		return max(limit/4, 1)
	}
	return limit
}

// sizeOf is about what a call takes in an answer, in bytes.
func sizeOf(e *calls.Entry) int {
	return 300 + len(e.Path) + len(e.Query) + len(e.Request.Body) + len(e.Response.Body)
}

// callPage reads a page. With messages it ends where they have many bytes, and
// a search in them after a time.
func (a *API) callPage(ctx context.Context, f calls.Filter) (calls.Page, error) {
	if !f.Full {
		return a.cfg.Calls.List(ctx, f)
	}
	var page calls.Page
	limit, most, bytes, start := firstPage, f.Limit, 0, time.Now()
	for {
		f.Limit = min(limit, most-len(page.Calls))
		part, err := a.cfg.Calls.List(ctx, f)
		if err != nil {
			return page, err
		}
		before := bytes
		for i, e := range part.Calls {
			bytes += sizeOf(e)
			if len(page.Calls) > 0 && bytes > maxCallBytes {
				page.Next, page.Scanned = page.Calls[len(page.Calls)-1].ID, time.Time{}
				return page, nil
			}
			page.Calls = append(page.Calls, part.Calls[i])
		}
		page.Next, page.Scanned = part.Next, part.Scanned
		switch {
		case part.Next == "", !part.Scanned.IsZero(), len(page.Calls) == most:
			return page, nil
		case f.Text != "" && time.Since(start) > searchTime:
			page.Scanned = page.Calls[len(page.Calls)-1].At
			return page, nil
		}
		f.After, limit = part.Next, nextLimit(limit, bytes-before)
	}
}

// stretch is a part of the calls that pass a filter: the last ones.
type stretch struct {
	after string // the id of the call before them; "" none
	last  string // the id of the last one
	n     int
	left  int       // those that are not in it, as far as they were counted
	seen  time.Time // how far was looked; zero: at all
}

// newest finds the last calls that pass a filter, at most most of them. The
// filter's After is the id of a call that they come after.
func (a *API) newest(ctx context.Context, f calls.Filter, most int) (s stretch, err error) {
	from := f.After
	s.after = from
	if at, ok := calls.TimeOf(from); ok && at.After(f.Since) {
		f.Since = at
	}
	f.Ascending, f.Full, f.After, f.Limit = false, false, "", countPage
	for deadline := time.Now().Add(newestTime); ; {
		page, err := a.cfg.Calls.List(ctx, f)
		if err != nil {
			return s, err
		}
		for _, e := range page.Calls {
			if e.ID > from {
				s.add(e, most)
			}
		}
		if page.Next == "" {
			return s, nil
		}
		if f.After = page.Next; time.Now().After(deadline) {
			if s.seen = page.Scanned; s.seen.IsZero() {
				s.seen = page.Calls[len(page.Calls)-1].At
			}
			if s.left == 0 {
				s.after = page.Next
			}
			return s, nil
		}
	}
}

// add takes the call before those that it has.
func (s *stretch) add(e *calls.Entry, most int) {
	if s.n == most {
		if s.left == 0 {
			s.after = e.ID
		}
		s.left++
		return
	}
	if s.n == 0 {
		s.last = e.ID
	}
	s.n++
}

// each reads the calls of a stretch with their messages, the first one first.
func (a *API) each(ctx context.Context, f calls.Filter, s stretch, do func(*calls.Entry) error) error {
	f.Ascending, f.Full, f.After, f.Limit = true, true, s.after, firstPage
	for n := 0; n < s.n; {
		page, err := a.cfg.Calls.List(ctx, f)
		if err != nil {
			return err
		}
		bytes := 0
		for _, e := range page.Calls {
			if e.ID > s.last {
				return nil
			}
			bytes += sizeOf(e)
			if err := do(e); err != nil {
				return err
			}
			n++
		}
		if page.Next == "" {
			return nil
		}
		f.After, f.Limit = page.Next, nextLimit(f.Limit, bytes)
	}
	return nil
}
