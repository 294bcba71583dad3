package document

import "strings"

// maxSniffed bounds the names that Sniff gives.
const maxSniffed = 1000

// Sniff gives the names of the root mapping's members of a JSON or YAML text,
// without parsing it: to find which files of a folder are of interest. The
// text may be cut off anywhere, its first 64 KiB will mostly do. It is a
// guess: nil means that the text looks like no mapping.
func Sniff(text string) (keys []string) {
	text = strings.TrimPrefix(text, "\xEF\xBB\xBF")
	start := strings.TrimLeft(text, " \t\r\n")
	if strings.HasPrefix(start, "{") {
		return sniffFlow(start)
	}
	return sniffBlock(text)
}

// sniffFlow reads JSON or a YAML flow mapping: names at the first level,
// everything deeper is skipped.
func sniffFlow(s string) (keys []string) {
	depth, name := 0, true
	for i := 0; i < len(s) && len(keys) < maxSniffed; {
		switch c := s[i]; {
		case c == '{' || c == '[':
			depth++
			i++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return keys
			}
			i++
		case c == ',':
			name = name || depth == 1
			i++
		case c <= ' ' || c == ':':
			i++
		case c == '#' && (i == 0 || s[i-1] <= ' '):
			i += lineLen(s[i:])
		case c == '"' || c == '\'':
			n := QuotedLen(s[i:])
			if name && depth == 1 && n > 2 {
				keys, name = append(keys, s[i+1:i+n-1]), false
			}
			i += n
		default:
			n := strings.IndexAny(s[i:], ",:{}[]\n\"")
			if n <= 0 {
				return keys
			}
			if name && depth == 1 && s[i+n] == ':' {
				keys, name = append(keys, strings.TrimSpace(s[i:i+n])), false
			}
			i += n
		}
	}
	return keys
}

// sniffBlock reads the lines of a block mapping that are indented as its
// first, which nothing inside of a value is.
func sniffBlock(s string) (keys []string) {
	indent := -1
	for s != "" && len(keys) < maxSniffed {
		line := s[:lineLen(s)]
		s = s[len(line):]
		if isMarker(line) != "" {
			if indent >= 0 {
				return keys
			}
			line = "   " + line[3:]
		}
		body := strings.TrimLeft(line, " ")
		if body == "" || strings.IndexByte("#%\r\n", body[0]) >= 0 {
			continue
		}
		if indent < 0 {
			indent = len(line) - len(body)
		}
		if len(line)-len(body) != indent {
			continue
		}
		if strings.HasPrefix(body, "- ") { // not indented below its key, or the root
			if keys == nil {
				return nil
			}
			continue
		}
		if key := blockKey(body); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// blockKey gives the key that a line begins with, "" for none.
func blockKey(line string) string {
	if line[0] == '"' || line[0] == '\'' {
		n := QuotedLen(line)
		if n > 2 && strings.HasPrefix(strings.TrimLeft(line[n:], " "), ":") {
			return line[1 : n-1]
		}
		return ""
	}
	for i := range len(line) {
		if line[i] == ':' && (i+1 == len(line) || line[i+1] <= ' ') {
			return strings.TrimSpace(line[:i])
		}
		if line[i] == '#' && i > 0 && line[i-1] == ' ' || line[i] == '\t' && i == 0 {
			return ""
		}
	}
	return ""
}

// lineLen is the length of the first line with its line feed.
func lineLen(s string) int {
	if n := strings.IndexByte(s, '\n'); n >= 0 {
		return n + 1
	}
	return len(s)
}

// QuotedLen is the length of the quoted string that s begins with, that of s
// where it doesn't end. Double quotes can be escaped inside, single ones can't.
func QuotedLen(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && s[0] == '"':
			i++
		case s[i] == s[0]:
			return i + 1
		}
	}
	return len(s)
}
