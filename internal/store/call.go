package store

import (
	"context"
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
	Until     time.Time // before
	Status    int
	Type      string
	Method    string
	Path      string
	Ascending bool
	After     string // the id of the last call of the page before
	Limit     int
}

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
	if f.Status != 0 {
		w.and("status = $?", f.Status)
	}
	for _, c := range [...]struct{ column, value string }{{"type", f.Type}, {"method", f.Method}, {"path", f.Path}} {
		if c.value != "" {
			w.and(c.column+" = $?", c.value)
		}
	}
	order, past := "DESC", "id < $?"
	if f.Ascending {
		order, past = "ASC", "id > $?"
	}
	if f.After != "" {
		w.and(past, f.After)
	}
	if f.Limit <= 0 {
		f.Limit = 100
	}
	w.args = append(w.args, f.Limit)
	return all(t, scanCall, `SELECT mock, id, at, method, path, status, type, record FROM calls`+w.text.String()+` ORDER BY id `+order+limitLast(&w), w.args...)
}

// TrimCalls keeps the last calls of a mock, and of those none that is older.
func (t *Tx) TrimCalls(mock string, keep int, before time.Time) error {
	if err := t.exec(`DELETE FROM calls WHERE mock = $1 AND at < $2`, mock, before.UnixMicro()); err != nil {
		return err
	}
	return t.exec(`DELETE FROM calls WHERE mock = $1 AND id <= (SELECT id FROM calls WHERE mock = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)`, mock, keep)
}

// TrimCalls keeps the last calls of a mock, and of those none that is older.
func (s *Store) TrimCalls(ctx context.Context, mock string, keep int, before time.Time) error {
	return s.run(ctx, s.write, nil, Actor{}, func(t *Tx) error { return t.TrimCalls(mock, keep, before) })
}

// Call reads one call of a mock.
func (t *Tx) Call(mock, id string) (Call, error) {
	return one(t, scanCall, `SELECT mock, id, at, method, path, status, type, record FROM calls WHERE mock = $1 AND id = $2`, mock, id)
}

func scanCall(r scanner) (c Call, err error) {
	var at int64
	err = r.Scan(&c.Mock, &c.ID, &at, &c.Method, &c.Path, &c.Status, &c.Type, &c.Record)
	c.At = time.UnixMicro(at).UTC()
	return c, err
}
