package store

import (
	"context"
	"sync"
	"time"
)

// The measures of Watch.
const (
	pollEvery = 500 * time.Millisecond
	askTime   = 1500 * time.Millisecond // of the question whether something changed
	lookTime  = 5 * time.Second         // of reading what did; a store that takes longer is out of reach
	missedMax = 2                       // looks; then it is told that the store is out of reach
	gapMost   = 1000                    // changes that are told one by one
)

// Watch tells of changes, those of other processes and this one's own, in their
// order, until the context ends; its error is the context's. The first are
// those since Open, so that nothing is missed that came after the caller's
// first reading. Where the changes are too many (more than 1,000) or no longer
// known, f is told to read everything again. On PostgreSQL it hears of changes
// at once; everywhere it looks for them at intervals, 0 being 500 ms. f is
// called in one goroutine and its context is Watch's.
//
// Watch also keeps the list of changes short. A store in memory has no other
// processes: there it does nothing else.
func (s *Store) Watch(ctx context.Context, every time.Duration, f func(ctx context.Context, changes []Change, resync bool)) error {
	if every <= 0 {
		every = pollEvery
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { s.keepChangesShort(ctx) })
	if s.location == "" {
		<-ctx.Done()
		return ctx.Err()
	}
	wake, again := make(chan struct{}, 1), make(chan struct{}, 1)
	wg.Go(func() { s.dialect.listen(ctx, s.location, again, func() { signal(wake) }) })
	tick := time.NewTicker(every)
	defer tick.Stop()
	for told := s.opened; ctx.Err() == nil; {
		missed := s.missed // only this goroutine writes it
		if told = s.look(ctx, told, f); missed > 0 && s.missed == 0 {
			signal(again) // what the listener had may be as dead
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-tick.C:
		}
	}
	return ctx.Err()
}

// signal wakes who waits, or will.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default: // it will look anyway
	}
}

// look tells of the changes after one, and gives the last one that it told of.
func (s *Store) look(ctx context.Context, told int64, f func(context.Context, []Change, bool)) int64 {
	started := s.now()
	seq, changes, resync, err := s.changesSince(ctx, told)
	if err != nil {
		if ctx.Err() == nil {
			s.miss(err)
		}
		return told
	}
	if resync || len(changes) > 0 {
		f(ctx, changes, resync)
	}
	s.mu.Lock()
	away, onReach := s.missed >= missedMax, s.onReach
	s.seen, s.trouble, s.missed = started, nil, 0
	s.mu.Unlock()
	if away && onReach != nil {
		onReach(nil)
	}
	return seq
}

// miss notes that a look failed.
func (s *Store) miss(err error) {
	s.mu.Lock()
	s.trouble = err
	s.missed++
	now, onReach := s.missed == missedMax, s.onReach
	s.mu.Unlock()
	if !now {
		return
	}
	s.reach.silent()
	s.dialect.renew(s.write)
	if onReach != nil {
		onReach(err)
	}
}

// OnReach has a function called when the database is out of reach, with the
// reason, and with nil when it is back. Watch calls it, once for each; one slow
// answer alone is not told. It takes the place of the function before.
func (s *Store) OnReach(f func(error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onReach = f
}

// Healthy tells the last time for which it is certain that all changes before it
// were told by Watch, and what has kept Watch from the store since then; nil
// where nothing has.
func (s *Store) Healthy() (since time.Time, err error) {
	if s.location == "" {
		return s.now(), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen, s.trouble
}

// changesSince gives the changes after one, and the number of the last one.
func (s *Store) changesSince(ctx context.Context, told int64) (seq int64, changes []Change, resync bool, err error) {
	if seq, err = s.lastSeq(ctx); err != nil || seq == told {
		return told, nil, false, err
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	err = s.run(ctx, s.ask, viewing(), Actor{}, func(t *Tx) error {
		if seq, err = t.seqNow(); err != nil {
			return err
		}
		changes, resync, err = t.changesBetween(told, seq)
		return err
	})
	return seq, changes, resync, err
}

// lastSeq gives the number of the last change. It tries whatever is known of the
// reach of the database: it is how others get to know that it is back.
func (s *Store) lastSeq(ctx context.Context) (seq int64, err error) {
	if err := s.dialect.there(); err != nil {
		return 0, err
	}
	within, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	if err := s.ask.QueryRowContext(within, seqQuery).Scan(&seq); err != nil {
		return 0, s.outcome(ctx, err)
	}
	s.reach.back()
	return seq, nil
}

// changesBetween gives the changes after one up to another, or that they can't
// be told one by one.
func (t *Tx) changesBetween(told, seq int64) (changes []Change, resync bool, err error) {
	if seq < told || seq-told > gapMost { // lower: a backup was put in place
		return nil, true, nil
	}
	changes, err = all(t, scanChange, `SELECT seq, nth, at, actor, key_id, action, kind, id, name, workspace FROM changes
		WHERE seq > $1 ORDER BY seq, nth LIMIT $2`, told, gapMost+1)
	if err != nil {
		return nil, false, err
	}
	// Each number has a change, unless it was trimmed.
	if seq > told && (len(changes) == 0 || len(changes) > gapMost || changes[0].Seq != told+1) {
		return nil, true, nil
	}
	return changes, false, nil
}

// What is kept of the list of changes, and how it is trimmed.
const (
	changesKept  = 100_000
	changesAge   = 90 * 24 * time.Hour
	changesEvery = 10 * time.Minute
	changesOnce  = 10_000 // deleted at a time
)

func (s *Store) keepChangesShort(ctx context.Context) {
	tick := time.NewTicker(changesEvery)
	defer tick.Stop()
	for {
		// What fails is tried again with the next.
		_ = s.TrimChanges(ctx, changesKept, s.now().Add(-changesAge))
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// TrimChanges deletes changes that are older, and those before the last ones;
// at most about 10,000 of them, the oldest first. Transactions stay whole.
func (s *Store) TrimChanges(ctx context.Context, keep int, before time.Time) error {
	return s.run(ctx, s.write, nil, Actor{}, func(t *Tx) error {
		return t.exec(`DELETE FROM changes WHERE seq <= (
			SELECT MAX(seq) FROM (SELECT seq, at FROM changes ORDER BY seq, nth LIMIT $1) AS oldest
			WHERE at < $2 OR seq <= (SELECT seq FROM changes ORDER BY seq DESC, nth DESC LIMIT 1 OFFSET $3))`,
			changesOnce, millis(before), keep)
	})
}
