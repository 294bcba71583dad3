package document

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/mimus-dev/mimus/internal/definition"
)

// yamlTree makes values of the nodes of the YAML parser. Methods that return
// false have set err.
type yamlTree struct {
	text  string
	name  string
	file  uint16
	lim   Limits
	clock clock

	lines []uint32
	ascii bool
	line  int // place where the last offset was found: its line,
	col   int // column
	at    int // and offset

	made     int // values so far
	written  int // nodes in the file, counted at the first alias
	expanded int // values that aliases brought
	anchors  map[*yaml.Node]*anchor
	stack    []definition.Value
	slab     slab
	seen     map[string]int
	dups     *duplicates
	warnings []Diagnostic
	toldTags map[string]bool
	place    *File // of warnings
	root     *yaml.Node
	err      *SyntaxError
}

// anchor is a node that aliases may name.
type anchor struct {
	value definition.Value
	size  int  // in values
	done  bool // false while the node is being read
}

func newYAMLTree(text, name string, file uint16, lim Limits, clk clock) *yamlTree {
	return &yamlTree{
		text: text, name: name, file: file, lim: lim, clock: clk,
		lines: yamlLineStarts(text), ascii: isASCII(text),
		slab: slab{size: min(max(len(text)/32, 4), maxSlab)},
		dups: &duplicates{},
	}
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// value reads a node into v, whose Key it leaves alone.
func (t *yamlTree) value(n *yaml.Node, v *definition.Value, depth int) bool {
	if t.root == nil {
		t.root = n
	}
	v.Pos, v.File = t.offset(n), t.file
	if depth > t.lim.Depth {
		return t.fail(v.Pos, codeLimitDepth, "arrays and objects nest too deep", "nest less deep: 1,000 levels are read")
	}
	if n.Kind == yaml.AliasNode {
		return t.alias(n, v, depth)
	}
	if !t.count(1, v.Pos) {
		return false
	}
	if n.Anchor == "" {
		return t.content(n, v, depth)
	}
	if t.anchors == nil {
		t.anchors = make(map[*yaml.Node]*anchor)
	}
	a := &anchor{}
	t.anchors[n] = a
	before := t.made
	if !t.content(n, v, depth) {
		return false
	}
	a.value, a.size, a.done = *v, 1+t.made-before, true
	a.value.Key = ""
	return true
}

func (t *yamlTree) content(n *yaml.Node, v *definition.Value, depth int) bool {
	switch n.Kind {
	case yaml.ScalarNode:
		t.scalar(n, v)
		return true
	case yaml.SequenceNode:
		t.checkTag(n, v.Pos, "!!seq")
		v.Kind = definition.Array
		base := len(t.stack)
		for _, c := range n.Content {
			var kid definition.Value
			if !t.value(c, &kid, depth+1) {
				return false
			}
			t.stack = append(t.stack, kid)
		}
		v.Kids = t.pop(base)
		return true
	case yaml.MappingNode:
		t.checkTag(n, v.Pos, "!!map")
		v.Kind = definition.Object
		return t.mapping(n, v, depth)
	}
	return t.fail(v.Pos, codeYAML, "the node is of an unknown kind", "")
}

// pop takes what was pushed since base off the stack.
func (t *yamlTree) pop(base int) []definition.Value {
	kids := t.slab.keep(t.stack[base:])
	clear(t.stack[base:])
	t.stack = t.stack[:base]
	return kids
}

func (t *yamlTree) mapping(n *yaml.Node, v *definition.Value, depth int) bool {
	base := len(t.stack)
	var merges []merge
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		var kid definition.Value
		if isMerge(key) {
			if !t.value(val, &kid, depth+1) {
				return false
			}
			merges = append(merges, merge{at: len(t.stack) - base, from: kid})
			continue
		}
		if !t.key(key, &kid, depth) || !t.value(val, &kid, depth+1) {
			return false
		}
		t.stack = append(t.stack, kid)
	}
	members := t.stack[base:]
	if len(members) <= fewMembers {
		members = uniqueFew(members, t.dups)
	} else {
		if t.seen == nil {
			t.seen = make(map[string]int, len(members))
		}
		members = uniqueMany(members, t.seen, t.dups)
	}
	if merges == nil {
		v.Kids = t.slab.keep(members)
	} else if !t.merged(members, merges, v) {
		return false
	}
	clear(t.stack[base:])
	t.stack = t.stack[:base]
	return true
}

// key reads the name of a member.
func (t *yamlTree) key(n *yaml.Node, v *definition.Value, depth int) bool {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.ScalarNode {
		return t.fail(t.offset(n), codeYAML, "a key must be a string, not a sequence or mapping", "quote it if it is meant as text")
	}
	if n.Anchor != "" && t.anchors[n] == nil {
		var scalar definition.Value
		if !t.value(n, &scalar, depth) {
			return false
		}
	}
	v.Key = t.share(n, int(t.offset(n)))
	return true
}

// merge is the value of a merge key and the number of members before it.
type merge struct {
	at   int
	from definition.Value
}

func isMerge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Tag == "!!merge" && key.Value == "<<"
}

// merged makes the members of a mapping with merge keys: its own win over
// merged ones, earlier merged ones over later (yaml.org/type/merge).
func (t *yamlTree) merged(members []definition.Value, merges []merge, v *definition.Value) bool {
	taken := make(map[string]bool, len(members))
	for i := range members {
		taken[members[i].Key] = true
	}
	var all []definition.Value
	next := 0
	for _, m := range merges {
		for next < len(members) && next < m.at {
			all = append(all, members[next])
			next++
		}
		sources := []definition.Value{m.from}
		if m.from.Kind == definition.Array {
			sources = m.from.Kids
		}
		for _, source := range sources {
			if source.Kind != definition.Object {
				return t.fail(m.from.Pos, codeYAML, "the value of a merge key must be a mapping or a sequence of mappings, not "+source.Kind.String(), "")
			}
			for _, kid := range source.Kids {
				if !taken[kid.Key] {
					taken[kid.Key] = true
					all = append(all, kid)
				}
			}
		}
	}
	v.Kids = t.slab.keep(append(all, members[next:]...))
	return true
}

// alias reads a copy of what the alias names.
func (t *yamlTree) alias(n *yaml.Node, v *definition.Value, depth int) bool {
	a := t.anchors[n.Alias]
	if a == nil || !a.done {
		return t.fail(v.Pos, codeYAML, "the anchor "+n.Value+" contains itself", "name what repeats in the document's own way of referring")
	}
	if t.written == 0 {
		t.written = countNodes(t.root)
	}
	t.expanded += a.size
	if t.expanded > max(aliasFloor, t.lim.AliasFactor*t.written) {
		return t.fail(v.Pos, codeLimitAliases, "the aliases of the document expand to too many values", "write out less by aliases or raise the limit of their expansion")
	}
	if !t.count(a.size, v.Pos) {
		return false
	}
	pos := v.Pos
	key := v.Key
	if !t.clone(&a.value, v, depth) {
		return false
	}
	v.Pos, v.Key = pos, key
	return true
}

// clone copies src with all that is below it.
func (t *yamlTree) clone(src, dst *definition.Value, depth int) bool {
	if depth > t.lim.Depth {
		return t.fail(src.Pos, codeLimitDepth, "arrays and objects nest too deep", "nest less deep: 1,000 levels are read")
	}
	if t.clock.expired() {
		return t.fail(src.Pos, codeLimitTime, "reading the document takes too long", "raise the limit of time")
	}
	*dst = *src
	dst.Kids = t.slab.cut(len(src.Kids))
	for i := range src.Kids {
		if !t.clone(&src.Kids[i], &dst.Kids[i], depth+1) {
			return false
		}
	}
	return true
}

// count adds to the number of values.
func (t *yamlTree) count(n int, pos uint32) bool {
	t.made += n
	if t.made > t.lim.Nodes {
		return t.fail(pos, codeLimitNodes, "the document has too many values", "raise the limit of nodes")
	}
	if t.clock.expired() {
		return t.fail(pos, codeLimitTime, "reading the document takes too long", "raise the limit of time")
	}
	return true
}

func countNodes(n *yaml.Node) int {
	count := 1
	for _, c := range n.Content {
		count += countNodes(c)
	}
	return count
}

// offset gives the byte offset of a node. Nodes come nearly always in the
// order of the text, so that a long line is walked once.
func (t *yamlTree) offset(n *yaml.Node) uint32 {
	line := min(max(n.Line, 1), len(t.lines))
	start := int(t.lines[line-1])
	if t.ascii {
		return uint32(min(start+n.Column-1, len(t.text)))
	}
	if line != t.line || n.Column < t.col {
		t.line, t.col, t.at = line, 1, start
	}
	for t.col < n.Column && t.at < len(t.text) {
		_, size := utf8.DecodeRuneInString(t.text[t.at:])
		t.at += size
		t.col++
	}
	return uint32(t.at)
}

// lineCol gives the place of an offset for people.
func (t *yamlTree) lineCol(offset uint32) (line, col int) {
	if t.place == nil {
		t.place = &File{Text: t.text}
	}
	return t.place.Position(offset)
}

// share gives the scalar's text as a part of the document where it stands
// there as it is, so that the copy of the parser can go.
func (t *yamlTree) share(n *yaml.Node, at int) string {
	s := n.Value
	if s == "" {
		return ""
	}
	rest := t.text[at:]
	if strings.HasPrefix(rest, s) {
		return rest[:len(s)]
	}
	if rest != "" && (rest[0] == '"' || rest[0] == '\'') && strings.HasPrefix(rest[1:], s) {
		return rest[1 : 1+len(s)]
	}
	return s
}

func (t *yamlTree) fail(pos uint32, code, message, hint string) bool {
	t.err = newSyntaxError(t.text, int(pos), code, message, hint)
	return false
}

func (t *yamlTree) warn(pos uint32, code, message, hint string) {
	if len(t.warnings) >= maxDuplicates {
		return
	}
	w := Diagnostic{Severity: Warning, Code: code, File: t.name, Message: message, Hint: hint}
	w.Line, w.Col = t.lineCol(pos)
	t.warnings = append(t.warnings, w)
}
