package listing

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// condition is a filter with the values that a request sent.
type condition struct {
	columns []string
	deep    bool
	negate  bool                   // the items that don't match
	absent  bool                   // an item without the property matches
	match   func(text string) bool // never asked of Absent
}

// add makes a condition of a filter's value. Values that mean "whatever it is"
// make none.
func (q *Query) add(f *Filter, op Operator, v *definition.Value) {
	if len(q.conditions) >= maxConditions {
		return
	}
	values := valuesOf(v, nil)
	if f.switchy {
		q.addSwitch(f, op, values)
		return
	}
	if len(values) == 0 {
		return
	}
	c := condition{columns: f.columns, deep: f.deep}
	switch op {
	case OpExists:
		c.match, c.negate = func(string) bool { return true }, isFalse(values[0])
	case OpAll:
		for _, value := range values {
			if strings.Contains(value, ",") || len(q.conditions) >= maxConditions {
				continue // what stands between the commas follows
			}
			c.match = f.equal([]string{value})
			q.conditions = append(q.conditions, c)
		}
		return
	case OpPrefix:
		c.match = anyOf(values, hasPrefixFold)
	case OpContains:
		c.match = anyOf(values, containsFold)
	case OpEqual, OpIn, OpNot:
		if slices.ContainsFunc(values, func(t string) bool { return f.isWild(t) }) {
			return
		}
		c.negate = op == OpNot
		c.absent = slices.ContainsFunc(values, func(t string) bool { return f.isNone(t) })
		c.match = f.equal(values)
	default:
		c.match = f.within(op, values[0])
	}
	q.conditions = append(q.conditions, c)
}

// addSwitch makes a condition of a flag that stands for one of the values of a
// property.
func (q *Query) addSwitch(f *Filter, op Operator, values []string) {
	if len(values) == 0 {
		return
	}
	q.conditions = append(q.conditions, condition{
		columns: f.columns, deep: f.deep,
		negate: isFalse(values[0]) != (op == OpNot),
		match:  func(text string) bool { return text == f.value },
	})
}

// valuesOf gives the texts of a value, of a list those between commas, too.
func valuesOf(v *definition.Value, list []string) []string {
	switch v.Kind {
	case definition.Array, definition.Object:
		for i := range v.Kids {
			if v.Kind == definition.Object && v.Kids[i].Text == "true" { // {"status":{"open":true}}
				list = append(list, v.Kids[i].Key)
				continue
			}
			list = valuesOf(&v.Kids[i], list)
		}
	case definition.Null, definition.Invalid:
	default:
		if v.Text == "" {
			return list
		}
		if len(list) < maxValues {
			list = append(list, v.Text)
		}
		if !strings.Contains(v.Text, ",") {
			return list
		}
		for _, part := range strings.Split(v.Text, ",") {
			if part = strings.TrimSpace(part); part != "" && len(list) < maxValues {
				list = append(list, part)
			}
		}
	}
	return list
}

// isWild reports whether a value means any.
func (f *Filter) isWild(text string) bool {
	switch strings.ToLower(text) {
	case "all", "any":
		return !f.enumerates(text)
	}
	return false
}

// isNone reports whether a value means that there is none.
func (f *Filter) isNone(text string) bool {
	return (text == "none" || text == "null") && !f.enumerates(text)
}

func (f *Filter) enumerates(text string) bool {
	return slices.ContainsFunc(f.enum, func(v string) bool { return strings.EqualFold(v, text) })
}

func isFalse(text string) bool {
	switch strings.ToLower(text) {
	case "false", "0", "no", "off":
		return true
	}
	return false
}

// truth gives the JSON text of a flag as people write it.
func truth(text string) string {
	switch strings.ToLower(text) {
	case "true", "1", "yes", "on":
		return "true"
	}
	if isFalse(text) {
		return "false"
	}
	return text
}

// equal compares with any of the values.
func (f *Filter) equal(values []string) func(string) bool {
	if slices.Contains(values, "*") && !f.enumerates("*") {
		return func(string) bool { return true }
	}
	switch f.kind {
	case kindNumber:
		return equalNumbers(values)
	case kindBool:
		for i := range values {
			values[i] = truth(values[i])
		}
	case kindTime, kindUnix:
		if match := f.equalTimes(values); match != nil {
			return match
		}
	}
	if len(f.enum) > 0 {
		return anyOf(values, strings.EqualFold)
	}
	if len(values) == 1 {
		value := values[0]
		return func(text string) bool { return text == value }
	}
	if len(values) <= 8 {
		return func(text string) bool { return slices.Contains(values, text) }
	}
	set := make(map[string]bool, len(values))
	for _, value := range values {
		set[value] = true
	}
	return func(text string) bool { return set[text] }
}

func equalNumbers(values []string) func(string) bool {
	numbers := make([]float64, 0, len(values))
	for _, value := range values {
		if n, ok := parseNumber(value); ok {
			numbers = append(numbers, n)
		}
	}
	exact := anyOf(values, func(text, value string) bool { return text == value })
	return func(text string) bool {
		if exact(text) {
			return true
		}
		n, ok := parseNumber(text)
		// Beyond 2^53 different integers have the same float.
		return ok && n < 1<<53 && n > -1<<53 && slices.Contains(numbers, n)
	}
}

func (f *Filter) equalTimes(values []string) func(string) bool {
	spans := make([]span, 0, len(values))
	for _, value := range values {
		if s, ok := parseSpan(value); ok {
			spans = append(spans, s)
		}
	}
	if len(spans) == 0 {
		return nil
	}
	exact := anyOf(values, func(text, value string) bool { return text == value })
	return func(text string) bool {
		if exact(text) {
			return true
		}
		t, ok := parseTime(text)
		if !ok {
			return false
		}
		for _, s := range spans {
			if t >= s.from && t < s.to {
				return true
			}
		}
		return false
	}
}

// within compares with a bound: numbers by value, times by time, else texts.
func (f *Filter) within(op Operator, value string) func(string) bool {
	switch f.kind {
	case kindTime, kindUnix:
		if s, ok := parseSpan(value); ok {
			return withinTime(op, s)
		}
	case kindNumber:
		if _, ok := parseNumber(value); ok {
			return func(text string) bool {
				_, ok := parseNumber(text)
				return ok && holds(op, compareNumbers(text, value))
			}
		}
	}
	return func(text string) bool { return holds(op, strings.Compare(text, value)) }
}

// withinTime compares with a moment, or with the whole of a day.
func withinTime(op Operator, s span) func(string) bool {
	return func(text string) bool {
		t, ok := parseTime(text)
		if !ok {
			return false
		}
		switch op {
		case OpGreater:
			return t >= s.to
		case OpAtLeast:
			return t >= s.from
		case OpLess:
			return t < s.from
		}
		return t < s.to
	}
}

func holds(op Operator, order int) bool {
	switch op {
	case OpGreater:
		return order > 0
	case OpAtLeast:
		return order >= 0
	case OpLess:
		return order < 0
	}
	return order <= 0
}

func anyOf(values []string, f func(text, value string) bool) func(string) bool {
	if len(values) == 1 {
		value := values[0]
		return func(text string) bool { return f(text, value) }
	}
	return func(text string) bool {
		for _, value := range values {
			if f(text, value) {
				return true
			}
		}
		return false
	}
}
