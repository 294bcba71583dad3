package resource

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/conditional"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/listing"
	"github.com/mimus-dev/mimus/internal/schema"
)

// Call is a request to an operation that has a role. The contract was checked.
type Call struct {
	Role     *Role
	Values   []string // of the path's variables in their order, decoded
	Query    []listing.Argument
	Body     *value            // nil: none
	Media    *definition.Media // of the body
	Type     string            // the body's media type, lower case, without parameters
	Header   http.Header
	Base     string // scheme, host and mount
	Path     string // of the request, after Base
	Relative string // the end of Path that the operation's template matched
	RawQuery string
	Dry      bool // nothing is changed: it is only told what would be
}

// URL is that of the request, absolute, without the query.
func (c *Call) URL() string { return c.Base + c.Path }

// prefix is what of the path lies before the operation's template.
func (c *Call) prefix() string { return strings.TrimSuffix(c.Path, c.Relative) }

// root is what path templates are relative to, with a slash at the end.
func (c *Call) root() string {
	return strings.TrimSuffix(strings.TrimSuffix(c.URL(), "/"), strings.TrimSuffix(c.Relative, "/"))
}

// Result tells how a call went.
type Result uint8

// The results of a call.
const (
	Done        Result = iota
	Unserved           // the resource can't serve it: the contract answers
	Missing            // there is no such item
	Taken              // there is one of that id already
	Malformed          // the change can't be made of the body or the query
	Unmet              // a precondition failed (412)
	Unchanged          // the client has it already (304)
	Full               // a limit is reached
	Interrupted        // an inner test of a patch failed (409)
)

// Outcome is what a call came to.
type Outcome struct {
	Result   Result
	Why      string // for the trace
	Detail   string // for an error: what is wrong, for the caller
	Created  bool
	Location string // of what was created
	ETag     string
	Modified time.Time
	Link     string // paging, as a Link header

	links     []link // of the place
	elsewhere bool   // what is missing lies under another parent
	deleted   bool   // what is missing was there
	call      *Call
	lazy      bool // items is made of row when it is needed
	rows      []*row
	items     []value
	page      *listing.Page
	query     *listing.Query
	row       *row
	seed      uint64
	tag       uint64 // of the state, where what is shown depends on other items
}

// Do carries a call out.
func (s *State) Do(c *Call) Outcome {
	r := c.Role.Resource
	if d := r.ready(); d.why != "" {
		return Outcome{Result: Unserved, Why: d.why}
	}
	if why := c.Role.ready(); why != "" {
		return Outcome{Result: Unserved, Why: why}
	}
	reads := c.Role.Kind == Read || c.Role.Kind == List
	if reads {
		s.mu.RLock()
		v := view{State: s, user: c.user(), strict: c.declares("404")}
		o := v.do(c)
		s.mu.RUnlock()
		if !v.cold {
			return o
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v := view{State: s, write: true, dry: c.Dry, keeps: !reads && c.Role.Kind != Delete, user: c.user(), strict: c.declares("404")}
	if !reads {
		v.now = s.cfg.Now().UTC()
	}
	return v.do(c)
}

// user is the user of Basic authentication (RFC 7617); "" where there is none.
func (c *Call) user() string {
	h := c.Header["Authorization"]
	if len(h) == 0 || len(h[0]) < 7 || !strings.EqualFold(h[0][:6], "Basic ") {
		return ""
	}
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(h[0][6:]))
	if err != nil {
		return ""
	}
	user, _, _ := strings.Cut(string(b), ":")
	return user
}

func (v *view) do(c *Call) Outcome {
	o := Outcome{call: c}
	switch c.Role.Kind {
	case List:
		v.list(c, &o)
	case Create:
		v.create(c, &o)
	case Read:
		v.read(c, &o)
	case Delete:
		v.delete(c, &o)
	case Action:
		v.action(c, &o)
	default:
		v.change(c, &o)
	}
	return o
}

// target finds the item that a call names.
func (v *view) target(c *Call, o *Outcome) (*table, *row) {
	p := c.Role.place
	scope, id := c.Values, ""
	if !c.Role.Resource.Singleton {
		n := len(p.scope)
		if n >= len(c.Values) {
			o.Result, o.Why = Unserved, "the path has no value that names an item"
			return nil, nil
		}
		scope, id = c.Values[:n], c.Values[n]
	}
	t, links, m := v.table(p, scope)
	if v.cold {
		return nil, nil
	}
	if m != nil {
		v.missing(m, o)
		return nil, nil
	}
	o.links = links
	w, elsewhere := v.look(t, links, id)
	o.elsewhere = elsewhere
	if w == nil && !elsewhere && !v.upserts {
		if w = v.conjure(t, p, id); v.cold {
			return nil, nil
		}
	}
	if w == nil {
		v.missing(t.miss(id), o)
	}
	return t, w
}

// missing tells that a thing isn't there, and which are.
func (v *view) missing(m *miss, o *Outcome) {
	o.Result, o.deleted = Missing, m.deleted
	name := m.resource.Name
	if m.resource.Singleton {
		o.Why = "the " + name + " was deleted"
		o.Detail = "The " + name + " is not there."
		return
	}
	o.Why = "there is no " + name + " " + strconv.Quote(clip(m.id))
	o.Detail = "There is no " + name + " " + strconv.Quote(clip(m.id)) + "."
	if m.table == nil {
		return
	}
	var ids []string
	for _, w := range m.table.rows {
		if len(ids) == 5 {
			break
		}
		if w != nil {
			ids = append(ids, strconv.Quote(clip(w.id)))
		}
	}
	if len(ids) == 0 {
		o.Why += "; there is none at all"
		return
	}
	o.Why += "; there are " + strings.Join(ids, ", ")
	if m.table.live > len(ids) {
		o.Why += " and " + strconv.Itoa(m.table.live-len(ids)) + " more"
	}
}

func clip(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}

// shows takes an item into the outcome as it is now.
func (v *view) shows(t *table, w *row, o *Outcome) {
	o.row, o.seed, o.Modified = w, w.seed, w.modified
	if t.r.details.simple && o.call.Role.Kind == Read {
		o.lazy, o.ETag = true, w.etag(0)
		return
	}
	item, tagged := v.expand(t, w, o.call)
	if tagged {
		o.tag = v.version.Load() + 1
	}
	o.items = []value{item}
	o.ETag = w.etag(o.tag)
}

// etag is the entity tag of a version of an item.
func (w *row) etag(tag uint64) string {
	return `"` + strconv.FormatUint(mixed(w.seed^w.tag*0x9e3779b97f4a7c15^mixed(tag))>>16, 36) + `"`
}

func (v *view) read(c *Call, o *Outcome) {
	t, w := v.target(c, o)
	if w == nil {
		return
	}
	v.shows(t, w, o)
	if v.cold {
		return
	}
	o.Why = t.r.asItIs
	switch conditional.Check("GET", c.Header, conditional.State{Exists: true, ETag: o.ETag, Modified: w.modified}) {
	case conditional.NotModified:
		o.Result = Unchanged
		o.Why = "the client has this version already"
	case conditional.Failed:
		o.Result, o.Why = Unmet, "a precondition of the request isn't met"
		o.Detail = "The " + t.r.Name + " is not as the request expects it: its entity tag is " + o.ETag + "."
	}
}

func (r *Resource) quoted(w *row) string {
	if r.Singleton {
		return ""
	}
	return " " + strconv.Quote(clip(w.id))
}

// precondition checks If-Match and the like before a change.
func (v *view) precondition(c *Call, t *table, w *row, o *Outcome) bool {
	_, tagged := v.expand(t, w, c)
	tag := uint64(0)
	if tagged {
		tag = v.version.Load() + 1
	}
	if conditional.Check(c.method(), c.Header, conditional.State{Exists: true, ETag: w.etag(tag), Modified: w.modified}) == conditional.Proceed {
		return true
	}
	o.Result = Unmet
	o.Why = "a precondition of the request isn't met"
	o.Detail = "The " + t.r.Name + " is not as the request expects it: its entity tag is " + w.etag(tag) + "."
	return false
}

func (c *Call) method() string { return c.Role.Op.Method }

func (v *view) delete(c *Call, o *Outcome) {
	t, w := v.target(c, o)
	if w == nil || !v.precondition(c, t, w, o) {
		return
	}
	v.shows(t, w, o)
	o.items[0] = withDeleted(c.Role.answer.item, &o.items[0])
	o.ETag = ""
	o.Why = "the " + t.r.Name + t.r.quoted(w) + " is deleted"
	if c.Dry {
		return
	}
	v.version.Add(1)
	v.remove(t, w)
	v.drop(t, w)
}

// withDeleted marks a deleted item where its answers say so.
func withDeleted(answer *schema.Schema, item *value) value {
	out := *item
	for _, name := range [...]string{"deleted", "is_deleted", "isDeleted"} {
		if answer == nil || !answer.HasMember(name) {
			continue
		}
		setAt(&out, []string{name}, definition.NewBool(true))
	}
	return out
}

// drop forgets the children of a deleted item.
func (v *view) drop(t *table, w *row) {
	scope := append(append([]string(nil), t.scope...), w.id)
	if t.r.Singleton {
		scope = t.scope
	}
	key := strings.Join(scope, "\x00")
	for _, child := range t.r.children {
		for k, x := range v.tables[child] {
			if k != key && !strings.HasPrefix(k, key+"\x00") {
				continue
			}
			for _, row := range x.rows {
				if row != nil {
					v.counts(x, row, -1)
					v.drop(x, row)
				}
			}
			delete(v.tables[child], k)
		}
	}
}

// room reports whether so many more items, and bytes, may be kept.
func (v *view) room(t *table, items, more int, o *Outcome) bool {
	switch {
	case items > 0 && v.tables[t.r][t.key] != t:
		o.Detail = "The limit of " + strconv.Itoa(maxTables) + " parents of a resource is reached."
	case items > 0 && max(v.count[t.r], t.live)+items > v.cfg.MaxItems:
		o.Detail = "The limit of " + strconv.Itoa(v.cfg.MaxItems) + " items of a resource is reached (setting state-items)."
	case more > 0 && v.bytes+int64(more) > v.cfg.MaxBytes:
		o.Detail = "The limit of " + strconv.FormatInt(v.cfg.MaxBytes, 10) + " bytes for the state of a mock is reached (setting state-memory)."
	default:
		return true
	}
	o.Result, o.Why = Full, "the state has no room for it"
	return false
}

// list answers with the items that there are.
func (v *view) list(c *Call, o *Outcome) {
	p := c.Role.place
	t, links, m := v.table(p, c.Values[:min(len(c.Values), len(p.scope))])
	if v.cold {
		return
	}
	if m != nil {
		v.missing(m, o)
		return
	}
	q, err := c.Role.plan.Read(c.Query)
	if err != nil {
		o.Result, o.Why, o.Detail = Malformed, "the query can't be read: "+err.Error(), err.Error()
		return
	}
	items := v.listed(t, links)
	page := q.Select(items)
	if page.Unknown != "" {
		o.Result, o.Why = Malformed, "the query names an item that isn't there"
		o.Detail = "The query parameter " + strconv.Quote(page.Unknown) + " names an item that is not there."
		return
	}
	o.page, o.query = &page, &q
	o.seed = t.seed
	o.items = make([]value, 0, len(page.Rows))
	o.rows = make([]*row, 0, len(page.Rows))
	for _, i := range page.Rows {
		w := items.row(i)
		item, _ := v.expand(t, w, c)
		if v.cold {
			return
		}
		o.items = append(o.items, item)
		o.rows = append(o.rows, w)
	}
	if c.Role.plan.DeclaresLink() {
		o.Link = c.Role.plan.Link(&page, c.URL(), c.RawQuery)
	}
	o.Why = strconv.Itoa(len(page.Rows)) + " of " + strconv.Itoa(page.Total) + " " + t.r.Plural
}
