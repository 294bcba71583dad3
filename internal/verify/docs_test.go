package verify

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// What the documentation shows can be read.
func TestParse_TheExamplesOfTheDocumentation(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../docs/verification.md")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(data), `'"$begin"'`, "2026-01-31T12:00:00Z")
	n := 0
	for _, m := range regexp.MustCompile("(?s)-d '(.*?)'|```json\n(\\{\"order.*?)```").FindAllStringSubmatch(text, -1) {
		n++
		if _, err := Parse([]byte(m[1] + m[2])); err != nil {
			t.Errorf("%s%s: %v", m[1], m[2], err)
		}
	}
	if n != 3 {
		t.Errorf("%d examples, want 3", n)
	}
}
