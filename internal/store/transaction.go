package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// The bounds of transactions: a database that hangs keeps nobody waiting. A
// caller's context may allow less.
const (
	// wholeTime is for all of a transaction, the wait for its turn included. The
	// longest that there are, imports of 64 MB, take a few seconds.
	wholeTime = 30 * time.Second
	// beginTime is for a connection and its first answer, where the database is
	// another process.
	beginTime = 3 * time.Second
	// maxTries and triesTime bound how often a transaction runs that others got in
	// the way of. SQLite has waited for others as long when it tells of them.
	maxTries  = 8
	triesTime = 10 * time.Second
	// updatesAtOnce leaves connections to those that read: of the transactions
	// of Update, all but one wait.
	updatesAtOnce = 8
)

// Tx is a transaction. It ends with the function that it was given to.
type Tx struct {
	ctx     context.Context
	tx      *sql.Tx
	now     time.Time
	by      Actor
	seq     int64 // of this transaction's changes; 0 before the first
	changes []Change
}

// Now is the time of a transaction, in milliseconds' precision.
func (t *Tx) Now() time.Time { return t.now }

// By is who the transaction acts for.
func (t *Tx) By() Actor { return t.by }

// View runs a function that reads. It sees one state of the data. A database
// that is out of reach is an ErrUnavailable, within 3 s where it does not answer
// at all, and where it grows silent when Watch finds out, or within 30 s.
func (s *Store) View(ctx context.Context, f func(*Tx) error) error {
	return s.run(ctx, s.read, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, Actor{}, f)
}

// Update runs a function that writes: all of it is stored, or nothing. One runs
// at a time, of all nodes: what it reads stays true until it ends. The function
// may run more than once; what it does outside of the transaction
// must bear that. It must not call View or Update. It is bounded as View is.
func (s *Store) Update(ctx context.Context, by Actor, f func(*Tx) error) error {
	done, err := s.update(ctx, by, f)
	if err != nil || len(done) == 0 {
		return err
	}
	s.mu.Lock()
	after := s.after
	s.mu.Unlock()
	for _, f := range after {
		f(ctx, done)
	}
	return nil
}

// update gives the changes that were stored.
func (s *Store) update(ctx context.Context, by Actor, f func(*Tx) error) (done []Change, err error) {
	within, cancel := context.WithTimeout(ctx, wholeTime)
	defer cancel()
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
	case <-within.Done():
		return nil, s.outcome(ctx, within.Err())
	}
	err = s.run(within, s.write, nil, by, func(t *Tx) error {
		done = nil
		if err := s.dialect.begin(within, t.tx); err != nil {
			return err
		}
		if err := f(t); err != nil {
			return err
		}
		done = t.changes
		if len(done) == 0 {
			return nil
		}
		return s.dialect.changed(within, t.tx)
	})
	return done, s.outcome(ctx, err)
}

// OnChange has a function called after each of this process's own writes, in
// the goroutine of the writer, so that who wrote sees what came of it.
func (s *Store) OnChange(f func(context.Context, []Change)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.after = append(s.after[:len(s.after):len(s.after)], f)
}

// run runs a transaction until nothing gets in its way.
func (s *Store) run(ctx context.Context, db *sql.DB, opts *sql.TxOptions, by Actor, f func(*Tx) error) error {
	within, cancel := context.WithTimeout(ctx, wholeTime)
	defer cancel()
	start := time.Now()
	for try := 1; ; try++ {
		err := s.once(within, db, opts, by, f)
		if err == nil || try == maxTries || time.Since(start) >= triesTime || !s.dialect.retry(err) && !errors.As(err, new(*staleError)) {
			return s.outcome(ctx, err)
		}
		select {
		case <-within.Done():
			return s.outcome(ctx, within.Err())
		case <-time.After(time.Duration(try) * 5 * time.Millisecond):
		}
	}
}

// outcome is what a caller is told of an error. Its own end comes first; time
// that is over otherwise is the database's fault.
func (s *Store) outcome(ctx context.Context, err error) error {
	if err == nil || errors.Is(err, ErrUnavailable) && ctx.Err() == nil {
		return err
	}
	err = s.dialect.explain(err)
	switch {
	case !outOfTime(err) && !errors.Is(err, ErrUnavailable) && !errors.Is(err, sql.ErrTxDone):
		return err
	case errors.Is(ctx.Err(), context.Canceled):
		return ctx.Err()
	case errors.Is(err, ErrUnavailable):
		return err
	}
	return unavailable(err)
}

func (s *Store) once(ctx context.Context, db *sql.DB, opts *sql.TxOptions, by Actor, f func(*Tx) error) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer s.reach.onTheWay(cancel)()
	conn, tx, err := s.begin(ctx, cancel, db, opts)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // gives it back
	defer func() {
		if p := recover(); p != nil {
			_ = tx.Rollback()
			panic(p)
		}
	}()
	t := &Tx{ctx: ctx, tx: tx, now: s.now().UTC().Truncate(time.Millisecond), by: by}
	if err = f(t); err != nil {
		_ = tx.Rollback() // the first error says more
	} else {
		err = tx.Commit()
	}
	if err != nil && ctx.Err() == nil && s.dialect.gone(conn) {
		err = unavailable(err) // or this connection alone: the next one tells
	}
	return err
}

// staleError is of a connection that had been lost before anything was asked of
// it: the next one may be better. It is an ErrUnavailable.
type staleError struct{ error }

// Unwrap gives the reason.
func (e *staleError) Unwrap() error { return e.error }

// begin begins a transaction that ends with a context, within the time for it.
func (s *Store) begin(ctx context.Context, cancel context.CancelFunc, db *sql.DB, opts *sql.TxOptions) (*sql.Conn, *sql.Tx, error) {
	if err := s.reach.admit(s.beginTime); err != nil {
		return nil, nil, err
	}
	late := time.AfterFunc(s.beginTime, cancel)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, s.notBegun(late.Stop(), err)
	}
	tx, err := conn.BeginTx(ctx, opts)
	inTime := late.Stop()
	if err == nil && inTime {
		s.reach.back()
		return conn, tx, nil
	}
	if err == nil {
		_ = tx.Rollback()
		err = context.DeadlineExceeded
	}
	stale := inTime && ctx.Err() == nil && s.dialect.gone(conn)
	_ = conn.Close()
	if stale {
		s.reach.undecided()
		return nil, nil, &staleError{unavailable(err)}
	}
	return nil, nil, s.notBegun(inTime, err)
}

// notBegun notes that the database is out of reach, where that is why a
// transaction could not begin.
func (s *Store) notBegun(inTime bool, err error) error {
	if inTime && errors.Is(err, context.Canceled) { // the caller went away: that says nothing about the database
		s.reach.undecided()
		return err
	}
	if !inTime {
		err = unavailable(err)
	} else {
		err = s.dialect.explain(err)
	}
	if errors.Is(err, ErrUnavailable) {
		s.reach.lost(err)
	} else {
		s.reach.undecided()
	}
	return err
}
