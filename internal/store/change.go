package store

import (
	"context"
	"time"
)

// Kinds of what is stored, as changes name them.
const (
	KindWorkspace   = "workspace"
	KindCollection  = "collection"
	KindEnvironment = "environment"
	KindSpec        = "spec"
	KindMock        = "mock"
	KindKey         = "key"
)

// Change is one entry of the audit list, which is also how nodes learn of each
// other's writes.
type Change struct {
	Seq       int64 // rises with each transaction that changed something
	Nth       int   // within its transaction
	At        time.Time
	User      int64
	Key       string // id of the key; "" for a server without keys
	Action    string // create, update, delete
	Kind      string
	ID        string
	Name      string
	Workspace string
}

// changed notes a change in the transaction that makes it.
func (t *Tx) changed(action, kind, id, name, workspace string) error {
	if t.seq == 0 {
		// The row is locked until the commit, so numbers are seen in their order.
		err := t.tx.QueryRowContext(t.ctx, `UPDATE revision SET seq = seq + 1 WHERE one = 1 RETURNING seq`).Scan(&t.seq)
		if err != nil {
			return err
		}
	}
	c := Change{
		Seq: t.seq, Nth: len(t.changes), At: t.now, User: t.by.User, Key: t.by.Key,
		Action: action, Kind: kind, ID: id, Name: name, Workspace: workspace,
	}
	t.changes = append(t.changes, c)
	return t.exec(`INSERT INTO changes (seq, nth, at, actor, key_id, action, kind, id, name, workspace)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.Seq, c.Nth, millis(c.At), c.User, c.Key, c.Action, c.Kind, c.ID, c.Name, c.Workspace)
}

const seqQuery = `SELECT seq FROM revision WHERE one = 1`

// Seq is the number of the last change. It is known at once, also while long
// transactions leave no connection free.
func (s *Store) Seq(ctx context.Context) (seq int64, err error) { return s.lastSeq(ctx) }

func (t *Tx) seqNow() (seq int64, err error) {
	err = t.tx.QueryRowContext(t.ctx, seqQuery).Scan(&seq)
	return seq, err
}

// ChangeFilter says which changes are wanted; zero values are all.
type ChangeFilter struct {
	After     int64 // seq; changes after it, in their order
	Before    int64 // seq; changes before it, the last ones first
	Workspace string
	Kind, ID  string
	Limit     int
}

// Changes lists changes: those after a number, or the last ones first.
func (t *Tx) Changes(f ChangeFilter) ([]Change, error) {
	var w where
	order := " ORDER BY seq DESC, nth DESC"
	if f.Before == 0 {
		w.and("seq > $?", f.After)
	}
	if f.After > 0 {
		order = " ORDER BY seq, nth"
	} else if f.Before > 0 {
		w.and("seq < $?", f.Before)
	}
	if f.Workspace != "" {
		w.and("workspace = $?", f.Workspace)
	}
	if f.Kind != "" {
		w.and("kind = $?", f.Kind)
	}
	if f.ID != "" {
		w.and("id = $?", f.ID)
	}
	if f.Limit <= 0 {
		f.Limit = 1000
	}
	w.args = append(w.args, f.Limit)
	return all(t, scanChange, `SELECT seq, nth, at, actor, key_id, action, kind, id, name, workspace FROM changes`+
		w.text.String()+order+limitLast(&w), w.args...)
}

func scanChange(r scanner) (c Change, err error) {
	var at int64
	err = r.Scan(&c.Seq, &c.Nth, &at, &c.User, &c.Key, &c.Action, &c.Kind, &c.ID, &c.Name, &c.Workspace)
	c.At = fromMillis(at)
	return c, err
}

// Value is a value of the server itself, "" where there is none.
func (t *Tx) Value(name string) (string, error) {
	values, err := all(t, scanText, `SELECT value FROM server_values WHERE name = $1`, name)
	if err != nil || len(values) == 0 {
		return "", err
	}
	return values[0], nil
}

// SetValue keeps a value of the server itself.
func (t *Tx) SetValue(name, value string) error {
	return t.exec(`INSERT INTO server_values (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
}

func scanText(r scanner) (s string, err error) {
	err = r.Scan(&s)
	return s, err
}
