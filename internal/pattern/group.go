package pattern

import (
	"fmt"
	"strings"
)

// group reads what starts with a parenthesis. It returns nil for a comment and
// for flags that hold for the rest of the group around them.
func (p *parser) group() (*node, error) {
	start := p.pos
	p.pos++
	outer := p.flags
	n := &node{}
	switch {
	case p.take("?:"):
		n = nil
	case p.take("?="):
		n.kind = kindAhead
	case p.take("?!"):
		n.kind = kindNotAhead
	case p.take("?<="):
		n.kind = kindBehind
	case p.take("?<!"):
		n.kind = kindNotBehind
	case p.take("?>"):
		n.kind = kindAtomic
	case p.take("?#"):
		end := strings.IndexByte(p.expr[p.pos:], ')')
		if end < 0 {
			return nil, p.fail(start, "comment without its )")
		}
		p.pos += end + 1
		return nil, nil
	case p.take("?P="):
		name, err := p.groupName(start, ')')
		if err != nil {
			return nil, err
		}
		return p.namedReference(start, name)
	case p.take("?P<"), p.take("?<"):
		if _, err := p.groupName(start, '>'); err != nil {
			return nil, err
		}
		n.kind = kindGroup
	case p.take("?"):
		scoped, err := p.inlineFlags(start)
		if err != nil {
			return nil, err
		}
		if !scoped {
			return nil, nil
		}
		n = nil
	default:
		n.kind = kindGroup
	}
	if n != nil && n.kind == kindGroup {
		n.index = len(p.groups)
		p.groups = append(p.groups, n)
	}
	body, err := p.alternation()
	if err != nil {
		return nil, err
	}
	if !p.take(")") {
		return nil, p.fail(start, "group without its )")
	}
	p.flags = outer
	if n == nil {
		return group(body), nil
	}
	n.subs = []*node{body}
	return n, nil
}

// group keeps a body apart from the assertions that may not be repeated: a
// group of them may.
func group(body *node) *node {
	switch body.kind {
	case kindSet, kindConcat, kindAlternate, kindGroup, kindRepeat:
		return body
	}
	return &node{kind: kindConcat, subs: []*node{body}}
}

func (p *parser) groupName(start int, end byte) (string, error) {
	size := strings.IndexByte(p.expr[p.pos:], end)
	if size <= 0 {
		return "", p.fail(start, "group name missing")
	}
	name := p.expr[p.pos : p.pos+size]
	for i, r := range name {
		letter := r == '_' || r == '$' || r == '\\' || r >= 0x80 || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') && r != '{' && r != '}' {
			return "", p.fail(start, fmt.Sprintf("%q is not a group name", name))
		}
	}
	p.pos += size + 1
	return name, nil
}

func (p *parser) namedReference(start int, name string) (*node, error) {
	refs := p.names[name]
	if len(refs) == 0 {
		return nil, p.fail(start, fmt.Sprintf("no group is named %q", name))
	}
	return &node{kind: kindReference, refs: refs, fold: p.flags.fold}, nil
}

// inlineFlags reads the flags of (?i) and (?i:…), the second of which is
// scoped: the group's body follows.
func (p *parser) inlineFlags(start int) (scoped bool, err error) {
	set := p.flags
	on := true
	for p.more() {
		switch c := p.next(); c {
		case '-':
			on = false
		case 'i':
			set.fold = on
		case 'm':
			set.lines = on
		case 's':
			set.dotAll = on
		case 'u', 'U': // Java, PCRE: what we do anyway
		case ':', ')':
			p.flags = set
			return c == ':', nil
		default:
			return false, p.fail(start, fmt.Sprintf("(?%c is not known", c))
		}
	}
	return false, p.fail(start, "group without its )")
}
