// Package pattern matches and makes strings by the regular expressions of
// JSON Schema, which are those of ECMA-262. Expressions are read into a tree
// of their own; what the tree asks for is done by package regexp if it can,
// and by a backtracking engine with a time limit if it cannot.
package pattern

import (
	"errors"
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/dlclark/regexp2/v2"
)

// matchTimeout bounds a match with the backtracking engine.
const matchTimeout = 100 * time.Millisecond

// maxStack bounds what the backtracking engine remembers, in integers. A text
// of 100 kB under a repeated group takes about a million.
const maxStack = 1 << 21

// Pattern is a compiled expression. It is safe for concurrent use.
type Pattern struct {
	expr string
	root *node
	// captures is the room Generate needs for groups that are referred to.
	captures int
	// fast takes time in proportion to the text and to the size of the
	// expression. It is nil where it cannot do what is asked for.
	fast *regexp.Regexp
	// slow makes the backtracking engine, once.
	slow func() (*regexp2.Regexp, error)
}

// maxFastWork bounds, in states of the expression times bytes of the text,
// what fast is given: some tenths of a second at worst. Beyond that, the engine
// with a time limit is the safer one.
const maxFastWork = 1 << 24

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
	p.slow = sync.OnceValues(p.compileSlow)
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
	_, err := p.slow()
	return err
}

func (p *Pattern) compileSlow() (*regexp2.Regexp, error) {
	text, err := emit(p.root, backtracking)
	if err != nil {
		return nil, err
	}
	re, err := regexp2.Compile(text, regexp2.ECMAScript|regexp2.Unicode,
		regexp2.OptionMaxBacktrackingStackSize(maxStack))
	if err != nil {
		return nil, err
	}
	re.MatchTimeout = matchTimeout
	return re, nil
}

// isFast reports whether fast can be trusted with a text of some bytes.
func (p *Pattern) isFast(size int) bool {
	return p.fast != nil && p.root.weight <= maxFastWork/(size+1)
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
	if p.isFast(len(s)) {
		return p.fast.MatchString(s), nil
	}
	re, err := p.slow()
	if err != nil {
		return false, fmt.Errorf("pattern %q: %w", abridge(p.expr), err)
	}
	ok, err := re.MatchString(s)
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
