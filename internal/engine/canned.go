package engine

import (
	"net/http"
)

// HeaderValue is a header field of an answer that somebody wrote.
type HeaderValue struct{ Name, Value string }

// Canned is an answer to every call (Postman: the active server response).
type Canned struct {
	ID, Name string
	Status   int
	Header   []HeaderValue
	Body     string
	Language string // json, javascript, html, xml, text: the media type, where no header gives it
}

// answerCanned answers every call with the active server response.
func (m *Mock) answerCanned(x *exchange) bool {
	c, res := m.cfg.ServerResponse, x.res
	res.Status, res.Example = c.Status, c.Name
	typed := false
	for _, h := range c.Header {
		name := http.CanonicalHeaderKey(h.Name)
		if name == "Content-Length" || name == "Transfer-Encoding" || name == "Connection" {
			continue
		}
		typed = typed || name == "Content-Type"
		res.add(name, h.Value)
	}
	if !typed && c.Body != "" {
		res.Set("Content-Type", []string{languageType(c.Language)})
	}
	res.Body = []byte(c.Body)
	return x.answer("server response", c.Name+" answers every call")
}

func languageType(language string) string {
	switch language {
	case "json":
		return "application/json; charset=utf-8"
	case "javascript":
		return "application/javascript; charset=utf-8"
	case "html":
		return "text/html; charset=utf-8"
	case "xml":
		return "application/xml; charset=utf-8"
	}
	return "text/plain; charset=utf-8"
}
