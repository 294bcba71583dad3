package mimustest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus"
)

// got is what a call had at the place of a violation, as it was sent or as
// compact JSON.
func got(c Call, v mimus.Violation) string {
	side, name := v.Location[0], ""
	if len(v.Location) > 1 {
		name = v.Location[1]
	}
	switch {
	case v.Code == "content-type":
		return orNothing("Content-Type: ", c.Header.Get("Content-Type"), "no Content-Type")
	case side == "security":
		return credentials(c.Header)
	case side == "method":
		return c.Method
	case side == "path" && name != "":
		return inPath(c, name)
	case side == "path":
		return line(c)
	case side == "query":
		return inQuery(c, name)
	case side == "header" && name != "":
		return strings.Join(c.Header.Values(name), ", ")
	case side == "header":
		return orNothing("only ", strings.Join(fieldNames(c.Header), ", "), "no header fields")
	case side == "cookie":
		return orNothing("", inCookies(c.Header, name), "no such cookie")
	}
	return inBody(c, v.Location[1:])
}

func orNothing(before, text, nothing string) string {
	if text == "" {
		return nothing
	}
	return before + text
}

// credentials names what kind was sent: the test's log is no place for secrets.
func credentials(h http.Header) string {
	a := h.Get("Authorization")
	if a == "" {
		return "no Authorization header"
	}
	scheme, _, _ := strings.Cut(a, " ")
	return "Authorization: " + scheme + " …"
}

func fieldNames(h http.Header) []string {
	var out []string
	for n := range h {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// inPath finds the segment that a variable of the template stands for; the
// whole path where a segment holds more than the variable.
func inPath(c Call, name string) string {
	template, path := strings.Split(c.Route, "/"), strings.Split(c.Path, "/")
	for i := range template {
		if at := len(path) - len(template) + i; template[i] == "{"+name+"}" && at >= 0 {
			if text, err := url.PathUnescape(path[at]); err == nil {
				return text
			}
			return path[at]
		}
	}
	return c.Path
}

// inQuery finds a parameter, in any style; the whole query where it is missing.
func inQuery(c Call, name string) string {
	var own []string
	for _, part := range strings.Split(c.RawQuery, "&") {
		key, _, _ := strings.Cut(part, "=")
		if k, err := url.QueryUnescape(key); name != "" && (err == nil && (k == name || strings.HasPrefix(k, name+"[")) || key == name) {
			own = append(own, part)
		}
	}
	switch {
	case own != nil:
		return strings.Join(own, "&")
	case c.RawQuery == "":
		return "no query"
	}
	return "?" + c.RawQuery
}

func inCookies(h http.Header, name string) string {
	cookies := (&http.Request{Header: h}).Cookies()
	var all []string
	for _, c := range cookies {
		if c.Name == name {
			return c.Value
		}
		all = append(all, c.Name)
	}
	return orNothing("only ", strings.Join(all, ", "), "")
}

// inBody finds a place in a JSON body or a form. Of any other body, and where
// there is no such place, it gives the whole.
func inBody(c Call, path []string) string {
	if len(c.Body) == 0 {
		return "no body"
	}
	if strings.HasPrefix(c.Header.Get("Content-Type"), "application/x-www-form-urlencoded") && len(path) > 0 {
		if form, err := url.ParseQuery(string(c.Body)); err == nil && form.Has(path[0]) {
			return strings.Join(form[path[0]], ", ")
		}
	}
	d := json.NewDecoder(bytes.NewReader(c.Body))
	d.UseNumber()
	var root any
	if d.Decode(&root) != nil {
		return string(c.Body)
	}
	at := root
	for _, p := range path {
		switch x := at.(type) {
		case map[string]any:
			at = x[p]
		case []any:
			i, err := strconv.Atoi(p)
			if err != nil || i < 0 || i >= len(x) {
				return compact(root)
			}
			at = x[i]
		default:
			return compact(root)
		}
	}
	return compact(at)
}

// compact writes JSON on one line, with <, > and & as they are.
func compact(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return "a body that can't be shown"
	}
	return strings.TrimSuffix(b.String(), "\n")
}
