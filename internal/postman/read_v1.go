package postman

import (
	"fmt"

	"github.com/mimus-dev/mimus/internal/definition"
)

// collectionV1 reads format 1.0.0, in which folders and requests are flat lists
// and refer to each other by id.
func (r *reader) collectionV1(root *definition.Value) *Collection {
	m := membersOf(root)
	c := &Collection{Version: V1, ID: m.text("id"), Name: m.text("name"), Items: []*Item{}}
	c.Description = r.description(&m, "description")
	c.Variables = r.variables(&m, "variables", "variable")
	c.Auth = r.auth(&m)
	c.Events = r.eventsV1(&m)
	c.Protocol = m.kind("protocolProfileBehavior", definition.Object)

	t := &treeV1{reader: r, requests: map[string]*definition.Value{}, folders: map[string]*definition.Value{}, used: map[string]bool{}}
	requests := m.kind("requests", definition.Array)
	folders := m.kind("folders", definition.Array)
	t.index(requests, t.requests)
	t.index(folders, t.folders)
	c.Items = t.children(m.kind("folders_order", definition.Array), m.kind("order", definition.Array))
	// What no order names stands at the end of its folder, or of the collection.
	c.Items = append(c.Items, t.left(folders, requests)...)
	c.Extra = m.rest()
	return c
}

// treeV1 makes a tree of the lists of format 1.0.0.
type treeV1 struct {
	*reader
	requests, folders map[string]*definition.Value
	used              map[string]bool
}

func (t *treeV1) index(list *definition.Value, into map[string]*definition.Value) {
	if list == nil {
		return
	}
	for i := range list.Kids {
		kid := &list.Kids[i]
		if kid.Kind != definition.Object {
			t.warn(kid, "item-shape", fmt.Sprintf("entry %d is a %s, it is left out", i+1, kid.Kind), "an entry is an object with an \"id\"")
			continue
		}
		id := kid.Get("id").Str()
		if id == "" {
			continue
		}
		if into[id] != nil {
			t.warn(kid, "id-doubled", fmt.Sprintf("the id %q stands twice", id), "give each request and folder an id of its own")
			continue
		}
		into[id] = kid
	}
}

// children gives the folders and requests that two lists of ids name.
func (t *treeV1) children(folders, requests *definition.Value) []*Item {
	out := []*Item{}
	if folders != nil {
		for i := range folders.Kids {
			id := folders.Kids[i].Str()
			if v := t.folders[id]; v != nil && !t.used["f"+id] {
				out = append(out, t.folder(v, id))
			}
		}
	}
	if requests != nil {
		for i := range requests.Kids {
			id := requests.Kids[i].Str()
			switch v := t.requests[id]; {
			case v == nil:
				t.warn(&requests.Kids[i], "id-missing", fmt.Sprintf("the order names the request %q, which is not there", id), "remove it from the order, or add the request")
			case !t.used["r"+id]:
				t.used["r"+id] = true
				out = append(out, t.requestV1(v))
			}
		}
	}
	return out
}

func (t *treeV1) folder(v *definition.Value, id string) *Item {
	t.used["f"+id] = true
	m := membersOf(v)
	it := &Item{ID: m.text("id"), Name: m.text("name"), Folder: true, Pos: t.loader.Locate(v)}
	t.place = append(t.place, it.Name)
	defer func() { t.place = t.place[:len(t.place)-1] }()
	it.Description = t.description(&m, "description")
	it.Auth = t.auth(&m)
	it.Variables = t.variables(&m, "variables", "variable")
	it.Events = t.eventsV1(&m)
	it.Items = t.children(m.kind("folders_order", definition.Array), m.kind("order", definition.Array))
	it.Extra = m.rest()
	return it
}

// left gives the folders and requests that nothing has placed: those that name
// their folder themselves come with it.
func (t *treeV1) left(folders, requests *definition.Value) []*Item {
	var out []*Item
	placed := map[string]*Item{}
	each := func(list *definition.Value, f func(v *definition.Value, id string)) {
		if list == nil {
			return
		}
		for i := range list.Kids {
			if v := &list.Kids[i]; v.Kind == definition.Object {
				f(v, v.Get("id").Str())
			}
		}
	}
	each(folders, func(v *definition.Value, id string) {
		if id != "" && !t.used["f"+id] {
			it := t.folder(v, id)
			placed[id] = it
			out = append(out, it)
		}
	})
	each(requests, func(v *definition.Value, id string) {
		if id != "" && t.used["r"+id] {
			return
		}
		t.used["r"+id] = true
		it := t.requestV1(v)
		if f := placed[v.Get("folder").Str()]; f != nil {
			f.Items = append(f.Items, it)
			return
		}
		out = append(out, it)
	})
	return out
}

func (t *treeV1) requestV1(v *definition.Value) *Item {
	m := membersOf(v)
	it := &Item{ID: m.text("id"), Name: m.text("name"), Pos: t.loader.Locate(v)}
	t.place = append(t.place, nameOr(it.Name, 0))
	defer func() { t.place = t.place[:len(t.place)-1] }()
	it.Events = t.eventsV1(&m)
	it.Variables = t.variables(&m, "variables", "variable")
	it.Protocol = m.kind("protocolProfileBehavior", definition.Object)
	it.Request = t.callV1(&m, v)
	it.Examples = t.examplesV1(&m)
	it.Extra = m.rest()
	return it
}

// callV1 reads the members of a request, which also stand in the original
// request of a saved response.
func (t *treeV1) callV1(m *members, v *definition.Value) *Request {
	req := &Request{Method: m.text("method"), Pos: t.loader.Locate(v)}
	req.Description = t.description(m, "description")
	req.URL = &URL{Raw: m.text("url"), Text: true}
	if list := t.fields(m, "queryParams"); list != nil {
		for _, f := range list {
			if f.Disabled { // those that are on stand in the URL already
				req.URL.Query = append(req.URL.Query, f)
			}
		}
	}
	if params := t.variables(m, "pathVariableData", ""); len(params) > 0 {
		req.URL.Params, req.URL.Text = params, false
	} else if values := m.kind("pathVariables", definition.Object); values != nil && len(values.Kids) > 0 {
		for i := range values.Kids {
			req.URL.Params = append(req.URL.Params, &Variable{Key: values.Kids[i].Key, Value: &values.Kids[i]})
		}
		req.URL.Text = false
	}
	if req.URL.Query != nil {
		req.URL.Text = false
	}
	if !req.URL.Text {
		split(req.URL)
	}
	if list := t.fields(m, "headerData"); len(list) > 0 {
		req.Header = list
	} else if text := m.text("headers"); text != "" {
		req.Header = headerLines(text)
	}
	req.Body = t.bodyV1(m)
	req.Auth = t.authV1(m)
	return req
}

// bodyV1 reads a body by its "dataMode".
func (t *treeV1) bodyV1(m *members) *Body {
	mode, raw := m.text("dataMode"), m.text("rawModeData")
	data, _ := m.find("data")
	if raw == "" && data.Is(definition.String) {
		raw = m.text("data")
	}
	b := &Body{Options: m.kind("dataOptions", definition.Object), Disabled: m.yes("dataDisabled")}
	switch mode {
	case "raw":
		b.Mode, b.Raw = "raw", raw
	case "urlencoded":
		b.Mode, b.URLEncoded = "urlencoded", t.fields(m, "data")
	case "params":
		b.Mode, b.Form = "formdata", t.fields(m, "data")
	case "binary":
		b.Mode = "file"
		if raw != "" {
			src := definition.NewObject(definition.NewString(raw).With("src"))
			b.File = &src
		}
	case "graphql":
		b.Mode, b.GraphQL = "graphql", m.any("graphqlModeData")
	default:
		if raw == "" {
			return nil
		}
		b.Mode, b.Raw = "raw", raw
	}
	if b.Mode == "formdata" && len(b.Form) == 0 || b.Mode == "raw" && b.Raw == "" {
		return nil // what Postman writes for a request without a body
	}
	return b
}

// authV1 reads the auth of newer files, or the helper of older ones.
func (t *treeV1) authV1(m *members) *Auth {
	if a := t.auth(m); a != nil {
		return a
	}
	helper := m.text("currentHelper")
	attributes := m.kind("helperAttributes", definition.Object)
	kind := map[string]string{"basicAuth": "basic", "bearerAuth": "bearer", "digestAuth": "digest", "hawkAuth": "hawk", "oAuth1": "oauth1", "oAuth2": "oauth2", "awsSigV4": "awsv4", "ntlmAuth": "ntlm"}[helper]
	if kind == "" {
		return nil
	}
	a := &Auth{Type: kind}
	if attributes != nil {
		params, _ := authParams(attributes)
		a.Schemes = []AuthScheme{{Type: kind, Params: params}}
	}
	return a
}

// examplesV1 reads the saved responses of a request.
func (t *treeV1) examplesV1(m *members) []*Example {
	list := m.kind("responses", definition.Array)
	if list == nil {
		return nil
	}
	out := []*Example{}
	for i := range list.Kids {
		v := &list.Kids[i]
		if v.Kind != definition.Object {
			continue
		}
		in := membersOf(v)
		e := &Example{ID: in.text("id"), Name: in.text("name"), Status: in.text("status"), PreviewLanguage: in.text("language"), Pos: t.loader.Locate(v)}
		if code := in.kind("responseCode", definition.Object); code != nil {
			e.Code, _ = code.Get("code").Int()
			if e.Status == "" {
				e.Status = code.Get("name").Str()
			}
		}
		e.Header = t.fields(&in, "headers")
		e.Cookies = in.kind("cookies", definition.Array)
		if text := in.kind("text", definition.String); text != nil {
			e.Body = &text.Text
		}
		for _, key := range []string{"requestObject", "request"} {
			orig, at := in.find(key)
			if !orig.Is(definition.Object) {
				continue
			}
			inner := membersOf(orig)
			e.OriginalRequest = t.callV1(&inner, orig)
			e.OriginalRequest.Extra = inner.rest()
			in.taken[at] = true
			break
		}
		e.Extra = in.rest()
		out = append(out, e)
	}
	return out
}

// eventsV1 reads scripts: newer files have events, older ones two texts.
func (r *reader) eventsV1(m *members) []*Event {
	if list, _ := m.find("events"); list.Is(definition.Array) {
		in := membersOf(&definition.Value{Kind: definition.Object, Kids: []definition.Value{list.With("event")}})
		m.any("events")
		return r.events(&in)
	}
	var out []*Event
	for _, old := range [...]struct{ key, listen string }{{"preRequestScript", "prerequest"}, {"tests", "test"}} {
		if text := m.text(old.key); text != "" {
			out = append(out, &Event{Listen: old.listen, Script: &Script{Type: "text/javascript", Exec: []string{text}}})
		}
	}
	return out
}
