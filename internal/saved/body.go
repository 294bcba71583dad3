package saved

import (
	"bytes"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// bodies are the forms in which a body can be compared, each made when it is
// first asked for.
type bodies struct {
	raw     []byte
	media   string
	json    *string // "" where the body is no JSON
	form    *string
	graphQL *string
}

// Limits of a body that is compared as JSON.
var jsonLimits = document.Limits{Depth: 500}

// canonicalJSON writes a JSON text so that equal values have equal texts: names
// sorted, numbers in lowest terms. It gives "" for what is no JSON.
func canonicalJSON(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	v, err := document.ParseJSON(text, 1, jsonLimits)
	if err != nil {
		return ""
	}
	sortMembers(&v)
	return string(v.AppendJSON(nil))
}

func sortMembers(v *definition.Value) {
	switch v.Kind {
	case definition.Number:
		v.Text = canonicalNumber(v.Text)
	case definition.Object:
		slices.SortStableFunc(v.Kids, func(a, b definition.Value) int { return strings.Compare(a.Key, b.Key) })
	}
	for i := range v.Kids {
		sortMembers(&v.Kids[i])
	}
}

// canonicalNumber gives equal numbers equal texts. Numbers that are very long
// or have a very large exponent stay as they are.
func canonicalNumber(text string) string {
	if !strings.ContainsAny(text, ".eE") && text != "-0" {
		return text
	}
	if len(text) > 400 {
		return text
	}
	if i := strings.IndexAny(text, "eE"); i >= 0 && len(text)-i > 5 {
		return text
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return text
	}
	return r.RatString()
}

// canonicalForm writes the fields of a form so that equal sets have equal texts.
func canonicalForm(fields []definition.SavedPart) string {
	list := make([]string, 0, len(fields))
	for _, f := range fields {
		if f.File {
			list = append(list, url.QueryEscape(f.Name)+"@")
			continue
		}
		list = append(list, url.QueryEscape(f.Name)+"="+url.QueryEscape(f.Value))
	}
	slices.Sort(list)
	return strings.Join(list, "&")
}

// readForm reads a form's fields from its bytes.
func readForm(body []byte, contentType string) []definition.SavedPart {
	media, params, _ := mime.ParseMediaType(contentType)
	if media == "multipart/form-data" && params["boundary"] != "" {
		return readMultipart(body, params["boundary"])
	}
	var out []definition.SavedPart
	for pair := range strings.SplitSeq(string(body), "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		out = append(out, definition.SavedPart{Name: unescape(name), Value: unescape(value)})
	}
	return out
}

const maxParts = 10_000

func readMultipart(body []byte, boundary string) []definition.SavedPart {
	var out []definition.SavedPart
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for len(out) < maxParts {
		part, err := r.NextPart()
		if err != nil {
			return out
		}
		value, _ := io.ReadAll(part)
		out = append(out, definition.SavedPart{Name: part.FormName(), Value: string(value), File: part.FileName() != ""})
	}
	return out
}

func unescape(s string) string {
	if d, err := url.QueryUnescape(s); err == nil {
		return d
	}
	return s
}

// canonicalGraphQL writes a GraphQL request so that requests that differ in
// white space, commas and comments have equal texts.
func canonicalGraphQL(query, variables, operation string) string {
	vars := canonicalJSON(variables)
	if vars == "null" || vars == "{}" {
		vars = ""
	}
	if vars == "" && strings.TrimSpace(variables) != "" && canonicalJSON(variables) == "" {
		vars = variables // no JSON: as it is
	}
	return graphQLTokens(query) + "\x00" + vars + "\x00" + operation
}

// graphQLTokens writes a document with one space between its words.
// (GraphQL, 2.1.7: insignificant commas; 2.1.4: comments.)
func graphQLTokens(query string) string {
	var b strings.Builder
	pending := false
	emit := func(s string) {
		if pending && b.Len() > 0 && isName(b.String()[b.Len()-1]) && isName(s[0]) {
			b.WriteByte(' ')
		}
		pending = false
		b.WriteString(s)
	}
	for i := 0; i < len(query); {
		switch query[i] {
		case ' ', '\t', '\n', '\r', ',':
			pending = true
			i++
		case '#':
			n := strings.IndexAny(query[i:], "\r\n")
			if n < 0 {
				n = len(query) - i
			}
			pending = true
			i += n
		case '"':
			n := graphQLString(query[i:])
			emit(query[i : i+n])
			i += n
		default:
			emit(query[i : i+1])
			i++
		}
	}
	return b.String()
}

func isName(c byte) bool {
	return c == '_' || c == '-' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// graphQLString is the length of the string that s begins with.
func graphQLString(s string) int {
	if strings.HasPrefix(s, `"""`) {
		if n := strings.Index(s[3:], `"""`); n >= 0 {
			return n + 6
		}
		return len(s)
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

// savedBody is what an example's request body is compared by.
type savedBody struct {
	kind bodyKind
	text string // the canonical one
}

type bodyKind uint8

const (
	bodyNone bodyKind = iota
	bodyBytes
	bodyJSON
	bodyForm
	bodyGraphQL
	bodyFile // the file is not there to be compared: any body
)

func newBody(b *definition.SavedBody, resolve func(string) string) savedBody {
	if b == nil {
		return savedBody{}
	}
	switch b.Mode {
	case definition.BodyURLEncoded, definition.BodyForm:
		fields := make([]definition.SavedPart, len(b.Fields))
		for i, f := range b.Fields {
			fields[i] = definition.SavedPart{Name: resolve(f.Name), Value: resolve(f.Value), File: f.File}
		}
		return savedBody{bodyForm, canonicalForm(fields)}
	case definition.BodyGraphQL:
		return savedBody{bodyGraphQL, canonicalGraphQL(resolve(b.Text), resolve(b.Variables), b.Operation)}
	case definition.BodyFile:
		if b.Text == "" {
			return savedBody{bodyFile, ""}
		}
	}
	text := resolve(b.Text)
	if text == "" {
		return savedBody{}
	}
	if media, _, _ := mime.ParseMediaType(b.Media); media == "application/x-www-form-urlencoded" {
		return savedBody{bodyForm, canonicalForm(readForm([]byte(text), media))}
	}
	if c := canonicalJSON(text); c != "" {
		return savedBody{bodyJSON, c}
	}
	return savedBody{bodyBytes, text}
}

// equal compares an example's body with that of a request.
func (s *savedBody) equal(b *bodies) bool {
	once := func(at **string, f func() string) string {
		if *at == nil {
			text := f()
			*at = &text
		}
		return **at
	}
	switch s.kind {
	case bodyNone:
		return len(b.raw) == 0
	case bodyFile:
		return len(b.raw) > 0
	case bodyJSON:
		return once(&b.json, func() string { return canonicalJSON(string(b.raw)) }) == s.text
	case bodyForm:
		return once(&b.form, func() string { return canonicalForm(readForm(b.raw, b.media)) }) == s.text
	case bodyGraphQL:
		return once(&b.graphQL, func() string { return requestGraphQL(string(b.raw)) }) == s.text
	default:
		return string(b.raw) == s.text
	}
}

// requestGraphQL reads {"query": …, "variables": …}. (GraphQL over HTTP, 5.4.)
func requestGraphQL(body string) string {
	v, err := document.ParseJSON(body, 1, jsonLimits)
	if err != nil || !v.Is(definition.Object) {
		return canonicalGraphQL(body, "", "") // application/graphql
	}
	variables := ""
	if vars := v.Get("variables"); vars != nil {
		if variables = string(vars.AppendJSON(nil)); vars.Is(definition.String) {
			variables = vars.Text
		}
	}
	return canonicalGraphQL(v.Get("query").Str(), variables, v.Get("operationName").Str())
}
