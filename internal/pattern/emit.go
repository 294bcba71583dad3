package pattern

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// maxEmitted bounds the expression handed to an engine, in bytes.
const maxEmitted = 4 << 20

var errTooLarge = errors.New("the expression is too large once its classes are written out")

// dialect is an engine's way of writing.
type dialect struct {
	begin, end, endLine, lineBegin, lineEnd string
	rune                                    string // format of a code point by number
	any, none                               string
}

var (
	// linear is the dialect of package regexp, which takes time in proportion
	// to the text.
	linear = dialect{
		begin: `\A`, end: `\z`,
		rune: `\x{%X}`, any: `(?s:.)`, none: `[^\x00-\x{10FFFF}]`,
	}
	// backtracking is the dialect of regexp2 as ECMAScript with u.
	backtracking = dialect{
		begin: `^`, end: `$`, endLine: `(?=\n?$)`,
		lineBegin: `(?:^|(?<=[\n\r\u2028\u2029]))`,
		lineEnd:   `(?=[\n\r\u2028\u2029]|$)`,
		rune:      `\u{%X}`, any: `[^]`, none: `(?!)`,
	}
)

// isLinear reports whether package regexp can do what the tree asks for.
func isLinear(root *node) bool {
	ok := true
	root.walk(func(n *node) {
		switch n.kind {
		case kindAtomic, kindEndLine, kindLineBegin, kindLineEnd,
			kindAhead, kindNotAhead, kindBehind, kindNotBehind, kindReference:
			ok = false
		}
	})
	return ok
}

// emitter writes a tree for an engine. All groups get names of their own, and
// only those that are referred to are captured.
type emitter struct {
	strings.Builder
	dialect
	referred map[int]bool
	atomics  int
}

func emit(root *node, d dialect) (string, error) {
	e := &emitter{dialect: d, referred: map[int]bool{}}
	root.walk(func(n *node) {
		for _, ref := range n.refs {
			e.referred[ref] = true
		}
	})
	e.node(root)
	if e.Len() > maxEmitted {
		return "", errTooLarge
	}
	return e.String(), nil
}

func (e *emitter) node(n *node) {
	if e.Len() > maxEmitted {
		return
	}
	switch n.kind {
	case kindSet:
		e.set(n.set)
	case kindConcat:
		for _, sub := range n.subs {
			e.node(sub)
		}
	case kindAlternate:
		e.WriteString("(?:")
		for i, sub := range n.subs {
			if i > 0 {
				e.WriteByte('|')
			}
			e.node(sub)
		}
		e.WriteByte(')')
	case kindRepeat:
		e.repeat(n)
	case kindGroup:
		if e.referred[n.index] {
			e.wrap(fmt.Sprintf("(?<g%d>", n.index), n.subs[0])
		} else {
			e.wrap("(?:", n.subs[0])
		}
	case kindAtomic: // a look-ahead is not gone back into either
		e.atomics++
		name := fmt.Sprintf("a%d", e.atomics)
		e.wrap("(?=(?<"+name+">", n.subs[0])
		e.WriteString(`)\k<` + name + ">")
	case kindReference:
		e.reference(n)
	case kindAhead:
		e.wrap("(?=", n.subs[0])
	case kindNotAhead:
		e.wrap("(?!", n.subs[0])
	case kindBehind:
		e.wrap("(?<=", n.subs[0])
	case kindNotBehind:
		e.wrap("(?<!", n.subs[0])
	default:
		e.WriteString(e.assertion(n.kind))
	}
}

func (e *emitter) assertion(k kind) string {
	switch k {
	case kindBegin:
		return e.begin
	case kindEnd:
		return e.end
	case kindEndLine:
		return e.endLine
	case kindLineBegin:
		return e.lineBegin
	case kindLineEnd:
		return e.lineEnd
	case kindBoundary:
		return `\b`
	case kindNoBoundary:
		return `\B`
	}
	return "(?:)"
}

func (e *emitter) wrap(open string, n *node) {
	e.WriteString(open)
	e.node(n)
	e.WriteByte(')')
}

func (e *emitter) repeat(n *node) {
	if sub := n.subs[0]; sub.kind == kindSet {
		e.set(sub.set)
	} else {
		e.wrap("(?:", sub)
	}
	switch {
	case n.low == 0 && n.high == unbounded:
		e.WriteByte('*')
	case n.low == 1 && n.high == unbounded:
		e.WriteByte('+')
	case n.low == 0 && n.high == 1:
		e.WriteByte('?')
	default:
		e.WriteString("{" + strconv.Itoa(n.low))
		if n.high != n.low {
			e.WriteByte(',')
			if n.high != unbounded {
				e.WriteString(strconv.Itoa(n.high))
			}
		}
		e.WriteByte('}')
	}
	if n.lazy {
		e.WriteByte('?')
	}
}

// reference writes one reference for each group of the name: those that took
// no part match the empty string.
func (e *emitter) reference(n *node) {
	if n.fold {
		e.WriteString("(?i:")
	}
	for _, ref := range n.refs {
		fmt.Fprintf(e, `\k<g%d>`, ref)
	}
	if n.fold {
		e.WriteByte(')')
	}
}

func (e *emitter) set(s runeSet) {
	s = s.scalars()
	switch {
	case len(s) == 0:
		e.WriteString(e.none)
		return
	case len(s) == 1 && s[0].lo == s[0].hi:
		e.rune(s[0].lo)
		return
	case s.containsAll(anyRune.scalars()):
		e.WriteString(e.any)
		return
	}
	e.WriteByte('[')
	for _, r := range s {
		e.rune(r.lo)
		if r.hi > r.lo {
			e.WriteByte('-')
			e.rune(r.hi)
		}
	}
	e.WriteByte(']')
}

func (e *emitter) rune(r rune) {
	switch {
	case '0' <= r && r <= '9', 'A' <= r && r <= 'Z', 'a' <= r && r <= 'z':
		e.WriteRune(r)
	default:
		fmt.Fprintf(e, e.dialect.rune, r)
	}
}
