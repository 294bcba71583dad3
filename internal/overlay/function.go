package overlay

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"sync/atomic"

	"github.com/theory/jsonpath/registry"
	"github.com/theory/jsonpath/spec"
)

// functions are those of RFC 9535, 2.4. Two of them are replaced: the
// library's match and search fail on a value that is not there, and compile
// their expression anew each time.
func functions() *registry.Registry {
	reg := registry.New()
	replace(reg, "match", `\A(?:`, `)\z`)
	replace(reg, "search", "(?:", ")")
	return reg
}

func replace(reg *registry.Registry, name, before, after string) {
	known := reg.Get(name)
	original := *known
	x := &expressions{before: before, after: after}
	*known = *spec.Extension(name, spec.FuncLogical, func(args []spec.FuncExprArg) error {
		if err := original.Validate(args); err != nil {
			return err
		}
		if lit, ok := args[1].(*spec.LiteralArg); ok {
			if pattern, ok := lit.Value().(string); ok {
				_, err := compile(before, pattern, after)
				return err
			}
		}
		return nil
	}, x.match)
}

// expressions keeps the regular expression that was used last, which mostly is
// the only one.
type expressions struct {
	before, after string
	last          atomic.Pointer[expression]
}

type expression struct {
	pattern string
	re      *regexp.Regexp // nil where the pattern is none
}

func (x *expressions) match(args []spec.PathValue) spec.PathValue {
	text, okText := stringOf(args[0])
	pattern, okPattern := stringOf(args[1])
	if !okText || !okPattern {
		return spec.LogicalFalse
	}
	e := x.last.Load()
	if e == nil || e.pattern != pattern {
		re, err := compile(x.before, pattern, x.after)
		if err != nil {
			re = nil // RFC 9535, 2.4.6: what is no expression matches nothing
		}
		e = &expression{pattern, re}
		x.last.Store(e)
	}
	return spec.Logical(e.re != nil && e.re.MatchString(text))
}

func stringOf(arg spec.PathValue) (string, bool) {
	v := spec.ValueFrom(arg)
	if v == nil {
		return "", false
	}
	s, ok := v.Value().(string)
	return s, ok
}

// Bounds of a regular expression: its length in bytes, and the steps that it
// is compiled to.
const (
	maxPattern      = 1000
	maxPatternSteps = 10_000
)

func compile(before, pattern, after string) (*regexp.Regexp, error) {
	if len(pattern) > maxPattern {
		return nil, fmt.Errorf("the regular expression is longer than %d bytes", maxPattern)
	}
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, err
	}
	if steps := stepsOf(parsed); steps > maxPatternSteps {
		return nil, errors.New("the regular expression is too large")
	}
	return regexp.Compile(before + pattern + after)
}

// stepsOf estimates the size of a compiled expression.
func stepsOf(re *syntax.Regexp) int {
	n := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		n = min(n+stepsOf(sub), maxPatternSteps+1)
	}
	if re.Op == syntax.OpRepeat {
		n *= max(re.Min, re.Max, 1)
	}
	return min(n, maxPatternSteps+1)
}
