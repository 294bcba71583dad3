package pattern

import (
	"strings"
	"unicode"

	"github.com/dlclark/regexp2/v2/syntax"
)

// maxProperties bounds the properties of one expression that are read code
// point by code point, a few milliseconds each.
const maxProperties = 32

// propertySet is the set of \p{name}. Beyond the names of ECMA-262 (22.2.1.1)
// it knows the bare names of scripts, as RE2 and PCRE do, and the Is… and
// POSIX names of Java.
func (p *parser) propertySet(name string) (runeSet, bool) {
	if s, ok := p.properties[name]; ok {
		return s, true
	}
	s, ok := p.lookUpProperty(name)
	if ok {
		if p.properties == nil {
			p.properties = map[string]runeSet{}
		}
		p.properties[name] = s
	}
	return s, ok
}

func (p *parser) lookUpProperty(name string) (runeSet, bool) {
	if key, value, ok := strings.Cut(name, "="); ok {
		switch key {
		case "gc", "General_Category":
			if s, ok := categorySet(value); ok {
				return s, true
			}
		case "sc", "Script":
			if t, ok := unicode.Scripts[value]; ok {
				return tableSet(t), true
			}
		}
	}
	if s, ok := categorySet(name); ok {
		return s, true
	}
	if len(p.properties) < maxProperties {
		if s, ok := ecmaProperty(name); ok {
			return s, true
		}
	}
	if t, ok := unicode.Scripts[name]; ok {
		return tableSet(t), true
	}
	if posix, ok := javaClasses[name]; ok {
		return posixSet(posix)
	}
	if rest, ok := strings.CutPrefix(name, "Is"); ok {
		return p.lookUpProperty(rest)
	}
	return nil, false
}

func categorySet(name string) (runeSet, bool) {
	if short, ok := unicode.CategoryAliases[name]; ok {
		name = short
	}
	if t, ok := unicode.Categories[name]; ok {
		return tableSet(t), true
	}
	return nil, false
}

// java.util.regex.Pattern: POSIX character classes.
var javaClasses = map[string]string{
	"Lower": "lower", "Upper": "upper", "Alpha": "alpha", "Digit": "digit",
	"Alnum": "alnum", "Punct": "punct", "Graph": "graph", "Print": "print",
	"Blank": "blank", "Cntrl": "cntrl", "XDigit": "xdigit", "Space": "space",
}

// ecmaProperty reads the code points out of regexp2's tables, which hold what
// the standard library's do not: the emoji, the short names of scripts.
func ecmaProperty(name string) (runeSet, bool) {
	for i := 0; i < len(name); i++ {
		if c := name[i]; !(c == '_' || c == '=' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z') {
			return nil, false
		}
	}
	tree, err := syntax.Parse(`\p{`+name+`}`, syntax.ParseOptions{RegexOptions: syntax.ECMAScript | syntax.Unicode})
	if err != nil || len(tree.Root.Children) != 1 || tree.Root.Children[0].Set == nil {
		return nil, false
	}
	set := tree.Root.Children[0].Set
	var out []runeRange
	for c := rune(0); c <= unicode.MaxRune; c++ {
		if !set.CharIn(c) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].hi == c-1 {
			out[n-1].hi = c
		} else {
			out = append(out, runeRange{c, c})
		}
	}
	return out, true
}
