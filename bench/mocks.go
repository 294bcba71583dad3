package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// How many mocks there are in a small and in a large server, and how many of
// the large one are called.
const (
	fewMocks    = 10
	manyMocks   = 10_000
	calledMocks = 100
)

// measureMocks compares a server that keeps few mocks with one that keeps
// many: what routing to one costs, the start, and the memory.
func (b *bench) measureMocks() error {
	spec, err := os.ReadFile(filepath.Join(b.root, "examples", "petstore", "openapi.yaml"))
	if err != nil {
		return err
	}
	few, many := filepath.Join(b.temp, "few"), filepath.Join(b.temp, "many")
	for dir, n := range map[string]int{few: fewMocks, many: manyMocks} {
		if err := b.fill(dir, string(spec), n); err != nil {
			return err
		}
	}
	var starts []float64
	for range b.runs {
		p, ready, err := b.startData(-1, many)
		if err != nil {
			return err
		}
		starts = append(starts, ready.Seconds())
		p.stop()
	}
	b.within(fmt.Sprintf("mocks: start with %d", manyMocks), median(starts), 2, "%.2f s")

	small, _, err := b.startData(serverCore, few)
	if err != nil {
		return err
	}
	defer small.stop()
	large, _, err := b.startData(serverCore, many)
	if err != nil {
		return err
	}
	defer large.stop()
	for i := range calledMocks {
		if err := callMock(large.addr, i*(manyMocks/calledMocks)); err != nil {
			return err
		}
	}
	memory, err := large.resident()
	if err != nil {
		return err
	}
	b.within(fmt.Sprintf("mocks: memory, %d of %d in use", calledMocks, manyMocks), memory, 300, "%.0f MB")

	var costs []float64
	t := target{method: "GET", path: "/m/mock-5/pets", status: 200}
	for i := range b.runs {
		rates := make([]float64, 2)
		for j := range rates {
			k := (i + j) % 2 // neither always goes first
			if rates[k], err = b.rate([]*process{small, large}[k].addr, t, "", 0); err != nil {
				return err
			}
		}
		costs = append(costs, rates[0]/rates[1])
	}
	b.within(fmt.Sprintf("mocks: a call with %d, compared with %d", manyMocks, fewMocks), median(costs), 1.5, "%.2f ×")
	return nil
}

// startData serves a data folder.
func (b *bench) startData(core int, dir string) (*process, time.Duration, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, 0, err
	}
	_, port, _ := net.SplitHostPort(addr)
	return start(pinned(core, []string{b.mimus, "serve", "--data", dir, "-p", port}), addr, "/_mimus/ready")
}

// fill makes a data folder with n mocks of one spec, mock-0 and so on.
func (b *bench) fill(dir, spec string, n int) error {
	p, _, err := b.startData(-1, dir)
	if err != nil {
		return err
	}
	defer p.stop()
	var made struct {
		ID string `json:"id"`
	}
	err = manage(p.addr, "/specs", map[string]any{
		"name": "Petstore", "type": "OPENAPI:3.0", "files": []any{map[string]any{"path": "openapi.yaml", "content": spec, "type": "ROOT"}},
	}, &made)
	if err != nil {
		return err
	}
	const workers = 4
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n && errs[w] == nil; i += workers {
				name := "mock-" + strconv.Itoa(i)
				errs[w] = manage(p.addr, "/mocks", map[string]any{"mock": map[string]any{"name": name, "slug": name, "spec": made.ID}}, nil)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// manage posts to the management API.
func manage(addr, path string, body, into any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	res, err := http.Post("http://"+addr+"/_mimus/api"+path, "application/json", bytes.NewReader(data))
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("POST %s answers %d: %.300s", path, res.StatusCode, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

func callMock(addr string, i int) error {
	res, err := http.Get("http://" + addr + "/m/mock-" + strconv.Itoa(i) + "/pets")
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("mock-%d answers %d", i, res.StatusCode)
	}
	return nil
}
