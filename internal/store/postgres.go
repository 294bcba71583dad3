package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/pressly/goose/v3/lock"
)

// postgresDialect is the dialect of PostgreSQL.
type postgresDialect struct{}

// channel is what nodes listen on.
const channel = "mimus_changes"

func (postgresDialect) open(ctx context.Context, location string) (write, read *sql.DB, err error) {
	db, err := sql.Open("pgx", location)
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(8)
	if err := db.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, nil, fmt.Errorf("the database can't be reached: %w", err)
	}
	return db, db, nil
}

func (postgresDialect) migrate(ctx context.Context, db *sql.DB) error {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	return migrate(ctx, db, "postgres", locker)
}

func (postgresDialect) explain(err error) error {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case "53100": // disk_full
		return fmt.Errorf("the disk of the database is full; nothing of this change was stored: %w", err)
	case "25006": // read_only_sql_transaction
		return fmt.Errorf("the database can't be written to: it is a read-only one: %w", err)
	case "42501": // insufficient_privilege
		return fmt.Errorf("the user of the database has too few rights: %w", err)
	}
	return err
}

func (postgresDialect) retry(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01") // serialization_failure, deadlock_detected
}

func (postgresDialect) changed(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_notify($1, '')`, channel)
	return err
}

func (postgresDialect) insertCalls(ctx context.Context, tx *sql.Tx, calls []Call) error {
	const columns, most = 8, 1000
	for len(calls) > 0 {
		n := min(len(calls), most)
		var b strings.Builder
		b.WriteString(`INSERT INTO calls (mock, id, at, method, path, status, type, record) VALUES `)
		args := make([]any, 0, n*columns)
		for i := range calls[:n] {
			c := &calls[i]
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(placeholders(len(args)+1, columns))
			args = append(args, c.Mock, c.ID, c.At.UnixMicro(), c.Method, c.Path, c.Status, c.Type, c.Record)
		}
		b.WriteString(` ON CONFLICT DO NOTHING`)
		if _, err := tx.ExecContext(ctx, b.String(), args...); err != nil {
			return err
		}
		calls = calls[n:]
	}
	return nil
}
