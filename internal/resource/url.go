package resource

import (
	"net/url"
	"strings"
)

// urlOf is the URL of an item in the form that its document uses: absolute, or
// from the root of the host.
func (v *view) urlOf(t *table, w *row, c *Call, like string) string {
	p := t.r.Place
	if p.Item == "" || c == nil {
		return ""
	}
	values := append([]string(nil), t.scope...)
	if !t.r.Singleton {
		values = append(values, w.id)
	}
	u := c.root() + strings.TrimPrefix(fillTemplate(p.Item, values), "/")
	if strings.HasPrefix(like, "/") {
		if i := strings.Index(u, "://"); i >= 0 {
			if k := strings.IndexByte(u[i+3:], '/'); k >= 0 {
				return u[i+3+k:]
			}
		}
	}
	return u
}

// fillTemplate puts values into the variables of a path template, in order.
func fillTemplate(template string, values []string) string {
	var b strings.Builder
	for _, value := range values {
		open := strings.IndexByte(template, '{')
		end := strings.IndexByte(template, '}')
		if open < 0 || end < open {
			break
		}
		b.WriteString(template[:open])
		b.WriteString(url.PathEscape(value))
		template = template[end+1:]
	}
	b.WriteString(template)
	return b.String()
}
