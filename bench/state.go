package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// pagesPerRun is how many pages are asked for, and how many writes of a kind
// are made, in each of the runs.
const pagesPerRun = 10

// measureState measures a resource of many items: the rates of reads and of
// creates, and how long one client waits for pages.
func (b *bench) measureState() error {
	document, err := b.document(filepath.Join("bench", "testdata", "products.yaml"))
	if err != nil {
		return err
	}
	if !canPin() {
		fmt.Fprintln(os.Stderr, "  client and server are not pinned to cores: the ratios say little")
	}
	if err := b.measureReads(document); err != nil {
		return fmt.Errorf("reads: %w", err)
	}
	if err := b.measureCreates(document); err != nil {
		return fmt.Errorf("creates: %w", err)
	}
	if err := b.measurePages(document); err != nil {
		return fmt.Errorf("pages: %w", err)
	}
	return nil
}

// startWorld serves the products with all of their items, which are made at
// the first call. It tells how long that took and by how many MB the memory
// grew.
func (b *bench) startWorld(core int, document string) (s *process, made time.Duration, grew float64, err error) {
	s, _, err = b.startMimus(core, document, "--world", strconv.Itoa(b.items), "--state-items", strconv.Itoa(3*b.items), "--state-memory", strconv.Itoa(20_000*b.items))
	if err != nil {
		return nil, 0, 0, err
	}
	before, err := s.resident()
	if err == nil {
		began := time.Now()
		var total int
		total, err = countProducts(s.addr)
		made = time.Since(began)
		if err == nil && total != b.items {
			err = fmt.Errorf("there are %d items at the start, not %d", total, b.items)
		}
	}
	if err == nil {
		time.Sleep(settle)
		grew, err = s.resident()
		grew -= before
	}
	if err != nil {
		s.stop()
		return nil, 0, 0, err
	}
	return s, made, grew, nil
}

// measureReads reads items all over the resource. The body of an item that was
// read before may be kept: in the first pair few were.
func (b *bench) measureReads(document string) error {
	s, made, grew, err := b.startWorld(serverCore, document)
	if err != nil {
		return err
	}
	defer s.stop()
	t := target{method: "GET", path: "/products/{n}", status: 200, among: int64(b.items)}
	answer := filepath.Join(b.temp, "product-answer.json")
	if err := capture(s.addr, t, answer); err != nil {
		return err
	}
	plain, err := startBare(answer, false)
	if err != nil {
		return err
	}
	defer plain.stop()
	read := int64(0)
	ratios, bares, mimuses, err := b.pairs(plain.addr, t, "", func() (string, func(int64) error, error) {
		return s.addr, func(answers int64) error { read += answers; return nil }, nil
	})
	if err != nil {
		return err
	}
	b.atLeast(fmt.Sprintf("state: read of one of %d items", b.items), median(ratios), 0.7, "%.2f",
		fmt.Sprintf(" (%.0f/s; bare %.0f/s; at first %.2f)", median(mimuses), median(bares), ratios[0]))
	time.Sleep(settle)
	all, err := s.resident()
	if err != nil {
		return err
	}
	b.record(fmt.Sprintf("state: memory of %d items", b.items),
		fmt.Sprintf("%.0f MB (made in %.1f s on one core; %.0f MB in all after %d reads)", grew, made.Seconds(), all, read))
	return nil
}

// measureCreates makes items, in a server of its own in each run.
func (b *bench) measureCreates(document string) error {
	t := target{method: "POST", path: "/products", status: 201}
	body, data, err := b.compactBody("product.json")
	if err != nil {
		return err
	}
	t.body = data
	begin := func() (*process, error) {
		s, _, err := b.startMimus(serverCore, document, "--world", "0", "--state-items", "10000000", "--state-memory", "50000000000")
		return s, err
	}
	first, err := begin()
	if err != nil {
		return err
	}
	answer := filepath.Join(b.temp, "created.json")
	err = capture(first.addr, t, answer)
	first.stop()
	if err != nil {
		return err
	}
	plain, err := startBare(answer, true)
	if err != nil {
		return err
	}
	defer plain.stop()
	ratios, bares, mimuses, err := b.pairs(plain.addr, t, body, func() (string, func(int64) error, error) {
		s, err := begin()
		if err != nil {
			return "", nil, err
		}
		return s.addr, func(answers int64) error {
			defer s.stop()
			total, err := countProducts(s.addr)
			if err == nil && int64(total) != answers {
				err = fmt.Errorf("of %d items that were created, %d are there", answers, total)
			}
			return err
		}, nil
	})
	if err != nil {
		return err
	}
	b.atLeast("state: create by a POST of 1 KB", median(ratios), 0.4, "%.2f", fmt.Sprintf(" (%.0f/s; bare %.0f/s)", median(mimuses), median(bares)))
	return nil
}

// lists are the pages that are asked for: what of them is measured, and the
// longest that it may take, in milliseconds.
var lists = []struct {
	what   string
	sort   string // "": by status
	budget float64
}{
	{"10 % match", "", 5},
	{"sorted by a text", "name", 50},
	{"sorted by a number", "price", 50},
	{"sorted by a time", "createdAt", 50},
}

// measurePages asks for pages all over the lists, one at a time: when nothing
// has changed, and right after a write. What a server keeps to be fast may be
// of no use then. Deletes come last, because what they leave behind stays.
func (b *bench) measurePages(document string) error {
	s, _, _, err := b.startWorld(-1, document)
	if err != nil {
		return err
	}
	defer s.stop()
	p := &pager{base: "http://" + s.addr + "/products", items: b.items, last: b.items, gone: map[int]bool{}, draw: rand.New(rand.NewPCG(1, 2))} //nolint:gosec // what is drawn is no secret
	n := b.runs * pagesPerRun

	firsts, still := make([]float64, len(lists)), make([][]float64, len(lists))
	for i, l := range lists {
		for k := range n + 1 {
			took, err := p.page(l.sort)
			if err != nil {
				return fmt.Errorf("%s: %w", l.what, err)
			}
			if k == 0 {
				firsts[i] = took
			} else {
				still[i] = append(still[i], took)
			}
		}
	}
	worst, after := make([]float64, len(lists)), make([][]string, len(lists))
	for _, w := range []struct {
		name  string
		write func() error
	}{{"create", p.create}, {"change", p.change}, {"delete", p.remove}} {
		for i, l := range lists {
			var times []float64
			for range n {
				if err := w.write(); err != nil {
					return fmt.Errorf("%s: %w", w.name, err)
				}
				took, err := p.page(l.sort)
				if err != nil {
					return fmt.Errorf("%s after a %s: %w", l.what, w.name, err)
				}
				times = append(times, took)
			}
			worst[i] = max(worst[i], median(times))
			after[i] = append(after[i], fmt.Sprintf("%s %.1f", w.name, median(times)))
		}
	}
	for i, l := range lists {
		what := fmt.Sprintf("state: page of %d from %d, %s", pageSize, b.items, l.what)
		b.within(what, median(still[i]), l.budget, "%.1f ms")
		b.rows[len(b.rows)-1].measured += fmt.Sprintf(" (the very first %.1f ms)", firsts[i])
		b.within(what+", after a write", worst[i], l.budget, "%.1f ms")
		b.rows[len(b.rows)-1].measured += " (" + strings.Join(after[i], ", ") + ")"
	}
	return nil
}

// product is as much of an item as is looked at.
type product struct {
	ID        int     `json:"id"`
	Name      string  `json:"name"`
	Status    string  `json:"status"`
	Price     float64 `json:"price"`
	CreatedAt string  `json:"createdAt"`
}

var statuses = []string{"draft", "review", "approved", "listed", "promoted", "reserved", "sold", "returned", "retired", "archived"}

// pageSize is the number of items on a page.
const pageSize = 100

// pager is the one client that asks for pages and makes changes.
type pager struct {
	base  string
	items int // that there are
	last  int // the highest id
	gone  map[int]bool
	draw  *rand.Rand
}

// page asks for some page, in either direction, and gives the milliseconds
// until all of it was there. What it shows is checked after that.
func (p *pager) page(sort string) (float64, error) {
	query, most := url.Values{"limit": {strconv.Itoa(pageSize)}}, p.items
	status := statuses[p.draw.IntN(len(statuses))]
	down := p.draw.IntN(2) == 1
	switch {
	case sort == "":
		query.Set("status", status)
		most = p.items / len(statuses) * 8 / 10
	case down:
		query.Set("sort", "-"+sort)
	default:
		query.Set("sort", sort)
	}
	query.Set("offset", strconv.Itoa(p.draw.IntN(most-pageSize)))
	began := time.Now()
	data, err := ask(http.MethodGet, p.base+"?"+query.Encode(), nil, http.StatusOK)
	took := time.Since(began)
	if err != nil {
		return 0, err
	}
	var list struct {
		Data  []product `json:"data"`
		Total int       `json:"total"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return 0, err
	}
	wrong := func(what string) error { return fmt.Errorf("%s: %s: %.300s", query.Encode(), what, data) }
	if len(list.Data) != pageSize {
		return 0, wrong(fmt.Sprintf("the page has %d items", len(list.Data)))
	}
	if share := float64(list.Total) / float64(p.items); sort != "" && list.Total != p.items || sort == "" && (share < 0.08 || share > 0.12) {
		return 0, wrong(fmt.Sprintf("of %d items the total is %d", p.items, list.Total))
	}
	for i := range list.Data {
		x := &list.Data[i]
		if sort == "" && x.Status != status || p.gone[x.ID] {
			return 0, wrong("it shows item " + strconv.Itoa(x.ID))
		}
		if i == 0 {
			continue
		}
		before, order := &list.Data[i-1], 0
		switch sort {
		case "name":
			order = cmp.Compare(before.Name, x.Name)
		case "price":
			order = cmp.Compare(before.Price, x.Price)
		case "createdAt": // all of one form
			order = cmp.Compare(before.CreatedAt, x.CreatedAt)
		}
		if order > 0 && !down || order < 0 && down {
			return 0, wrong(fmt.Sprintf("it shows item %d before item %d", before.ID, x.ID))
		}
	}
	return float64(took.Microseconds()) / 1000, nil
}

// some gives the id of an item that is there.
func (p *pager) some() int {
	for {
		if id := 1 + p.draw.IntN(p.last); !p.gone[id] {
			return id
		}
	}
}

// written are the members of an item that is created or changed.
func (p *pager) written() map[string]any {
	return map[string]any{"name": "Product " + strconv.Itoa(p.draw.IntN(1000)), "status": statuses[p.draw.IntN(len(statuses))], "price": float64(1+p.draw.IntN(99_999)) / 100}
}

func (p *pager) create() error {
	data, err := ask(http.MethodPost, p.base, p.written(), http.StatusCreated)
	if err != nil {
		return err
	}
	var x product
	if err := json.Unmarshal(data, &x); err != nil {
		return err
	}
	if x.ID <= p.last {
		return fmt.Errorf("the id of a created item is %d, after %d", x.ID, p.last)
	}
	p.items++
	p.last = x.ID
	return nil
}

func (p *pager) change() error {
	_, err := ask(http.MethodPatch, p.base+"/"+strconv.Itoa(p.some()), p.written(), http.StatusOK)
	return err
}

func (p *pager) remove() error {
	id := p.some()
	_, err := ask(http.MethodDelete, p.base+"/"+strconv.Itoa(id), nil, http.StatusNoContent)
	p.items--
	p.gone[id] = true
	return err
}

func countProducts(addr string) (int, error) {
	data, err := ask(http.MethodGet, "http://"+addr+"/products?limit=1", nil, http.StatusOK)
	if err != nil {
		return 0, err
	}
	var list struct {
		Total int `json:"total"`
	}
	err = json.Unmarshal(data, &list)
	return list.Total, err
}

// ask makes a call on a connection that is kept and gives the body of the
// answer.
func ask(method, url string, body any, status int) ([]byte, error) {
	var send io.Reader = http.NoBody
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		send = bytes.NewReader(data)
	}
	req, err := http.NewRequest(method, url, send)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	switch {
	case method == http.MethodPatch:
		req.Header.Set("Content-Type", "application/merge-patch+json")
	case body != nil:
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := plainClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != status {
		err = fmt.Errorf("%s %s answers %d, expected %d: %.300s", method, url, res.StatusCode, status, data)
	}
	return data, err
}

// plainClient asks for no compression.
var plainClient = &http.Client{Transport: &http.Transport{DisableCompression: true}}
