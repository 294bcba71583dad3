package store

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrUnavailable says that the database can't be reached, or does not answer in
// time. What was asked for can be tried again; nothing of it was stored, unless
// it is an ErrInDoubt.
var ErrUnavailable = errors.New("the database is out of reach")

// ErrInDoubt says that the database was lost while a change was being stored: it
// is there or it isn't. It is an ErrUnavailable, too.
var ErrInDoubt = errors.New("it is not known whether the change was stored")

// ErrFull says that there is no room for a change: nothing of it was stored.
var ErrFull = errors.New("the disk is full")

type fullError struct {
	of  string
	err error
}

// Error says what to do.
func (e *fullError) Error() string {
	return "the disk of " + e.of + " is full, nothing of this change was stored; make room on it: " + e.err.Error()
}

// Is makes it an ErrFull.
func (e *fullError) Is(target error) bool { return target == ErrFull }

// Unwrap gives the reason.
func (e *fullError) Unwrap() error { return e.err }

// unavailableError is an ErrUnavailable with what there is to say about it.
type unavailableError struct {
	text    string
	err     error
	inDoubt bool
}

func unavailable(err error) error {
	return &unavailableError{text: "the database can't be reached; check that it runs", err: err}
}

func inDoubt(err error) error {
	return &unavailableError{text: "the database was lost while a change was being stored, it is not known whether it was; look before it is made again", err: err, inDoubt: true}
}

// Error tells the reason, too.
func (e *unavailableError) Error() string { return e.text + ": " + e.err.Error() }

// Is makes it an ErrUnavailable.
func (e *unavailableError) Is(target error) bool {
	return target == ErrUnavailable || e.inDoubt && target == ErrInDoubt
}

// Unwrap gives the reason.
func (e *unavailableError) Unwrap() error { return e.err }

// outOfTime reports whether an error comes of a context that ended.
func outOfTime(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// failFast is how long transactions fail at once after one that found the
// database out of reach: callers do not queue up for one that is not there.
const failFast = time.Second

// reach knows whether the database is out of reach. Then one transaction at a
// time tries, once in failFast, and the others fail as it did.
type reach struct {
	mu    sync.Mutex
	err   error     // why it is out of reach; nil: it is not
	until time.Time // when the next one may try

	up     context.Context    // of the transactions on their way
	hangUp context.CancelFunc // ends them
}

// onTheWay has a transaction end when the database has grown silent. What it
// gives is to be called when the transaction has ended.
func (r *reach) onTheWay(cancel context.CancelFunc) (stop func() bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.up == nil {
		r.up, r.hangUp = context.WithCancel(context.Background())
	}
	return context.AfterFunc(r.up, cancel)
}

// silent ends the transactions that are on their way: there will be no answer.
func (r *reach) silent() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.up != nil {
		r.hangUp()
		r.up, r.hangUp = nil, nil
	}
}

// admit lets a transaction try. It has to tell what came of it: lost, back, or
// undecided. Most is how long it may take for that.
func (r *reach) admit(most time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		return nil
	}
	now := time.Now()
	if now.Before(r.until) {
		return r.err
	}
	r.until = now.Add(most + failFast)
	return nil
}

func (r *reach) lost(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err, r.until = err, time.Now().Add(failFast)
}

func (r *reach) back() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = nil
}

// undecided lets the next one try.
func (r *reach) undecided() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.until = time.Time{}
}
