// Package har reads and writes HTTP archives: recordings of exchanges in the
// format HAR 1.2, as browsers and proxies save them. It keeps what it doesn't
// know, so that reading and writing again loses nothing, takes credentials out
// of recordings, makes definitions of them, and finds the path templates of
// recorded URLs.
package har

import "github.com/mimus-dev/mimus/internal/definition"

// Archive is a recording (HAR 1.2, "log"). In it and in all that it holds, a
// field of zero value is a member that isn't there or one whose value is zero,
// which Extra tells apart: what was read with a zero value, or with one of
// another type than the field's, stands in Extra, and is written from there.
type Archive struct {
	Version string // of the format, "1.2"
	Creator *Tool
	Browser *Tool
	Pages   []*Page  // nil where there is no list
	Entries []*Entry // in the file's order
	Comment string
	Extra   []definition.Value // further members of "log"
	Outer   []definition.Value // members beside "log"
	Pos     definition.Position
}

// Tool is a program that made or shows a recording.
type Tool struct {
	Name    string
	Version string
	Extra   []definition.Value
}

// Page is a page of a browser that entries belong to.
type Page struct {
	Started string // as written, ISO 8601
	ID      string
	Title   string
	Extra   []definition.Value // "pageTimings" among them
}

// Entry is one exchange.
type Entry struct {
	Page       string // the ID of its page
	Started    string // as written, ISO 8601
	Time       float64
	Request    *Request  // nil where there is none
	Response   *Response // nil where there is none
	Timings    *Timings
	ServerIP   string
	Connection string
	Extra      []definition.Value // "cache" and what begins with "_" among them
	Pos        definition.Position

	number int // in the file, from 1; 0 where it is from none
}

// Timings are the parts of an entry's time in milliseconds, -1 for one that
// doesn't apply.
type Timings struct {
	Blocked float64
	DNS     float64
	Connect float64
	Send    float64
	Wait    float64
	Receive float64
	SSL     float64
	Extra   []definition.Value
}

// Request is what was sent.
type Request struct {
	Method      string
	URL         string // as written, without its fragment in most recordings
	HTTPVersion string
	Cookies     []*Cookie // nil where there is no list, like Header and Query
	Header      []Pair
	Query       []Pair // what the recorder made of the URL's query; some don't decode it
	Post        *PostData
	HeadersSize int // in bytes, -1 for unknown
	BodySize    int // in bytes, -1 for unknown
	Extra       []definition.Value

	pos definition.Position // of the URL
}

// Response is what was answered.
type Response struct {
	Status      int // 0 where nothing came
	Reason      string
	HTTPVersion string
	Cookies     []*Cookie // nil where there is no list, like Header
	Header      []Pair
	Content     *Content
	RedirectURL string
	HeadersSize int // in bytes, -1 for unknown
	BodySize    int // in bytes as they came over the wire, -1 for unknown
	Extra       []definition.Value
}

// Pair is a header field or a query parameter.
type Pair struct {
	Name  string
	Value string
	Extra []definition.Value
}

// Cookie is a cookie that was sent or set.
type Cookie struct {
	Name     string
	Value    string
	Path     string
	Domain   string
	Expires  string // as written, ISO 8601 in most recordings
	HTTPOnly bool
	Secure   bool
	Extra    []definition.Value
}

// PostData is the body of a request.
type PostData struct {
	MimeType string
	Text     string
	Params   []Param // of a form, nil where there is no list
	Extra    []definition.Value
}

// Param is one field of a form.
type Param struct {
	Name        string
	Value       string
	FileName    string
	ContentType string
	Extra       []definition.Value
}

// Content is the body of a response.
type Content struct {
	Size     int // in bytes, after decompression
	MimeType string
	Text     string // decoded, or in Encoding
	Encoding string // "base64" or ""
	Extra    []definition.Value
}

// FromPairs makes header fields or query parameters of pairs, never nil.
func FromPairs(list []definition.Pair) []Pair {
	out := make([]Pair, 0, len(list))
	for _, p := range list {
		out = append(out, Pair{Name: p.Name, Value: p.Value})
	}
	return out
}

// ToPairs gives names with values.
func ToPairs(list []Pair) []definition.Pair {
	out := make([]definition.Pair, 0, len(list))
	for _, p := range list {
		out = append(out, definition.Pair{Name: p.Name, Value: p.Value})
	}
	return out
}
