package engine

import (
	"strings"
)

// preferences are what a caller asks of one answer (RFC 7240; the names are
// Prism's).
type preferences struct {
	code       int
	example    string
	hasExample bool
	dynamic    *bool
	seed       string
	hasSeed    bool
	stateOff   bool
	applied    []string
	bad        *Violation // what could not be read
}

// readPreferences reads the Prefer header or, where there is none, the query
// parameters __code, __example, __dynamic and __seed.
func (x *exchange) readPreferences() {
	if len(x.prefer) > 0 {
		for _, h := range x.prefer {
			for h != "" {
				var part string
				part, h = cutPreference(h)
				k, v, _ := strings.Cut(part, "=")
				x.prefs.set(strings.ToLower(strings.TrimSpace(k)), strings.Trim(strings.TrimSpace(v), `"`), [...]string{"header", "prefer"})
			}
		}
		return
	}
	if !strings.Contains(x.req.RawQuery, "__") {
		return
	}
	for _, p := range x.queryPairs() {
		if name, ok := strings.CutPrefix(p.name, "__"); ok {
			x.prefs.set(name, p.value, [...]string{"query", p.name})
		}
	}
}

// cutPreference cuts the first preference off a Prefer header; a comma or a
// semicolon inside of quotes belongs to it.
func cutPreference(h string) (first, rest string) {
	quoted := false
	for i := 0; i < len(h); i++ {
		switch c := h[i]; {
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ',' || c == ';'):
			return h[:i], h[i+1:]
		}
	}
	return h, ""
}

// set takes one preference. place is where it was written.
func (p *preferences) set(name, v string, place [2]string) {
	ok := true
	switch name {
	case "code":
		p.code, ok = statusCode(v)
	case "example":
		p.example, p.hasExample = v, true
	case "dynamic":
		dynamic := v == "true"
		p.dynamic, ok = &dynamic, dynamic || v == "false"
	case "seed":
		p.seed, p.hasSeed = v, true
	case "state":
		p.stateOff, ok = v == "off", v == "off" || v == "on"
	default:
		return
	}
	if !ok {
		p.bad = &Violation{Side: "request", Location: place[:], Severity: "Error", Code: "preference", whole: true,
			Message: "The preference " + clip(name+"="+v) + " can't be read; code is a status from 100 to 599, dynamic is true or false, state is on or off."}
		return
	}
	p.applied = append(p.applied, name+"="+fieldValue(v))
}

func statusCode(s string) (int, bool) {
	if len(s) != 3 || s[0] < '1' || s[0] > '5' {
		return 0, false
	}
	n := 0
	for i := range 3 {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}
