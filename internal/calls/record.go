// Package calls keeps what mocks were asked and what they answered.
package calls

// This file is on the hot path: a record takes over what the exchange has, and
// is encoded elsewhere.

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
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
	seq     uint64 // of its log
	At      time.Time
	Mock    string   // id
	Session string   // "" none
	Client  string   // address
	Redact  []string // names whose values are left out, beside the usual ones

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
func (n *numbers) next(r *Record) { r.seq = n.last.Add(1) & maxSeq }

// of is the number in an id, where the id is of this log.
func (n *numbers) of(id string) (uint64, bool) {
	_, rest, _ := strings.Cut(id, "-")
	number, node, _ := strings.Cut(rest, "-")
	seq, err := strconv.ParseUint(number, 16, 32)
	return seq, err == nil && node == n.node
}

// maxSeq is the largest number within a millisecond.
const maxSeq = 1<<32 - 1

// callID is the id of a call: its time, its number, its log. Ids are in the
// order of time.
func callID(at time.Time, seq uint64, node string) string {
	return fmt.Sprintf("%013x-%08x-%s", at.UnixMicro(), seq, node)
}

// TimeOf is the time that an id begins with.
func TimeOf(id string) (time.Time, bool) {
	if len(id) < 13 {
		return time.Time{}, false
	}
	us, err := strconv.ParseInt(id[:13], 16, 64)
	return time.UnixMicro(us).UTC(), err == nil
}
