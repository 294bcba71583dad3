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
	// wholeTime is for all of a transaction, also one of many megabytes over a slow
	// connection: nothing goes on for ever.
	wholeTime = 10 * time.Minute
	// turnTime is how long one that writes waits for those before it, of all nodes.
	turnTime = 30 * time.Second
	// silentTime is how long nothing may come or go while an answer is waited for.
	silentTime = 10 * time.Second
	// beginTime is for a connection and its first answer, where the database is
	// another process.
	beginTime = 2 * time.Second
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
	dialect dialect
	silence *silence
	large   bool // it was told that something large comes
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
// that is out of reach is an ErrUnavailable, within 2 s where it does not answer
// at all, and where it grows silent when Watch finds out, or within 10 s.
func (s *Store) View(ctx context.Context, f func(*Tx) error) error {
	return s.run(ctx, s.read, viewing(), Actor{}, f)
}

func viewing() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

// Update runs a function that writes: all of it is stored, or nothing. One runs
// at a time, of all nodes: what it reads stays true until it ends. The function
// may run more than once; what it does outside of the transaction
// must bear that. It must not call View or Update. It is bounded as View is, but
// for the wait for its turn, which is 30 s at most. Where it is not known whether
// it was stored, because the database was lost in that moment, the error is an
// ErrInDoubt, too.
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
	late := time.NewTimer(turnTime)
	defer late.Stop()
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
	case <-ctx.Done():
		return nil, s.outcome(ctx, ctx.Err())
	case <-late.C:
		return nil, s.outcome(ctx, context.DeadlineExceeded)
	}
	err = s.run(ctx, s.write, nil, by, func(t *Tx) error {
		done = nil
		if err := s.turn(t); err != nil {
			return err
		}
		if err := f(t); err != nil {
			return err
		}
		done = t.changes
		if len(done) == 0 {
			return nil
		}
		return s.dialect.changed(t.ctx, t.tx)
	})
	return done, err
}

// turn makes a transaction the only one of Update. Others may take long, and
// are no reason to think that the database is silent.
func (s *Store) turn(t *Tx) error {
	before := t.silence.allow(turnTime)
	err := s.dialect.begin(t.ctx, t.tx)
	t.silence.allow(before)
	return err
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
	t := &Tx{
		ctx: ctx, tx: tx, dialect: s.dialect, silence: watchSilence(s.dialect.quiet(conn), cancel, s.silentTime),
		now: s.now().UTC().Truncate(time.Millisecond), by: by,
	}
	defer t.silence.end()
	if err = f(t); err != nil {
		_ = tx.Rollback()                             // the first error says more
		if ctx.Err() == nil && s.dialect.gone(conn) { // or this connection alone: the next one tells
			err = unavailable(err)
		}
		return err
	}
	if err = tx.Commit(); err != nil && (ctx.Err() != nil || s.dialect.gone(conn)) {
		if opts == nil {
			return inDoubt(err)
		}
		return unavailable(err)
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
	if err := s.dialect.there(); err != nil {
		return nil, nil, s.notBegun(true, err)
	}
	late := time.AfterFunc(s.beginTime, cancel)
	conn, err := db.Conn(ctx)
	if err != nil {
		inTime := late.Stop()
		if !inTime && allInUse(db) { // that says nothing about the database
			s.reach.undecided()
			return nil, nil, &unavailableError{text: "all connections to the database are in use", err: context.DeadlineExceeded}
		}
		return nil, nil, s.notBegun(inTime, err)
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
		s.dialect.renew(s.write)
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

// allInUse reports whether who asks for a connection waits for others.
func allInUse(db *sql.DB) bool {
	stats := db.Stats()
	return stats.MaxOpenConnections > 0 && stats.InUse >= stats.MaxOpenConnections
}
