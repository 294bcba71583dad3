package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/lockfile"
)

// ErrPostgres says that a backup is PostgreSQL's own work.
var ErrPostgres = errors.New("a PostgreSQL database has its own tools: pg_dump --format=custom --file=FILE URL makes a backup, pg_restore --clean --if-exists --dbname=URL FILE puts it in place while no server runs")

// Backup copies the database of a data folder to a file, while it is in use or
// not. The file is complete or not there; one that is there is replaced only
// where it is a backup, too. A database of an older version stays as it is.
func Backup(ctx context.Context, folder, file string) error {
	if isPostgres(folder) {
		return ErrPostgres
	}
	source := filepath.Join(folder, sqliteFile)
	if _, err := os.Stat(source); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("there is no %s in %s; name the data folder with --data", sqliteFile, folder)
		}
		return err
	}
	held, err := openFolder(folder)
	if err != nil {
		return err
	}
	defer func() { _ = held.Close() }()
	if err := replaceable(ctx, source, file); err != nil {
		return err
	}
	return beside(file, func(temp string) error {
		db, err := sql.Open("sqlite", sqliteURL(source, "mode=rw&_pragma=busy_timeout(10000)"))
		if err != nil {
			return err
		}
		defer func() { _ = db.Close() }()
		if _, err := version(ctx, db); err != nil {
			return fmt.Errorf("%s: %w", source, err)
		}
		if _, err := db.ExecContext(ctx, `VACUUM INTO $1`, temp); err != nil {
			return fmt.Errorf("%s can't be copied to %s: %w", source, file, errors.Join(ctx.Err(), sqliteDialect{}.explain(err)))
		}
		return nil
	})
}

// replaceable tells why a file can't be replaced by a backup.
func replaceable(ctx context.Context, source, file string) error {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if own, err := os.Stat(source); err == nil && os.SameFile(info, own) {
		return fmt.Errorf("%s is the database itself; name another file", file)
	}
	if info.IsDir() {
		return fmt.Errorf("%s is a folder; name a file in it", file)
	}
	if info.Size() == 0 {
		return nil
	}
	db, err := openCopy(file)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if _, err := version(ctx, db); err != nil {
		return fmt.Errorf("%s is there, but is no backup of mimus; move it away, or name another file", file)
	}
	return nil
}

// beside makes a file by making another beside it that takes its place at the
// end.
func beside(file string, fill func(temp string) error) error {
	folder := filepath.Dir(file)
	f, err := os.CreateTemp(folder, "."+filepath.Base(file)+".*.tmp")
	if err != nil {
		return fmt.Errorf("%s can't be written: %w", file, err)
	}
	temp := f.Name()
	defer func() { _ = os.Remove(temp) }()
	if err := f.Close(); err != nil {
		return err
	}
	if err := fill(temp); err != nil {
		return err
	}
	if err := flush(temp); err != nil {
		return fmt.Errorf("%s can't be written: %w", file, err)
	}
	if err := os.Rename(temp, file); err != nil {
		return err
	}
	_ = flush(folder) // not all systems can
	return nil
}

// flush has the disk keep what was written.
func flush(file string) error {
	how := os.O_RDWR
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		how = os.O_RDONLY
	}
	f, err := os.OpenFile(file, how, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Restore puts a backup in place of the database of a data folder, which no
// process may have open. It gives the file that the old database is kept in; ""
// where there was none.
func Restore(ctx context.Context, file, folder string, now time.Time) (kept string, err error) {
	if isPostgres(folder) {
		return "", ErrPostgres
	}
	if err := complete(file); err != nil {
		return "", err
	}
	held, err := ownFolder(folder)
	if err != nil {
		return "", err
	}
	defer func() { _ = held.Close() }()
	target := filepath.Join(folder, sqliteFile)
	// What is checked is what is put in place.
	err = beside(target, func(temp string) error {
		if err := copyFile(file, temp); err != nil {
			return fmt.Errorf("%s can't be copied to %s: %w", file, folder, err)
		}
		if err := inspect(ctx, temp); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		kept, err = keepOld(ctx, target, now)
		return err
	})
	if err != nil && kept != "" {
		return kept, fmt.Errorf("%w; the database before it is kept as %s", err, kept)
	}
	return kept, err
}

// complete tells whether a file can be a whole database.
func complete(file string) error {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no file %s", file)
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s is a folder; name a file that mimus backup made", file)
	}
	if wal, err := os.Stat(file + "-wal"); err == nil && wal.Size() > 0 {
		return fmt.Errorf("%s is a database in use, a part of it is in %[1]s-wal; make a backup of it with mimus backup, then restore that", file)
	}
	return nil
}

// inspect checks that a file is a sound database of mimus that this version
// knows.
func inspect(ctx context.Context, file string) error {
	db, err := openCopy(file)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	has, err := version(ctx, db)
	if err != nil {
		return err
	}
	knows, err := newest()
	if err != nil {
		return err
	}
	if has > knows {
		return &NewerError{has, knows}
	}
	var verdict string
	err = db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict)
	if err != nil && isCorrupt(err) {
		verdict, err = err.Error(), nil
	}
	if err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("the backup is damaged (%s); use another one", strings.ReplaceAll(verdict, "\n", " "))
	}
	return nil
}

// openCopy opens a database that nobody writes to, and leaves nothing beside it.
func openCopy(file string) (*sql.DB, error) {
	return sql.Open("sqlite", sqliteURL(file, "mode=ro&immutable=1"))
}

// errNoBackup says that a file is none of ours.
var errNoBackup = errors.New("the file is no database of mimus; name a file that mimus backup made")

// version is the version of a database's schema.
func version(ctx context.Context, db *sql.DB) (has int64, err error) {
	err = foreign(ctx, db)
	if err == nil {
		err = db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM schema_versions WHERE is_applied`).Scan(&has)
	}
	switch {
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case err != nil && isCorrupt(err):
		return 0, fmt.Errorf("the file is damaged; use another backup: %w", err)
	case err != nil || has == 0:
		return 0, errNoBackup
	}
	return has, nil
}

func copyFile(from, to string) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	w, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}

// keepOld keeps a database under another name, too, so that there is one at
// every moment. Its log of writes goes into it, or goes with it: it must not
// meet the new one.
func keepOld(ctx context.Context, database string, now time.Time) (kept string, err error) {
	if _, err := os.Stat(database); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	kept, err = freeName(strings.TrimSuffix(database, ".db") + now.UTC().Format("-20060102T150405Z"))
	if err != nil {
		return "", err
	}
	if err := copyFile(database+"-wal", kept+"-wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	// SQLite may throw the log of a damaged one away; the copy stays then.
	if checkpoint(ctx, database) == nil {
		_ = os.Remove(kept + "-wal")
	}
	for _, part := range []string{"-wal", "-shm"} {
		if err := os.Remove(database + part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	if err := os.Link(database, kept); err != nil {
		// Not all file systems have links.
		if err := os.Rename(database, kept); err != nil {
			return "", err
		}
	}
	return kept, nil
}

// checkpoint brings a database's log of writes into it.
func checkpoint(ctx context.Context, database string) error {
	db, err := sql.Open("sqlite", sqliteURL(database, "mode=rw"))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	var busy, written, moved int
	err = db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &written, &moved)
	if err == nil && busy != 0 {
		return lockfile.ErrHeld
	}
	return err
}

// freeName ends a name so that no file has it.
func freeName(stem string) (string, error) {
	for n := 1; n < 1000; n++ {
		name := stem + ".db"
		if n > 1 {
			name = fmt.Sprintf("%s-%d.db", stem, n)
		}
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return name, nil
		}
	}
	return "", fmt.Errorf("%s.db and all like it are there; move old databases away", stem)
}
