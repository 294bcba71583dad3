package definition

// Exchange is a saved example: a response with the request that it answers,
// as a collection or a recording keeps it. Texts may hold {{variables}}, which
// are resolved when a mock is made, because an environment has a say in them.
type Exchange struct {
	ID    string // the file's own id, "" where it has none
	Name  string
	Place string // the path of folders and names, for people: "Pets / List pets / OK"
	Scope int    // the innermost of Definition.Scopes, -1 for none
	Pos   Position

	Request  SavedRequest
	Response SavedResponse
}

// SavedRequest is the request of an exchange.
type SavedRequest struct {
	Method string // upper case
	Base   string // what stands before the path, "https://{{host}}" or "{{baseUrl}}"; may be ""
	Path   string // with a leading slash, "" for none; percent-encoding, ":name" and "{{name}}" as written
	Query  []Pair // without disabled ones; names and values are decoded
	Params []Pair // the saved values of ":name" segments
	Header []Pair // without disabled ones
	Body   *SavedBody
}

// Pair is a name with a value.
type Pair struct {
	Name  string
	Value string
}

// BodyMode is the form in which a saved request's body is kept.
type BodyMode string

// The forms of a saved request's body.
const (
	BodyRaw        BodyMode = "raw"
	BodyURLEncoded BodyMode = "urlencoded"
	BodyForm       BodyMode = "formdata"
	BodyGraphQL    BodyMode = "graphql"
	BodyFile       BodyMode = "file"
)

// SavedBody is the body of a saved request.
type SavedBody struct {
	Mode      BodyMode
	Media     string      // the media type where it is known, "" else
	Text      string      // of raw, the query of GraphQL
	Variables string      // of GraphQL, JSON text
	Operation string      // of GraphQL, the operation's name
	Fields    []SavedPart // of urlencoded and formdata, without disabled ones
}

// SavedPart is one field of a saved form.
type SavedPart struct {
	Name  string
	Value string // the path of the file where File is set
	File  bool
}

// SavedResponse is the response of an exchange.
type SavedResponse struct {
	Status  int    // 100 to 599
	Reason  string // the status text, for people
	Header  []Pair // in the file's order, names may repeat
	Body    string // the bytes
	Media   string // the media type that the format knows apart from the headers, "" else
	Literal bool   // the bytes are what was sent: no {{…}} is filled in
}

// Scope is one level of variables: a collection's, or a folder's in it.
type Scope struct {
	Parent    int // an index into Definition.Scopes, -1 for the outermost
	Variables []Variable
}

// Variable is a named text that {{name}} stands for.
type Variable struct {
	Name     string
	Value    string
	Disabled bool // is as if it were not there
	Secret   bool // is used, and never shown
}

// AddExchanges adds the saved examples of another definition, with their
// variables.
func (d *Definition) AddExchanges(other *Definition) {
	offset := len(d.Scopes)
	shift := func(scope int) int {
		if scope < 0 {
			return scope
		}
		return scope + offset
	}
	for _, s := range other.Scopes {
		d.Scopes = append(d.Scopes, Scope{Parent: shift(s.Parent), Variables: s.Variables})
	}
	for _, x := range other.Exchanges {
		own := *x
		own.Scope = shift(x.Scope)
		d.Exchanges = append(d.Exchanges, &own)
	}
}
