package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteDialect is the dialect of SQLite: one writer at a time, readers beside it.
type sqliteDialect struct {
	file   string // "": in memory
	opened os.FileInfo
}

func (d *sqliteDialect) open(ctx context.Context, folder string) (write, read, ask *sql.DB, err error) {
	if folder == "" {
		db, err := sql.Open("sqlite", ":memory:?_pragma=foreign_keys(1)&_txlock=immediate")
		if err != nil {
			return nil, nil, nil, err
		}
		db.SetMaxOpenConns(1) // each connection would have a database of its own
		err = db.PingContext(ctx)
		return db, db, db, err
	}
	file := filepath.Join(folder, sqliteFile)
	if _, err := os.Lstat(file); err != nil {
		makePrivate(file)
	}
	// The log of writes is brought in less often than usual (1,000 pages): who
	// answers on the same processor waits for the disk meanwhile.
	const common = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=wal_autocheckpoint(4000)&_pragma=foreign_keys(1)"
	if write, err = sql.Open("sqlite", sqliteURL(file, common+"&_txlock=immediate")); err != nil {
		return nil, nil, nil, err
	}
	write.SetMaxOpenConns(1)
	err = foreignSoon(ctx, write)
	if err == nil {
		d.file = file
		d.opened, err = os.Stat(file)
	}
	if err != nil {
		_ = write.Close()
		return nil, nil, nil, fmt.Errorf("%s: %w", file, d.explain(err))
	}
	reading := sqliteURL(file, common+"&_pragma=query_only(1)")
	if read, err = sql.Open("sqlite", reading); err != nil {
		_ = write.Close()
		return nil, nil, nil, err
	}
	read.SetMaxOpenConns(8)
	read.SetMaxIdleConns(8)
	if ask, err = sql.Open("sqlite", reading); err != nil {
		_, _ = write.Close(), read.Close()
		return nil, nil, nil, err
	}
	ask.SetMaxOpenConns(1)
	return write, read, ask, nil
}

// there looks whether the file is still the one that was opened: what is written
// to one that was deleted is lost, and to its name SQLite makes an empty one.
func (d *sqliteDialect) there() error {
	if d.file == "" {
		return nil
	}
	now, err := os.Stat(d.file)
	if err == nil && !os.SameFile(now, d.opened) {
		err = errors.New(d.file + " is another file")
	}
	if err != nil {
		return &unavailableError{text: "the database in the data folder was moved, deleted or replaced; put the file back, or start the server again", err: err}
	}
	return nil
}

func sqliteURL(file, query string) string {
	return "file:" + (&url.URL{Path: filepath.ToSlash(file)}).EscapedPath() + "?" + query
}

// errForeign says that a file is a database of another program, or none.
var errForeign = errors.New("the file is no database of mimus; move it away, or name another folder with --data")

// foreignSoon is foreign, tried again where others open the same file: who turns
// its log of writes on is told that it is busy without any wait.
func foreignSoon(ctx context.Context, db *sql.DB) (err error) {
	for try := 1; ; try++ {
		if err = foreign(ctx, db); err == nil || try == maxTries || !(sqliteDialect{}).retry(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try) * 20 * time.Millisecond):
		}
	}
}

// foreign tells whether a database is another program's. A new one is not.
func foreign(ctx context.Context, db *sql.DB) error {
	var tables, ours int
	err := db.QueryRowContext(ctx, `SELECT COUNT(*), COUNT(CASE WHEN name = 'schema_versions' THEN 1 END)
		FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`).Scan(&tables, &ours)
	if err == nil && tables > 0 && ours == 0 {
		return errForeign
	}
	return err
}

func (sqliteDialect) migrate(ctx context.Context, db *sql.DB) error {
	return migrate(ctx, db, "sqlite3", nil)
}

func (sqliteDialect) explain(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) || errors.Is(err, ErrUnavailable) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w: %w", errForeign, err)
	case sqlite3.SQLITE_FULL:
		return &fullError{"the data folder", err}
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_INTERRUPT:
		return &unavailableError{text: "the database in the data folder can't be read or written; check its disk", err: err}
	case sqlite3.SQLITE_CANTOPEN:
		return &unavailableError{text: "the database in the data folder can't be opened; let this user read and write the folder and the files in it", err: err}
	case sqlite3.SQLITE_READONLY:
		return fmt.Errorf("the database in the data folder can't be written to; let this user write the folder and the files in it: %w", err)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("the database is damaged; `mimus restore` puts a backup in its place: %w", err)
	case sqlite3.SQLITE_CONSTRAINT:
		if e.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY {
			return fmt.Errorf("what it belongs to is %w: %w", ErrNotFound, err)
		}
	case sqlite3.SQLITE_BUSY:
		return &unavailableError{text: "another process is writing to the database for long; try again", err: err}
	}
	return err
}

func isCorrupt(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_CORRUPT
}

func (sqliteDialect) retry(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_BUSY || e.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

func (sqliteDialect) begin(context.Context, *sql.Tx) error { return nil } // transactions that write are immediate

func (sqliteDialect) changed(context.Context, *sql.Tx) error { return nil } // others poll

func (sqliteDialect) listen(context.Context, string, <-chan struct{}, func()) {}

func (sqliteDialect) gone(*sql.Conn) bool { return false } // the file tells by its errors

func (sqliteDialect) quiet(*sql.Conn) func() time.Duration { return nil }

func (sqliteDialect) renew(*sql.DB) {}

func (sqliteDialect) large(context.Context, *sql.Tx) error { return nil }

func (sqliteDialect) insertCalls(ctx context.Context, tx *sql.Tx, blocks []CallBlock) error {
	stmt, err := tx.PrepareContext(ctx, `INSERT INTO call_blocks (mock, id, day, first, last, calls, parts, head, records)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`)
	if err != nil {
		return err
	}
	defer func() { _ = stmt.Close() }()
	for i := range blocks {
		b := &blocks[i]
		if i > 0 {
			runtime.Gosched() // an answer must not wait for all of them
		}
		if _, err := stmt.ExecContext(ctx, b.Mock, b.ID, b.day(), b.First.UnixMicro(), b.Last.UnixMicro(), b.Calls, b.Parts, b.Head, b.Records); err != nil {
			return err
		}
	}
	return nil
}

func (sqliteDialect) lockCalls(context.Context, *sql.Tx, string) error { return nil } // one writes at a time

func (sqliteDialect) addPartitions(context.Context, *sql.DB, []int64) error { return nil }

func (sqliteDialect) forgetCalls(ctx context.Context, s *Store, before time.Time) error {
	return s.forgetSome(ctx, before)
}
