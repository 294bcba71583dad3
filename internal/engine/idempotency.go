package engine

import (
	"bytes"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/resource"
)

// Idempotency keys, as the draft "The Idempotency-Key HTTP Header Field"
// (draft-ietf-httpapi-idempotency-key-header) and Stripe have them.
const (
	replayedField     = "Idempotent-Replayed" // Stripe's
	maxIdempotencyKey = 255                   // characters
	replaysKept       = 24 * time.Hour
	maxReplays        = 10_000
	maxReplayBytes    = 64 << 20
)

// onceForEachKey has a call that carries an idempotency key answered once: who
// sends it again gets the first answer. What the gateway tells is told anew.
func (m *Mock) onceForEachKey(answer func(*exchange) bool, g *gateway) func(*exchange) bool {
	now := m.cfg.Resources.Now
	if now == nil {
		now = m.cfg.Now
	}
	r := newReplays(now)
	return func(x *exchange) bool {
		key := x.idempotencyKey()
		if key == "" || x.purpose == rehearsing || !x.changesState() {
			return answer(x)
		}
		if utf8.RuneCountInString(key) > maxIdempotencyKey {
			why := "the idempotency key is longer than " + itoa(maxIdempotencyKey) + " characters"
			return x.stateError(&resource.Outcome{Why: why, Detail: "The idempotency key must not be longer than " + itoa(maxIdempotencyKey) + " characters."},
				[]int{400, 422}, "IDEMPOTENCY_KEY_TOO_LONG", "The idempotency key is too long")
		}
		return r.answer(x, key, answer, g)
	}
}

// idempotencyKey is the key that the call carries; "" where it carries none, or
// can be repeated without one.
func (x *exchange) idempotencyKey() string {
	switch x.req.Method {
	case "GET", "HEAD", "OPTIONS", "TRACE", "QUERY":
		return ""
	}
	for _, p := range x.op.def.Parameters {
		if p.In == definition.InHeader && namesIdempotency(p.Name) {
			if key := strings.TrimSpace(x.req.Header.Get(p.Name)); key != "" {
				return key
			}
		}
	}
	if h := x.req.Header["Idempotency-Key"]; len(h) > 0 {
		return strings.TrimSpace(h[0])
	}
	return ""
}

// namesIdempotency reports whether a name has "idempot" in it, in any case.
func namesIdempotency(name string) bool {
	const part = "idempot"
	for i := 0; i+len(part) <= len(name); i++ {
		if strings.EqualFold(name[i:i+len(part)], part) {
			return true
		}
	}
	return false
}

// changesState reports whether the call is one that a resource may serve, and
// that changes it.
func (x *exchange) changesState() bool {
	role := x.mock.model.Role(x.op.def)
	p := &x.prefs
	return role != nil && role.Kind != resource.List && role.Kind != resource.Read && !x.op.stateless &&
		!p.stateOff && p.code == 0 && !p.hasExample && !p.hasSeed && !x.generates
}

// replays are the answers to calls with idempotency keys. They are safe for
// concurrent use.
type replays struct {
	now func() time.Time

	mu     sync.Mutex
	calls  map[replayKey]*firstCall // also those that are being answered
	kept   []*firstCall             // the oldest first
	oldest int                      // in kept; what stands before was dropped
	bytes  int64
}

// replayKey is what makes a call the same as another.
type replayKey struct {
	caller
	op  *operation
	key string
}

// firstCall is the first call with a key.
type firstCall struct {
	id    replayKey
	print uint64        // of what was asked
	done  chan struct{} // closed when it is answered

	// What follows is set before done is closed, and not changed any more.
	answer *keptAnswer // nil: the answer isn't kept
	at     time.Time
	bytes  int64
}

// keptAnswer is an answer that can be given again.
type keptAnswer struct {
	status  int
	fields  []Field
	body    []byte
	items   [][]byte
	length  []string
	example string
	mistake string
	found   []Violation // of the answer
}

// newReplays makes replays that have seen no call. now may be nil: time.Now.
func newReplays(now func() time.Time) *replays {
	if now == nil {
		now = time.Now
	}
	return &replays{now: now, calls: map[replayKey]*firstCall{}}
}

// answer answers a call with a key: as the first was answered, else by next.
func (r *replays) answer(x *exchange, key string, next func(*exchange) bool, g *gateway) bool {
	id := replayKey{x.caller(), x.op, key}
	print := x.fingerprint()
	for {
		first, mine := r.claim(id, print, x.purpose == sending)
		switch {
		case mine:
			return r.answerFirst(x, first, next)
		case first == nil: // nothing is kept of a call that is only explained
			return next(x)
		case first.print != print:
			return x.stateError(&resource.Outcome{Why: "the idempotency key was used before, for another request", Detail: "The idempotency key " + strconv.Quote(clip(key)) + " was used before with another body, path or query. Send the request as it was sent first, or with another key."},
				[]int{422, 409, 400}, "IDEMPOTENCY_KEY_REUSED", "The idempotency key was used for another request")
		case !first.answered() && x.purpose != sending:
			return next(x)
		case !x.waitFor(first):
			return x.stateError(&resource.Outcome{Why: "the first call with this idempotency key isn't answered yet", Detail: "The first request with this idempotency key is still being answered. Send it again later."},
				[]int{409}, "IDEMPOTENCY_KEY_IN_USE", "The idempotency key is in use")
		case first.answer != nil:
			return x.replay(first.answer, g)
		}
	}
}

// claim finds the first call with the key. Where there is none and claims is
// true, this call becomes the first: it has to be settled.
func (r *replays) claim(id replayKey, print uint64, claims bool) (first *firstCall, mine bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expire()
	if first = r.calls[id]; first != nil || !claims {
		return first, false
	}
	id.key, id.session = strings.Clone(id.key), strings.Clone(id.session)
	first = &firstCall{id: id, print: print, done: make(chan struct{})}
	r.calls[id] = first
	return first, true
}

// answerFirst answers the first call with a key, and keeps the answer. Without
// one that is kept, be it for a panic, the next such call is the first.
func (r *replays) answerFirst(x *exchange, first *firstCall, next func(*exchange) bool) bool {
	var kept *keptAnswer
	defer func() { r.settle(first, kept) }()
	if !next(x) {
		return false
	}
	if s := x.res.Status; s < 500 && s != 429 { // what may be otherwise next time
		kept = keep(x.res)
	}
	return true
}

// settle ends the wait for the first call.
func (r *replays) settle(first *firstCall, kept *keptAnswer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer close(first.done)
	if kept != nil {
		first.bytes = kept.size() + int64(len(first.id.key)+len(first.id.session))
	}
	if kept == nil || first.bytes > maxReplayBytes {
		delete(r.calls, first.id)
		return
	}
	first.answer, first.at = kept, r.now()
	r.kept = append(r.kept, first)
	r.bytes += first.bytes
	for r.bytes > maxReplayBytes || len(r.kept)-r.oldest > maxReplays {
		r.drop()
	}
}

// expire drops what is older than answers are kept.
func (r *replays) expire() {
	if r.oldest == len(r.kept) {
		return
	}
	for now := r.now(); r.oldest < len(r.kept) && now.Sub(r.kept[r.oldest].at) >= replaysKept; {
		r.drop()
	}
}

// drop drops the oldest answer.
func (r *replays) drop() {
	first := r.kept[r.oldest]
	r.kept[r.oldest] = nil
	r.oldest++
	r.bytes -= first.bytes
	delete(r.calls, first.id)
	if r.oldest > len(r.kept)/2 {
		r.kept, r.oldest = slices.Clone(r.kept[r.oldest:]), 0
	}
}

// answered reports whether the call was answered.
func (f *firstCall) answered() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

// waitFor waits until the first call is answered; false where this one ends
// before.
func (x *exchange) waitFor(first *firstCall) bool {
	if x.req.Context == nil {
		<-first.done
		return true
	}
	select {
	case <-first.done:
		return true
	case <-x.req.Context.Done():
		return first.answered()
	}
}

// keep copies an answer. What belongs to the call and not to the answer is left
// out.
func keep(res *Response) *keptAnswer {
	a := &keptAnswer{status: res.Status, length: res.Length, example: res.Example, mistake: res.Mistake, body: bytes.Clone(res.Body)}
	for _, f := range res.Fields {
		if f.Name != "Preference-Applied" {
			a.fields = append(a.fields, f)
		}
	}
	for _, item := range res.Items {
		a.items = append(a.items, bytes.Clone(item))
	}
	for i := range res.Found {
		if res.Found[i].Side == "response" {
			a.found = append(a.found, res.Found[i])
		}
	}
	return a
}

// size is about what a kept answer takes in memory, in bytes.
func (a *keptAnswer) size() int64 {
	const call, one = 512, 48 // with its key; of a field, a value or an item
	n := call + len(a.body)
	for i := range a.fields {
		n += one + len(a.fields[i].Name)
		for _, v := range a.fields[i].Values {
			n += one + len(v)
		}
	}
	for _, item := range a.items {
		n += one + len(item)
	}
	for i := range a.found {
		n += 4*one + len(a.found[i].Message)
	}
	return int64(n)
}

// replay gives an answer again.
func (x *exchange) replay(a *keptAnswer, g *gateway) bool {
	res := x.res
	res.Status, res.Body, res.Items, res.Length = a.status, a.body, a.items, a.length
	res.Example, res.Mistake = a.example, a.mistake
	res.Found = append(res.Found, a.found...)
	for _, f := range a.fields {
		res.Set(f.Name, f.Values)
	}
	res.Set(replayedField, valueTrue)
	if len(x.prefs.applied) > 0 || x.asked {
		res.Set("Preference-Applied", []string{joinComma(x.applied())})
	}
	if r := x.op.byStatus(a.status); r != nil {
		g.tell(x, r)
	}
	return x.answer("state", "the answer of the first call with this idempotency key")
}

// fingerprint tells requests with the same key apart: by path, query and body.
// A body that was read counts by what it says: the order of members, and the
// boundary of a form, may be another.
func (x *exchange) fingerprint() uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(x.path + "?" + x.req.RawQuery + "\n"))
	if x.bodyValue != nil {
		return scatter(h.Sum64()) + digest(x.bodyValue)
	}
	body, _ := x.readBody()
	_, _ = h.Write(body)
	return scatter(h.Sum64())
}

// digest is a number that differs for values that differ, but for the order of
// members.
func digest(v *value) uint64 {
	sum := scatter(hashText(v.Text) + uint64(v.Kind))
	for i := range v.Kids {
		kid := digest(&v.Kids[i])
		if v.Kind == definition.Object {
			sum += scatter(kid ^ hashText(v.Kids[i].Key))
		} else {
			sum = scatter(sum ^ kid)
		}
	}
	return scatter(sum)
}

// scatter scatters the bits of a number (splitmix64).
func scatter(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}
