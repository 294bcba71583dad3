package convert

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/postman"
)

// server gives the base of a URL, "" where it is not known.
func (s *scope) server(u *postman.URL) string {
	host := s.resolve(strings.Join(u.Host, "."))
	if _, unknown := wholeVariable(host); unknown || host == "" {
		return ""
	}
	if strings.HasPrefix(host, "/") {
		return strings.TrimRight(host, "/") // relative to where the document is served
	}
	scheme, rest, ok := strings.Cut(host, "://")
	if !ok {
		scheme, rest = s.resolve(u.Protocol), host
		if scheme == "" {
			scheme = "http"
		}
	}
	rest, _, _ = strings.Cut(rest, "?")
	rest = strings.TrimRight(rest, "/")
	if rest == "" {
		return ""
	}
	if port := s.resolve(u.Port); port != "" {
		rest += ":" + port
	}
	return scheme + "://" + rest
}

// stripServerPaths removes from paths what other requests have as the path of
// the same server: https://h/v1/pets beside {{base}}/pets, where the base is
// https://h/v1.
func (w *inference) stripServerPaths() {
	const most = 8 // segments of a server's path
	bases := map[string]bool{}
	for _, s := range w.samples {
		if pathOfServer(s.server) > 0 {
			bases[s.server] = true
		}
	}
	if len(bases) == 0 {
		return
	}
	for _, s := range w.samples {
		base := s.server
		if base == "" || bases[base] {
			continue
		}
		for i := 0; i < len(s.parts)-1 && i < most && !s.parts[i].param; i++ {
			if base += "/" + s.parts[i].text; bases[base] {
				s.parts, s.server = s.parts[i+1:], base
				break
			}
		}
	}
}

// pathOfServer is where the path of a server's URL begins, 0 where it has none.
func pathOfServer(url string) int {
	scheme := strings.Index(url, "://")
	if scheme < 0 {
		return 0
	}
	if i := strings.IndexByte(url[scheme+3:], '/'); i >= 0 {
		return scheme + 3 + i
	}
	return 0
}

// servers gives the servers that an operation's requests go to.
func (op *inferred) servers() []string {
	var out []string
	for _, s := range op.samples {
		if s.server != "" && !s.repeats() {
			out = appendNew(out, s.server)
		}
	}
	return out
}

func appendNew(list []string, s string) []string {
	for _, x := range list {
		if x == s {
			return list
		}
	}
	return append(list, s)
}

func sameTexts(a, b []string) bool { return strings.Join(a, "\n") == strings.Join(b, "\n") }

// commonServers gives the servers of most operations, of the first such ones
// where several are as common. It may be that most have none that is known.
func (w *inference) commonServers() []string {
	count := map[string]int{}
	var best []string
	for _, p := range w.paths {
		for _, op := range p.ops {
			list := op.servers()
			count[strings.Join(list, "\n")]++
		}
	}
	most := 0
	for _, p := range w.paths {
		for _, op := range p.ops {
			if list := op.servers(); count[strings.Join(list, "\n")] > most {
				best, most = list, count[strings.Join(list, "\n")]
			}
		}
	}
	return best
}

// serverList writes servers; a {{variable}} that is left becomes a server's
// variable.
func serverList(urls []string) definition.Value {
	list := definition.NewArray()
	for _, url := range urls {
		var b strings.Builder
		var variables tree
		for {
			before, name, after, ok := cutVariable(url)
			b.WriteString(before)
			if !ok {
				break
			}
			if name = cleanName(name); name == "" {
				name = "variable"
			}
			b.WriteString("{" + name + "}")
			var v tree
			v.text("default", name)
			if w := variables.object(); !w.Has(name) {
				variables.put(name, v.object())
			}
			url = after
		}
		var s tree
		s.text("url", b.String())
		if len(variables) > 0 {
			s.put("variables", variables.object())
		}
		list.Kids = append(list.Kids, s.object())
	}
	return list
}
