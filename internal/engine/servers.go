package engine

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// refuseServer answers a request that asks, with __server, for a server which
// the document doesn't have. The parameter and the errors are Prism's.
func (m *Mock) refuseServer(x *exchange) bool {
	asked := ""
	for _, p := range x.queryPairs() {
		if p.name == "__server" {
			asked = p.value
		}
	}
	if len(m.def.Servers) == 0 {
		return x.problem(404, "NO_SERVER_CONFIGURATION_PROVIDED_ERROR", "Route not resolved, no server configuration provided",
			"The document has no servers, although the server "+clip(asked)+" is asked for.")
	}
	for i := range m.def.Servers {
		if isServer(&m.def.Servers[i], asked) {
			return x.pass("route", "the server "+clip(asked)+" is one of the document's")
		}
	}
	return x.problem(404, "NO_SERVER_MATCHED_ERROR", "Route not resolved, no server matched",
		"The server url "+clip(asked)+" hasn't been matched with any of the provided servers.")
}

// isServer reports whether a URL is that of a server, whose variables stand for
// one of their values or, where none are listed, for any text without a slash.
func isServer(s *definition.Server, url string) bool {
	return fitsTemplate(strings.TrimSuffix(s.URL, "/"), strings.TrimSuffix(url, "/"), s.Variables)
}

func fitsTemplate(template, text string, variables []definition.ServerVariable) bool {
	before, rest, ok := strings.Cut(template, "{")
	if !ok {
		return template == text
	}
	name, after, ok := strings.Cut(rest, "}")
	if !ok {
		return template == text
	}
	text, ok = strings.CutPrefix(text, before)
	if !ok {
		return false
	}
	for i := range variables {
		if variables[i].Name != name || len(variables[i].Enum) == 0 {
			continue
		}
		for _, value := range variables[i].Enum {
			if rest, ok := strings.CutPrefix(text, value); ok && fitsTemplate(after, rest, variables) {
				return true
			}
		}
		return false
	}
	for end := 1; end <= len(text) && text[end-1] != '/'; end++ {
		if fitsTemplate(after, text[end:], variables) {
			return true
		}
	}
	return false
}
