package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

const maxFilters = 12

// checkFilters judges the filters of the fullest list of a resource.
func (w *world) checkFilters(r *resource) {
	all := w.fullest(r)
	if all == nil || len(r.List.Filters) == 0 {
		return
	}
	if !all.usable() || len(all.items) == 0 {
		w.tally.skip(checkFilter, r, "there is no list with items that could be read whole")
		return
	}
	for _, f := range r.List.Filters[:min(len(r.List.Filters), maxFilters)] {
		w.checkFilter(all, f)
	}
}

func (w *world) checkFilter(all *walk, f filter) {
	r := all.listing.res
	if f.Property == "*" {
		w.tally.skip(checkFilter, r, "%s takes filters in a language of its own", f.Parameter)
		return
	}
	asked, query := w.filterValue(all, f)
	if asked == nil {
		w.tally.skip(checkFilter, r, "no item has a value of %s that %s takes", f.Property, f.Parameter)
		return
	}
	filtered := w.walk(all.listing, w.largeSize(all.listing), query)
	switch {
	case filtered.fault != "":
		w.tally.fail(checkFilter, r, "%s", filtered.fault)
	case filtered.partial:
		w.tally.fail(checkFilter, r, "%s has more items than the list without a filter, %d", filtered.pages[0].answer.call, len(all.items))
	default:
		w.tally.judge(checkFilter, r, filterFault(all, filtered, f, asked))
	}
}

// filterValue chooses what to filter by, and the query that asks for it: a
// value that some items have and some haven't, where there is one. asked is
// nil where the document allows none.
func (w *world) filterValue(all *walk, f filter) (asked []*value, query []pair) {
	const most = 20
	candidates := candidatesOf(all.items, f)
	op := all.listing.op
	if f.Operator == "in" && len(candidates) > 2 {
		if pairs, ok := w.requests.typed(op, f.Parameter, candidates[0].Text, candidates[1].Text); ok {
			return candidates[:2], pairs
		}
	}
	for _, c := range candidates[:min(len(candidates), most)] {
		for _, v := range w.written(op, f, c) {
			pairs, ok := w.requests.typed(op, f.Parameter, v.Text)
			if !ok {
				continue
			}
			if asked == nil {
				asked, query = []*value{v}, pairs
			}
			if splits(all.items, f, v) {
				return []*value{v}, pairs
			}
		}
	}
	return asked, query
}

// candidatesOf gives values to filter by, the best first.
func candidatesOf(items []*value, f filter) []*value {
	var values []*value
	for _, item := range items {
		values = append(values, allAt(item, f.Property)...)
	}
	values = distinct(values)
	switch f.Operator {
	case "gt", "gte", "lt", "lte":
		slices.SortStableFunc(values, func(a, b *value) int {
			order, _, _ := compared(a, b)
			return order
		})
		half := len(values) / 2
		return append(slices.Clone(values[half:]), values[:half]...)
	case "prefix", "contains":
		for i, v := range values {
			cut := *v
			if runes := []rune(v.Text); len(runes) > 3 {
				cut.Text = string(runes[:3])
			}
			values[i] = &cut
		}
	case "exists":
		there := definition.NewBool(true)
		return []*value{&there}
	}
	return values
}

// written gives the ways to write a value for a parameter: as it is, as the
// date of a time, as seconds since 1970.
func (w *world) written(op *definition.Operation, f filter, v *value) []*value {
	ways := []*value{v}
	t, _, isTime := momentOf(v)
	if !isTime || !v.Is(definition.String) {
		return ways
	}
	date := definition.NewString(t.UTC().Format(time.DateOnly))
	seconds := definition.Value{Kind: definition.Number, Text: strconv.FormatInt(t.Unix(), 10)}
	long := definition.NewString(t.UTC().Format(time.RFC3339))
	if p := parameter(op, f.Parameter); p != nil && p.Schema != nil {
		s := w.requests.set.Compile(p.Schema)
		switch {
		case s.Possible()&schema.TypeString == 0:
			return []*value{&seconds}
		case s.Format() == "date":
			return []*value{&date}
		}
	}
	return append(ways, &long, &date)
}

// splits tells whether some items pass the filter and some don't.
func splits(items []*value, f filter, asked *value) bool {
	in, out := false, false
	for _, item := range items {
		switch passes(item, f, []*value{asked}) {
		case yes:
			in = true
		case no:
			out = true
		}
	}
	return in && out
}

// passes tells whether an item should pass a filter.
func passes(item *value, f filter, asked []*value) verdict {
	values := allAt(item, f.Property)
	switch f.Operator {
	case "exists":
		return verdictOf(slices.ContainsFunc(values, func(v *value) bool { return !v.Is(definition.Null) }) == asked[0].True())
	case "ne":
		switch passes(item, filter{Property: f.Property, Operator: "eq"}, asked) {
		case yes:
			return no
		case no:
			if len(values) == 0 {
				return unsure
			}
			return yes
		}
		return unsure
	}
	best := no
	for _, v := range values {
		for _, a := range asked {
			switch passesOne(v, f.Operator, a) {
			case yes:
				return yes
			case unsure:
				best = unsure
			}
		}
	}
	return best
}

func verdictOf(b bool) verdict {
	if b {
		return yes
	}
	return no
}

// passesOne tells whether one value of an item passes.
func passesOne(v *value, operator string, asked *value) verdict {
	if !isScalar(v) {
		if holds(v, asked) { // the value may name the object
			return unsure
		}
		return no
	}
	switch operator {
	case "eq", "in", "all":
		return equals(v, asked)
	case "prefix", "contains":
		held := strings.HasPrefix
		if operator == "contains" {
			held = strings.Contains
		}
		if held(v.Text, asked.Text) {
			return yes
		}
		if held(strings.ToLower(v.Text), strings.ToLower(asked.Text)) {
			return unsure
		}
		return no
	}
	order, sure, ok := compared(v, asked)
	if !ok || !sure {
		return unsure
	}
	switch operator {
	case "gt":
		return verdictOf(order > 0)
	case "gte":
		return verdictOf(order >= 0)
	case "lt":
		return verdictOf(order < 0)
	case "lte":
		return verdictOf(order <= 0)
	}
	return unsure
}

func equals(v, asked *value) verdict {
	if sameScalar(v, asked) {
		return yes
	}
	if order, sure, ok := compared(v, asked); ok && order == 0 && v.Kind != definition.Bool {
		return yes
	} else if ok && !sure {
		if _, _, isTime := momentOf(v); isTime {
			return unsure
		}
	}
	if strings.EqualFold(v.Text, asked.Text) {
		return unsure
	}
	return no
}

// filterFault is how a filtered list differs from what it should have; "" not
// at all.
func filterFault(all, filtered *walk, f filter, asked []*value) string {
	first := filtered.pages[0].answer.call
	in := map[string]bool{}
	for _, item := range filtered.items {
		in[all.listing.res.keyOf(item)] = true
		if passes(item, f, asked) == no {
			return fmt.Sprintf("%s has an item with %s = %s", first, f.Property, showAll(allAt(item, f.Property)))
		}
	}
	for _, item := range all.items {
		key := all.listing.res.keyOf(item)
		if passes(item, f, asked) == yes && !in[key] {
			return fmt.Sprintf("%s lacks %s, whose %s is %s", first, clip(key), f.Property, showAll(allAt(item, f.Property)))
		}
		delete(in, key)
	}
	for key := range in {
		return fmt.Sprintf("%s has %s, which the list without the filter hasn't", first, clip(key))
	}
	return ""
}

func showAll(values []*value) string {
	if len(values) == 0 {
		return "nothing"
	}
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = show(v)
	}
	return clip(strings.Join(parts, ", "))
}
