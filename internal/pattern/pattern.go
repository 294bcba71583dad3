// Package pattern matches and makes strings by the regular expressions of
// JSON Schema, which are those of ECMA-262. Expressions are read into a tree
// of their own; what the tree asks for is done by package regexp if it can,
// and by a backtracking engine with a time limit if it cannot.
package pattern

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/dlclark/regexp2/v2"
)

// matchTimeout bounds a match with the backtracking engine.
const matchTimeout = 100 * time.Millisecond

// Pattern is a compiled expression. It is safe for concurrent use.
type Pattern struct {
	expr string
	root *node
	// captures is the room Generate needs for groups that are referred to.
	captures int
	// One of the two is set. fast takes time in proportion to the text.
	fast *regexp.Regexp
	slow *regexp2.Regexp
}

// Compile reads an expression as ECMA-262 does with the u flag or, where that
// would be an error, without it; a few forms of other dialects are accepted
// too (see parser). An error tells the offset, in bytes, and what is wrong
// there. Code points are matched throughout, never halves of surrogate pairs.
func Compile(expr string) (*Pattern, error) {
	root, groups, err := parse(expr)
	if err != nil {
		return nil, fmt.Errorf("pattern %q: %w", abridge(expr), err)
	}
	p := &Pattern{expr: expr, root: root}
	if err := p.compile(); err != nil {
		return nil, fmt.Errorf("pattern %q: %w", abridge(expr), err)
	}
	root.walk(func(n *node) {
		if n.kind == kindReference {
			p.captures = len(groups)
		}
	})
	root.prepareAlphabets()
	return p, nil
}

func (p *Pattern) compile() error {
	if isLinear(p.root) {
		text, err := emit(p.root, linear)
		if err != nil {
			return err
		}
		// Counts beyond its limit are what regexp refuses.
		if p.fast, err = regexp.Compile(text); err == nil {
			return nil
		}
	}
	text, err := emit(p.root, backtracking)
	if err != nil {
		return err
	}
	p.slow, err = regexp2.Compile(text, regexp2.ECMAScript|regexp2.Unicode)
	if err != nil {
		return err
	}
	p.slow.MatchTimeout = matchTimeout
	return nil
}

func abridge(expr string) string {
	if len(expr) > 200 {
		return expr[:200] + "…"
	}
	return expr
}

// Match reports whether some part of s matches, as JSON Schema demands
// (Validation 2020-12, 6.3.3). A match that is given up counts as none.
func (p *Pattern) Match(s string) bool {
	ok, err := p.MatchErr(s)
	return ok && err == nil
}

// MatchErr is Match, with an error if matching was given up because it took
// more than 100 ms or too much memory.
func (p *Pattern) MatchErr(s string) (bool, error) {
	if p.fast != nil {
		return p.fast.MatchString(s), nil
	}
	ok, err := p.slow.MatchString(s)
	switch {
	case err == nil:
		return ok, nil
	case errors.Is(err, regexp2.ErrBacktrackingStackLimit):
		return false, fmt.Errorf("pattern %q: matching needs too much memory", abridge(p.expr))
	}
	return false, fmt.Errorf("pattern %q: matching takes longer than %v", abridge(p.expr), matchTimeout)
}

// String returns the expression as it was given to Compile.
func (p *Pattern) String() string { return p.expr }
