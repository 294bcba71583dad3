package document

import (
	"math/big"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/mimus-dev/mimus/internal/definition"
)

const quotedStyle = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle

// scalar reads a scalar node into v, whose Pos is set.
func (t *yamlTree) scalar(n *yaml.Node, v *definition.Value) {
	if n.Style&yaml.TaggedStyle != 0 {
		t.tagged(n, v)
		return
	}
	if n.Style&quotedStyle == 0 {
		if t.plain(n, v) {
			return
		}
	}
	v.Kind, v.Text = definition.String, t.share(n, int(v.Pos))
}

// tagged reads a scalar with an explicit tag. A tag that the text does not fit
// is ignored with a warning.
func (t *yamlTree) tagged(n *yaml.Node, v *definition.Value) {
	var want definition.Kind
	switch n.Tag {
	case "!!int", "!!float":
		want = definition.Number
	case "!!bool":
		want = definition.Bool
	case "!!null":
		want = definition.Null
	case "!!str", "!!binary", "!!timestamp", "!!merge":
		want = definition.String
	default:
		t.unknownTag(n, v.Pos)
		want = definition.String
	}
	if want != definition.String {
		if t.plain(n, v) && v.Kind == want {
			return
		}
		t.warn(v.Pos, "yaml-tag", "the text does not fit its tag "+n.Tag+" and is read as a string", "")
	}
	v.Kind, v.Text = definition.String, t.share(n, int(v.Pos))
}

// checkTag warns of a tag of a collection other than the one it has anyway.
func (t *yamlTree) checkTag(n *yaml.Node, pos uint32, own string) {
	if n.Style&yaml.TaggedStyle != 0 && n.Tag != own {
		t.unknownTag(n, pos)
	}
}

// unknownTag warns once of each tag.
func (t *yamlTree) unknownTag(n *yaml.Node, pos uint32) {
	if t.toldTags[n.Tag] || len(t.toldTags) >= maxDuplicates {
		return
	}
	if t.toldTags == nil {
		t.toldTags = make(map[string]bool)
	}
	t.toldTags[n.Tag] = true
	t.warn(pos, "yaml-tag", "the tag "+n.Tag+" is not known and ignored", "")
}

// plain reads a plain scalar by the core schema (YAML 1.2, 10.3.2); it returns
// false for a string.
func (t *yamlTree) plain(n *yaml.Node, v *definition.Value) bool {
	s := n.Value
	switch s {
	case "", "~", "null", "Null", "NULL":
		v.Kind, v.Text = definition.Null, ""
		return true
	case "true", "True", "TRUE":
		v.Kind, v.Text = definition.Bool, "true"
		return true
	case "false", "False", "FALSE":
		v.Kind, v.Text = definition.Bool, "false"
		return true
	}
	if c := s[0]; c-'0' > 9 && c != '-' && c != '+' && c != '.' {
		return false
	}
	if literal, ok := jsonNumber(s); ok {
		v.Kind = definition.Number
		if literal == s {
			literal = t.share(n, int(v.Pos))
		}
		v.Text = literal
		return true
	}
	if isNoNumber(s) {
		t.warn(v.Pos, "yaml-number", s+" has no counterpart in JSON and is read as a string", "quote it if it is meant as text")
	}
	return false
}

// isNoNumber reports whether s is an infinity or NaN of the core schema.
func isNoNumber(s string) bool {
	switch s {
	case ".nan", ".NaN", ".NAN":
		return true
	}
	s = strings.TrimLeft(s[:1], "+-") + s[1:]
	return s == ".inf" || s == ".Inf" || s == ".INF"
}

// maxRadixDigits bounds the length of hexadecimal and octal numbers; longer
// ones are strings.
const maxRadixDigits = 256

// jsonNumber makes a JSON literal of an integer or float of the core schema.
func jsonNumber(s string) (literal string, ok bool) {
	if len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'o') {
		return radixNumber(s)
	}
	sign, rest := "", s
	if rest[0] == '-' || rest[0] == '+' {
		if rest[0] == '-' {
			sign = "-"
		}
		rest = rest[1:]
	}
	i := digits(rest, 0)
	whole, fraction := rest[:i], ""
	rest = rest[i:]
	if rest != "" && rest[0] == '.' {
		i = digits(rest, 1)
		fraction, rest = rest[1:i], rest[i:]
	}
	if whole == "" && fraction == "" {
		return "", false
	}
	exponent := rest
	if rest != "" {
		if rest[0] != 'e' && rest[0] != 'E' {
			return "", false
		}
		i = 1
		if i < len(rest) && (rest[i] == '+' || rest[i] == '-') {
			i++
		}
		if end := digits(rest, i); end == i || end != len(rest) {
			return "", false
		}
	}
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	literal = sign + whole + fraction + exponent
	if literal == s {
		return s, true
	}
	return literal, true
}

// radixNumber reads 0x1F and 0o17.
func radixNumber(s string) (literal string, ok bool) {
	base := 16
	if s[1] == 'o' {
		base = 8
	}
	if len(s)-2 > maxRadixDigits || s[2] == '-' || s[2] == '+' || strings.Contains(s, "_") {
		return "", false
	}
	n, ok := new(big.Int).SetString(s[2:], base)
	if !ok {
		return "", false
	}
	return n.String(), true
}
