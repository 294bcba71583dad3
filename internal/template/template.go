package template

import "strings"

// Options of Parse. The zero value is a plain text without static variables.
type Options struct {
	// JSON tells that the text is JSON, which no value may break.
	JSON bool
	// Lookup finds static variables, those of the collection and environment; it
	// may be nil. A value may itself hold {{…}}, which is resolved further. It
	// must give the same answer whenever it is asked during one Parse.
	Lookup func(name string) (value string, ok bool)
}

// Problem is something in a text that can't be filled in as its author meant.
type Problem struct {
	Offset  int    // where the hole stands in the text, in bytes
	Name    string // what the hole names, "$randomFoo" or "baseUrl"
	Message string
	Hint    string // what to do about it, "" where nothing is known
}

// Template is a text with holes, ready to be filled in. It is immutable, and
// may be used by many goroutines.
type Template struct {
	pieces  []piece
	tail    string // what follows the last hole, the whole text where there is none
	fixed   int    // bytes that stand whatever is filled in
	draws   int
	dynamic bool
}

// piece is a hole with the text before it.
type piece struct {
	literal string
	hole    *hole
}

// Parse makes a template of text. It always gives one: a hole that has a problem
// is left as it is written. No more than 100 problems are reported.
func Parse(text string, o Options) (*Template, []Problem) {
	if !strings.Contains(text, "{{") {
		return &Template{tail: text, fixed: len(text)}, nil
	}
	c := compiler{json: o.JSON, vars: variables{lookup: o.Lookup}}
	if o.JSON {
		c.walkJSON(text, false, 0)
	} else {
		c.walkText(text, site{encoded: true}, 0)
	}
	c.unclosed(text)
	t := c.out.template()
	t.draws, t.dynamic = c.draws, c.dynamic
	return t, c.problems
}

// Static is the finished text, and whether nothing is left to fill in at answer
// time. A hole that a wildcard might fill is something that is left.
func (t *Template) Static() (string, bool) {
	if len(t.pieces) > 0 {
		return "", false
	}
	return t.tail, true
}

// Dynamic reports whether the template draws on the seed, and so needs
// Input.Count.
func (t *Template) Dynamic() bool { return t.dynamic }

// Draws is how many holes take a number of their own from the seed: the
// Input.First of the template that follows in the same answer is the sum of
// those before it.
func (t *Template) Draws() int { return t.draws }

// builder collects the pieces of a template.
type builder struct {
	pieces  []piece
	literal []byte // what follows the last piece
	fixed   int
}

func (b *builder) add(h *hole) {
	b.pieces = append(b.pieces, piece{literal: string(b.literal), hole: h})
	b.fixed += len(b.literal)
	b.literal = b.literal[:0]
}

func (b *builder) template() *Template {
	return &Template{pieces: b.pieces, tail: string(b.literal), fixed: b.fixed + len(b.literal)}
}
