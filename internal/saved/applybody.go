package saved

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// ApplyBody makes the body that changes of a body make of another one, which is
// decoded from its Content-Encoding. Names are JSON pointers where it is a JSON
// object or array, else fields of a form.
func ApplyBody(body []byte, contentType string, changes []Change) ([]byte, error) {
	for i := range changes {
		if c := &changes[i]; c.Name == "" {
			body = wholeBody(c)
		} else {
			return applyInside(body, contentType, changes[i:])
		}
	}
	return body, nil
}

func wholeBody(c *Change) []byte {
	switch {
	case c.Op == Remove:
		return nil
	case c.Want.Is(definition.String):
		return []byte(c.Want.Text)
	}
	return c.Want.AppendJSON(nil)
}

func applyInside(body []byte, contentType string, changes []Change) ([]byte, error) {
	typ, params, _ := mime.ParseMediaType(contentType)
	if typ == "multipart/form-data" && params["boundary"] != "" {
		return applyMultipart(body, params["boundary"], changes)
	}
	v, err := document.ParseJSON(string(body), 1, jsonLimits)
	if err != nil || v.Kind != definition.Object && v.Kind != definition.Array {
		out := string(body)
		for i := range changes {
			out = ApplyPairs(out, &changes[i])
		}
		return []byte(out), nil
	}
	for i := range changes {
		if err := applyPointer(&v, &changes[i]); err != nil {
			return nil, err
		}
	}
	return v.AppendJSON(nil), nil
}

// ApplyPairs changes one name of a query or of an urlencoded form.
func ApplyPairs(raw string, c *Change) string {
	var kept []string
	for pair := range strings.SplitSeq(raw, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if pair != "" && unescape(name) != c.Name {
			kept = append(kept, pair)
		}
	}
	if c.Op == Set {
		for _, v := range wanted(c) {
			kept = append(kept, url.QueryEscape(c.Name)+"="+url.QueryEscape(v))
		}
	}
	return strings.Join(kept, "&")
}

// wanted are the texts of a name that may repeat.
func wanted(c *Change) []string {
	if c.Want == nil {
		return nil
	}
	if c.Want.Kind != definition.Array {
		return []string{c.Want.Text}
	}
	var out []string
	for i := range c.Want.Kids {
		out = append(out, c.Want.Kids[i].Text)
	}
	return out
}

// applyMultipart changes fields; the parts of other names stay as they are.
func applyMultipart(body []byte, boundary string, changes []Change) ([]byte, error) {
	changed := map[string]bool{}
	for i := range changes {
		changed[changes[i].Name] = true
	}
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	if err := w.SetBoundary(boundary); err != nil {
		return nil, fmt.Errorf("boundary %q: %w", boundary, err)
	}
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for range maxParts {
		part, err := r.NextPart()
		if err != nil {
			break // a body that ends early is changed as far as it goes
		}
		if changed[part.FormName()] {
			continue
		}
		to, err := w.CreatePart(part.Header)
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(to, part); err != nil {
			break
		}
	}
	for i := range changes {
		for _, v := range wanted(&changes[i]) {
			if err := w.WriteField(changes[i].Name, v); err != nil {
				return nil, err
			}
		}
	}
	return out.Bytes(), w.Close()
}

// applyPointer changes one value of a JSON value in place. An array is added to
// at its end.
func applyPointer(v *definition.Value, c *Change) error {
	if !strings.HasPrefix(c.Name, "/") {
		return fmt.Errorf("%q is no JSON pointer", c.Name)
	}
	tokens := strings.Split(c.Name[1:], "/")
	for i, t := range tokens {
		tokens[i] = strings.ReplaceAll(strings.ReplaceAll(t, "~1", "/"), "~0", "~")
	}
	last := len(tokens) - 1
	for _, t := range tokens[:last] {
		at := indexIn(v, t)
		if at < 0 || at >= len(v.Kids) {
			return fmt.Errorf("%q leads to nothing", c.Name)
		}
		v = &v.Kids[at]
	}
	at := indexIn(v, tokens[last])
	switch there := at >= 0 && at < len(v.Kids); {
	case at < 0:
		return fmt.Errorf("%q leads to nothing", c.Name)
	case c.Op == Remove && there:
		v.Kids = append(v.Kids[:at:at], v.Kids[at+1:]...)
	case c.Op == Remove || at > len(v.Kids) || c.Want == nil:
		return fmt.Errorf("%q leads to nothing", c.Name)
	default:
		name := ""
		if v.Kind == definition.Object {
			name = tokens[last]
		}
		if !there {
			v.Kids = append(slices.Clip(v.Kids), definition.Value{}) // what is behind belongs to others
		}
		v.Kids[at] = c.Want.With(name)
	}
	return nil
}

// indexIn finds a member or an item; the number of children is the place of a
// new one, -1 is none.
func indexIn(v *definition.Value, token string) int {
	switch v.Kind {
	case definition.Object:
		for i := range v.Kids {
			if v.Kids[i].Key == token {
				return i
			}
		}
		return len(v.Kids)
	case definition.Array:
		if n, err := strconv.Atoi(token); err == nil && n >= 0 && n <= len(v.Kids) {
			return n
		}
	}
	return -1
}
