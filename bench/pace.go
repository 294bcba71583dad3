package main

import (
	"errors"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// pace makes calls at a steady rate and returns the 99th percentile of the times
// from when each was due to its answer: a call that waits for the one before
// counts as slow, too. The first tenth is left out.
func pace(addr string, t target, conns int, span time.Duration, first int64, rate float64) (p99 time.Duration, total int64, err error) {
	var next atomic.Int64
	next.Store(first)
	every := time.Duration(float64(conns) / rate * float64(time.Second))
	var workers sync.WaitGroup
	took, errs := make([][]time.Duration, conns), make([]error, conns)
	callers, hangUp, err := dial(addr, t, conns)
	defer hangUp()
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	for i := range conns {
		workers.Go(func() {
			due := began.Add(every * time.Duration(i) / time.Duration(conns))
			for ; due.Sub(began) < span; due = due.Add(every) {
				time.Sleep(time.Until(due))
				if errs[i] = callers[i].call(&next); errs[i] != nil {
					return
				}
				if due.Sub(began) > span/10 {
					took[i] = append(took[i], time.Since(due))
				}
			}
		})
	}
	workers.Wait()
	all := slices.Concat(took...)
	if err = errors.Join(errs...); err != nil || len(all) == 0 {
		return 0, 0, errors.Join(err, errors.New("the calls could not be made"))
	}
	slices.Sort(all)
	return all[len(all)*99/100], next.Load() - first, nil
}

// dial opens connections; hangUp closes those that there are.
func dial(addr string, t target, n int) (callers []*caller, hangUp func(), err error) {
	hangUp = func() {
		for _, c := range callers {
			_ = c.conn.Close()
		}
	}
	for range n {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return callers, hangUp, err
		}
		callers = append(callers, newCaller(conn, addr, t))
	}
	return callers, hangUp, nil
}
