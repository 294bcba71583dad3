package calls

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/verify"
)

// Verification is what a test expects of the calls to a mock.
type Verification = verify.Verification

// ErrTooManyCalls says that a verification would have to look at more calls
// than one may, or for longer. Its text tells what to do.
var ErrTooManyCalls = errors.New(`narrow it down: "since" leaves out what came before a time or a call, "session" what others called`)

// The bounds of one verification.
const (
	verifyCalls = 100_000
	verifyTime  = 10 * time.Second
)

// The size of a page, in calls, follows what the calls before it took, in bytes.
const (
	firstPage  = 100
	leastPage  = 25
	mostPage   = 2000
	smallPage  = 4 << 20
	largerPage = 16 << 20
)

// ParseVerification reads a verification in its JSON form, which
// docs/verification.md describes. Every error is a fault of data and is meant to
// be shown as it is: one line for each problem, with the JSON path of what is
// wrong ("calls[0].body.schema.type: …") and what to do. It never panics,
// whatever data is, and gives either a verification or an error.
func ParseVerification(data []byte) (Verification, error) { return verify.Parse(data) }

// Verify judges the calls of a mock that are in the log. Calls that aren't as
// they are wanted are no error: the result tells, and can be written as JSON as
// it is. What this node has answered before is looked at.
//
// It reads the log page by page and keeps no call. Above 100,000 calls or 10 s
// the error is [ErrTooManyCalls]; a result that was reached without all of the
// calls is never given. Other errors are those of the context and the log. A
// mock that the log has no calls of, or that doesn't exist, is one that was
// never called.
//
// Where a body is not kept whole, because the mock keeps none or it is longer
// than [MaxBody], a verification that depends on it fails and says so.
func Verify(ctx context.Context, log Log, mock string, v Verification) (verify.Result, error) {
	within, cancel := context.WithTimeout(ctx, verifyTime)
	defer cancel()
	judge := verify.New(v)
	f := Filter{
		Mocks: []string{mock}, Session: v.Session, Since: v.Since, After: v.After,
		Ascending: true, Full: true, Limit: firstPage,
	}
	for {
		page, err := log.List(within, f)
		if err == nil {
			err = judgePage(within, judge, &page)
		}
		switch {
		case err != nil && ctx.Err() == nil && within.Err() != nil:
			return verify.Result{}, fmt.Errorf("%d calls were looked at in %s, and there are more; %w", judge.Checked(), verifyTime, ErrTooManyCalls)
		case err != nil:
			return verify.Result{}, err
		case page.Next == "":
			return judge.Result(), nil
		}
		f.After, f.Limit = page.Next, nextLimit(f.Limit, &page)
	}
}

func judgePage(ctx context.Context, judge *verify.Judge, page *Page) error {
	for _, e := range page.Calls {
		if err := ctx.Err(); err != nil {
			return err
		}
		if judge.Checked() == verifyCalls {
			return fmt.Errorf("there are more than %d calls; %w", verifyCalls, ErrTooManyCalls)
		}
		judge.Add(e.judged())
	}
	return nil
}

// nextLimit bounds the memory of a page without many pages for short calls.
func nextLimit(limit int, page *Page) int {
	size := 0
	for _, e := range page.Calls {
		size += len(e.Request.Body) + len(e.Response.Body)
	}
	switch {
	case size > largerPage:
		return max(limit/4, leastPage)
	case size < smallPage:
		return min(2*limit, mostPage)
	}
	return limit
}

// judged is an entry as it is judged.
func (e *Entry) judged() *verify.Call {
	c := &verify.Call{
		ID: e.ID, Method: e.Method, Path: e.Path, Query: e.Query, Operation: e.Operation, Status: e.Status,
		Header: e.Request.values, Hidden: Redacted, Broken: e.broken,
		Body: e.Request.Body, Cut: e.Request.Size > int64(min(len(e.Request.Body), MaxBody)),
	}
	if _, path, ok := strings.Cut(e.Operation, " "); ok { // else it is an operationId
		c.Route = path
	}
	return c
}

// values are the values of a field, named in lower case.
func (m *Message) values(name string) []string {
	var out []string
	for _, h := range m.Headers {
		if h.Key == name {
			out = append(out, h.Value)
		}
	}
	return out
}

// broken tells how a call broke the contract, as far as its answer does.
func (e *Entry) broken() string {
	var found []struct {
		Location          []string
		Severity, Message string
	}
	header := e.Response.get("sl-violations")
	if err := json.Unmarshal([]byte(header), &found); err != nil && header != "" {
		return header
	}
	for _, v := range found {
		if v.Severity == "Error" {
			return strings.Join(v.Location, " ") + " " + v.Message
		}
	}
	if e.Type == Error {
		return e.Name
	}
	return ""
}
