package postman

import (
	"github.com/mimus-dev/mimus/internal/definition"
)

// folderCollection fills in what a definition.yaml says of the collection.
func folderCollection(c *Collection, v *definition.Value) {
	m := membersOf(v)
	folderTakeKind(&m, folderKindCollection)
	if name, ok := folderName(&m); ok {
		c.Name = name
	}
	c.ID = m.text("id")
	c.Description = m.describe()
	c.Variables = folderVars(&m, "variables")
	c.Auth = folderAuth(&m)
	c.Events = folderScripts(&m)
	c.Protocol = m.take("protocolProfileBehavior", definition.Object)
	c.Extra = m.rest()
}

// folderSection fills in what a definition.yaml says of a folder.
func folderSection(it *Item, v *definition.Value) {
	m := membersOf(v)
	folderTakeKind(&m, folderKindCollection)
	if name, ok := folderName(&m); ok {
		it.Name = name
	}
	it.ID = m.text("id")
	it.Description = m.describe()
	it.Order = m.order()
	it.Variables = folderVars(&m, "variables")
	it.Auth = folderAuth(&m)
	it.Events = folderScripts(&m)
	it.Protocol = m.take("protocolProfileBehavior", definition.Object)
	it.Extra = m.rest()
}

// folderItem reads a request file. Of a kind that isn't served only the name
// and the place are known.
func folderItem(v *definition.Value, stem string) (it *Item, examples *definition.Value) {
	m := membersOf(v)
	it = &Item{Name: stem, Kind: folderKindRequest, Examples: []*Example{}}
	if kind := m.text("$kind"); kind != "" {
		it.Kind = kind
	}
	if name, ok := folderName(&m); ok {
		it.Name = name
	}
	it.Order = m.order()
	examples = m.take("examples", definition.String, definition.Array)
	if it.Kind == folderKindRequest {
		it.ID = m.text("id")
		it.Variables = folderVars(&m, "variables")
		it.Events = folderScripts(&m)
		it.Protocol = m.take("protocolProfileBehavior", definition.Object)
		it.Request = folderCall(&m)
	}
	it.Extra = m.rest()
	return it, examples
}

// folderCall takes what a request is made of, nil for nothing.
func folderCall(m *members) *Request {
	req := &Request{
		Method:      m.plain("method"),
		Description: m.describe(),
		URL:         folderURL(m),
		Body:        folderBody(m),
		Auth:        folderAuth(m),
	}
	if v := m.list("headers"); v != nil {
		req.Header = folderFields(v)
	}
	if req.Method == "" && req.Description == nil && req.URL == nil && req.Body == nil && req.Auth == nil && req.Header == nil {
		return nil
	}
	return req
}

// folderURL takes the URL with its parameters. Those of the list are all; the
// URL's text is asked for them only where there is no list.
func folderURL(m *members) *URL {
	raw := m.take("url", definition.String, definition.Number)
	query, params := m.list("queryParams"), m.list("pathVariables")
	if raw == nil && query == nil && params == nil {
		return nil
	}
	u := ParseURL(scalar(raw))
	if query != nil {
		u.Query = folderFields(query)
	}
	if params != nil {
		u.Params = folderVariables(params)
	}
	return u
}

// folderSaved reads an example: {request, response}, or the flat one of older
// writers. Of a kind that isn't served only the name and the place are known.
func folderSaved(v *definition.Value, stem string) *Example {
	m := membersOf(v)
	e := &Example{Name: stem}
	if name, ok := folderName(&m); ok {
		e.Name = name
	}
	e.Order = m.order()
	if kind, _ := m.find("$kind"); kind.Is(definition.String) && kind.Text != folderKindExample {
		e.Extra = m.rest()
		return e
	}
	m.take("$kind", definition.String)
	e.ID, e.UID = m.text("id"), m.text("uid")
	var left []definition.Value
	for _, key := range []string{"request", "originalRequest"} {
		if e.OriginalRequest != nil || left != nil {
			break
		}
		if req := m.take(key, definition.Object); req != nil {
			in := membersOf(req)
			e.OriginalRequest = folderCall(&in)
			left = folderOriginal(e, in.rest())
		}
	}
	if res := m.take("response", definition.Object); res != nil {
		in := membersOf(res)
		if rest := append(folderResponse(e, &in), in.rest()...); len(rest) > 0 {
			left = append(left, definition.NewObject(rest...).With("response"))
		}
	} else {
		left = append(left, folderResponse(e, &m)...)
	}
	e.Extra = append(m.rest(), left...)
	return e
}

// folderOriginal keeps what is left of an example's request, with it or, where
// it has nothing else, with the example.
func folderOriginal(e *Example, rest []definition.Value) []definition.Value {
	if e.OriginalRequest != nil {
		e.OriginalRequest.Extra = rest
		return nil
	}
	return []definition.Value{definition.NewObject(rest...).With("request")}
}

// folderResponse takes what a response is made of, and gives what is left of
// its body.
func folderResponse(e *Example, m *members) []definition.Value {
	for _, key := range []string{"statusCode", "code"} {
		if e.Code == 0 {
			e.Code = m.code(key)
		}
	}
	for _, key := range []string{"statusText", "status"} {
		if e.Status == "" {
			e.Status = m.text(key)
		}
	}
	for _, key := range []string{"headers", "header"} {
		if v := m.list(key); v != nil && e.Header == nil {
			e.Header = folderFields(v)
		}
	}
	e.Cookies = m.take("cookie", definition.Array)
	e.Stream = m.any("stream")
	if v := m.take("body", definition.String, definition.Number, definition.Bool); v != nil {
		e.Body = &v.Text
		return nil
	}
	body := m.take("body", definition.Object)
	if body == nil {
		return nil
	}
	in := membersOf(body)
	e.PreviewLanguage = in.text("type")
	if content := in.any("content"); content != nil {
		text := scalar(content)
		e.Body = &text
	}
	if rest := in.rest(); len(rest) > 0 {
		return []definition.Value{definition.NewObject(rest...).With("body")}
	}
	return nil
}

// folderName takes the name inside of a file, which wins over the file's own.
func folderName(m *members) (name string, ok bool) {
	v := m.take("name", definition.String, definition.Number, definition.Bool)
	if v == nil {
		return "", false
	}
	return v.Text, true
}

// folderTakeKind takes the kind where it is what it has to be.
func folderTakeKind(m *members, want string) {
	if v, _ := m.find("$kind"); v.Str() == want {
		m.take("$kind")
	}
}

func folderVars(m *members, key string) []*Variable {
	v := m.list(key)
	if v == nil {
		return nil
	}
	return folderVariables(v)
}
