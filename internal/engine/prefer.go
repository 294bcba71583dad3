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
	applied    []string
	bad        string // what could not be read
}

// preferences reads the Prefer header or, where there is none, the query
// parameters __code, __example, __dynamic and __seed.
func (x *exchange) readPreferences() {
	if headers := x.req.Header["Prefer"]; len(headers) > 0 {
		for _, h := range headers {
			for _, part := range strings.FieldsFunc(h, func(r rune) bool { return r == ',' || r == ';' }) {
				k, v, _ := strings.Cut(part, "=")
				x.prefs.set(strings.ToLower(strings.TrimSpace(k)), strings.Trim(strings.TrimSpace(v), `"`), "Prefer: "+strings.TrimSpace(part))
			}
		}
		return
	}
	if !strings.Contains(x.req.RawQuery, "__") {
		return
	}
	for _, p := range x.queryPairs() {
		if name, ok := strings.CutPrefix(p.name, "__"); ok {
			x.prefs.set(name, p.value, p.name+"="+p.value)
		}
	}
}

func (p *preferences) set(name, v, written string) {
	switch name {
	case "code":
		n, ok := statusCode(v)
		if !ok {
			p.bad = written
			return
		}
		p.code = n
	case "example":
		p.example, p.hasExample = v, true
	case "dynamic":
		switch v {
		case "true":
			t := true
			p.dynamic = &t
		case "false":
			f := false
			p.dynamic = &f
		default:
			p.bad = written
			return
		}
	case "seed":
		p.seed, p.hasSeed = v, true
	default:
		return
	}
	p.applied = append(p.applied, name+"="+v)
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
