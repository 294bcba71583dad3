package verify

import (
	"net/url"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// Call is one exchange as it is judged.
type Call struct {
	ID        string // "" where calls have none
	Method    string
	Path      string // as it was sent, percent-encoded, without the query
	Query     string // as it was sent, without the question mark
	Route     string // the path template of the operation; "" not known
	Operation string // the operationId, else "GET /pets"; "" where none takes the call
	Status    int

	// Header gives the values of a field of the request by its name in lower
	// case. Nil: there is none.
	Header func(name string) []string
	Body   string
	Cut    bool // Body is not all that was sent

	// Hidden stands where the record leaves a secret out; "" it leaves none out.
	Hidden string
	// Broken tells how the call broke the contract, "" that it kept it. Nil: it
	// kept it.
	Broken func() string

	query url.Values
	body  *body
}

// body is a body that was read.
type body struct {
	value *definition.Value // nil: it is no JSON and no form
	json  bool
}

// Line is the request line, without the version.
func (c *Call) Line() string {
	if c.Query == "" {
		return c.Method + " " + Clip(c.Path)
	}
	return c.Method + " " + Clip(c.Path+"?"+c.Query)
}

func (c *Call) header(name string) []string {
	if c.Header == nil {
		return nil
	}
	return c.Header(name)
}

func (c *Call) broken() string {
	if c.Broken == nil {
		return ""
	}
	return c.Broken()
}

// parameter gives the values of a query parameter.
func (c *Call) parameter(name string) []string {
	if c.query == nil {
		c.query, _ = url.ParseQuery(c.Query) // what can be read of it
	}
	return c.query[name]
}

// unreadable says why the body can't be judged; "" it can be.
func (c *Call) unreadable() string {
	if c.Cut {
		return "its body was not kept whole"
	}
	if e := strings.Join(c.header("content-encoding"), ", "); e != "" && !strings.EqualFold(e, "identity") {
		return "its body is compressed (" + Clip(e) + ")"
	}
	return ""
}

// read reads the body once, however many matchers ask for it.
func (c *Call) read() *body {
	if c.body != nil {
		return c.body
	}
	c.body = &body{}
	if strings.TrimSpace(c.Body) == "" {
		return c.body
	}
	if t := strings.Join(c.header("content-type"), ""); strings.HasPrefix(strings.ToLower(t), "application/x-www-form-urlencoded") {
		c.body.value = form(c.Body)
	} else if v, err := document.ParseJSON(c.Body, 0, document.Limits{}); err == nil {
		c.body.value, c.body.json = &v, true
	}
	return c.body
}

// form makes an object of an urlencoded form: a text for each name, a list of
// texts where the name comes more than once.
func form(text string) *definition.Value {
	values, err := url.ParseQuery(text)
	if err != nil {
		return nil
	}
	var kids []definition.Value
	for name, list := range values {
		if len(list) == 1 {
			kids = append(kids, definition.NewString(list[0]).With(name))
			continue
		}
		items := make([]definition.Value, len(list))
		for i := range list {
			items[i] = definition.NewString(list[i])
		}
		kids = append(kids, definition.NewArray(items...).With(name))
	}
	sortByKey(kids)
	v := definition.NewObject(kids...)
	return &v
}
