// Package store keeps what a server for a team has: workspaces, collections,
// environments, specs, mock servers, keys, calls. It is plain SQL, one file a
// noun, the same for SQLite and PostgreSQL but for the files of the dialects.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// ErrNotFound says that there is nothing of that id.
var ErrNotFound = errors.New("not found")

// ErrTaken says that a name that has to be unique is another's: a slug, host
// or prefix of a mock, the path of a spec's file.
var ErrTaken = errors.New("taken")

// Config says where a store keeps its data.
type Config struct {
	// Location is a folder for SQLite, a postgres:// URL, or "" for memory.
	Location string
	Now      func() time.Time // nil: time.Now
}

// Store is safe for concurrent use.
type Store struct {
	write   *sql.DB
	read    *sql.DB
	ask     *sql.DB // for short questions, so that they never wait for long transactions
	dialect dialect
	now     func() time.Time

	location string
	folder   *os.File // its lock; nil: no folder
	opened   int64    // the number of the last change at Open

	beginTime  time.Duration // of a transaction
	silentTime time.Duration
	turns      chan struct{} // of Update
	reach      reach

	mu      sync.Mutex
	after   []func(context.Context, []Change) // of this process's own writes
	onReach func(error)
	seen    time.Time // when Watch last saw everything
	trouble error     // of Watch since then
	missed  int       // looks of Watch since then
}

// dialect is what the two engines do differently.
type dialect interface {
	open(ctx context.Context, location string) (write, read, ask *sql.DB, err error)
	migrate(ctx context.Context, db *sql.DB) error
	// explain says plainly what an error of the engine means, where it can.
	explain(err error) error
	// there says so where the data has been taken away.
	there() error
	// gone reports whether a connection is lost.
	gone(conn *sql.Conn) bool
	// quiet tells how long a connection has waited for an answer; nil: it can't.
	quiet(conn *sql.Conn) func() time.Duration
	// renew closes the connections that nobody uses: they may be dead.
	renew(db *sql.DB)
	// large has the database wait for a large statement to come.
	large(ctx context.Context, tx *sql.Tx) error
	// retry reports whether a transaction that failed may succeed when it runs again.
	retry(err error) bool
	// insertCalls stores blocks of calls; those that are there already are passed over.
	insertCalls(ctx context.Context, tx *sql.Tx, blocks []CallBlock) error
	// lockCalls has one transaction at a time move the calls of a mock.
	lockCalls(ctx context.Context, tx *sql.Tx, mock string) error
	// addPartitions makes room for the calls of days, where days are kept apart.
	addPartitions(ctx context.Context, db *sql.DB, days []int64) error
	// forgetCalls deletes all calls that are older.
	forgetCalls(ctx context.Context, s *Store, before time.Time) error
	// begin makes a transaction of Update the only one.
	begin(ctx context.Context, tx *sql.Tx) error
	// changed tells other nodes that there are changes.
	changed(ctx context.Context, tx *sql.Tx) error
	// listen wakes when others tell of changes, where they can, until the context
	// ends. It connects again when it is told to.
	listen(ctx context.Context, location string, again <-chan struct{}, wake func())
}

// Open opens a store, makes its tables where they are missing, and brings those
// of an older version up to date. Several processes may do it at once. Data of
// a newer version is a NewerError. A folder can't be restored while it is open.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	s := &Store{
		now: cfg.Now, dialect: dialect(&sqliteDialect{}), location: cfg.Location,
		// On SQLite who begins waits for others that write.
		beginTime: turnTime, silentTime: silentTime, turns: make(chan struct{}, updatesAtOnce),
	}
	if s.now == nil {
		s.now = time.Now
	}
	if isPostgres(cfg.Location) {
		s.dialect, s.beginTime = postgresDialect{}, beginTime
	}
	if err := s.open(ctx); err != nil {
		_ = s.Close()
		return nil, s.dialect.explain(err)
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) (err error) {
	if s.location != "" && !isPostgres(s.location) {
		if s.folder, err = openFolder(s.location); err != nil {
			return err
		}
	}
	if s.write, s.read, s.ask, err = s.dialect.open(ctx, s.location); err != nil {
		return err
	}
	if err := s.dialect.migrate(ctx, s.write); err != nil {
		return err
	}
	s.seen = s.now()
	return s.read.QueryRowContext(ctx, seqQuery).Scan(&s.opened)
}

func isPostgres(location string) bool {
	return strings.HasPrefix(location, "postgres://") || strings.HasPrefix(location, "postgresql://")
}

// Close ends the use of a store. Watch has to have ended.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.write, s.read, s.ask} {
		if db != nil {
			errs = append(errs, db.Close()) // one that was closed stays so
		}
	}
	if s.folder != nil {
		errs = append(errs, s.folder.Close())
	}
	return errors.Join(errs...)
}

// Actor is who changes something.
type Actor struct {
	User int64
	Key  string // the id of the key; "" for a server without keys
}

// NewID makes the id of something new.
func NewID() string { return uuid.NewString() }

// scanner is a row.
type scanner interface{ Scan(...any) error }

// one reads one row; ErrNotFound where there is none.
func one[T any](t *Tx, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	v, err := scan(t.tx.QueryRowContext(t.ctx, query, texts(args)...))
	if errors.Is(err, sql.ErrNoRows) {
		var none T
		return none, ErrNotFound
	}
	return v, err
}

// all reads all rows.
func all[T any](t *Tx, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := t.tx.QueryContext(t.ctx, query, texts(args)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// exec runs a statement.
func (t *Tx) exec(query string, args ...any) error {
	if err := t.announce(args); err != nil {
		return err
	}
	_, err := t.tx.ExecContext(t.ctx, query, texts(args)...)
	return err
}

// must runs a statement that has to hit a row; ErrNotFound where it hits none.
func (t *Tx) must(query string, args ...any) error {
	if err := t.announce(args); err != nil {
		return err
	}
	res, err := t.tx.ExecContext(t.ctx, query, texts(args)...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// largeSize is what takes a slow connection longer than a database waits for.
const largeSize = 1 << 20

// announce says that a large statement comes, once for each transaction.
func (t *Tx) announce(args []any) error {
	size := 0
	for _, a := range args {
		switch a := a.(type) {
		case string:
			size += len(a)
		case []byte:
			size += len(a)
		}
	}
	if size < largeSize || t.large {
		return nil
	}
	t.large = true
	return t.dialect.large(t.ctx, t.tx)
}

// texts makes texts of arguments storable.
func texts(args []any) []any {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = text(s)
		}
	}
	return args
}

// text is a text that both engines store: PostgreSQL has none with a NUL or
// with bytes that aren't UTF-8. U+FFFD stands for them.
func text(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// where joins conditions; each has one "$?" for its argument.
type where struct {
	text strings.Builder
	args []any
}

func (w *where) and(condition string, arg any) {
	if w.text.Len() == 0 {
		w.text.WriteString(" WHERE ")
	} else {
		w.text.WriteString(" AND ")
	}
	w.args = append(w.args, arg)
	w.text.WriteString(strings.ReplaceAll(condition, "$?", fmt.Sprintf("$%d", len(w.args))))
}

// Page says which part of a list is wanted, in the order of creation.
type Page struct {
	Limit  int // 0: all
	Offset int
	After  Cursor
}

// Cursor is the place of an item in a list.
type Cursor struct {
	At int64 // milliseconds since 1970
	ID string
}

// Place is the cursor of something that was created then.
func Place(created time.Time, id string) Cursor { return Cursor{millis(created), id} }

// list ends a query with the part that is wanted.
func (w *where) list(query string, p Page) (string, []any) {
	if p.After.ID != "" {
		w.and("(created > $? OR (created = $?", p.After.At)
		w.args = append(w.args, p.After.ID)
		fmt.Fprintf(&w.text, " AND id > $%d))", len(w.args))
	}
	query += w.text.String() + " ORDER BY created, id"
	if p.Limit > 0 {
		query += fmt.Sprintf(" LIMIT %d", p.Limit)
	} else if p.Offset > 0 {
		query += " LIMIT 9223372036854775807"
	}
	if p.Offset > 0 {
		query += fmt.Sprintf(" OFFSET %d", p.Offset)
	}
	return query, w.args
}
