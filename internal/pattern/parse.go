package pattern

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	maxExpression = 1 << 20 // bytes
	maxDepth      = 250     // groups within groups
	maxFolding    = 4 << 20 // code points looked at for other cases
)

// syntaxError tells where an expression is wrong.
type syntaxError struct {
	offset int // bytes from the start of the expression
	what   string
}

func (e *syntaxError) Error() string {
	return fmt.Sprintf("offset %d: %s", e.offset, e.what)
}

// parser reads what ECMA-262 (22.2.1 Patterns) allows with the u flag and,
// where that would be an error, what its Annex B.1.2 allows without. Where the
// two differ in meaning, the former wins. A few forms of other dialects that
// ECMA-262 rejects or reads as plain letters are read as their authors meant
// them: (?i) and its like, (?P<name>…), (?>…), (?#…), possessive quantifiers,
// \A, \z, \Z, \h, \pL and [[:alpha:]].
type parser struct {
	expr  string
	pos   int
	depth int
	flags flags

	groups     []*node          // by index; groups[0] stays nil
	count      int              // groups in the whole expression
	names      map[string][]int // indexes of the named groups of the whole expression
	folding    int
	properties map[string]runeSet
}

type flags struct{ fold, lines, dotAll bool }

func parse(expr string) (root *node, groups []*node, err error) {
	if len(expr) > maxExpression {
		return nil, nil, &syntaxError{maxExpression, "the expression is longer than 1 MiB"}
	}
	p := &parser{expr: expr, groups: []*node{nil}}
	p.scanGroups()
	root, err = p.alternation()
	if err != nil {
		return nil, nil, err
	}
	if p.pos < len(expr) {
		return nil, nil, p.fail(p.pos, "unmatched )")
	}
	root.measure(p.groups)
	return root, p.groups, nil
}

func (p *parser) fail(offset int, what string) error { return &syntaxError{offset, what} }

func (p *parser) more() bool { return p.pos < len(p.expr) }

func (p *parser) peek() byte {
	if p.pos < len(p.expr) {
		return p.expr[p.pos]
	}
	return 0
}

func (p *parser) next() rune {
	r, size := utf8.DecodeRuneInString(p.expr[p.pos:])
	p.pos += size
	return r
}

// take moves past prefix if it comes next.
func (p *parser) take(prefix string) bool {
	if !strings.HasPrefix(p.expr[p.pos:], prefix) {
		return false
	}
	p.pos += len(prefix)
	return true
}

// scanGroups counts and names the groups ahead of reading, as references may
// come before what they refer to.
func (p *parser) scanGroups() {
	class := false
	for i := 0; i < len(p.expr); i++ {
		switch p.expr[i] {
		case '\\':
			i++
		case '[':
			class = true
		case ']':
			class = false
		case '(':
			if class {
				continue
			}
			rest := p.expr[i+1:]
			if strings.HasPrefix(rest, "?P<") {
				rest = "?" + rest[2:]
			}
			switch {
			case strings.HasPrefix(rest, "?<=") || strings.HasPrefix(rest, "?<!"):
			case strings.HasPrefix(rest, "?<"):
				p.count++
				if name, _, ok := strings.Cut(rest[2:], ">"); ok {
					if p.names == nil {
						p.names = map[string][]int{}
					}
					p.names[name] = append(p.names[name], p.count)
				}
			case !strings.HasPrefix(rest, "?"):
				p.count++
			}
		}
	}
}

func (p *parser) alternation() (*node, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		return nil, p.fail(p.pos, fmt.Sprintf("groups nest deeper than %d", maxDepth))
	}
	var branches []*node
	for {
		branch, err := p.sequence()
		if err != nil {
			return nil, err
		}
		branches = append(branches, branch)
		if !p.take("|") {
			break
		}
	}
	if len(branches) == 1 {
		return branches[0], nil
	}
	return &node{kind: kindAlternate, subs: branches}, nil
}

func (p *parser) sequence() (*node, error) {
	var terms []*node
	for p.more() && p.peek() != '|' && p.peek() != ')' {
		start := p.pos
		term, err := p.term()
		if err != nil {
			return nil, err
		}
		if term == nil { // a comment or a flag
			continue
		}
		if term, err = p.quantified(term, start); err != nil {
			return nil, err
		}
		terms = append(terms, term)
	}
	switch len(terms) {
	case 0:
		return &node{kind: kindEmpty}, nil
	case 1:
		return terms[0], nil
	}
	return &node{kind: kindConcat, subs: terms}, nil
}

func (p *parser) term() (*node, error) {
	start := p.pos
	switch c := p.peek(); c {
	case '^':
		p.pos++
		if p.flags.lines {
			return &node{kind: kindLineBegin}, nil
		}
		return &node{kind: kindBegin}, nil
	case '$':
		p.pos++
		if p.flags.lines {
			return &node{kind: kindLineEnd}, nil
		}
		return &node{kind: kindEnd}, nil
	case '.':
		p.pos++
		if p.flags.dotAll {
			return setNode(anyRune), nil
		}
		return setNode(dotRune), nil
	case '(':
		return p.group()
	case '[':
		return p.class()
	case '\\':
		return p.escape()
	case '*', '+', '?':
		return nil, p.fail(start, fmt.Sprintf("nothing to repeat before %c", c))
	case '{':
		if _, _, ok := p.counts(); ok {
			return nil, p.fail(start, "nothing to repeat before {")
		}
	}
	return p.literal(p.next())
}

func setNode(s runeSet) *node { return &node{kind: kindSet, set: s} }

func (p *parser) literal(r rune) (*node, error) {
	s, err := p.folded(oneRune(r))
	return setNode(s), err
}

// folded adds the other cases to s under the i flag.
func (p *parser) folded(s runeSet) (runeSet, error) {
	if !p.flags.fold || len(s) == 0 {
		return s, nil
	}
	if p.folding += s.size(lastCased); p.folding > maxFolding {
		return nil, p.fail(p.pos, "too many large classes under (?i)")
	}
	return s.fold(), nil
}

// quantified reads the quantifier after a term, if there is one.
func (p *parser) quantified(term *node, start int) (*node, error) {
	low, high, ok := p.quantifier()
	if !ok {
		return term, nil
	}
	switch term.kind {
	case kindBegin, kindEnd, kindEndLine, kindLineBegin, kindLineEnd,
		kindBoundary, kindNoBoundary, kindBehind, kindNotBehind:
		return nil, p.fail(start, "nothing to repeat: "+p.expr[start:p.pos])
	}
	if low > high {
		return nil, p.fail(start, "the numbers of a {n,m} are out of order")
	}
	n := &node{kind: kindRepeat, subs: []*node{term}, low: low, high: high}
	switch {
	case p.take("?"):
		n.lazy = true
	case p.take("+"):
		return &node{kind: kindAtomic, subs: []*node{n}}, nil
	}
	return n, nil
}

func (p *parser) quantifier() (low, high int, ok bool) {
	switch p.peek() {
	case '*':
		p.pos++
		return 0, unbounded, true
	case '+':
		p.pos++
		return 1, unbounded, true
	case '?':
		p.pos++
		return 0, 1, true
	case '{':
		return p.counts()
	}
	return 0, 0, false
}

// counts reads {n}, {n,} and {n,m}. What only looks like it stays unread: it
// is plain text.
func (p *parser) counts() (low, high int, ok bool) {
	start := p.pos
	p.pos++
	if low, ok = p.number(); ok {
		high = low
		if p.take(",") {
			if high, ok = p.number(); !ok {
				high = unbounded
			}
		}
		if p.take("}") {
			return low, high, true
		}
	}
	p.pos = start
	return 0, 0, false
}

// number reads decimal digits; what is too large counts as unbounded.
func (p *parser) number() (n int, ok bool) {
	for ; p.peek() >= '0' && p.peek() <= '9'; p.pos++ {
		ok = true
		if n < unbounded/10 {
			n = n*10 + int(p.peek()-'0')
		} else {
			n = unbounded
		}
	}
	return n, ok
}
