package apitest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Who meets an error looks its name up.
func TestTroubleshooting_HasEachErrorByItsName(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	headings := ""
	for line := range strings.Lines(string(page)) {
		if strings.HasPrefix(line, "### ") {
			headings += line
		}
	}
	postman := regexp.MustCompile(`"([a-zA-Z]+Error)"`)
	prism := regexp.MustCompile(`(?:problem\(\d+|status: \d+|\(\w+, \d+), (?:name: )?"([A-Z]+(?:_[A-Z]+)*)"`)
	found := 0
	for dir, names := range map[string][]*regexp.Regexp{
		"../engine": {postman, prism}, "../hosting": {postman}, "../api": {postman}, "../node": {postman}, "../server": {postman, prism}, "../../cmd/mimus": {postman},
	} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, names := range names {
				for _, m := range names.FindAllStringSubmatch(string(source), -1) {
					found++
					if !strings.Contains(headings, "`"+m[1]+"`") {
						t.Errorf("%s: %s has no heading in docs/troubleshooting.md", file, m[1])
					}
				}
			}
		}
	}
	if found < 60 {
		t.Errorf("only %d names of errors were found; where are they written?", found)
	}
}
