// Package calls keeps what mocks were asked and what they answered.
package calls

// This file is on the hot path: a record takes over what the exchange has, and
// is encoded elsewhere.

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/mimus-dev/mimus/internal/engine"
)

// MaxBody bounds what is kept of a body, in bytes; its true size is kept, too.
const MaxBody = 64 << 10

// Record is one exchange. It may share memory with it: a log keeps nothing of
// it.
type Record struct {
	seq    uint64 // of its log
	At     time.Time
	Mock   string // id
	Client string // address

	Method        string
	Path          string // as it was sent, from the mock's root
	Query         string
	RequestHeader http.Header
	RequestBody   []byte
	RequestSize   int64

	Status         int
	ResponseHeader []engine.Field
	ResponseBody   []byte
	ResponseSize   int64

	Took      time.Duration
	Type      string // Success or Error
	Name      string // of the example or operation that answered, or the error's message
	Responder string
	Operation string
	Trace     []engine.TraceLine
}

// The types of an answer: something declared answered, whatever its status; or
// it is the mock's own error.
const (
	Success = "success"
	Error   = "error"
)

// numbers makes the ids of a log: they rise with time and differ from those of
// every other log.
type numbers struct {
	node string // 12 random hexadecimal digits
	last atomic.Uint64
}

func newNumbers() *numbers {
	id := uuid.New()
	return &numbers{node: hex.EncodeToString(id[:6])}
}

// next numbers a record.
func (n *numbers) next(r *Record) { r.seq = n.last.Add(1) }

// id is the id of a record: its time, its number, its log.
func (n *numbers) id(r *Record) string {
	return fmt.Sprintf("%013x-%06x-%s", r.At.UnixMicro(), r.seq&0xffffff, n.node)
}

// Filter says which calls are wanted; zero values are all.
type Filter struct {
	Mock      string
	Since     time.Time
	Until     time.Time
	Status    int
	Type      string // lower case
	Method    string // upper case
	Path      string // without the query, compared ignoring case
	Ascending bool
	After     string // the id of the last call of the page before
	Limit     int    // from 1
}

func (f *Filter) takes(e *Entry) bool {
	switch {
	case f.Mock != e.Mock,
		!f.Since.IsZero() && e.At.Before(f.Since),
		!f.Until.IsZero() && e.At.After(f.Until),
		f.Status != 0 && f.Status != e.Status,
		f.Type != "" && f.Type != e.Type,
		f.Method != "" && f.Method != e.Method,
		f.Path != "" && !strings.EqualFold(f.Path, e.Path),
		f.After != "" && !f.Ascending && e.ID >= f.After,
		f.After != "" && f.Ascending && e.ID <= f.After:
		return false
	}
	return true
}
