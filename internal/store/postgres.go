package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresDialect is the dialect of PostgreSQL.
type postgresDialect struct{}

func (postgresDialect) open(ctx context.Context, location string) (write, read, ask *sql.DB, err error) {
	cfg, err := postgresConfig(location)
	if err != nil {
		return nil, nil, nil, err
	}
	db := openPool(cfg, poolSize)
	db.SetMaxIdleConns(poolIdle)
	db.SetConnMaxIdleTime(5 * time.Minute)
	if err := db.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, nil, nil, unreachable(cfg, err)
	}
	if err := hasSchema(ctx, db); err != nil {
		_ = db.Close()
		return nil, nil, nil, err
	}
	return db, db, openPool(cfg, askSize), nil
}

// The connections of a node: those of its transactions, those of its questions,
// and one that listens.
const (
	poolSize = 16
	poolIdle = 8
	askSize  = 2
)

// pingTime is for the question whether a connection is alive that was idle for
// pingAfter. After it another one is taken.
const (
	pingTime  = 500 * time.Millisecond
	pingAfter = 100 * time.Millisecond
)

// openPool makes a pool whose connections are asked whether they are alive: an
// outage may have left dead ones.
func openPool(cfg *pgx.ConnConfig, size int) *sql.DB {
	db := stdlib.OpenDB(*cfg, stdlib.OptionShouldPing(func(ctx context.Context, p stdlib.ShouldPingParams) bool {
		if p.IdleDuration > pingAfter {
			ctx, cancel := context.WithTimeout(ctx, pingTime)
			defer cancel()
			_ = p.Conn.PgConn().Ping(ctx) // a connection that does not answer is closed
		}
		return p.Conn.IsClosed() // then the driver finds out, and takes another one
	}))
	db.SetMaxOpenConns(size)
	return db
}

// hasSchema says so where tables would have no place.
func hasSchema(ctx context.Context, db *sql.DB) error {
	var schema sql.NullString
	var path string
	err := db.QueryRowContext(ctx, `SELECT current_schema(), current_setting('search_path')`).Scan(&schema, &path)
	if err == nil && !schema.Valid {
		return fmt.Errorf("the database has no schema of the search_path %s; make it with CREATE SCHEMA, or name another one in the URL", path)
	}
	return err
}

// postgresConfig reads a URL. Its errors hold nothing of the URL: a password
// with characters that are not encoded may be anywhere in it.
func postgresConfig(location string) (*pgx.ConnConfig, error) {
	u, err := url.Parse(location)
	if err != nil || u.Fragment != "" || u.User == nil && strings.Contains(u.Host+u.Path+u.RawQuery, "@") {
		return nil, errors.New("the URL of the database can't be read; it is postgres://user:password@host:5432/name, where / ? # % @ : in the password are written %2F %3F %23 %25 %40 %3A")
	}
	cfg, err := pgx.ParseConfig(location)
	if err != nil {
		return nil, errors.New("the URL of the database has a setting that can't be read; it is postgres://user:password@host:5432/name, then for example ?sslmode=require; the certificates that it names have to be there")
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = connectTime
	}
	cfg.DialFunc = dialLine
	return cfg, nil
}

// unreachable says why a database can't be reached, with the next step.
func unreachable(cfg *pgx.ConnConfig, err error) error {
	at := net.JoinHostPort(cfg.Host, strconv.Itoa(int(cfg.Port)))
	if strings.HasPrefix(cfg.Host, "/") {
		at = cfg.Host
	}
	var e *pgconn.PgError
	if errors.As(err, &e) {
		switch e.Code {
		case "28P01", "28000": // invalid_password, invalid_authorization_specification
			return fmt.Errorf("the database at %s refuses the user %s: %w; check the name and the password of the URL", at, cfg.User, err)
		case "3D000": // invalid_catalog_name
			return fmt.Errorf("there is no database %s at %s; make it with createdb: %w", cfg.Database, at, err)
		case "53300": // too_many_connections
			return fmt.Errorf("the database at %s has no connection free; a node uses up to %d: %w", at, poolSize+askSize+1, err)
		}
	}
	return &unavailableError{text: "the database at " + at + " can't be reached; check that it runs and that the URL is right", err: err}
}

func (postgresDialect) migrate(ctx context.Context, db *sql.DB) error {
	return migrate(ctx, db, "postgres", migrationLock{})
}

// migrationLock lets one node migrate a schema at a time. The end of the
// connection ends it, too.
type migrationLock struct{}

const migrationKey = `hashtextextended('mimus migration of ' || current_schema(), 0)`

// SessionLock waits for the lock.
func (migrationLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(`+migrationKey+`)`)
	return err
}

// SessionUnlock gives it back.
func (migrationLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock(`+migrationKey+`)`)
	return err
}

func (postgresDialect) explain(err error) error {
	if errors.Is(err, ErrUnavailable) {
		return err
	}
	if errors.As(err, new(*pgconn.ConnectError)) || errors.Is(err, driver.ErrBadConn) {
		return unavailable(err)
	}
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return err
	}
	if strings.HasPrefix(e.Code, "08") { // connection_exception
		return unavailable(err)
	}
	switch e.Code {
	case "57P01", "57P02", "57P03", "53300": // admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections
		return unavailable(err)
	case "57014", "55P03", "40001", "40P01": // query_canceled, lock_not_available, serialization_failure, deadlock_detected
		return &unavailableError{text: "the database is too busy with other changes; try again", err: err}
	case "23503": // foreign_key_violation
		return fmt.Errorf("what it belongs to is %w: %w", ErrNotFound, err)
	case "53100": // disk_full
		return &fullError{"the database", err}
	case "25006": // read_only_sql_transaction
		return fmt.Errorf("the database can't be written to, it is a read-only one; name its primary in the URL: %w", err)
	case "42501": // insufficient_privilege
		return fmt.Errorf("the user of the database has too few rights; it has to own the schema: %w", err)
	case "3F000": // invalid_schema_name
		return fmt.Errorf("there is no schema of the search path; make it with CREATE SCHEMA: %w", err)
	}
	return err
}

func (postgresDialect) gone(conn *sql.Conn) bool {
	gone := false
	err := conn.Raw(func(c any) error {
		gone = c.(*stdlib.Conn).Conn().IsClosed()
		return nil
	})
	return gone || err != nil
}

func (postgresDialect) there() error { return nil }

func (postgresDialect) quiet(conn *sql.Conn) (quiet func() time.Duration) {
	_ = conn.Raw(func(c any) error { // of one that is lost it is nil
		if l := lineOf(c.(*stdlib.Conn).Conn().PgConn().Conn()); l != nil {
			quiet = l.quiet
		}
		return nil
	})
	return quiet
}

func (postgresDialect) renew(db *sql.DB) {
	db.SetMaxIdleConns(0)
	db.SetMaxIdleConns(poolIdle)
}

func (postgresDialect) retry(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01") // serialization_failure, deadlock_detected
}

// begin lets one transaction of Update run at a time, as on SQLite, so that
// what it reads is true until it ends. A node that hangs loses its turn.
func (postgresDialect) begin(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `SELECT seq, set_config('idle_in_transaction_session_timeout', '15s', true) FROM revision WHERE one = 1 FOR UPDATE`)
	return err
}

// large has the turn of a node last as long as a statement may be on its way: to
// the database it is idle until all of it has come.
func (postgresDialect) large(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `SELECT set_config('idle_in_transaction_session_timeout', '5min', true)`)
	return err
}

// channel is what nodes listen on.
const channel = "mimus_changes"

func (postgresDialect) changed(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_notify($1, '')`, channel)
	return err
}

// The waits of a listener.
const (
	listenAgain   = 250 * time.Millisecond // after a failure; twice that after the next, and so on
	listenMost    = 2 * time.Second
	listenConnect = 3 * time.Second
	listenTime    = 5 * time.Minute // of one connection that hears nothing: it may be dead
)

// listen wakes at each change until the context ends, and whenever it may have
// missed one.
func (postgresDialect) listen(ctx context.Context, location string, again <-chan struct{}, wake func()) {
	for wait := listenAgain; ctx.Err() == nil; wait = min(2*wait, listenMost) {
		if listening := listenOnce(ctx, location, again, wake); listening {
			wait = listenAgain
		}
		select {
		case <-ctx.Done():
		case <-again:
		case <-time.After(wait):
		}
	}
}

// listenOnce listens on one connection, until it is lost or another one is asked
// for, and reports whether it could.
func listenOnce(ctx context.Context, location string, again <-chan struct{}, wake func()) bool {
	conn, err := listenerOf(ctx, location)
	if err != nil {
		return false
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(ctx)
	}()
	wake()
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	wg.Go(func() {
		select {
		case <-again:
			cancel()
		case <-ctx.Done():
		}
	})
	for {
		heard, cancel := context.WithTimeout(ctx, listenTime)
		_, err := conn.WaitForNotification(heard)
		cancel()
		if err != nil {
			return true
		}
		wake()
	}
}

// listenerOf is a connection that listens.
func listenerOf(ctx context.Context, location string) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, listenConnect)
	defer cancel()
	cfg, err := postgresConfig(location)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, `LISTEN `+channel); err != nil {
		_ = conn.Close(ctx)
		return nil, err
	}
	return conn, nil
}
