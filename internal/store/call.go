package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Call is one exchange of a mock, as it is kept.
type Call struct {
	Mock   string
	ID     string // rises with time, unique in its mock
	At     time.Time
	Method string
	Path   string // without the query
	Status int
	Type   string // success, error
	Record []byte // JSON of all of it
}

// AddCalls stores calls. One that is there already is skipped, so that a batch
// may be sent again.
func (s *Store) AddCalls(ctx context.Context, calls []Call) error {
	if len(calls) == 0 {
		return nil
	}
	return s.run(ctx, s.write, nil, Actor{}, func(t *Tx) error {
		return s.dialect.insertCalls(ctx, t.tx, calls)
	})
}

// CallFilter says which calls are wanted; zero values are all.
type CallFilter struct {
	Mock      string
	Since     time.Time // from then on
	Until     time.Time // up to then
	Status    int
	Type      string
	Method    string
	Path      string
	Ascending bool
	After     string // the id of the last call of the page before
	Limit     int
}

const callColumns = `mock, id, at, method, path, status, type, record`

// Calls lists calls of a mock, the last ones first unless Ascending.
func (t *Tx) Calls(f CallFilter) ([]Call, error) {
	var w where
	w.and("mock = $?", f.Mock)
	if !f.Since.IsZero() {
		w.and("at >= $?", f.Since.UnixMicro())
	}
	if !f.Until.IsZero() {
		w.and("at <= $?", f.Until.UnixMicro())
	}
	// What is said twice is the condition of an index.
	switch {
	case f.Status == 200:
		w.and("status = $?", f.Status)
	case f.Status != 0:
		w.and("status = $? AND status <> 200", f.Status)
	}
	switch {
	case f.Type == "success":
		w.and("type = $?", f.Type)
	case f.Type != "":
		w.and("type = $? AND type <> 'success'", f.Type)
	}
	switch {
	case f.Method == "GET":
		w.and("method = $?", f.Method)
	case f.Method != "":
		w.and("method = $? AND method <> 'GET'", f.Method)
	}
	if f.Path != "" {
		w.and("path = $?", f.Path)
	}
	order, past := "DESC", "<"
	if f.Ascending {
		order, past = "ASC", ">"
	}
	if f.After != "" {
		if err := t.pastCall(&w, past, f.Mock, f.After); err != nil {
			return nil, err
		}
	}
	if f.Limit <= 0 {
		f.Limit = 100
	}
	w.args = append(w.args, f.Limit)
	return all(t, scanCall, `SELECT `+callColumns+` FROM calls`+w.text.String()+` ORDER BY at `+order+`, id `+order+limitLast(&w), w.args...)
}

// pastCall goes on after a call.
func (t *Tx) pastCall(w *where, past, mock, id string) error {
	at, err := one(t, func(r scanner) (at int64, err error) {
		err = r.Scan(&at)
		return at, err
	}, `SELECT at FROM calls WHERE mock = $1 AND id = $2`, mock, id)
	switch {
	case errors.Is(err, ErrNotFound): // it was trimmed meanwhile
		w.and("id "+past+" $?", id)
		return nil
	case err != nil:
		return err
	}
	w.and("(at, id) "+past+" ($?", at)
	w.args = append(w.args, text(id))
	fmt.Fprintf(&w.text, ", $%d)", len(w.args))
	return nil
}

// trimOnce bounds how many calls a transaction deletes, so that others get in
// between.
const trimOnce = 5000

// TrimCalls keeps the last calls of a mock, and of those none that is older.
func (t *Tx) TrimCalls(mock string, keep int, before time.Time) error {
	for {
		if n, err := t.trimCalls(mock, keep, before); err != nil || n < trimOnce {
			return err
		}
	}
}

// trimCalls deletes the oldest calls of those that are too many or too old, and
// gives their number.
func (t *Tx) trimCalls(mock string, keep int, before time.Time) (int64, error) {
	res, err := t.tx.ExecContext(t.ctx, `DELETE FROM calls WHERE mock = $1 AND id IN (
		SELECT id FROM calls WHERE mock = $1 AND (at < $2 OR
			(at, id) <= (SELECT at, id FROM calls WHERE mock = $1 ORDER BY at DESC, id DESC LIMIT 1 OFFSET $3))
		ORDER BY at, id LIMIT $4)`, mock, before.UnixMicro(), keep, trimOnce)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// TrimCalls keeps the last calls of a mock, and of those none that is older. It
// deletes some at a time, so that calls can be added meanwhile.
func (s *Store) TrimCalls(ctx context.Context, mock string, keep int, before time.Time) error {
	for {
		var n int64
		err := s.run(ctx, s.write, nil, Actor{}, func(t *Tx) (err error) {
			n, err = t.trimCalls(mock, keep, before)
			return err
		})
		if err != nil || n < trimOnce {
			return err
		}
	}
}

// Call reads one call of a mock.
func (t *Tx) Call(mock, id string) (Call, error) {
	return one(t, scanCall, `SELECT `+callColumns+` FROM calls WHERE mock = $1 AND id = $2`, mock, id)
}

func scanCall(r scanner) (c Call, err error) {
	var at int64
	err = r.Scan(&c.Mock, &c.ID, &at, &c.Method, &c.Path, &c.Status, &c.Type, &c.Record)
	c.At = time.UnixMicro(at).UTC()
	return c, err
}
