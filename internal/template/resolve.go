package template

import "strings"

// Resolve fills in the static variables of a URL or a header's name. What lookup
// doesn't know, and every {{$…}}, stays as it is written.
func Resolve(text string, lookup func(string) (string, bool)) (string, []Problem) {
	if !strings.Contains(text, "{{") {
		return text, nil
	}
	c := compiler{vars: variables{lookup: lookup}}
	c.resolve(text, 0)
	return string(c.out.literal), c.problems
}

func (c *compiler) resolve(text string, depth int) {
	for from := 0; ; {
		m, ok := nextMark(text, from)
		if !ok {
			c.out.literal = append(c.out.literal, text[from:]...)
			return
		}
		c.out.literal = append(c.out.literal, text[from:m.start]...)
		from = m.end
		if !m.call {
			if value, ok, _ := c.variable(m, depth); ok {
				c.resolve(value, depth+1)
				continue
			}
		}
		c.out.literal = append(c.out.literal, text[m.start:m.end]...)
	}
}
