package har

import (
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/format"
	"github.com/mimus-dev/mimus/internal/plausible"
)

// kindOf a segment of a path: static, or why it varies.
type kindOf uint8

const (
	static   kindOf = iota
	value           // one of several, or an id
	day             // a date
	variable        // named by the call itself
)

// segmentKind tells what a segment is by itself. word is the static segment
// before it, with others that vary between.
func segmentKind(c *Call, s, word string, asset bool) kindOf {
	switch {
	case s == "" || asset:
		return static
	case !c.Literal && variableName(s) != "":
		return variable
	}
	s = decoded(s)
	switch {
	case versionLike(s) || len(s) > 512:
		return static
	case format.Check("uuid", s), format.Check("ulid", s), isHex(s), isRandom(s):
		return value
	case isNumber(s):
		if counts(word) {
			return static
		}
		return value
	case word == "" || versionLike(word) || routes(word):
		return static
	case isDate(s):
		return day
	case isMail(s), isMixed(s, word):
		return value
	}
	return static
}

// variableName gives the name of a segment that is a variable as a collection
// or a template writes it, "" for any other.
func variableName(s string) string {
	inner, ok := strings.CutPrefix(s, ":")
	if !ok {
		if inner, ok = strings.CutPrefix(s, "{{"); ok {
			inner, ok = strings.CutSuffix(inner, "}}")
		} else if inner, ok = strings.CutPrefix(s, "{"); ok {
			inner, ok = strings.CutSuffix(inner, "}")
		}
	}
	inner = strings.TrimSpace(inner)
	if !ok || strings.ContainsAny(inner, "{}/?#") {
		return ""
	}
	return strings.TrimPrefix(inner, "$")
}

func decoded(s string) string {
	if d, err := url.PathUnescape(s); err == nil && utf8.ValidString(d) {
		return d
	}
	return s
}

// isAsset reports whether a path is one to a file of a web page: its segments
// are names and hashes of files.
func isAsset(c *Call, segments []string) bool {
	switch media := plainMedia(c.Media); {
	case media == "text/css", strings.HasSuffix(media, "javascript"), strings.HasPrefix(media, "font/"), strings.Contains(media, "font-woff"), media == "application/wasm":
		return true
	}
	last := segments[len(segments)-1]
	switch strings.ToLower(path.Ext(last)) {
	case ".js", ".mjs", ".css", ".map", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".avif", ".bmp",
		".woff", ".woff2", ".ttf", ".otf", ".eot", ".wasm", ".html", ".htm", ".mp4", ".webm", ".mp3", ".webmanifest", ".ts", ".jsx", ".tsx", ".vue":
		return true
	}
	return false
}

// versionLike finds v1, v2.1, v1beta1, 1.0 and 2.1.3-rc.1, but no plain number.
func versionLike(s string) bool {
	s = strings.ToLower(s)
	rest, v := strings.CutPrefix(s, "v")
	if rest == "" || rest[0] < '0' || rest[0] > '9' || len(s) > 24 {
		return false
	}
	dots := strings.Count(rest, ".")
	digits := strings.TrimLeft(rest, "0123456789")
	if digits == "" {
		return v && len(rest) <= 4
	}
	if !v && (dots == 0 || digits[0] != '.') {
		return false
	}
	for part := range strings.FieldsFuncSeq(digits, func(r rune) bool { return r == '.' || r == '-' || r == '_' || r >= '0' && r <= '9' }) {
		switch part {
		case "alpha", "beta", "rc", "preview", "a", "b", "p", "dev", "snapshot", "canary", "x":
		default:
			return false
		}
	}
	return true
}

func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func hexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

func isHex(s string) bool {
	s = strings.TrimPrefix(s, "0x")
	if len(s) < 8 {
		return false
	}
	for i := range len(s) {
		if !hexDigit(s[i]) {
			return false
		}
	}
	return strings.ContainsAny(s, "0123456789")
}

// isRandom finds what looks like base64 for URLs: 16 characters or more, with
// digits, and small and capital letters or no dashes that would make it words.
func isRandom(s string) bool {
	if len(s) < 16 {
		return false
	}
	digits, small, capital, dashes := 0, 0, 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'z':
			small++
		case c >= 'A' && c <= 'Z':
			capital++
		case c == '-' || c == '_' || c == '=' && i >= len(s)-2:
			dashes++
		default:
			return false
		}
	}
	return digits > 1 && (small > 0 && capital > 0 && dashes <= 3 || dashes == 0 && digits >= 3)
}

// isDate finds 2026-01-31, with a time or without.
func isDate(s string) bool {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' || len(s) > 10 && s[10] != 'T' {
		return false
	}
	return isNumber(s[:4]) && isNumber(s[5:7]) && isNumber(s[8:10])
}

func isMail(s string) bool {
	name, host, ok := strings.Cut(s, "@")
	return ok && name != "" && strings.Contains(host, ".") && !strings.ContainsAny(host, "@/ ")
}

// isMixed finds letters with digits among them: A-1001, user42, cus_9s6X. One
// digit is enough behind a plural, which has such; names of techniques are none.
func isMixed(s, word string) bool {
	digits, letters := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			letters++
		case c == '-' || c == '_' || c == '.' || c == ':' || c == '~':
		default:
			return false
		}
	}
	if digits == 0 || letters == 0 || technique(strings.ToLower(s)) {
		return false
	}
	w := lastWord(word)
	return digits > 1 || plausible.Singular(w) != w
}

// technique are names with digits in them.
func technique(s string) bool {
	switch s {
	case "oauth2", "oauth1", "oauth10", "auth0", "s3", "ec2", "k8s", "i18n", "l10n", "a11y", "e2e", "p2p", "b2b", "b2c", "h2", "h264", "h265", "http2", "http3",
		"ipv4", "ipv6", "ip4", "ip6", "md5", "sha1", "sha256", "sha384", "sha512", "base64", "base32", "utf8", "utf16", "x509", "web3", "web2", "mp3", "mp4",
		"log4j", "2fa", "mfa2", "u2f", "fido2", "3d", "2d", "d3", "ga4", "oidc1", "saml2", "gpt4", "win32", "win64", "x86", "x64", "arm64", "amd64", "w3c", "iso8601", "rfc3339", "ga3":
		return true
	}
	return false
}

// counts reports whether numbers behind a word are no ids: /status/404.
func counts(word string) bool {
	switch strings.ToLower(word) {
	case "status", "code", "codes", "delay", "version", "versions", "page", "errors", "error", "http":
		return true
	}
	return false
}

// routes reports whether a word only leads to what follows.
func routes(word string) bool {
	switch strings.ToLower(word) {
	case "api", "apis", "rest", "rpc", "public", "internal", "private", "latest", "graphql", "services", "www":
		return true
	}
	return false
}

// idName names a parameter after the word before it.
func idName(word string, kind kindOf) string {
	if kind == day {
		return "date"
	}
	if versionLike(word) || routes(word) && strings.ToLower(word) != "services" {
		return "id"
	}
	words := nameWords(decoded(word))
	if len(words) == 0 {
		return "id"
	}
	last := len(words) - 1
	words[last] = plausible.Singular(words[last])
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			r, size := utf8.DecodeRuneInString(w)
			w = string(unicode.ToUpper(r)) + w[size:]
		}
		b.WriteString(w)
	}
	name := b.String()
	if words[last] == "id" || words[last] == "uuid" || words[last] == "guid" {
		return name
	}
	return name + "Id"
}

// nameWords splits a segment into its words, in lower case.
func nameWords(s string) []string {
	words := wordsOf(s)
	for len(words) > 0 && words[0] != "" && unicode.IsDigit(rune(words[0][0])) {
		words = words[1:] // a name doesn't begin with a digit
	}
	return words
}

// lastWord is the last word of a segment, "" where it has none.
func lastWord(s string) string {
	words := wordsOf(decoded(s))
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}
