package engine

import (
	"encoding/base64"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

const titleSecurity = "Invalid security scheme used"

// checkSecurity reports whether the request carries credentials of the form
// that the operation asks for; their values are not checked. It returns nil
// when it does, else the challenges to answer with.
func (x *exchange) checkSecurity() []string {
	reqs := x.op.def.Security
	if len(reqs) == 0 {
		return nil
	}
	var challenges []string
	for _, req := range reqs {
		ok := true
		var own []string
		for _, rs := range req {
			if rs.Scheme == nil || x.hasCredentials(rs.Scheme) {
				continue
			}
			ok = false
			if c := challenge(rs.Scheme); c != "" && !x.tried(rs.Scheme) {
				own = append(own, c)
			}
		}
		if ok {
			return nil
		}
		for _, c := range own {
			if !contains(challenges, c) {
				challenges = append(challenges, c)
			}
		}
	}
	if challenges == nil {
		challenges = []string{}
	}
	return challenges
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// tried reports whether credentials of the scheme were sent, in a form that
// it doesn't have: what to send is known then.
func (x *exchange) tried(s *definition.SecurityScheme) bool {
	if s.Type != "http" {
		return false
	}
	found, _ := x.authorization(s.Scheme)
	return found
}

// challenge is the scheme's part of WWW-Authenticate, in Prism's words.
func challenge(s *definition.SecurityScheme) string {
	switch s.Type {
	case "http":
		switch s.Scheme {
		case "basic":
			return `Basic realm="*"`
		case "digest":
			return `Digest realm="*", nonce="abc123"`
		case "bearer":
			return "Bearer"
		}
		return title(s.Scheme)
	case "oauth2":
		return "OAuth2"
	case "openIdConnect":
		return "OpenID"
	}
	return ""
}

// hasCredentials checks presence and form.
func (x *exchange) hasCredentials(s *definition.SecurityScheme) bool {
	switch s.Type {
	case "apiKey":
		return x.hasKey(s)
	case "mutualTLS":
		return true // the connection's business
	case "oauth2", "openIdConnect":
		_, token := x.authorization("bearer")
		return token != "" || x.hasAccessToken()
	case "http":
		found, rest := x.authorization(s.Scheme)
		if !found {
			return false
		}
		switch s.Scheme {
		case "basic":
			return basicForm(rest)
		case "digest":
			return digestForm(rest)
		}
		return rest != ""
	}
	return true
}

// hasAccessToken finds a bearer token in the query (RFC 6750, 2.3).
func (x *exchange) hasAccessToken() bool {
	if !strings.Contains(x.req.RawQuery, "access_token=") {
		return false
	}
	for _, p := range x.queryPairs() {
		if p.name == "access_token" && p.value != "" {
			return true
		}
	}
	return false
}

func (x *exchange) hasKey(s *definition.SecurityScheme) bool {
	switch s.In {
	case definition.InHeader:
		return x.req.Header.Get(s.Name) != ""
	case definition.InQuery:
		for _, p := range x.queryPairs() {
			if p.name == s.Name {
				return true
			}
		}
	case definition.InCookie:
		for _, line := range x.req.Header["Cookie"] {
			for _, part := range strings.Split(line, ";") {
				if k, _, ok := strings.Cut(strings.TrimSpace(part), "="); ok && k == s.Name {
					return true
				}
			}
		}
	}
	return false
}

// authorization returns what follows the scheme's name in Authorization.
func (x *exchange) authorization(scheme string) (bool, string) {
	for _, h := range x.req.Header["Authorization"] {
		name, rest, _ := strings.Cut(strings.TrimSpace(h), " ")
		if strings.EqualFold(name, scheme) {
			return true, strings.TrimSpace(rest)
		}
	}
	return false, ""
}

// basicForm checks for base64 of "user:password" (RFC 7617, 2).
func basicForm(s string) bool {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		if b, err = base64.RawStdEncoding.DecodeString(s); err != nil {
			return false
		}
	}
	return strings.Contains(string(b), ":")
}

// digestForm checks that the parameters are there which every response to a
// Digest challenge has (RFC 7616, 3.4).
func digestForm(s string) bool {
	for _, p := range [...]string{"username=", "realm=", "nonce=", "uri=", "response="} {
		if !strings.Contains(s, p) {
			return false
		}
	}
	return true
}

// answerDenied answers a request without the credentials it needs.
func (x *exchange) answerDenied(challenges []string) bool {
	x.pass("validation", "the credentials that the operation asks for are missing")
	header := strings.Join(challenges, ",")
	x.mistake = mistake{status: 401, name: "UNAUTHORIZED", title: titleSecurity, detail: "The credentials that the operation asks for are missing."}
	if r, code := x.op.errorResponse([]int{401}); r != nil && (r.def.Status == "401" || r.def.Status == "4XX" || r.def.Status == "default") {
		if header != "" {
			x.res.Set("Www-Authenticate", []string{header})
		}
		return x.replyError(r, code, []int{401})
	}
	var extra []value
	if header != "" {
		x.res.Set("Www-Authenticate", []string{header})
		extra = append(extra, definition.NewObject(definition.NewString(header).With("WWW-Authenticate")).With("headers"))
	}
	return x.problem(401, "UNAUTHORIZED", titleSecurity,
		"Your request does not fullfil the security requirements and no HTTP unauthorized response was found in the spec, so Prism is generating this error for you.", extra...)
}

// curlCredentials are options of curl, and a query, with credentials of the
// form that an operation asks for.
func curlCredentials(op *definition.Operation) (options, query string) {
	for _, alternative := range op.Security {
		if len(alternative) == 0 {
			return "", ""
		}
	}
	if len(op.Security) == 0 {
		return "", ""
	}
	for _, s := range op.Security[0] {
		switch {
		case s.Scheme == nil:
		case s.Scheme.Type == "apiKey" && s.Scheme.In == definition.InQuery:
			query = "?" + s.Scheme.Name + "=key"
		case s.Scheme.Type == "apiKey" && s.Scheme.In == definition.InCookie:
			options += "-b " + s.Scheme.Name + "=key "
		case s.Scheme.Type == "apiKey":
			options += "-H '" + s.Scheme.Name + ": key' "
		case s.Scheme.Type == "http" && s.Scheme.Scheme == "basic":
			options += "-u user:password "
		case s.Scheme.Type == "http" || s.Scheme.Type == "oauth2" || s.Scheme.Type == "openIdConnect":
			options += "-H 'Authorization: Bearer token' "
		}
	}
	return options, query
}
