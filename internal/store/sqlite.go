package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteFile is the name of the database in its folder.
const sqliteFile = "mimus.db"

// sqliteDialect is the dialect of SQLite: one writer at a time, readers beside it.
type sqliteDialect struct{}

func (sqliteDialect) open(ctx context.Context, folder string) (write, read *sql.DB, err error) {
	if folder == "" {
		db, err := sql.Open("sqlite", ":memory:?_pragma=foreign_keys(1)&_txlock=immediate")
		if err != nil {
			return nil, nil, err
		}
		db.SetMaxOpenConns(1) // each connection would have a database of its own
		return db, db, db.PingContext(ctx)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, nil, fmt.Errorf("the data folder %s can't be made: %w", folder, err)
	}
	file := filepath.Join(folder, sqliteFile)
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600) // says plainly what SQLite would not
	if err != nil {
		if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
			return nil, nil, fmt.Errorf("the data folder %s can't be written to; mimus keeps %s in it: %w", folder, sqliteFile, err)
		}
		return nil, nil, err
	}
	if err := f.Close(); err != nil {
		return nil, nil, err
	}
	const common = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)"
	path := (&url.URL{Path: filepath.ToSlash(file)}).EscapedPath()
	if write, err = sql.Open("sqlite", "file:"+path+"?"+common+"&_txlock=immediate"); err != nil {
		return nil, nil, err
	}
	write.SetMaxOpenConns(1)
	if err := write.PingContext(ctx); err != nil {
		_ = write.Close()
		return nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	if read, err = sql.Open("sqlite", "file:"+path+"?"+common); err != nil {
		_ = write.Close()
		return nil, nil, err
	}
	read.SetMaxOpenConns(8)
	return write, read, nil
}

func (sqliteDialect) migrate(ctx context.Context, db *sql.DB) error {
	return migrate(ctx, db, "sqlite3", nil)
}

func (sqliteDialect) explain(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("the file is no database of mimus; move it away, or name another folder with --data: %w", err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("the disk of the data folder is full; nothing of this change was stored: %w", err)
	case sqlite3.SQLITE_READONLY:
		return fmt.Errorf("the data folder can't be written to: %w", err)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("the database is damaged; `mimus restore` puts a backup in its place: %w", err)
	}
	return err
}

func (sqliteDialect) retry(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_BUSY || e.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

func (sqliteDialect) changed(context.Context, *sql.Tx) error { return nil } // others poll

func (sqliteDialect) insertCalls(ctx context.Context, tx *sql.Tx, calls []Call) error {
	stmt, err := tx.PrepareContext(ctx, `INSERT INTO calls (mock, id, at, method, path, status, type, record) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`)
	if err != nil {
		return err
	}
	defer func() { _ = stmt.Close() }()
	for i := range calls {
		c := &calls[i]
		if _, err := stmt.ExecContext(ctx, c.Mock, c.ID, c.At.UnixMicro(), c.Method, c.Path, c.Status, c.Type, c.Record); err != nil {
			return err
		}
	}
	return nil
}
