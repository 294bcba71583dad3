package engine

import (
	"maps"
	"strings"
)

// readExplain looks whether the call asks to be explained: by the Prefer header
// or, where there is none and a contract answers, by the query parameter
// __explain. A call that asks is answered as if it had not: the preference is
// taken out of what the mock sees.
func (x *exchange) readExplain() {
	switch {
	case len(x.prefer) > 0:
		x.explainByHeader()
	case strings.Contains(x.req.RawQuery, "__explain") && (len(x.mock.ops) > 0 || x.mock.examples == nil):
		x.explainByQuery()
	}
	x.explains = x.explains || x.asked
}

func (x *exchange) explainByHeader() {
	var rest []string
	found := false
	for _, h := range x.prefer {
		kept := ""
		for h != "" {
			part, after := cutPreference(h)
			name, v, _ := strings.Cut(part, "=")
			if on, ok := explainValue(v); ok && strings.EqualFold(strings.TrimSpace(name), "explain") {
				found, x.asked = true, on
			} else {
				kept += h[:len(h)-len(after)]
			}
			h = after
		}
		if kept = strings.TrimRight(kept, ",; \t"); strings.TrimSpace(kept) != "" {
			rest = append(rest, kept)
		}
	}
	if !found {
		return
	}
	req := *x.req
	req.Header = maps.Clone(req.Header)
	delete(req.Header, "Prefer")
	if rest != nil {
		req.Header["Prefer"] = rest
	}
	x.req, x.prefer = &req, rest
}

func (x *exchange) explainByQuery() {
	var kept []string
	for part := range strings.SplitSeq(x.req.RawQuery, "&") {
		name, v, _ := strings.Cut(part, "=")
		if on, ok := explainValue(v); ok && name == "__explain" {
			x.asked = on
			continue
		}
		kept = append(kept, part)
	}
	req := *x.req
	req.RawQuery = strings.Join(kept, "&")
	x.req = &req
}

// explainValue reads the preference's value; none means true (RFC 7240, 2).
func explainValue(v string) (on, ok bool) {
	switch strings.ToLower(strings.Trim(strings.TrimSpace(v), `"`)) {
	case "", "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

// applied are the preferences that were applied, as they are told.
func (x *exchange) applied() []string {
	if !x.asked {
		return x.prefs.applied
	}
	return append(x.prefs.applied[:len(x.prefs.applied):len(x.prefs.applied)], "explain")
}
