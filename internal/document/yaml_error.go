package document

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// yamlError gives an error of the YAML parser a place and plain words.
func yamlError(text string, err error) *SyntaxError {
	if at := invalidCharacter(text); at >= 0 {
		r, size := utf8.DecodeRuneInString(text[at:])
		if r == utf8.RuneError && size <= 1 {
			return newSyntaxError(text, at, codeYAML, fmt.Sprintf("the byte 0x%02x is no UTF-8", text[at]), "save the file as UTF-8")
		}
		return newSyntaxError(text, at, codeYAML, fmt.Sprintf("the control character %U is not allowed in YAML", r), `write it as an escape in double quotes, for example "\x00"`)
	}
	message, line := splitYAMLError(err)
	if located := problemLine(text, message); located > 0 {
		line = located
	}
	starts := yamlLineStarts(text)
	start := int(starts[min(max(line, 1), len(starts))-1])
	rest := text[start:]
	at := start + len(rest[:lineLen(rest)]) - len(strings.TrimLeft(rest[:lineLen(rest)], " "))
	return newSyntaxError(text, at, codeYAML, message, yamlHint(text[at:], message))
}

// splitYAMLError takes "yaml: line 3: message" apart; line is 0 where there is
// none. The parser tells where the construct begins that it could not finish.
func splitYAMLError(err error) (message string, line int) {
	message = strings.TrimPrefix(err.Error(), "yaml: ")
	if n, scanErr := fmt.Sscanf(message, "line %d:", &line); n == 1 && scanErr == nil {
		_, message, _ = strings.Cut(message, ": ")
	}
	return message, line
}

func yamlHint(rest, message string) string {
	switch {
	case strings.HasPrefix(rest, "\t"), strings.Contains(message, "tab"):
		return "indent with spaces, not with tabs"
	case strings.Contains(message, "mapping values are not allowed"):
		return "check the indentation, and quote text that contains ': '"
	case strings.Contains(message, "cannot start any token"):
		return "quote text that begins with @, `, % or a tab"
	case strings.Contains(message, "did not find expected"):
		return "check the indentation and the brackets and quotes of the lines above"
	case strings.Contains(message, "unknown anchor"):
		return "define the anchor with & before it is used"
	}
	return ""
}

// invalidCharacter gives the offset of the first byte that is no UTF-8 or
// character that YAML does not allow (1.2, 5.1), -1 for none.
func invalidCharacter(text string) int {
	for i, r := range text {
		switch {
		case r == utf8.RuneError:
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return i
			}
		case r < 0x20 && r != '\t' && r != '\n' && r != '\r', r >= 0x7F && r <= 0x9F && r != 0x85, r == 0xFFFE, r == 0xFFFF:
			return i
		}
	}
	return -1
}

// Texts that are larger, or take longer, are not parsed again to find where
// they break.
const (
	maxLocated   = 4 << 20
	maxLocatedIn = time.Second
)

// problemLine finds the line at which the parser gives up with a message, 0
// where it can't be told: the parser is fed line by line, then the last lines
// that it need not have seen are taken away.
func problemLine(text, message string) int {
	if len(text) > maxLocated {
		return 0
	}
	clk := newClock(context.Background(), maxLocatedIn)
	fed := brokenAfter(text, message, &clk)
	if strings.Contains(message, "',' or") {
		return fed // an open bracket is the same error wherever the text ends
	}
	for range 4 {
		end := lineEnd(text, fed-1)
		if fed <= 1 || brokenAfter(text[:end], message, &clk) == 0 {
			break
		}
		fed--
	}
	return fed
}

// brokenAfter gives the number of lines that the parser read until it failed
// with the message, 0 where it did not.
func brokenAfter(text, message string, clk *clock) (lines int) {
	r := &lineReader{text: text, clock: clk}
	defer func() {
		if recover() != nil {
			lines = 0
		}
	}()
	var doc yaml.Node
	err := yaml.NewDecoder(r).Decode(&doc)
	if err == nil || errors.Is(err, io.EOF) {
		return 0
	}
	if got, _ := splitYAMLError(err); got != message {
		return 0
	}
	return r.lines
}

// lineEnd gives the offset at which the first n lines end.
func lineEnd(text string, n int) int {
	end := 0
	for range n {
		end += lineLen(text[end:])
	}
	return end
}

// lineReader hands out at most a line at a time and counts them.
type lineReader struct {
	text  string
	lines int
	mid   bool
	clock *clock
}

func (r *lineReader) Read(p []byte) (int, error) {
	if r.text == "" {
		return 0, io.EOF
	}
	if r.clock.expired() {
		return 0, errLate
	}
	if !r.mid {
		r.lines++
	}
	n := copy(p, r.text[:lineLen(r.text)])
	r.mid = r.text[n-1] != '\n'
	r.text = r.text[n:]
	return n, nil
}
