package document

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/mimus-dev/mimus/internal/definition"
)

// AppendYAML appends a value as a YAML document: texts of several lines as
// literal blocks, quotes around what some reader could take for no text.
func AppendYAML(dst []byte, v *definition.Value) ([]byte, error) {
	buf := bytes.NewBuffer(dst)
	enc := yaml.NewEncoder(buf)
	enc.SetIndent(2)
	if err := enc.Encode(yamlNode(v)); err != nil {
		return dst, err
	}
	if err := enc.Close(); err != nil {
		return dst, err
	}
	return buf.Bytes(), nil
}

func yamlNode(v *definition.Value) *yaml.Node {
	switch v.Kind {
	case definition.String:
		return yamlText(v.Text)
	case definition.Number, definition.Bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: v.Text}
	case definition.Array:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for i := range v.Kids {
			n.Content = append(n.Content, yamlNode(&v.Kids[i]))
		}
		if len(v.Kids) == 0 {
			n.Style = yaml.FlowStyle
		}
		return n
	case definition.Object:
		n := &yaml.Node{Kind: yaml.MappingNode}
		seen := make(map[string]bool, len(v.Kids))
		for i := range v.Kids {
			key := yamlText(v.Kids[i].Key)
			if seen[key.Value] {
				continue
			}
			seen[key.Value] = true
			if key.Style == yaml.LiteralStyle {
				key.Style = yaml.DoubleQuotedStyle
			}
			n.Content = append(n.Content, key, yamlNode(&v.Kids[i]))
		}
		if len(v.Kids) == 0 {
			n.Style = yaml.FlowStyle
		}
		return n
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: "null"}
}

// yamlText gives a text in the plainest style that keeps it. Bytes that are no
// UTF-8 become U+FFFD.
func yamlText(s string) *yaml.Node {
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Value: s}
	switch lines, printable := yamlShape(s); {
	case yamlPlain(s):
	case !printable:
		n.Style = yaml.DoubleQuotedStyle
	case lines:
		n.Style = yaml.LiteralStyle
	default:
		n.Style = yaml.SingleQuotedStyle
	}
	return n
}

// yamlShape reports whether a text has several lines, and whether it can stand
// without escapes. Space at the start of a block or the end of one of its
// lines is what editors and older readers get wrong.
func yamlShape(s string) (lines, printable bool) {
	lines = strings.Contains(s, "\n")
	if lines && (s[0] == ' ' || s[0] == '\t' || s[0] == '\n') {
		return lines, false
	}
	for _, r := range s {
		switch {
		case r == '\n', r == '\t' && lines:
		case r < ' ', r == 0x7F, r == 0xFEFF, r == 0x85, r == 0x2028, r == 0x2029, r == utf8.RuneError,
			!unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r):
			return lines, false
		}
	}
	return lines, true
}

// yamlPlain reports whether a text needs no quotes whoever reads it: letters
// first, and nothing after them that has a meaning.
func yamlPlain(s string) bool {
	if s == "" || s[len(s)-1] == ' ' || s[len(s)-1] == ':' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		switch {
		case letter, i == 0 && (c == '/' || c == '$'):
		case i > 0 && (c >= '0' && c <= '9' || strings.IndexByte("_-./$+@()=;", c) >= 0):
		case i > 0 && c == ' ' && s[i-1] != ':':
		case i > 0 && c == ':' && s[i+1] != ' ':
		default:
			return false
		}
	}
	switch strings.ToLower(s) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf":
		return false
	}
	return true
}
