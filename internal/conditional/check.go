// Package conditional judges the preconditions of HTTP requests: whether what
// a client knows of a resource is still true (RFC 9110, 13).
package conditional

// This file is on the hot path: without one of the four header fields a check
// is four lookups and allocates nothing.

import (
	"net/http"
	"strings"
	"time"
)

// State is what is known of the resource now.
type State struct {
	// Exists tells whether there is a current representation. Where it is
	// false the other fields don't count.
	Exists bool
	// ETag is the entity tag as the field of that name has it: with quotes,
	// and W/ in front where it is weak. Empty: there is none, and only *
	// matches.
	ETag string
	// Modified is when the resource was last changed, compared in whole
	// seconds. Zero: unknown, and conditions on dates are ignored.
	Modified time.Time
}

// Verdict is what follows from the preconditions of a request.
type Verdict uint8

// The verdicts.
const (
	// Proceed: no precondition stands in the way.
	Proceed Verdict = iota
	// NotModified: the client has what it asks for; answer 304 with the
	// fields that 200 would have had (RFC 9110, 15.4.5).
	NotModified
	// Failed: answer 412 and change nothing.
	Failed
)

// Check judges the preconditions in the order of RFC 9110, 13.2.2. The keys of
// header must be canonical. Ask only where the request would succeed without
// them: preconditions are ignored where the answer is neither 2xx nor 412
// (13.2.1). If-Range is not looked at.
func Check(method string, header http.Header, s State) Verdict {
	switch method {
	case http.MethodConnect, http.MethodOptions, http.MethodTrace:
		return Proceed // RFC 9110, 13.2.1: they select no representation
	}
	reads := method == http.MethodGet || method == http.MethodHead

	if tags := header["If-Match"]; len(tags) > 0 {
		if !match(tags, s, strong) {
			return Failed
		}
	} else if lines := header["If-Unmodified-Since"]; len(lines) > 0 && newer(s, lines) == yes {
		return Failed
	}

	if tags := header["If-None-Match"]; len(tags) > 0 {
		if !match(tags, s, weak) {
			return Proceed
		}
		if reads {
			return NotModified
		}
		return Failed
	}
	if lines := header["If-Modified-Since"]; len(lines) > 0 && reads && newer(s, lines) == no {
		return NotModified
	}
	return Proceed
}

type answer uint8

const (
	unknown answer = iota // the condition is to be ignored
	yes
	no
)

// newer tells whether the resource was changed after the date in the lines of
// a field. What is no date, or more than one, is ignored, and so is any date
// when it is unknown when the resource changed (RFC 9110, 13.1.3 and 13.1.4).
func newer(s State, lines []string) answer {
	if !s.Exists || s.Modified.IsZero() || len(lines) != 1 {
		return unknown
	}
	date, err := http.ParseTime(strings.Trim(lines[0], " \t"))
	if err != nil {
		return unknown
	}
	// The form of RFC 850 is parsed with any zone, as if that were UTC.
	if zone, _ := date.Zone(); zone != "UTC" && zone != "GMT" {
		return unknown
	}
	if s.Modified.Unix() > date.Unix() {
		return yes
	}
	return no
}
