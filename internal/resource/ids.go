package resource

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/plausible"
	"github.com/mimus-dev/mimus/internal/schema"
)

// sow fixes the ids of a world: those of examples, then others around them. Of
// the first table the first has the id that the schemas show.
func (t *table) sow(n int, examples []value, begins bool) {
	d := &t.r.details
	taken := map[string]bool{}
	for i := range examples {
		id, ok := d.identity.of(&examples[i])
		if !ok || taken[id] {
			continue
		}
		taken[id] = true
		t.world = append(t.world, seedling{id: id, example: &examples[i], seed: mixed(t.seed + uint64(i))})
	}
	shown := len(t.world)
	var first string // the item that the schema's own examples make
	if begins && shown == 0 && n > 0 && len(d.identity.shown) > 0 {
		if id, ok := textOf(&d.identity.shown[0]); ok {
			first = id
		}
	}
	next := int64(0)
	for i := len(t.world); i < n; i++ {
		seed := mixed(t.seed + uint64(i)*0x9e3779b97f4a7c15)
		id := ""
		switch {
		case first != "":
			id, first = first, ""
		case d.identity.kind == Integer:
			for next++; taken[strconv.FormatInt(next, 10)]; next++ {
				continue
			}
			id = strconv.FormatInt(next, 10)
		default:
			id = t.newID(seed, func(id string) bool { return taken[id] })
		}
		if id == "" || taken[id] {
			continue
		}
		taken[id] = true
		t.world = append(t.world, seedling{id: id, seed: seed, static: shown == 0 && len(t.world) == 0})
	}
	if d.identity.kind == Integer {
		sort.SliceStable(t.world, func(i, j int) bool { return number(t.world[i].id) < number(t.world[j].id) })
	}
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return math.MaxInt64
	}
	return n
}

// newID makes an id of the kind that the resource has, which nobody has yet.
func (t *table) newID(seed uint64, taken func(string) bool) string {
	id := &t.r.details.identity
	for try := uint64(0); try < 50; try++ {
		s := mixed(seed + try)
		var text string
		switch id.kind {
		case Digits:
			n := max(id.length, 6)
			text = string('1' + byte(s%9))
			for k := uint64(1); len(text) < n; k++ {
				text += string('0' + byte(mixed(s+k)%10))
			}
		case Prefixed:
			letters := id.letters
			b := []byte(id.prefix)
			for k := uint64(1); len(b) < len(id.prefix)+id.length; k++ {
				b = append(b, letters[mixed(s+k)%uint64(len(letters))])
			}
			text = string(b)
		default:
			text = t.madeID(s, try)
		}
		if text != "" && !taken(text) && id.allows(text) {
			return text
		}
	}
	// nothing that is likely is free: what the schema takes at all
	for try := uint64(0); try < 200; try++ {
		if text := t.madeID(mixed(seed^try<<20), 1); text != "" && !taken(text) {
			return text
		}
	}
	for try := uint64(0); try < 8; try++ {
		s := mixed(seed ^ try<<24)
		for _, text := range [...]string{strconv.FormatUint(s, 36), strconv.FormatUint(s>>12, 10), strconv.FormatUint(s>>34, 10)} {
			if !taken(text) && id.allows(text) {
				return text
			}
		}
	}
	return ""
}

// allows reports whether the id is valid where it stands.
func (id *identity) allows(text string) bool {
	if id.schema != nil {
		v := id.value(text)
		if !id.schema.Valid(&v, schema.Response) {
			return false
		}
	}
	if id.param != nil {
		v := id.param.FromText(text)
		return id.param.Valid(&v, schema.Request)
	}
	return true
}

// madeID makes an id by its schema.
func (t *table) madeID(seed, try uint64) string {
	id := &t.r.details.identity
	name := t.r.Name
	s := id.schema
	if len(id.path) > 0 {
		name = id.path[len(id.path)-1]
	}
	if s == nil || id.param != nil && s.Format() == "" && id.param.Format() != "" {
		s = id.param
	}
	if s == nil {
		return ""
	}
	v, ok, err := s.Generate(t.r.model.set, schema.Options{Direction: schema.Response, Dynamic: true, Fresh: true, Seed: seed, Name: name, Faker: t.r.model.faker})
	if err != nil || !ok {
		return ""
	}
	text, _ := textOf(&v)
	if strings.ContainsAny(text, "/?#") || text == "" {
		subject := plausible.NewSubject(seed)
		text = subject.Text(plausible.Slug, 0)
	}
	if id.kind == Chosen && try > 0 && s.Enum() == nil {
		text += "-" + strconv.FormatUint(2+seed%97, 10)
	}
	return text
}

// identify finds the id of a new item: the one that the client chose, else the
// next.
func (v *view) identify(t *table, w *row, c *Call, item *value) (string, bool) {
	id := &t.r.details.identity
	if text, ok := id.of(item); ok && text != "0" && text != "" {
		if id.kind != Integer || number(text) < 1<<53 {
			return text, true
		}
	}
	if text, ok := named(c, item); ok && id.allows(text) {
		return text, true
	}
	t.draws++
	if id.kind == Integer {
		return t.nextID()
	}
	seed := w.seed
	if text := t.slug(item); text != "" {
		return text, true
	}
	if id.kind == Chosen { // the server's own names are told apart
		if text := t.madeID(seed, 1); text != "" && t.byKey(text) == nil && id.allows(text) {
			return text, true
		}
	}
	text := t.newID(seed, func(s string) bool { _, taken := t.byID[s]; return taken })
	return text, text != ""
}

// nextID is the number after the highest, or where that is too large the
// lowest that is free.
func (t *table) nextID() (string, bool) {
	id := &t.r.details.identity
	t.next++
	if text := strconv.FormatInt(t.next, 10); id.allows(text) {
		return text, true
	}
	for n := int64(1); n <= int64(len(t.rows))+1; n++ {
		text := strconv.FormatInt(n, 10)
		if t.byKey(text) == nil && id.allows(text) {
			if _, was := t.gone[text]; !was {
				return text, true
			}
		}
	}
	return "", false
}

// slug makes a slug of an item's title; "" where its id is none.
func (t *table) slug(item *value) string {
	id := &t.r.details.identity
	if len(id.path) == 0 || !strings.HasSuffix(bare(id.path[len(id.path)-1]), "slug") {
		return ""
	}
	base := slugOf(item)
	text := base
	for n := 2; text != "" && n < 1000; n++ {
		if t.byKey(text) == nil && id.allows(text) {
			return text
		}
		text = base + "-" + strconv.Itoa(n)
	}
	return ""
}

// slugOf makes a slug of an item's title or name; "" where it has none.
func slugOf(item *value) string {
	for _, name := range [...]string{"title", "name", "headline", "label", "subject"} {
		var b strings.Builder
		for _, c := range strings.ToLower(item.Get(name).Str()) {
			switch {
			case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
				b.WriteRune(c)
			case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
				b.WriteByte('-')
			}
		}
		if text := strings.Trim(b.String(), "-"); text != "" {
			return text
		}
	}
	return ""
}

// named is the id that a body gives under the name of the path's parameter:
// {"role_id": …} for /groups/{group_id}/roles/{role_id}.
func named(c *Call, item *value) (string, bool) {
	p := bare(c.Role.Resource.parameter())
	if p == "" || p == "id" {
		return "", false
	}
	for i := range item.Kids {
		if kid := &item.Kids[i]; bare(kid.Key) == p {
			return textOf(kid)
		}
	}
	return "", false
}
