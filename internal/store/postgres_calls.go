package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// partition is the name of the table that has the calls of a day.
func partition(day int64) string { return fmt.Sprintf("call_blocks_%d", day) }

// insertCalls stores blocks. A day that has no partition yet gets one.
func (postgresDialect) insertCalls(ctx context.Context, tx *sql.Tx, blocks []CallBlock) error {
	n := len(blocks)
	if n == 0 {
		return nil
	}
	mocks, ids, parts := make([]string, n), make([]string, n), make([]string, n)
	days, firsts, lasts, calls := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	heads, records := make([][]byte, n), make([][]byte, n)
	for i := range blocks {
		b := &blocks[i]
		mocks[i], ids[i], parts[i], heads[i], records[i] = b.Mock, b.ID, b.Parts, b.Head, b.Records
		days[i], firsts[i], lasts[i], calls[i] = b.day(), b.First.UnixMicro(), b.Last.UnixMicro(), int64(b.Calls)
	}
	// One statement for every number of blocks: the server keeps its plan.
	_, err := tx.ExecContext(ctx, `INSERT INTO call_blocks (mock, id, day, first, last, calls, parts, head, records)
		SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::bytea[], $9::bytea[])
		ON CONFLICT DO NOTHING`, mocks, ids, days, firsts, lasts, calls, parts, heads, records)
	var e *pgconn.PgError
	if errors.As(err, &e) && e.Code == "23514" { // check_violation: there is no other check, and the text is in the server's language
		return &noPartitionError{days}
	}
	return err
}

// beginPatient begins a transaction that changes tables. It gives up soon where
// somebody reads them for long, as a backup does: all calls would have to wait
// behind it.
func beginPatient(ctx context.Context, db *sql.DB) (*sql.Tx, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, `SET LOCAL lock_timeout = '1s'`); err != nil {
		_ = tx.Rollback() // the first error says more
		return nil, err
	}
	return tx, nil
}

// addPartitions makes the partitions of days. Several nodes may do it at once.
func (postgresDialect) addPartitions(ctx context.Context, db *sql.DB, days []int64) error {
	tx, err := beginPatient(ctx, db)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // of what was not committed
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('mimus partitions of ' || current_schema(), 0))`); err != nil {
		return err
	}
	done := map[int64]bool{}
	for _, day := range days {
		if done[day] {
			continue
		}
		done[day] = true
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(`CREATE TABLE IF NOT EXISTS %s PARTITION OF call_blocks FOR VALUES FROM (%d) TO (%d)`, partition(day), day, day+1)); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// lockCalls has one node at a time move the calls of a mock.
func (postgresDialect) lockCalls(ctx context.Context, tx *sql.Tx, mock string) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('mimus calls of ' || current_schema() || $1, 0))`, mock)
	return err
}

// forgetCalls drops the days that are over; nothing is searched or rewritten.
func (d postgresDialect) forgetCalls(ctx context.Context, s *Store, before time.Time) error {
	days, err := d.partitions(ctx, s.read)
	if err != nil {
		return s.dialect.explain(err)
	}
	for _, day := range days {
		if (day+1)*24*60*60 > before.Unix() {
			continue
		}
		if err := dropPartition(ctx, s.write, day); err != nil {
			return s.dialect.explain(err)
		}
	}
	return nil
}

func dropPartition(ctx context.Context, db *sql.DB, day int64) error {
	tx, err := beginPatient(ctx, db)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // of what was not committed
	if _, err := tx.ExecContext(ctx, `DROP TABLE IF EXISTS `+partition(day)); err != nil {
		return err
	}
	return tx.Commit()
}

// partitions are the days that have one.
func (postgresDialect) partitions(ctx context.Context, db *sql.DB) (days []int64, err error) {
	rows, err := db.QueryContext(ctx, `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'call_blocks'::regclass`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		if day, err := strconv.ParseInt(strings.TrimPrefix(name, "call_blocks_"), 10, 64); err == nil {
			days = append(days, day)
		}
	}
	return days, rows.Err()
}
