package api

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/store"
)

// maxOwnCalls bounds a page of our own operations.
const maxOwnCalls = 1000

// noMock is the id of no mock: a filter that takes no call.
const noMock = "none"

// mocksOfCalls are the ids of the mocks whose calls are asked for: that of the
// path, or those that the key reaches; nil: all.
func (c *call) mocksOfCalls() (ids []string, err error) {
	if slices.Contains(c.route.names, "mockId") {
		m, err := c.mockOfCalls()
		return []string{m.ID}, err
	}
	if c.who.Workspace == "" {
		return nil, nil
	}
	ids = []string{noMock}
	err = c.view(func(t *store.Tx) error {
		rows, err := t.Mocks(store.MockFilter{Workspace: c.who.Workspace})
		for i := range rows {
			ids = append(ids, rows[i].ID)
		}
		return err
	})
	return ids, err
}

// wrongParameter is the error of a parameter of the query.
func wrongParameter(name, hint string) error {
	return invalid(name, "Invalid value for parameter: "+name+". "+hint)
}

// callsFilter reads which calls are wanted.
func (c *call) callsFilter() (f calls.Filter, err error) {
	f.Method, f.Session, f.Operation, f.Text = strings.ToUpper(c.query("method")), c.query("session"), c.query("operation"), c.query("text")
	f.Path, _, _ = strings.Cut(c.query("path"), "?")
	if f.Since, err = c.time("since"); err != nil {
		return f, err
	}
	if f.Until, err = c.time("until"); err != nil {
		return f, err
	}
	if !f.Since.IsZero() && !f.Until.IsZero() && f.Until.Before(f.Since) {
		return f, wrongParameter("until", "It is earlier than since.")
	}
	if f.Status, err = statusFilter(c.query("status")); err != nil {
		return f, err
	}
	if f.Type = strings.ToLower(c.query("type")); f.Type != "" && f.Type != calls.Success && f.Type != calls.Error {
		return f, wrongParameter("type", "Write success or error.")
	}
	if text := c.query("minDuration"); text != "" {
		ms, err := strconv.ParseFloat(text, 64)
		if err != nil || !(ms >= 0 && ms <= 1e9) {
			return f, wrongParameter("minDuration", "Write a number of milliseconds.")
		}
		f.MinTook = time.Duration(ms * float64(time.Millisecond))
	}
	return f, nil
}

// time reads a parameter that is a time; zero where it is not there.
func (c *call) time(name string) (time.Time, error) {
	text := c.query(name)
	if text == "" {
		return time.Time{}, nil
	}
	at, err := parseTime(text)
	if err != nil {
		return at, wrongParameter(name, "Write a time such as 2026-01-31T12:00:00Z.")
	}
	return at, nil
}

// statusFilter reads 404, or 4xx.
func statusFilter(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	if len(text) == 3 && strings.EqualFold(text[1:], "xx") && text[0] >= '1' && text[0] <= '9' {
		return int(text[0] - '0'), nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 100 || n > 999 {
		return 0, wrongParameter("status", "Write a status such as 404, or 4xx for all that begin so.")
	}
	return n, nil
}

// pageOfCalls reads which page of a list is wanted, and what of each call.
func (c *call) pageOfCalls(f *calls.Filter) error {
	f.Limit = maxCalls
	if text := c.query("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxOwnCalls {
			return wrongParameter("limit", fmt.Sprintf("Write a whole number from 1 to %d.", maxOwnCalls))
		}
		f.Limit = n
	}
	switch strings.ToLower(c.query("sort")) {
	case "", "desc":
	case "asc":
		f.Ascending = true
	default:
		return wrongParameter("sort", "Write asc for the first ones first, or desc.")
	}
	var err error
	if f.Full, err = c.withMessages(false); err != nil {
		return err
	}
	if text := c.query("cursor"); text != "" {
		plain, ok := decodeCursor(text)
		if _, isPlace := calls.TimeOf(plain); !ok || !isPlace || len(plain) > maxCallID {
			return wrongParameter("cursor", "It is not one that was given.")
		}
		f.After = plain
	}
	return nil
}

// maxCallID bounds the id of a call, in bytes.
const maxCallID = 64

// withMessages reads whether headers, bodies and trace are wanted.
func (c *call) withMessages(usual bool) (bool, error) {
	switch c.query("include") {
	case "":
		return usual, nil
	case "messages":
		return true, nil
	case "none":
		return false, nil
	}
	return false, wrongParameter("include", "Write messages for headers, bodies and trace, or none.")
}
