// Package definition is the vocabulary of Mimus: what a mock may answer from,
// whatever it was read from. It is plain data that can be printed, stored and
// compared, it knows no document format or version, and it imports nothing of
// ours. Schemas are JSON Schema 2020-12.
package definition

// Definition is everything a mock may answer from.
type Definition struct {
	Title       string
	Version     string // the API's own version
	Description string
	Format      string // what it was read from, for people: "OpenAPI 3.0.3"
	Contact     Contact

	Servers    []Server
	Tags       []Tag         // in the document's order
	Security   []Requirement // of the document as a whole
	Operations []*Operation
	Webhooks   []*Operation // Path is the webhook's name
	Exchanges  []*Exchange  // saved examples, in the document's order
	NoContract bool         // saved examples are all there is: a collection or a recording
	Scopes     []Scope      // the variables that exchanges may name

	// Schemas are the reusable schemas by name. A reference inside of any
	// schema is {"$ref": "#/$defs/<name>"} with the name as it stands here,
	// so that the set is closed.
	Schemas map[string]*Value

	// Faker is the document's "x-json-schema-faker", nil where it has none.
	Faker *Value
}

// Contact is whom the document names for questions.
type Contact struct {
	Name  string
	Email string
}

// Tag describes a tag that operations may carry.
type Tag struct {
	Name        string
	Description string
}

// Server is a base URL that the document names.
type Server struct {
	Name      string
	URL       string // may hold {variables}
	Variables []ServerVariable
}

// ServerVariable is one {variable} of a server's URL.
type ServerVariable struct {
	Name    string
	Default string
	Enum    []string
}

// Operation is one method of one path template.
type Operation struct {
	Method      string // upper case
	Path        string // the template, with a leading slash
	ID          string
	Summary     string
	Description string
	Tags        []string
	Deprecated  bool
	Servers     []Server // where the path or the operation names its own
	OwnServers  bool     // the operation names them, not its path
	Parameters  []*Parameter
	Ignored     []*Parameter // the headers Accept, Content-Type and Authorization, which other parts of a document describe
	Body        *Body
	Responses   []*Response // in the document's order
	Security    []Requirement
	OwnSecurity bool // the operation states them, not the document
	Callbacks   []Callback
	Living      *Value // "x-mimus-resource" of the operation or its path; nil where there is none
	Pos         Position
}

// Position is a place in a source file; lines and columns count from 1.
type Position struct {
	File string
	Line int
	Col  int
}

// In is where a parameter is carried.
type In string

// The places of a parameter. Querystring is the whole query as one value
// (OpenAPI 3.2).
const (
	InPath        In = "path"
	InQuery       In = "query"
	InHeader      In = "header"
	InCookie      In = "cookie"
	InQuerystring In = "querystring"
)

// Parameter describes one parameter of an operation. Either Schema or Content
// tells its form; where both are nil, any text will do.
type Parameter struct {
	Name            string
	In              In
	Description     string
	Required        bool
	Deprecated      bool
	AllowEmpty      bool
	AllowReserved   bool
	Style           string // always set: simple, form, label, matrix, spaceDelimited, pipeDelimited, tabDelimited, deepObject, cookie
	Explode         bool
	Schema          *Value
	Content         *Media
	Examples        []Example
	CollectionMulti bool // an array whose text form is separated by Style's delimiter may also repeat its name
}

// Body describes a request's body.
type Body struct {
	Required bool
	Content  []*Media // in the document's order
}

// Media is one media type of a body with its schema and examples.
type Media struct {
	Type     string // as written, for example "application/json; charset=utf-8"
	Schema   *Value // nil where the document has none
	Item     *Value // the schema of one item of a stream (itemSchema, OpenAPI 3.2)
	Examples []Example
	Encoding []Encoding // by property, of forms and multipart bodies
	Prefix   []Encoding // by position (prefixEncoding)
	Each     *Encoding  // for all further positions (itemEncoding)
	Assumed  bool       // the document names no media type
}

// Encoding tells how one property of a form or one part of a multipart body is
// written.
type Encoding struct {
	Name           string
	ContentType    string // may be a list separated by commas
	Headers        []*Header
	Style          string // "" where the document doesn't set it
	Explode        bool
	AllowReserved  bool
	ForbidReserved bool // the document says outright that reserved characters are not allowed
}

// Example is a value that the document shows. Value is what it means,
// Serialized how it is written; one of them is set unless External is.
type Example struct {
	Name        string // "" for the unnamed one
	Summary     string
	Description string
	Value       *Value
	Serialized  *string
	External    string // a URL that is not followed
}

// Response describes one answer of an operation.
type Response struct {
	Status      string // "200", a range "2XX", or "default"
	Summary     string
	Description string
	Headers     []*Header
	Content     []*Media // in the document's order
	Links       []Link
}

// Header describes one header of a response or a part.
type Header struct {
	Name        string
	Description string
	Required    bool
	Deprecated  bool
	Shared      bool // it stands behind a reference
	Explode     bool
	Schema      *Value
	Content     *Media
	Examples    []Example
}

// Link tells how a value of an answer feeds another operation.
type Link struct {
	Name         string
	OperationID  string
	OperationRef string
	Parameters   []Value // Key is the parameter, the value a constant or a runtime expression
	Description  string
}

// Callback is a request that the API makes after it has answered.
type Callback struct {
	Name       string
	Expression string // the URL, with runtime expressions in {}
	Operations []*Operation
}

// Requirement is one way to be authorised: all of its schemes together. An
// empty one asks for nothing. An operation needs any of its requirements.
type Requirement []RequiredScheme

// RequiredScheme is a security scheme with the scopes asked of it.
type RequiredScheme struct {
	Name   string
	Scheme *SecurityScheme // nil where the document doesn't define it
	Scopes []string
}

// SecurityScheme describes one kind of credentials.
type SecurityScheme struct {
	Type   string // apiKey, http, oauth2, openIdConnect, mutualTLS
	Scheme string // of type http, lower case: basic, bearer, digest …
	In     In     // of type apiKey
	Name   string // of type apiKey: the header, query parameter or cookie
	Flows  []Flow // of type oauth2, in the document's order
}

// Flow is one way to get a token by OAuth 2.0.
type Flow struct {
	Name             string // implicit, password, clientCredentials, authorizationCode, deviceAuthorization
	AuthorizationURL string
	TokenURL         string
	RefreshURL       string
	Scopes           []string
}
