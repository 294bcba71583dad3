package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

const (
	maxSorts = 6
	maxFree  = 5 // properties that a list is sorted by which takes any
)

// checkSorts judges the orders of the fullest list of a resource.
func (w *world) checkSorts(r *resource) {
	s := r.List.Sort
	all := w.fullest(r)
	if s.Parameter == "" && s.Order == "" || all == nil {
		return
	}
	if !all.usable() || len(all.items) < 2 {
		w.tally.skip(checkSort, r, "there is no list with two items that could be read whole")
		return
	}
	if s.Parameter == "" && len(s.Values) == 0 {
		w.checkReversal(all)
		return
	}
	orders := w.orders(all)
	for _, o := range orders[:min(len(orders), maxSorts)] {
		w.checkOrder(all, o)
	}
}

// order is one way to sort that is asked for.
type order struct {
	query     []pair
	property  string
	direction int // 1 rising, -1 falling, 0 either
}

// orders gives the ways to sort a list that its parameters allow.
func (w *world) orders(all *walk) (found []order) {
	r, op := all.listing.res, all.listing.op
	s := r.List.Sort
	values := s.Values
	if len(values) == 0 {
		values = sortable(all.items)
	}
	signed := slices.ContainsFunc(s.Values, func(v string) bool {
		_, direction := parseSort(v)
		return direction != 0
	})
	for _, v := range values {
		name, direction := parseSort(v)
		property := propertyLike(name, all.items)
		if property == "" {
			w.tally.skip(checkSort, r, "nothing tells which property %q sorts by", v)
			continue
		}
		var query []pair
		if s.Parameter != "" {
			pairs, ok := w.requests.typed(op, s.Parameter, v)
			if !ok {
				w.tally.skip(checkSort, r, "%s doesn't take %q", s.Parameter, v)
				continue
			}
			query = pairs
		}
		if direction == 0 && signed {
			direction = 1
		}
		found = append(found, w.directed(all, order{query, property, direction})...)
	}
	return found
}

// directed asks for both directions where the list takes one.
func (w *world) directed(all *walk, o order) []order {
	name := all.listing.res.List.Sort.Order
	if name == "" || o.direction != 0 {
		return []order{o}
	}
	var found []order
	for _, x := range []struct {
		direction int
		words     []string
	}{{1, []string{"asc", "ASC", "ascending", "Ascending", "Asc", "1"}}, {-1, []string{"desc", "DESC", "descending", "Descending", "Desc", "-1"}}} {
		for _, word := range x.words {
			if pairs, ok := w.requests.typed(all.listing.op, name, word); ok {
				found = append(found, order{slices.Concat(pairs, o.query), o.property, x.direction})
				break
			}
		}
	}
	if found == nil {
		return []order{o}
	}
	return found
}

// checkReversal judges a list whose direction is all that can be asked for: by
// when its items were created, where they tell, else one direction is the
// other reversed.
func (w *world) checkReversal(all *walk) {
	r := all.listing.res
	directions := w.directed(all, order{})
	if created := timeNamed(all.items[0], "created", "creation"); created != nil {
		for _, o := range directions {
			o.property = created.Key
			w.checkOrder(all, o)
		}
		return
	}
	if len(directions) != 2 {
		w.tally.skip(checkSort, r, "%s takes no direction that is known", r.List.Sort.Order)
		return
	}
	size := w.largeSize(all.listing)
	rising, falling := w.walk(all.listing, size, directions[0].query), w.walk(all.listing, size, directions[1].query)
	if !rising.usable() || !falling.usable() {
		w.tally.fail(checkSort, r, "%s", cmp.Or(rising.fault, falling.fault, "a direction has more items than the list without"))
		return
	}
	keys := falling.keys()
	slices.Reverse(keys)
	why := ""
	if !slices.Equal(rising.keys(), keys) {
		why = fmt.Sprintf("%s is not the reverse of %s", falling.pages[0].answer.call, rising.pages[0].answer.call)
	}
	w.tally.judge(checkSort, r, why)
}

func (w *world) checkOrder(all *walk, o order) {
	r := all.listing.res
	sorted := w.walk(all.listing, w.largeSize(all.listing), o.query)
	if sorted.fault != "" {
		w.tally.fail(checkSort, r, "%s", sorted.fault)
		return
	}
	why := setFault(sorted, sorted.keys(), all.keys())
	if why == "" {
		why = orderFault(sorted, o)
	}
	w.tally.judge(checkSort, r, why)
}

// orderFault is how a list is not in an order; "" it is.
func orderFault(k *walk, o order) string {
	values := make([]*value, len(k.items))
	for i, item := range k.items {
		values[i] = at(item, o.property)
	}
	if o.direction >= 0 && monotone(values, 1) || o.direction <= 0 && monotone(values, -1) {
		return ""
	}
	what := map[int]string{1: "not rising", -1: "not falling", 0: "in no order"}[o.direction]
	return fmt.Sprintf("%s: %s is %s: %s", k.pages[0].answer.call, o.property, what, showAll(values))
}

// sortable gives the first properties that the items can be sorted by.
func sortable(items []*value) (names []string) {
	for i := range items[0].Kids {
		k := &items[0].Kids[i]
		if (k.Is(definition.String) || k.Is(definition.Number)) && len(names) < maxFree {
			names = append(names, k.Key)
		}
	}
	return names
}

// parseSort reads "-created", "created_desc" or "created:asc": the property,
// and the direction where the text tells it.
func parseSort(v string) (name string, direction int) {
	if rest, ok := strings.CutPrefix(v, "-"); ok {
		return rest, -1
	}
	if rest, ok := strings.CutPrefix(v, "+"); ok {
		return rest, 1
	}
	for _, end := range []struct {
		text      string
		direction int
	}{{"descending", -1}, {"ascending", 1}, {"desc", -1}, {"asc", 1}} {
		cut := len(v) - len(end.text)
		if cut < 2 || !strings.EqualFold(v[cut:], end.text) {
			continue
		}
		before := v[:cut]
		if strings.ContainsAny(before[cut-1:], "_-: .,|") || v[cut] != end.text[0] {
			return strings.TrimRight(before, "_-: .,|"), end.direction
		}
	}
	return v, 0
}

// propertyLike finds the property of the items that a sort value names:
// "created" is created_at, too. "" where there is none.
func propertyLike(name string, items []*value) string {
	for _, item := range items {
		if v := at(item, name); isScalar(v) {
			return name
		}
	}
	wanted := plain(name)
	for _, end := range []string{"", "at", "on", "date", "time", "timestamp"} {
		for _, item := range items {
			for i := range item.Kids {
				k := &item.Kids[i]
				if have := plain(k.Key); isScalar(k) && (have == wanted+end || wanted == have+end) {
					return k.Key
				}
			}
		}
	}
	return ""
}

// plain is a name without what separates its words.
func plain(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name))
}
