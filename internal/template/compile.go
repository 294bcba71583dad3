package template

import (
	"fmt"
	"strings"
)

// place is where a hole stands, which decides how its value is written.
type place uint8

const (
	inText   place = iota // plain text: as it is
	inString              // in a string of JSON: escaped
	inValue               // where JSON wants a value: as it is if it is one, else as a string
	inKey                 // where JSON wants a member's name: as a string
)

// site is a place with what the text around the hole is: encoded text already
// has the place's form, other text (a variable's value in a string) does not.
type site struct {
	place   place
	encoded bool
}

// kind is what a hole is filled with.
type kind uint8

const (
	captured kind = iota // a wildcard's name
	drawn                // a dynamic variable
	asked                // a part of the request
	joined               // a word of JSON made of several holes, or of holes and text
)

// hole is what is left to fill in when an answer is made.
type hole struct {
	kind    kind
	place   place
	written string // the hole as it is left where nothing fills it
	name    string // of a captured
	draw    int    // of a drawn: its number
	value   generator
	ask     request
	parts   []piece // of a joined
	tail    string
}

// compiler walks a text and the values of its variables.
type compiler struct {
	json     bool
	vars     variables
	out      builder
	state    jsonState
	problems []Problem
	at       int // the hole of the text itself that is being resolved
	left     int // holes that stay as they are written, whatever the request is
	draws    int
	dynamic  bool
}

// walkText takes in text whose every hole stands in one and the same place.
func (c *compiler) walkText(text string, s site, depth int) {
	for from := 0; ; {
		m, ok := nextMark(text, from)
		if !ok {
			c.literal(text[from:], s)
			return
		}
		c.literal(text[from:m.start], s)
		c.fill(text, m, s, depth)
		from = m.end
	}
}

func (c *compiler) literal(text string, s site) {
	if s.place == inString && !s.encoded {
		c.out.literal = appendEscaped(c.out.literal, text)
		return
	}
	c.out.literal = append(c.out.literal, text...)
}

// fill resolves a hole in a text or in a string of JSON, or leaves it for the
// time of the answer.
func (c *compiler) fill(text string, m mark, s site, depth int) {
	written := text[m.start:m.end]
	if m.call {
		if h := c.call(m, s, depth); h != nil {
			c.out.add(h)
			return
		}
		c.left++
		c.literal(written, s)
		return
	}
	value, ok, failed := c.variable(m, depth)
	switch {
	case ok:
		c.walkText(value, site{place: s.place}, depth+1)
	case failed:
		c.left++
		c.literal(written, s)
	default:
		c.out.add(c.capture(m.name, written, s))
	}
}

func (c *compiler) capture(name, written string, s site) *hole {
	if s.place == inString && !s.encoded {
		written = string(appendEscaped(nil, written))
	}
	return &hole{kind: captured, place: s.place, name: name, written: written}
}

// variable finds the value of a static variable. failed tells that there is one
// that can't be resolved.
func (c *compiler) variable(m mark, depth int) (value string, ok, failed bool) {
	if depth > 0 { // admitted together with the variable that the text names
		value, ok = c.vars.find(m.name)
		return value, ok && depth < maxNesting, ok && depth >= maxNesting
	}
	c.at = m.start
	value, ok, why := c.vars.admit(m.name)
	if why != nil {
		c.report(*why)
	}
	return value, ok, why != nil
}

// call is the hole of a {{$…}}, or nil if it has a problem, which it reports.
func (c *compiler) call(m mark, s site, depth int) *hole {
	if depth == 0 {
		c.at = m.start
	}
	value, seeded := generatorOf(m.name)
	helper, helps := helperOf(m.name)
	switch {
	case m.malformed:
		c.report(Problem{
			Name:    m.name,
			Message: fmt.Sprintf("{{%s …}} can't be read", m.name),
			Hint:    "write arguments in quotes, with a space before each: {{$body 'user.name' 'nobody'}}",
		})
		return nil
	case helps:
		return c.request(m, helper, s)
	case value == nil:
		c.unknown(m.name)
		return nil
	case len(m.args) > 0:
		c.report(Problem{
			Name:    m.name,
			Message: fmt.Sprintf("%s takes no argument", m.name),
			Hint:    fmt.Sprintf("write {{%s}}", m.name),
		})
		return nil
	}
	h := &hole{kind: drawn, place: s.place, value: value, draw: c.draws}
	if seeded {
		c.draws++
		c.dynamic = true
	}
	return h
}

// request is the hole of a request helper.
func (c *compiler) request(m mark, helper helper, s site) *hole {
	if len(m.args) > 2 {
		c.report(Problem{
			Name:    m.name,
			Message: fmt.Sprintf("%s takes a path and a default, but has %d arguments", m.name, len(m.args)),
			Hint:    fmt.Sprintf("write {{%s 'path' 'default'}}", m.name),
		})
		return nil
	}
	args := m.args
	if s.place == inString && s.encoded {
		for i := range args {
			args[i] = decodeArgument(args[i])
		}
	}
	h := &hole{kind: asked, place: s.place, ask: request{helper: helper}}
	if len(args) > 0 {
		h.ask.path = splitPath(args[0])
		h.ask.name = strings.Join(h.ask.path, ".")
	}
	if len(args) > 1 {
		h.ask.fallback, h.ask.hasFallback = args[1], true
	}
	if len(h.ask.path) > maxPath {
		c.report(Problem{
			Name:    m.name,
			Message: fmt.Sprintf("the path of %s has more than %d keys", m.name, maxPath),
			Hint:    `write a dot that belongs to a key as \.`,
		})
		return nil
	}
	return h
}

// unknown reports a dynamic variable that there isn't. To find the nearest name
// takes long, so it isn't done for what is not reported any more.
func (c *compiler) unknown(name string) {
	if len(c.problems) == maxProblems {
		return
	}
	c.report(Problem{
		Name:    name,
		Message: fmt.Sprintf("there is no dynamic variable %s", name),
		Hint:    suggestion(name),
	})
}

// unclosed reports a last "{{$" that nothing closes.
func (c *compiler) unclosed(text string) {
	at := strings.LastIndex(text, "{{$")
	if at < 0 || strings.Contains(text[at:], "}}") {
		return
	}
	name := text[at+2:]
	if end := strings.IndexAny(name, " '\"\r\n\t,}"); end >= 0 {
		name = name[:end]
	}
	c.at = at
	c.report(Problem{Name: name[:min(len(name), 60)], Message: "a {{$…}} is not closed", Hint: "close it with }}"})
}

func (c *compiler) report(p Problem) {
	p.Offset = c.at
	for _, q := range c.problems {
		if q == p {
			return
		}
	}
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, p)
	}
}
