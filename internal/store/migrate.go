package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// dialectFS are the migrations, where those of an engine take the place of the
// ones of the same name.
type dialectFS struct{ own, all fs.FS }

func migrationsOf(dialect string) (fs.FS, error) {
	all, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	own, err := fs.Sub(all, dialect)
	return dialectFS{own, all}, err
}

// Open opens a file.
func (d dialectFS) Open(name string) (fs.File, error) {
	if f, err := d.own.Open(name); err == nil && name != "." {
		return f, nil
	}
	return d.all.Open(name)
}

// NewerError says that the data was written by a newer mimus.
type NewerError struct{ Has, Knows int64 }

func (e *NewerError) Error() string {
	return fmt.Sprintf("the data was written by a newer mimus (its schema is version %d, this one knows up to %d); use that version, or restore a backup from before", e.Has, e.Knows)
}

// migrate brings the tables up to date. Several processes may do it at once: the
// lock, or where there is none another try, lets one go first.
func migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect, locker lock.SessionLocker) error {
	files, err := migrationsOf(string(dialect))
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithTableName("schema_versions")}
	if locker != nil {
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(dialect, db, files, options...)
	if err != nil {
		return err
	}
	for try := 1; ; try++ {
		if err = step(ctx, p); err == nil || try == maxTries || errors.As(err, new(*NewerError)) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try) * 50 * time.Millisecond):
		}
	}
}

// newest is the newest version of the schema that this program knows.
func newest() (int64, error) {
	entries, err := migrations.ReadDir("migrations")
	if err != nil || len(entries) == 0 {
		return 0, fmt.Errorf("no migrations: %w", err)
	}
	newest := ""
	for _, e := range entries {
		if !e.IsDir() {
			newest = e.Name()
		}
	}
	number, _, _ := strings.Cut(newest, "_")
	return strconv.ParseInt(number, 10, 64)
}

func step(ctx context.Context, p *goose.Provider) error {
	has, knows, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if has > knows {
		return &NewerError{has, knows}
	}
	_, err = p.Up(ctx)
	return err
}
