package access

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Refusal says why a request may not manage.
type Refusal struct {
	Status int
	Reason string
}

func (r *Refusal) Error() string { return r.Reason }

// Local decides on a request to a server without keys. Only this machine's own
// clients may manage it: DNS rebinding, a page of another site that posts, and
// a proxy on the same machine all look like loopback and are refused.
func Local(r *http.Request) *Refusal {
	refuse := func(reason string) *Refusal { return &Refusal{http.StatusForbidden, reason} }
	if !isLocalHost(r.Host) {
		return refuse("Without keys, the management API answers only to localhost, 127.0.0.1 or [::1], not to the host " + short(r.Host) + "; `mimus keys create` makes a key.")
	}
	for name := range r.Header {
		if name == "Forwarded" || name == "Via" || name == "X-Real-Ip" || strings.HasPrefix(name, "X-Forwarded-") {
			return refuse("Without keys, the management API refuses requests that come through a proxy (" + name + "); `mimus keys create` makes a key.")
		}
	}
	for _, origin := range r.Header["Origin"] {
		if !sameOrigin(origin, r) {
			return refuse("The management API is not open to web pages of other origins (" + short(origin) + ").")
		}
	}
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		return refuse("The management API is not open to web pages of other sites.")
	}
	return checkWrite(r)
}

// checkWrite refuses what a form of another site could send.
func checkWrite(r *http.Request) *Refusal {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return nil
	}
	media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	media = strings.ToLower(strings.TrimSpace(media))
	switch {
	case media == "application/json", strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json"):
		return nil
	case media == "" && r.ContentLength == 0:
		if r.Method == http.MethodPost && r.Header.Get("Origin") != "" {
			return &Refusal{http.StatusForbidden, "A write from a web page needs Content-Type: application/json."}
		}
		return nil
	case media == "multipart/form-data" && r.Header.Get("X-Mimus-Import") != "":
		return nil
	}
	return &Refusal{http.StatusUnsupportedMediaType, "Without a key, writes need Content-Type: application/json (a form needs the header X-Mimus-Import: true), not " + short(media) + "."}
}

// isLocalHost reads a Host header.
func isLocalHost(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.TrimSuffix(strings.ToLower(strings.Trim(name, "[]")), ".")
	return name == "localhost" || name == "127.0.0.1" || name == "::1"
}

func sameOrigin(origin string, r *http.Request) bool {
	u, err := url.Parse(origin)
	if err != nil {
		return false
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return u.Scheme == scheme && strings.EqualFold(u.Host, r.Host)
}

func short(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}
