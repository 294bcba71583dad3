package document

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/mimus-dev/mimus/internal/definition"
)

// ParseYAML reads the first document of a YAML stream with the meaning of the
// YAML 1.2 core schema (10.3): yes, on and dates are strings. Numbers become
// JSON literals (0x1F is 31, .5 is 0.5); infinities and NaN, which JSON lacks,
// become strings with a warning. Keys that are numbers, booleans or null take
// their source text. Aliases and merge keys (<<) are expanded; a value that an
// alias brought has the position of the alias, what is below it that of the
// anchor. The error is a *[SyntaxError].
func ParseYAML(text string, file uint16, lim Limits) (definition.Value, []Diagnostic, error) {
	return parseYAML(context.Background(), text, "", file, lim.withDefaults())
}

func parseYAML(ctx context.Context, text, name string, file uint16, lim Limits) (definition.Value, []Diagnostic, error) {
	if int64(len(text)) > lim.Bytes {
		return definition.Value{}, nil, errTooLarge(lim)
	}
	first, more := firstDocument(text)
	if err := boundYAML(first, lim); err != nil {
		return definition.Value{}, nil, err
	}
	clk := newClock(ctx, lim.Time)
	root, err := yamlNodes(withoutVersion(first), clk)
	if err != nil {
		return definition.Value{}, nil, err
	}
	t := newYAMLTree(text, name, file, lim, clk)
	var v definition.Value
	if !t.value(root, &v, 0) {
		return definition.Value{}, nil, t.err
	}
	warnings := append(t.warnings, t.dups.diagnostics(name, t.lineCol)...)
	if more >= 0 {
		w := Diagnostic{Severity: Warning, Code: "yaml-documents", File: name,
			Message: "only the first document of the file is read",
			Hint:    "put the others into files of their own"}
		w.Line, w.Col = t.lineCol(uint32(more))
		warnings = append(warnings, w)
	}
	return v, warnings, nil
}

// yamlNodes parses text, which holds one document.
func yamlNodes(text string, clk clock) (root *yaml.Node, err error) {
	r := &clockReader{text: text, clock: clk}
	defer func() {
		if p := recover(); p != nil {
			root, err = nil, &SyntaxError{Code: codeYAML, Line: 1, Col: 1, Message: fmt.Sprint("the YAML can't be read: ", p)}
		}
	}()
	var doc yaml.Node
	switch err := yaml.NewDecoder(r).Decode(&doc); {
	case r.late:
		return nil, newSyntaxError(text, r.pos, codeLimitTime, "reading the document takes too long", "raise the limit of time")
	case errors.Is(err, io.EOF), err == nil && (doc.Kind != yaml.DocumentNode || len(doc.Content) == 0):
		return nil, newSyntaxError(text, 0, codeYAML, "the text holds no YAML document", "")
	case err != nil:
		return nil, yamlError(text, err)
	}
	return doc.Content[0], nil
}

// withoutVersion makes a comment of a %YAML directive, so that the parser,
// which knows 1.1 by name only, takes 1.2. Offsets stay as they are.
func withoutVersion(text string) string {
	for i := 0; i < len(text); i += lineLen(text[i:]) {
		line := text[i : i+lineLen(text[i:])]
		switch {
		case strings.HasPrefix(line, "%YAML"):
			return text[:i] + "#" + text[i+1:]
		case line[0] != '%' && hasContent(line):
			return text
		}
	}
	return text
}

// clockReader hands out a text until time is up. The YAML parser reads half a
// kilobyte at a time and stops at an error, which is the only way to stop it.
type clockReader struct {
	text  string
	pos   int
	clock clock
	reads int
	late  bool
}

var errLate = errors.New("time is up")

func (r *clockReader) Read(p []byte) (int, error) {
	r.reads++
	if r.reads%64 == 0 && r.clock.now() {
		r.late = true
		return 0, errLate
	}
	if r.pos == len(r.text) {
		return 0, io.EOF
	}
	n := copy(p, r.text[r.pos:])
	r.pos += n
	return n, nil
}

// yamlNodeCost is how many values' worth of memory the YAML parser needs for
// one node, for the time of reading.
const yamlNodeCost = 3

// boundYAML refuses a text that may have more nodes than the limit before the
// YAML parser, which has no limit, makes them. Every node but the root comes
// with one of the characters that are counted here, at most two with one.
func boundYAML(text string, lim Limits) error {
	if n := countDirectives(text); n > maxDirectives {
		return newSyntaxError(text, 0, codeYAML, "the YAML document has too many directives", "remove the lines that begin with %")
	}
	if len(text)*yamlNodeCost < lim.Nodes {
		return nil
	}
	count := 0 // of possible nodes
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case ',', '[', '{', '?':
			count++
		case ':', '-':
			if i+1 == len(text) || text[i+1] <= ' ' || i > 0 && (text[i-1] == '"' || text[i-1] == '\'') {
				count++
			}
		}
	}
	if count > lim.Nodes/yamlNodeCost {
		return newSyntaxError(text, 0, codeLimitNodes, "the YAML document has too many values", "write it as JSON or raise the limit of nodes")
	}
	return nil
}

// maxDirectives bounds the lines that begin with %, for which the parser needs
// quadratic time.
const maxDirectives = 100

func countDirectives(text string) int {
	n := strings.Count(text, "\n%")
	if strings.HasPrefix(text, "%") {
		n++
	}
	return n
}

// firstDocument gives the first document of a stream and the offset of what
// comes after it, -1 where nothing does. The markers --- and ... stand at the
// start of a line, where no scalar can hold them (YAML 1.2, 9.1).
func firstDocument(text string) (first string, more int) {
	content, ended := false, -1
	for i := 0; i < len(text); {
		end := strings.IndexByte(text[i:], '\n')
		if end < 0 {
			end = len(text)
		} else {
			end += i + 1
		}
		line := text[i:end]
		marker := isMarker(line)
		switch {
		case ended >= 0:
			if marker == "---" || hasContent(line) {
				return text[:ended], i
			}
		case marker != "" && content:
			if marker == "---" {
				return text[:i], i
			}
			ended = i
		case marker == "---":
			content = hasContent(line[3:])
		case line[0] == '%' && !content:
		case !content:
			content = hasContent(line)
		}
		i = end
	}
	if ended >= 0 {
		return text[:ended], -1
	}
	return text, -1
}

// isMarker gives the document marker that a line begins with, or "".
func isMarker(line string) string {
	if len(line) < 3 || line[0] != '-' && line[0] != '.' {
		return ""
	}
	m := line[:3]
	if m != "---" && m != "..." || len(line) > 3 && line[3] > ' ' {
		return ""
	}
	return m
}

// hasContent reports whether a line has more than white space and a comment.
func hasContent(line string) bool {
	line = strings.TrimLeft(line, " \t\r\n\uFEFF")
	return line != "" && line[0] != '#'
}

// yamlLineStarts is lineStarts with the line breaks of YAML 1.1, which the
// parser counts by.
func yamlLineStarts(text string) []uint32 {
	if !strings.Contains(text, "\u0085") && !strings.Contains(text, "\u2028") && !strings.Contains(text, "\u2029") {
		return lineStarts(text)
	}
	starts := []uint32{0}
	for i, r := range text {
		switch r {
		case '\r':
			if strings.HasPrefix(text[i+1:], "\n") {
				continue
			}
		case '\n', '\u0085', '\u2028', '\u2029':
		default:
			continue
		}
		starts = append(starts, uint32(i+utf8.RuneLen(r)))
	}
	return starts
}
