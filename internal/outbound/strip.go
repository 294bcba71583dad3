package outbound

import (
	"net/http"
	"strings"
)

// Strip takes out of a header what must not travel on: what is ours (x-mimus-*,
// and our keys in x-api-key and authorization), and what is meant for the next
// hop only (RFC 9110, 7.6.1), with all that Connection names.
func Strip(h http.Header) {
	drop := map[string]bool{
		"connection": true, "proxy-connection": true, "keep-alive": true, "te": true, "trailer": true, "transfer-encoding": true, "upgrade": true,
		"proxy-authenticate": true, "proxy-authorization": true, "proxy-authentication-info": true,
	}
	for name, values := range h {
		if strings.EqualFold(name, "Connection") {
			for token := range strings.SplitSeq(strings.Join(values, ","), ",") {
				drop[strings.ToLower(strings.TrimSpace(token))] = true
			}
		}
	}
	for name, values := range h {
		lower := strings.ToLower(name)
		switch {
		case drop[lower] || strings.HasPrefix(lower, "x-mimus-"):
			delete(h, name)
		case lower == "x-api-key" || lower == "authorization":
			stripKeys(h, name, values)
		}
	}
}

func stripKeys(h http.Header, name string, values []string) {
	kept := make([]string, 0, len(values))
	for _, v := range values {
		if !isKey(v) {
			kept = append(kept, v)
		}
	}
	if len(kept) == 0 {
		delete(h, name)
		return
	}
	h[name] = kept
}

// isKey reports whether a value is a key of ours, after a scheme or alone.
func isKey(value string) bool {
	for word := range strings.FieldsSeq(value) {
		if strings.HasPrefix(word, "mimus_") {
			return true
		}
	}
	return false
}
