package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
)

// nodeCount is how many nodes share the database.
const nodeCount = 2

// stage is what the trial plays on: a folder, a database and the nodes.
type stage struct {
	temp  string
	keep  bool
	db    *postgres
	nodes [nodeCount]*node
}

// openStage starts the database and the nodes. The stage has to be closed, also
// where there is an error beside it.
func openStage(ctx context.Context, o options, spool bool) (*stage, error) {
	temp, err := os.MkdirTemp("", "mimus-chaos-")
	if err != nil {
		return nil, err
	}
	s := &stage{temp: temp, keep: o.keep}
	if s.keep {
		fmt.Println("everything is kept in", temp)
	}
	// The user of the database has to get through to its folder.
	if err := os.Chmod(temp, 0o711); err != nil {
		return s, err
	}
	if s.db, err = newPostgres(ctx, filepath.Join(temp, "postgres"), o.postgresBin); err != nil {
		return s, err
	}
	if err := s.db.start(ctx); err != nil {
		return s, err
	}
	for i := range s.nodes {
		if s.nodes[i], err = newNode(i, o.mimus, s.db.url(), temp, spool); err != nil {
			return s, err
		}
		if err := s.nodes[i].start(ctx); err != nil {
			return s, errors.Join(err, s.nodes[i].tail())
		}
	}
	if !spool {
		fmt.Println("this mimus has no flag --spool: its nodes keep no calls on disk")
	}
	return s, nil
}

// close ends what runs and removes the folder, unless it is to be kept.
func (s *stage) close() {
	for _, n := range s.nodes {
		if n != nil {
			n.stop()
		}
	}
	if s.db != nil {
		s.db.close()
	}
	if s.keep {
		return
	}
	if err := os.RemoveAll(s.temp); err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
	}
}

// tails prints what the nodes said last.
func (s *stage) tails(w io.Writer) {
	for _, n := range s.nodes {
		if err := n.tail(); err != nil {
			fmt.Fprintf(w, "%v\n\n", err)
		}
	}
}

// freePort finds a port below those that the system gives to outgoing
// connections: one of these could take it while who listens there is down.
func freePort() (int, error) {
	for range 100 {
		port := 20_000 + rand.IntN(12_000)
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return port, l.Close()
		}
	}
	return 0, errors.New("no port from 20000 to 31999 of 127.0.0.1 is free")
}
