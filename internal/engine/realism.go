package engine

// This file is on the hot path: what a response tells of calls is found once.

import (
	"strings"
	"sync"
	"time"

	"github.com/mimus-dev/mimus/internal/schema"
)

// gateway tells what stands before a real API tells of each call: how many more
// are allowed, and the id of this one. It is safe for concurrent use.
type gateway struct {
	now   func() time.Time
	told  sync.Map // *response → *tellings
	usual *policy  // of calls whose answer tells none; nil: no answer does

	mu      sync.Mutex
	windows map[account]*window
	swept   time.Time
	answers map[string]uint64 // that were given an id, by session
}

// tellings are the header fields of a response that tell of calls.
type tellings struct {
	quotas []quotaField
	ids    []idField
}

// account is what calls are counted for: a caller under a policy. Sessions
// don't count each other's calls.
type account struct {
	caller
	policy
}

// window is the time in which calls count against a limit.
type window struct {
	ends  time.Time
	calls int64
}

// Beyond so many accounts or sessions, new ones share theirs.
const maxAccounts = 10_000

// newGateway makes the gateway of a mock. It has counted nothing.
func newGateway(m *Mock) *gateway {
	g := &gateway{now: m.cfg.Resources.Now, windows: map[account]*window{}, answers: map[string]uint64{}}
	if g.now == nil {
		g.now = m.cfg.Now
	}
	if g.now == nil {
		g.now = time.Now
	}
	g.usual = usualPolicy(m)
	return g
}

// usualPolicy is the first that the definition tells; nil where it tells none.
func usualPolicy(m *Mock) *policy {
	for _, op := range m.def.Operations {
		for _, r := range op.Responses {
			var headers []*header
			for _, d := range r.Headers {
				if kind, _ := quotaKindOf(d.Name); kind == notQuota {
					continue
				}
				if h := m.newHeader(d); h != nil {
					headers = append(headers, h)
				}
			}
			if quotas := m.quotaFields(headers); len(quotas) > 0 {
				return &quotas[0].policy
			}
		}
	}
	return nil
}

// tell counts the call, and sets those fields of the answer anew that tell of
// it. Each call is told of once. r is the response that was answered with; g
// may be nil: nothing is told.
func (g *gateway) tell(x *exchange, r *response) {
	if g == nil || g.usual == nil && len(r.headers) == 0 {
		return
	}
	t := g.tellings(x.mock, r)
	if len(t.ids) > 0 {
		g.tellIDs(x, t.ids)
	}
	switch {
	case len(t.quotas) > 0:
		g.tellQuotas(x, t.quotas)
	case g.usual != nil:
		g.count(account{x.caller(), *g.usual}, g.now(), x.purpose == sending)
	}
}

// tellings finds what a response tells, once.
func (g *gateway) tellings(m *Mock, r *response) *tellings {
	if t, ok := g.told.Load(r); ok {
		return t.(*tellings)
	}
	t, _ := g.told.LoadOrStore(r, &tellings{quotas: m.quotaFields(r.headers), ids: idFields(r.headers)})
	return t.(*tellings)
}

// tellQuotas counts the call under each policy that the response tells.
func (g *gateway) tellQuotas(x *exchange, quotas []quotaField) {
	now, who := g.now(), x.caller()
	var w window
	for i := range quotas {
		f := &quotas[i]
		if i == 0 || f.policy != quotas[i-1].policy {
			w = g.count(account{who, f.policy}, now, x.purpose == sending)
		}
		x.retell(f.header, f.text(&w, now))
	}
}

// count counts a call, or tells what it would come to.
func (g *gateway) count(a account, now time.Time, counts bool) window {
	g.mu.Lock()
	defer g.mu.Unlock()
	w := g.windows[a]
	if w == nil {
		if !counts {
			return window{now.Add(a.period), 1}
		}
		if len(g.windows) >= maxAccounts {
			g.sweep(now)
		}
		if len(g.windows) >= maxAccounts {
			a.caller = caller{}
		}
		a.session = strings.Clone(a.session)
		if w = g.windows[a]; w == nil {
			w = &window{}
			g.windows[a] = w
		}
	}
	next := *w
	if !now.Before(next.ends) {
		next = window{ends: now.Add(a.period)}
	}
	next.calls++
	if counts {
		*w = next
	}
	return next
}

// sweep drops the windows that are over, at most once a minute.
func (g *gateway) sweep(now time.Time) {
	if now.Sub(g.swept) < time.Minute {
		return
	}
	g.swept = now
	for a, w := range g.windows {
		if !now.Before(w.ends) {
			delete(g.windows, a)
		}
	}
}

// tellIDs gives the answer its ids: the caller's own where it is echoed, else
// made of the seed, the session and the number of the answer in it.
func (g *gateway) tellIDs(x *exchange, ids []idField) {
	session := x.sessionName()
	n := g.number(session, x.purpose == sending)
	for i := range ids {
		if f := &ids[i]; !f.echo(x) {
			f.tell(x, session, n)
		}
	}
}

// number numbers an answer, or tells the number of the next.
func (g *gateway) number(session string, counts bool) uint64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	n, known := g.answers[session]
	if !counts {
		return n + 1
	}
	if !known && len(g.answers) >= maxAccounts {
		session, n = "", g.answers[""]
	}
	g.answers[strings.Clone(session)] = n + 1
	return n + 1
}

// retell sets a field anew that the answer has, where the text keeps to the
// field's schema.
func (x *exchange) retell(h *header, text string) bool {
	if text == "" || x.res.Get(h.name) == "" {
		return false
	}
	v := h.schema.FromText(text)
	if !h.schema.Valid(&v, schema.Response) {
		return false
	}
	x.res.Set(h.name, []string{text})
	return true
}

// shown is the text that the document shows of a field; "" where it shows none.
func (h *header) shown() string {
	if len(h.fixed) > 0 {
		return h.fixed[0]
	}
	for _, e := range h.schema.Examples() {
		return scalarText(&e)
	}
	if list := h.schema.Enum(); len(list) > 0 {
		return scalarText(&list[0])
	}
	if d := h.schema.Default(); d != nil {
		return scalarText(d)
	}
	return ""
}

// plainName is a field's name in lower case, without what separates words.
func plainName(name string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
		b.WriteString(word)
	}
	return b.String()
}
