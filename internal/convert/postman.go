package convert

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/postman"
	"github.com/mimus-dev/mimus/internal/schema"
)

// PostmanOptions tell how a collection is made of a definition. They are those
// of Postman's own converter; the zero value is its defaults.
type PostmanOptions struct {
	Folders        FolderStrategy
	NestedFolders  bool // folders by tags lie in each other, in the order of an operation's tags
	Names          NameSource
	Indent         string // of bodies; "" is two spaces
	Values         ValueSource
	PreferredBody  BodyPreference
	SavedExamples  SavedExamples
	NoExampleAuth  bool // saved requests carry no credentials
	InheritAuth    bool // requests have no auth of their own
	ImplicitHeader bool // the headers Accept, Content-Type and Authorization are kept where a document has them as parameters
	NoDeprecated   bool // what is deprecated is left out
	DisableOptions bool // optional parameters are there and disabled
	Webhooks       bool // webhooks are a folder of their own
	World          bool // path variables name what a mock of the document has at the start; not with ValuesOfType
}

// FolderStrategy is what folders are made of.
type FolderStrategy string

// The strategies; "" is FoldersByPath.
const (
	FoldersByPath FolderStrategy = "paths"
	FoldersByTag  FolderStrategy = "tags"
)

// NameSource is what a request is named by.
type NameSource string

// The sources; "" is NamesByFallback: the summary, else the operation's id,
// its description or its URL.
const (
	NamesByFallback NameSource = "fallback"
	NamesByURL      NameSource = "url"
	NamesBySummary  NameSource = "summary"
	NamesByID       NameSource = "operationid"
)

// ValueSource is where values come from.
type ValueSource string

// The sources; "" is ValuesOfSchema: their structure is that of the schema,
// what they hold is valid. ValuesOfExample are those that the document shows;
// ValuesOfType name the type, such as "<integer>".
const (
	ValuesOfSchema  ValueSource = "schema"
	ValuesOfExample ValueSource = "example"
	ValuesOfType    ValueSource = "placeholder"
)

// BodyPreference is which of several media types a request has.
type BodyPreference string

// The preferences; "" is BodyFirst.
const (
	BodyFirst     BodyPreference = "first-listed"
	BodyRaw       BodyPreference = "raw"
	BodyForm      BodyPreference = "x-www-form-urlencoded"
	BodyMultipart BodyPreference = "form-data"
)

// SavedExamples is how many responses are saved.
type SavedExamples string

// The choices; "" is SavedOne: one for each response, or one for each name that
// examples of request and response share. SavedAll is one for each media type
// and named example.
const (
	SavedOne SavedExamples = "one"
	SavedAll SavedExamples = "all"
)

// ToPostman makes a collection of format 2.1.0 of a definition that was read
// from an OpenAPI document. Its structure is that of the collection that
// Postman's own converter makes; its values are such that the definition
// accepts them. The same definition and options give the same collection, ids
// included. Diagnostics tell what a collection can't carry.
func ToPostman(def *definition.Definition, o PostmanOptions) (*postman.Collection, []document.Diagnostic) {
	if o.Indent == "" {
		o.Indent = "  "
	}
	if o.Values == "" {
		o.Values = ValuesOfSchema
	}
	set := schema.NewSet(def.Schemas)
	w := &assembly{
		def: def, options: o, set: set,
		bodies:   newBodies(def, set, o),
		children: map[*postman.Item]map[string]*postman.Item{},
		told:     map[string]bool{},
		shared:   map[string]*definition.Value{},
	}
	if o.World && o.Values != ValuesOfType {
		w.settle()
	}
	return w.collection(), w.diags
}

// assembly is what one conversion to a collection needs.
type assembly struct {
	def      *definition.Definition
	options  PostmanOptions
	set      *schema.Set
	bodies   *bodies
	children map[*postman.Item]map[string]*postman.Item // folders below a folder, by name
	listed   []*postman.Variable                        // variables that requests ask for
	shared   map[string]*definition.Value               // values of variables that several requests have, by name
	world    *world                                     // nil: path variables name nothing
	diags    []document.Diagnostic
	told     map[string]bool
	spent    int // bytes of bodies
}

// note tells once what a collection can't carry.
func (w *assembly) note(op *definition.Operation, code, message, hint string) {
	const most = 1000
	if len(w.diags) < most && !w.told[message] {
		w.told[message] = true
		w.diags = append(w.diags, document.Diagnostic{
			Severity: document.Info, Code: code, File: op.Pos.File, Line: op.Pos.Line, Col: op.Pos.Col,
			Message: message, Hint: hint,
		})
	}
}

func (w *assembly) collection() *postman.Collection {
	c := &postman.Collection{Version: postman.V21, Name: w.def.Title, Description: postman.NewDescription(w.description())}
	if c.Name == "" {
		c.Name = "Imported from OpenAPI"
	}
	c.Auth = authOf(w.def.Security)
	root := &postman.Item{Folder: true}
	w.folders(root)
	c.Items = root.Items
	c.Variables = w.variables()
	if w.spent > maxBodies {
		w.diags = append(w.diags, document.Diagnostic{
			Severity: document.Warning, Code: "limit-size", Message: "the bodies together are too large; those of the last requests are empty",
			Hint: "divide the document",
		})
	}
	c.ID = derivedID("collection", c.Name, w.def.Version)
	identify(c.Items, c.ID)
	return c
}

// description is the document's, with its contact.
func (w *assembly) description() string {
	text, contact := w.def.Description, ""
	if w.def.Contact.Name != "" {
		contact += "\n Name: " + w.def.Contact.Name
	}
	if w.def.Contact.Email != "" {
		contact += "\n Email: " + w.def.Contact.Email
	}
	if contact == "" {
		return text
	}
	if text != "" {
		text += "\n\n"
	}
	return text + "Contact Support:" + contact
}

// variables are those of the first server, its URL as "baseUrl", and those
// that requests ask for, the first of each name.
func (w *assembly) variables() []*postman.Variable {
	var server definition.Server
	if len(w.def.Servers) > 0 {
		server = w.def.Servers[0]
	}
	var all []*postman.Variable
	for _, v := range server.Variables {
		all = append(all, postman.NewVariable(v.Name, v.Default, "string"))
	}
	all = append(all, postman.NewVariable("baseUrl", doubleBraces(w.baseURL()), "string"))
	all = append(all, w.listed...)
	seen := make(map[string]bool, len(all))
	kept := all[:0]
	for _, v := range all {
		if !seen[v.Key] {
			seen[v.Key] = true
			kept = append(kept, v)
		}
	}
	return kept
}

// baseURL is the URL of the document's first server.
func (w *assembly) baseURL() string {
	if len(w.def.Servers) == 0 {
		return "/"
	}
	return w.def.Servers[0].URL
}

// identify gives all items and saved responses ids derived from their place.
func identify(items []*postman.Item, parent string) {
	taken := map[string]int{}
	for _, it := range items {
		key := it.Name
		if it.Request != nil {
			key = it.Request.Method + " " + it.Request.URL.Base() + " " + it.Name
		}
		taken[key]++
		it.ID = derivedID(parent, key, strings.Repeat("+", taken[key]-1))
		identify(it.Items, it.ID)
		for i, e := range it.Examples {
			e.ID = derivedID(it.ID, e.Name, strings.Repeat("+", i))
		}
	}
}

// derivedID is an id in the form of a UUID of version 8 (RFC 9562, 5.8) that
// depends on nothing but its parts.
func derivedID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	sum[6] = sum[6]&0x0f | 0x80
	sum[8] = sum[8]&0x3f | 0x80
	var b [36]byte
	hex.Encode(b[0:8], sum[0:4])
	hex.Encode(b[9:13], sum[4:6])
	hex.Encode(b[14:18], sum[6:8])
	hex.Encode(b[19:23], sum[8:10])
	hex.Encode(b[24:36], sum[10:16])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}
