package calls

import "strings"

// match are the calls of a block that pass a filter. What the words of a column
// say is looked at once for all calls that have them.
func (h *blockHead) match(f *Filter) []int {
	var pass [colCount][]bool
	for i := range pass {
		test := f.test(i)
		if test == nil {
			continue
		}
		ok := make([]bool, len(h.columns[i].words))
		some := false
		for j, w := range h.columns[i].words {
			ok[j] = test(w)
			some = some || ok[j]
		}
		if !some {
			return nil
		}
		if len(ok) > 1 {
			pass[i] = ok
		}
	}
	var out []int
	since, until := int64(0), int64(1<<62)
	if !f.Since.IsZero() {
		since = f.Since.UnixMicro()
	}
	if !f.Until.IsZero() {
		until = f.Until.UnixMicro()
	}
	tookFrom := f.MinTook.Microseconds()
next:
	for i := range h.n {
		if at := h.ats[i]; at < since || at > until {
			continue
		}
		if s := int(h.statuses[i]); f.Status >= 10 && s != f.Status || f.Status > 0 && f.Status < 10 && s/100 != f.Status {
			continue
		}
		if h.tooks[i] < tookFrom {
			continue
		}
		for c := range pass {
			if len(pass[c]) > 0 && !pass[c][h.columns[c].which[i]] {
				continue next
			}
		}
		out = append(out, i)
	}
	return out
}

// test is what a filter asks of a column; nil where it asks nothing.
func (f *Filter) test(column int) func(string) bool {
	equal := func(want string) func(string) bool {
		if want == "" {
			return nil
		}
		return func(s string) bool { return s == want }
	}
	switch column {
	case colMethod:
		return equal(f.Method)
	case colType:
		return equal(f.Type)
	case colSession:
		return equal(f.Session)
	case colOperation:
		return equal(f.Operation)
	case colPath:
		if f.Path != "" {
			return func(s string) bool { return strings.EqualFold(s, f.Path) }
		}
	}
	return nil
}
