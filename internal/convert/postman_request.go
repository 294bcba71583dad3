package convert

import (
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/postman"
	"github.com/mimus-dev/mimus/internal/schema"
)

// draft is a request that is being made, with what its saved responses need.
type draft struct {
	op     *definition.Operation
	url    *postman.URL // without the query
	raw    string
	query  []*postman.Field
	header []*postman.Field
	params []*postman.Variable
	body   *postman.Body
	auth   *postman.Auth
	there  map[string]string // values of path variables that name something; nil: nothing does
}

// item makes the request of an operation with its saved responses.
func (w *assembly) item(op *definition.Operation) *postman.Item {
	path := colons(op.Path)
	d := &draft{op: op, there: w.there(op)}
	d.raw = w.named(d, w.server(op)+path)
	d.url = postman.ParseURL(d.raw)
	if d.url.Path == nil {
		d.url.Path = []postman.Segment{}
	}
	w.fill(d, "")
	if op.OwnSecurity && !w.options.InheritAuth {
		d.auth = w.auth(op)
	}
	examples, accept := w.saved(d)
	header := d.header
	if accept != nil {
		header = append(header[:len(header):len(header)], accept)
	}
	behavior := definition.NewObject(definition.NewBool(true).With("disableBodyPruning"))
	return &postman.Item{
		Name: w.name(op, path),
		Request: &postman.Request{
			Method: op.Method, URL: address(d.url, d.raw, d.query, d.params), Header: header,
			Auth: d.auth, Body: d.body, Description: postman.NewDescription(op.Description),
		},
		Examples: examples,
		Protocol: &behavior,
	}
}

// fill gives a draft its parameters and body; of their examples it takes those
// of the name, where there are any.
func (w *assembly) fill(d *draft, example string) {
	d.query = w.fields(d.op, definition.InQuery, example)
	d.header = w.fields(d.op, definition.InHeader, example)
	if d.header == nil {
		d.header = []*postman.Field{}
	}
	if f := w.cookie(d.op, example); f != nil {
		d.header = append(d.header, f)
	}
	d.params = w.pathVariables(d, example)
	body, header := w.body(d.op)
	d.body = body
	if header != nil {
		d.header = append(d.header, header)
	}
}

// server is what stands before the path: the operation's own server or the
// variable that holds the document's.
func (w *assembly) server(op *definition.Operation) string {
	if len(op.Servers) > 0 && !op.OwnServers && op.Servers[0].URL != w.baseURL() {
		w.note(op, "path-servers-left-out", "servers that a path names are not carried: its requests go to {{baseUrl}}, as Postman's converter makes them",
			"name the servers in the operation to have them in its URL")
	}
	if !op.OwnServers || len(op.Servers) == 0 {
		return "{{baseUrl}}"
	}
	own := op.Servers[0]
	host, path := hostAndPath(own.URL)
	url := doubleBraces(host) + colons(path)
	inURL := braced(url)
	for _, v := range own.Variables {
		if inURL[v.Name] {
			w.listed = append(w.listed, postman.NewVariable(v.Name, v.Default, "string"))
		}
	}
	return url
}

// named lists the variables of the collection that a URL asks for: the
// parameters that are a part of a segment. Where requests need different values
// under one name, the later ones get names of their own.
//
// To Postman a dot ends the name of a ":name", and what is behind it is sent as
// it is: where the parameter doesn't accept that, it becomes a variable too.
func (w *assembly) named(d *draft, raw string) string {
	for _, p := range d.op.Parameters {
		if p.In == definition.InPath && strings.Contains(p.Name, ".") && p.Schema != nil {
			if text := definition.NewString(p.Name); !w.set.Compile(p.Schema).Valid(&text, schema.Request) {
				raw = strings.ReplaceAll(raw+"/", "/:"+p.Name+"/", "/{{"+p.Name+"}}/")
				raw = raw[:len(raw)-1]
			}
		}
	}
	inURL := braced(raw)
	for _, p := range d.op.Parameters {
		if p.In != definition.InPath || !inURL[p.Name] {
			continue
		}
		for _, f := range w.pathFields(d, p, "") {
			if name := w.variable(p, f.Value, d.there != nil); name != p.Name {
				raw = strings.ReplaceAll(raw, "{{"+p.Name+"}}", "{{"+name+"}}")
			}
		}
	}
	return raw
}

// variable finds or adds the collection's variable for a parameter: the first
// of its name whose value the parameter accepts, or that is exactly this one.
func (w *assembly) variable(p *definition.Parameter, value string, exactly bool) string {
	const most = 200 // of one name
	for n := 1; n <= most; n++ {
		name := p.Name
		if n > 1 {
			name += "_" + strconv.Itoa(n)
		}
		has := w.shared[name]
		if has == nil {
			v := postman.NewVariable(name, value, "string")
			w.shared[name] = v.Value
			w.listed = append(w.listed, v)
			return name
		}
		if has.Text == value || !exactly && p.Schema.Get("type").Str() == "string" && w.set.Compile(p.Schema).Valid(has, schema.Request) {
			return name
		}
	}
	return p.Name
}

// pathVariables are the values of ":name" segments.
func (w *assembly) pathVariables(d *draft, example string) []*postman.Variable {
	var out []*postman.Variable
	known := map[string]bool{}
	segments := make(map[string]bool, len(d.url.Path))
	for i := range d.url.Path {
		segments[d.url.Path[i].Value] = true
	}
	for _, p := range d.op.Parameters {
		if p.In != definition.InPath || !segments[":"+p.Name] {
			continue
		}
		for _, f := range w.pathFields(d, p, example) {
			v := postman.NewVariable(f.Key, f.Value, "any")
			v.Description, v.Disabled = f.Description, f.Disabled
			known[f.Key] = true
			out = append(out, v)
		}
	}
	for i := range d.url.Path {
		name := d.url.Path[i].Value
		if len(name) < 2 || name[0] != ':' {
			continue
		}
		if name, _, _ = strings.Cut(name[1:], "."); !known[name] {
			known[name] = true
			out = append(out, postman.NewVariable(name, w.serverDefault(d.op, name), "any"))
		}
	}
	return out
}

func (w *assembly) serverDefault(op *definition.Operation, name string) string {
	if op.OwnServers && len(op.Servers) > 0 {
		for _, v := range op.Servers[0].Variables {
			if v.Name == name {
				return v.Default
			}
		}
	}
	return name
}

// maxNameLength is the length of a request's name, in UTF-16 units.
const maxNameLength = 255

func (w *assembly) name(op *definition.Operation, path string) string {
	name := ""
	switch w.options.Names {
	case NamesByURL:
		name = path
	case NamesBySummary:
		name = op.Summary
	case NamesByID:
		name = op.ID
	}
	for _, s := range [...]string{op.Summary, spaced(op.ID), op.Description, path} {
		if name == "" {
			name = s
		}
	}
	if len(name) <= maxNameLength {
		return name
	}
	if units := utf16.Encode([]rune(name)); len(units) > maxNameLength {
		return string(utf16.Decode(units[:maxNameLength]))
	}
	return name
}

// spaced writes an operation's id as words: "createUser" and "create_user" as
// "create User" and "create user".
func spaced(id string) string {
	lower := func(c byte) bool { return c >= 'a' && c <= 'z' }
	upper := func(c byte) bool { return c >= 'A' && c <= 'Z' }
	word := func(c byte) bool { return lower(c) || upper(c) || c >= '0' && c <= '9' }
	out := make([]byte, 0, len(id)+8)
	for i := 0; i < len(id); i++ {
		c := id[i]
		if c == '_' {
			end := i
			for end < len(id) && id[end] == '_' {
				end++
			}
			if end < len(id) && word(id[end]) {
				out = append(out, ' ')
				i = end - 1
				continue
			}
		}
		if upper(c) && i > 0 {
			before := id[i-1]
			if lower(before) || upper(before) && i+1 < len(id) && lower(id[i+1]) {
				out = append(out, ' ')
			}
		}
		out = append(out, c)
	}
	return string(out)
}
