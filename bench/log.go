package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// place is where a server keeps its data.
type place struct {
	name  string
	flags []string
	done  func()
}

// places are SQLite and, where there is one, PostgreSQL.
func (b *bench) places(name string) ([]place, error) {
	dir := filepath.Join(b.temp, name)
	all := []place{{"SQLite", []string{"--data", dir}, func() {}}}
	if b.postgres == "" {
		return all, nil
	}
	location, drop, err := schema(b.postgres)
	if err != nil {
		return nil, err
	}
	return append(all, place{"PostgreSQL", []string{"--database", location, "--spool", dir + "-spool"}, drop}), nil
}

// schema makes a schema of its own in a database.
func schema(base string) (location string, drop func(), err error) {
	db, err := sql.Open("pgx", base)
	if err != nil {
		return "", nil, err
	}
	name := "mimus_bench_" + strconv.FormatInt(time.Now().UnixNano(), 36)
	if _, err := db.Exec(`CREATE SCHEMA ` + name); err != nil {
		return "", nil, err
	}
	u, err := url.Parse(base)
	if err != nil {
		return "", nil, err
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String(), func() {
		_, _ = db.ExecContext(context.Background(), `DROP SCHEMA `+name+` CASCADE`)
		_ = db.Close()
	}, nil
}

// serve starts a server that keeps its data in a place.
func (b *bench) serve(core int, p place, flags ...string) (*process, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(addr)
	args := append([]string{b.mimus, "serve", "-p", port}, p.flags...)
	s, _, err := start(pinned(core, append(args, flags...)), addr, "/_mimus/ready")
	return s, err
}

// pets is a collection with one answer.
var pets = map[string]any{"collection": map[string]any{
	"info": map[string]any{"name": "Pets", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
	"item": []any{map[string]any{
		"name": "Pet", "request": map[string]any{"method": "GET", "url": "/pets/:id"},
		"response": []any{map[string]any{
			"name": "a pet", "code": 200, "header": []any{map[string]any{"key": "Content-Type", "value": "application/json"}},
			"body": `{"id": 1, "name": "Rex", "tags": ["friendly", "brown"], "photoUrls": ["https://example.com/rex.png"], "status": "available"}`,
		}},
	}},
}}

// measureLog compares a mock whose calls are kept with the same mock whose
// calls are not: the rate, and how long calls take at half of it.
func (b *bench) measureLog() error {
	places, err := b.places("log")
	if err != nil {
		return err
	}
	for _, p := range places {
		err := b.measureLogIn(p)
		p.done()
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	if b.postgres == "" {
		b.unmeasured("log: PostgreSQL", "≥ 0.60", "MIMUS_TEST_POSTGRES is not set")
	}
	return nil
}

// logBudgets are the shares of the rate that are left with the log on.
var logBudgets = map[string]float64{"SQLite": 0.7, "PostgreSQL": 0.6}

func (b *bench) measureLogIn(p place) error {
	s, err := b.serve(serverCore, p, "--calls-most", "100000000")
	if err != nil {
		return err
	}
	defer s.stop()
	var c struct {
		Collection struct {
			UID string `json:"uid"`
		} `json:"collection"`
	}
	if err := manage(s.addr, "/collections", pets, &c); err != nil {
		return err
	}
	for slug, keep := range map[string]bool{"on": true, "off": false} {
		m := map[string]any{"mock": map[string]any{"slug": slug, "collection": c.Collection.UID, "config": map[string]any{"keepCalls": keep}}}
		if err := manage(s.addr, "/mocks", m, nil); err != nil {
			return err
		}
	}
	first, called := int64(1000), int64(0)
	pairs := func(paced float64) (ratios, ons, offs []float64, err error) {
		for i := range b.runs {
			got := map[string]float64{}
			order := []string{"on", "off"}
			if i%2 == 1 { // neither always goes first
				order = []string{"off", "on"}
			}
			for _, slug := range order {
				first += 10_000_000 // no path is asked twice
				var all int64
				got[slug], all, err = b.client(s.addr, target{method: "GET", path: "/m/" + slug + "/pets/{n}", status: 200}, "", first, paced)
				if err != nil {
					return nil, nil, nil, err
				}
				if slug == "on" {
					called += all
				}
				if err := settled(s.addr); err != nil {
					return nil, nil, nil, err
				}
			}
			ratios, ons, offs = append(ratios, got["on"]/got["off"]), append(ons, got["on"]), append(offs, got["off"])
		}
		return ratios, ons, offs, nil
	}
	ratios, ons, offs, err := pairs(0)
	if err != nil {
		return err
	}
	b.atLeast("log: "+p.name+", rate with and without", median(ratios), logBudgets[p.name], "%.2f", fmt.Sprintf(" (%.0f/s; without %.0f/s)", median(ons), median(offs)))
	half := median(offs) / 2
	if ratios, ons, offs, err = pairs(half); err != nil {
		return err
	}
	b.within(fmt.Sprintf("log: %s, p99 at %.0f/s with and without", p.name, half), median(ratios), 2, "%.2f ×")
	b.rows[len(b.rows)-1].measured += fmt.Sprintf(" (%.0f µs; without %.0f µs)", median(ons), median(offs))
	m, err := metrics(s.addr)
	if err != nil {
		return err
	}
	stored := m["mimus_calls_stored_total"]
	b.add(fmt.Sprintf("log: %s, calls of %d that are stored", p.name, called), fmt.Sprintf("%.0f", stored), "all", int64(stored) == called)
	return nil
}

// settled waits until all calls are stored.
func settled(addr string) error {
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		m, err := metrics(addr)
		if err != nil {
			return err
		}
		if m["mimus_calls_waiting"]+m["mimus_calls_spooled"] == 0 {
			return nil
		}
	}
	return fmt.Errorf("after 30 s there are calls that are not stored")
}

// metrics reads what a server tells of itself; what has labels is summed.
func metrics(addr string) (map[string]float64, error) {
	res, err := http.Get("http://" + addr + "/_mimus/metrics")
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	out := map[string]float64{}
	for line := range strings.Lines(string(text)) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		name, _, _ = strings.Cut(name, "{")
		if v, err := strconv.ParseFloat(value, 64); err == nil {
			out[name] += v
		}
	}
	return out, nil
}
