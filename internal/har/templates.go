package har

import (
	"net/http"
	"strconv"
	"strings"
)

// Group is the set of recorded entries that are one operation.
type Group struct {
	Method  string // upper case
	Base    string // "https://host:port", "" where the URLs have none
	Path    string // the template, with {name} for what varies
	Params  []string
	Entries []*Entry   // in the order of the recording
	Values  [][]string // of each entry, decoded, in the order of Params
}

// Groups gathers entries by method, base and path template, in the order in
// which each first comes. Entries without a request, with a URL that is not of
// HTTP, CONNECT and CORS preflights are in no group.
func Groups(entries []*Entry) []Group {
	var calls []Call
	var kept []*Entry
	for _, e := range entries {
		if e.Request == nil || e.Request.Method == "" {
			continue
		}
		t, ok := e.Request.target()
		if !ok || !t.web() || strings.EqualFold(e.Request.Method, http.MethodConnect) || e.Request.preflight() {
			continue
		}
		c := Call{Method: e.Request.Method, Base: t.base, Path: t.path, Literal: true}
		if res := e.Response; res != nil && res.Status/100 == 2 && res.Content != nil {
			c.Media, c.Shape = answered(res.Content)
		}
		calls = append(calls, c)
		kept = append(kept, e)
	}
	var out []Group
	at := map[string]int{}
	for i, t := range Template(calls) {
		method := strings.ToUpper(calls[i].Method)
		key := method + " " + calls[i].Base + " " + t.Path
		n, ok := at[key]
		if !ok {
			n = len(out)
			at[key] = n
			out = append(out, Group{Method: method, Base: calls[i].Base, Path: t.Path, Params: t.Params})
		}
		out[n].Entries = append(out[n].Entries, kept[i])
		out[n].Values = append(out[n].Values, t.Values)
	}
	return out
}

// answered gives the media type and the shape of an answer that has a body.
func answered(c *Content) (media, shape string) {
	body, err := c.Bytes()
	if len(body) == 0 || err != nil {
		return "", ""
	}
	if jsonMedia(c.MimeType) || c.MimeType == "" {
		shape = Shape(body)
	}
	return c.MimeType, shape
}

// Call is what a path template is found by: one request, wherever it is from.
type Call struct {
	Method string
	Base   string // paths of different bases have nothing to do with each other
	Path   string // escaped, with a leading slash
	Media  string // the media type of the answer, "" for unknown
	Shape  string // what Shape gives of the answer's body, "" for unknown

	// Literal says that the path is one that was sent. Else a segment
	// ":name", "{name}" or "{{name}}" is a variable of that name.
	Literal bool
}

// Templated is the path of a call as a template.
type Templated struct {
	Path   string   // with {name} for what varies; other braces are escaped
	Params []string // the names, each once
	Values []string // what stood there, decoded; "" for a variable of the call's own
}

// Template finds the path templates of calls: one for each, in their order.
//
// A segment varies where it looks like an id: a UUID, a ULID, eight or more
// hexadecimal digits with a number among them, a long random text; and behind
// a word also a number, a date, a mail address or letters mixed with digits.
// Versions (v1, 2.1, v1beta1) don't, nor do numbers behind words such as
// "status" and "page", nor any segment of a path to a static asset (app.3f2a.js).
//
// Other segments vary where four or more of them stand behind the same plural
// (/users/ann, /users/bob …), all answered with JSON objects of the same
// shape, or followed by the same paths with such. Without a Shape nothing of
// that kind is found. Calls of all methods share their templates.
//
// A parameter is named after the word before it, in the singular: petId of
// /pets/7, id where there is none. Names are unique in a path: petId, petId2.
func Template(calls []Call) []Templated {
	roots := map[string]*pathNode{}
	routes := make([][]string, len(calls))
	for i, c := range calls {
		root := roots[c.Base]
		if root == nil {
			root = &pathNode{}
			roots[c.Base] = root
		}
		routes[i] = segmentsOf(c.Path)
		root.add(&calls[i], routes[i])
	}
	for _, root := range roots {
		root.merge("")
	}
	out := make([]Templated, len(calls))
	for i := range calls {
		out[i] = roots[calls[i].Base].template(&calls[i], routes[i])
	}
	return out
}

// maxSegments bounds how deep paths are looked at: the rest of a longer one is
// one segment.
const maxSegments = 64

// segmentsOf splits a path behind its leading slash.
func segmentsOf(path string) []string {
	return strings.SplitN(strings.TrimPrefix(path, "/"), "/", maxSegments)
}

// template writes the path of a call.
func (n *pathNode) template(c *Call, segments []string) Templated {
	var t Templated
	var b strings.Builder
	asset := c.Literal && isAsset(c, segments)
	word := ""
	for _, s := range segments {
		b.WriteByte('/')
		kind := segmentKind(c, s, word, asset)
		if n != nil && kind == static && n.merged[s] {
			kind = value
		}
		if kind == static {
			b.WriteString(braces.Replace(s))
			word = s
			n = n.next(s)
			continue
		}
		name, captured := "", decoded(s)
		if kind == variable {
			name, captured = variableName(s), ""
		} else {
			name = idName(word, kind)
		}
		name = unique(name, t.Params)
		t.Params = append(t.Params, name)
		t.Values = append(t.Values, captured)
		b.WriteString("{" + name + "}")
		n = n.next(varies)
	}
	t.Path = b.String()
	return t
}

// braces keep what stands for itself apart from a template's variables.
var braces = strings.NewReplacer("{", "%7B", "}", "%7D")

func unique(name string, taken []string) string {
	own := name
	for n := 2; ; n++ {
		used := false
		for _, t := range taken {
			used = used || t == own
		}
		if !used {
			return own
		}
		own = name + strconv.Itoa(n)
	}
}

// varies is the child that stands for all segments that vary.
const varies = "\x00"

// pathNode is a segment in the tree of the paths of one base.
type pathNode struct {
	kids   map[string]*pathNode
	order  []string
	shapes []string        // of what is answered here, by method, each once
	other  bool            // something is answered here that has no shape of an object
	merged map[string]bool // the children that vary as a whole
}

func (n *pathNode) next(segment string) *pathNode {
	if n == nil {
		return nil
	}
	if n.merged[segment] {
		segment = varies
	}
	return n.kids[segment]
}

func (n *pathNode) kid(segment string) *pathNode {
	k := n.kids[segment]
	if k == nil {
		k = &pathNode{}
		if n.kids == nil {
			n.kids = map[string]*pathNode{}
		}
		n.kids[segment] = k
		n.order = append(n.order, segment)
	}
	return k
}

func (n *pathNode) add(c *Call, segments []string) {
	asset := c.Literal && isAsset(c, segments)
	word := ""
	for _, s := range segments {
		if segmentKind(c, s, word, asset) == static {
			word = s
			n = n.kid(s)
			continue
		}
		n = n.kid(varies)
	}
	n.answered(c, asset)
}

// maxShapes bounds the shapes that are kept of one path.
const maxShapes = 16

func (n *pathNode) answered(c *Call, asset bool) {
	if c.Media == "" && c.Shape == "" {
		return // nothing was answered, which says nothing
	}
	if asset || c.Shape == "" {
		n.other = true
		return
	}
	shape := strings.ToUpper(c.Method) + " " + c.Shape
	for _, s := range n.shapes {
		if s == shape {
			return
		}
	}
	if len(n.shapes) == maxShapes {
		n.other = true
		return
	}
	n.shapes = append(n.shapes, shape)
}
