package postman

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Version is the format of a collection.
type Version string

// The formats of a collection.
const (
	V1  Version = "1.0.0"
	V20 Version = "2.0.0"
	V21 Version = "2.1.0"
	V3  Version = "3.0.0"
)

// Collection is a tree of folders and requests. Every struct of the model has
// an Extra: the members that the file has and the model doesn't know, or that
// are not of the shape that their field holds, in the file's order. A writer
// adds them unless it has written a member of that name.
type Collection struct {
	Version     Version
	ID          string // info._postman_id
	Name        string
	Description *Description
	Info        []definition.Value // further members of "info": version, _exporter_id …
	Items       []*Item
	Variables   []*Variable
	Auth        *Auth
	Events      []*Event
	Protocol    *definition.Value // protocolProfileBehavior
	Extra       []definition.Value
	Pos         definition.Position
}

// Item is a folder or a request.
type Item struct {
	ID          string
	Name        string
	Description *Description // of a folder; a request's is in Request
	Request     *Request     // nil for a folder, and where the file has none
	Items       []*Item      // of a folder, not nil where the file has the list
	Folder      bool
	Examples    []*Example // saved responses, not nil where the file has the list
	Variables   []*Variable
	Auth        *Auth // of a folder
	Events      []*Event
	Protocol    *definition.Value // protocolProfileBehavior
	Kind        string            // of format 3.0.0: "http-request" or a kind that is kept and not served
	Order       *definition.Value // of format 3.0.0: a number
	Extra       []definition.Value
	Pos         definition.Position
}

// Request is a request as it stands in an item or as an example's original.
type Request struct {
	Method      string // as written, "" where the file has none
	URL         *URL
	Header      []*Field
	HeaderText  *string // the headers as one text, where the file has them so
	Body        *Body
	Auth        *Auth
	Description *Description
	Text        bool // the file has the URL's text in place of the request
	Extra       []definition.Value
	Pos         definition.Position
}

// URL is a URL in its parts. Any part may hold {{variables}}.
type URL struct {
	Raw      string
	Protocol string
	Host     []string // labels; not nil where the file has them
	HostText bool     // the file has the host as one text
	Port     string
	Path     []Segment // not nil where the file has them
	PathText bool      // the file has the path as one text
	Query    []*Field  // not nil where the file has the list
	Hash     string
	Params   []*Variable // values of ":name" segments; not nil where the file has the list
	Text     bool        // the file has the raw text in place of the object
	Extra    []definition.Value
}

// Segment is one segment of a path.
type Segment struct {
	Value  string
	Object *definition.Value // where the file has {"type": …, "value": …}
}

// Field is a header, a query parameter or a field of a form.
type Field struct {
	Key         string
	Value       string
	Literal     *definition.Value // the value, where the file has it as something else than a text
	Description *Description
	Disabled    bool
	Type        string            // of a form: "text" or "file"; of other fields as the file has it
	Src         *definition.Value // of a file: its path, a list of paths or null
	ContentType string            // of a multipart form's field
	Extra       []definition.Value
}

// Variable is a variable of a collection, a folder, an environment or a URL.
type Variable struct {
	ID          string
	Key         string
	Value       *definition.Value // any JSON value, nil where the file has none
	Type        string            // "string", "secret", "default", "any" …
	Name        string
	Description *Description
	Disabled    bool
	Extra       []definition.Value
}

// Body is a request's body.
type Body struct {
	Mode       string // raw, urlencoded, formdata, file, graphql, "" or a mode that is not known
	Raw        string
	URLEncoded []*Field          // not nil where the file has the list
	Form       []*Field          // not nil where the file has the list
	GraphQL    *definition.Value // {"query": …, "variables": …}
	File       *definition.Value // {"src": …} or {"content": …}
	Options    *definition.Value // {"raw": {"language": "json"}}
	Disabled   bool
	Extra      []definition.Value
}

// Example is a saved response.
type Example struct {
	ID              string
	UID             string // "<owner>-<id>"
	Name            string
	OriginalRequest *Request
	Code            int    // 0 where the file has none
	Status          string // the reason phrase
	Header          []*Field
	HeaderText      *string           // the headers as one text, where the file has them so
	Cookies         *definition.Value // as in the file
	Body            *string           // nil where the file has none or null
	Stream          *definition.Value // {"type": "Buffer", "data": […]} or base64: a binary body
	PreviewLanguage string            // _postman_previewlanguage
	Order           *definition.Value // of format 3.0.0: a number
	Extra           []definition.Value
	Pos             definition.Position
}

// Auth is how a request proves who it is. Type "noauth" is none, on purpose.
type Auth struct {
	Type    string
	Schemes []AuthScheme // the attributes by type; those of other types than Type are kept
	Extra   []definition.Value
}

// AuthScheme is the attributes of one type of auth.
type AuthScheme struct {
	Type   string
	Params []AuthParam
}

// AuthParam is one attribute, such as the token of "bearer".
type AuthParam struct {
	Key   string
	Value definition.Value
	Type  string // "string", "any", "boolean"
	Extra []definition.Value

	Missing bool // the file has no value
}

// Event is a script. Scripts are kept and never run.
type Event struct {
	Listen   string // prerequest or test
	Script   *Script
	Disabled bool
	Extra    []definition.Value
}

// Script is the text of an event.
type Script struct {
	ID    string
	Type  string
	Exec  []string // lines; not nil where the file has them
	Line  bool     // the file has the lines as one text
	Plain bool     // the file has the text in place of the script's object
	Extra []definition.Value
}

// Description is a text for people.
type Description struct {
	Text   string
	Type   string // a media type, "" for Markdown
	Object bool   // the file has an object
	Extra  []definition.Value
}

// NewDescription returns a plain description, nil for an empty text.
func NewDescription(text string) *Description {
	if text == "" {
		return nil
	}
	return &Description{Text: text}
}

// String returns the text, "" of nil.
func (d *Description) String() string {
	if d == nil {
		return ""
	}
	return d.Text
}

// Scheme returns the attributes of the auth's own type, nil where it has none.
func (a *Auth) Scheme() []AuthParam {
	if a == nil {
		return nil
	}
	for i := range a.Schemes {
		if a.Schemes[i].Type == a.Type {
			return a.Schemes[i].Params
		}
	}
	return nil
}

// Param returns the text of an attribute of the auth's own type, "" for none.
func (a *Auth) Param(key string) string {
	for _, p := range a.Scheme() {
		if p.Key == key {
			return scalar(&p.Value)
		}
	}
	return ""
}

// Base returns a URL's text without its query and fragment, with variables and
// ":name" segments as they are written: "{{baseUrl}}/pets/:id".
func (u *URL) Base() string {
	if u == nil {
		return ""
	}
	if u.Host == nil && u.Path == nil {
		raw, _, _ := strings.Cut(u.Raw, "#")
		raw, _, _ = strings.Cut(raw, "?")
		return raw
	}
	var b strings.Builder
	if u.Protocol != "" {
		b.WriteString(u.Protocol)
		b.WriteString("://")
	}
	b.WriteString(strings.Join(u.Host, "."))
	if u.Port != "" {
		b.WriteByte(':')
		b.WriteString(u.Port)
	}
	for i := range u.Path {
		b.WriteByte('/')
		b.WriteString(u.Path[i].Value)
	}
	return b.String()
}

// NewVariable returns a variable with a text for its value.
func NewVariable(key, value, kind string) *Variable {
	v := definition.NewString(value)
	return &Variable{Key: key, Value: &v, Type: kind}
}

// Text returns the variable's value as text, "" of none.
func (v *Variable) Text() string { return scalar(v.Value) }

// scalar returns a value's text: a text as it is, null as nothing, anything
// else as JSON.
func scalar(v *definition.Value) string {
	switch {
	case v == nil || v.Kind == definition.Null:
		return ""
	case v.Kind == definition.String:
		return v.Text
	default:
		return string(v.AppendJSON(nil))
	}
}
