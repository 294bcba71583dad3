package conditional

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// ETag makes a strong entity tag of a body, or of any text that changes with
// it: 16 characters of base64url in quotes, the first 96 bits of its SHA-256.
// It is the same on every machine.
func ETag(body []byte) string {
	sum := sha256.Sum256(body)
	var tag [18]byte
	tag[0], tag[17] = '"', '"'
	base64.RawURLEncoding.Encode(tag[1:17], sum[:12])
	return string(tag[:])
}

// comparison is one of the two of entity tags (RFC 9110, 8.8.3.2).
type comparison uint8

const (
	strong comparison = iota // both are strong and the same
	weak                     // they are the same but for W/
)

// match tells whether the lines of If-Match or If-None-Match name the resource
// as it is: by its tag, or by *, which names whatever exists. What is no tag
// matches nothing, and neither does * beside something else, which RFC 9110,
// 13.1.1 calls invalid.
func match(lines []string, s State, how comparison) bool {
	if !s.Exists {
		return false
	}
	if star(lines) {
		return true
	}
	current, currentWeak := strings.CutPrefix(s.ETag, "W/")
	if current == "" || currentWeak && how == strong {
		return false
	}
	for _, line := range lines {
		for line != "" {
			var tag string
			if tag, line = nextTag(line); tag == "" {
				continue
			}
			opaque, isWeak := strings.CutPrefix(tag, "W/")
			if opaque == current && (!isWeak || how == weak) {
				return true
			}
		}
	}
	return false
}

// star tells whether the lines together are nothing but *.
func star(lines []string) bool {
	found := false
	for _, line := range lines {
		switch strings.Trim(line, separators) {
		case "":
		case "*":
			if found {
				return false
			}
			found = true
		default:
			return false
		}
	}
	return found
}

// separators stand between the elements of a list, of which some may be empty
// (RFC 9110, 5.6.1.2).
const separators = " \t,"

// nextTag cuts the first element off a list that isn't empty: an entity tag
// with its quotes and W/, or "" where the element is no tag.
func nextTag(list string) (tag, rest string) {
	list = strings.TrimLeft(list, separators)
	opening := 0
	if strings.HasPrefix(list, "W/") {
		opening = 2
	}
	end := 0
	if opening < len(list) && list[opening] == '"' {
		length := strings.IndexByte(list[opening+1:], '"')
		if length < 0 {
			return "", "" // a quote that nothing closes
		}
		end = opening + length + 2
		if opaque(list[opening+1 : end-1]) {
			tag = list[:end]
		}
	}
	after, rest, _ := strings.Cut(list[end:], ",")
	if strings.Trim(after, " \t") != "" {
		tag = ""
	}
	return tag, rest
}

// opaque tells whether s may stand between the quotes of a tag (RFC 9110,
// 8.8.3: etagc).
func opaque(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] == 0x7f {
			return false
		}
	}
	return true
}
