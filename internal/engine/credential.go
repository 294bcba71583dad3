package engine

import (
	"crypto/sha256"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// caller tells callers apart. A credential is kept as a digest only.
type caller struct {
	session    string
	credential [sha256.Size]byte // zero: none was sent
}

// maxSession bounds the name of a session, in bytes, as in the log of calls.
const maxSession = 128

// caller is who sends the call, as far as its session and its credential tell.
func (x *exchange) caller() caller {
	c := caller{session: x.sessionName()}
	var few [512]byte
	if secret := x.appendCredential(few[:0]); len(secret) > 0 {
		c.credential = sha256.Sum256(secret)
	}
	return c
}

// sessionName is the session that a call says it is of; "" where it says none.
func (x *exchange) sessionName() string {
	name := ""
	if h := x.req.Header["X-Mimus-Session"]; len(h) > 0 {
		name = h[0]
	} else {
		name = x.cookie("mimus_session")
	}
	return name[:min(len(name), maxSession)]
}

// appendCredential appends all that the call proves itself with: Authorization,
// the API keys that the operation asks for, a token in the query (RFC 6750,
// 2.3).
func (x *exchange) appendCredential(dst []byte) []byte {
	add := func(name, secret string) {
		if secret != "" {
			dst = append(append(append(append(dst, name...), 0), secret...), 0)
		}
	}
	for _, h := range x.req.Header["Authorization"] {
		add("authorization", h)
	}
	for _, alternative := range x.op.def.Security {
		for _, s := range alternative {
			if s.Scheme != nil && s.Scheme.Type == "apiKey" {
				add(s.Scheme.Name, x.key(s.Scheme))
			}
		}
	}
	if strings.Contains(x.req.RawQuery, "access_token=") {
		add("access_token", x.queryValue("access_token"))
	}
	return dst
}

// key is the API key that the call carries for the scheme; "" where it carries
// none.
func (x *exchange) key(s *definition.SecurityScheme) string {
	switch s.In {
	case definition.InHeader:
		return x.req.Header.Get(s.Name)
	case definition.InQuery:
		return x.queryValue(s.Name)
	case definition.InCookie:
		return x.cookie(s.Name)
	}
	return ""
}

func (x *exchange) queryValue(name string) string {
	for _, p := range x.queryPairs() {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

func (x *exchange) cookie(name string) string {
	for _, line := range x.req.Header["Cookie"] {
		for _, part := range strings.Split(line, ";") {
			if k, v, ok := strings.Cut(strings.TrimSpace(part), "="); ok && k == name {
				return strings.Trim(v, `"`)
			}
		}
	}
	return ""
}
