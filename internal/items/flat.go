package items

import (
	"net/http"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Options are what the API tells of an item that isn't in the document, and the
// variants that its query parameters ask for.
type Options struct {
	Stamp
	UID      bool // ids come as uids
	IDs      bool // only properties that hold ids
	Populate bool // what is in the item comes with it
}

// FlatFolder gives a folder in the flat model, or NotFound.
func FlatFolder(v *definition.Value, id string, o Options) (definition.Value, error) {
	return flat(v, id, Folder, o)
}

// FlatRequest gives a request in the flat model, or NotFound.
func FlatRequest(v *definition.Value, id string, o Options) (definition.Value, error) {
	return flat(v, id, Request, o)
}

// FlatResponse gives a saved response in the flat model, or NotFound.
func FlatResponse(v *definition.Value, id string, o Options) (definition.Value, error) {
	return flat(v, id, Response, o)
}

func flat(v *definition.Value, id string, kind Kind, o Options) (definition.Value, error) {
	at, err := need(v, id, kind)
	if err != nil {
		return definition.Value{}, err
	}
	w := flattener{Options: o, collection: v.Get("info").Get("_postman_id").Str()}
	var out definition.Value
	switch kind {
	case Folder:
		out = w.folder(at.item, at.folder)
	case Request:
		out = w.request(at.item, at.folder)
	default:
		out = w.response(at.item, at.parent)
	}
	if o.IDs {
		onlyIDs(&out)
	}
	return out, nil
}

// Created gives what the API answers when an item was added: of a response only
// its ids and times; of a folder and a request all of it, with the ids of what
// is in it, and a request's headers as a list.
func Created(v *definition.Value, id string, o Options) (definition.Value, error) {
	at := find(v, id, "")
	if at.item == nil {
		return definition.Value{}, notFound("item", id)
	}
	out, err := flat(v, id, at.kind, Options{Stamp: o.Stamp, UID: o.UID})
	if err != nil {
		return out, err
	}
	switch at.kind {
	case Folder:
		set(&out, "requests", out.Get("order").Clone())
		set(&out, "folders", out.Get("folders_order").Clone())
	case Request:
		set(&out, "responses", out.Get("responses_order").Clone())
		headers := definition.NewArray()
		for _, h := range fieldsOf(at.item.Get("request").Get("header")) {
			headers.Kids = append(headers.Kids, h.With(""))
		}
		set(&out, "headers", headers)
	case Response:
		keep(&out, "id", "owner", "request", "createdAt", "updatedAt", "lastUpdatedBy")
	}
	return out, nil
}

// idKeys are the properties of the flat model that hold ids.
var idKeys = [...]string{"owner", "lastUpdatedBy", "collection", "folder", "request", "id", "order", "folders_order", "responses_order", "folders", "requests", "responses"}

func onlyIDs(v *definition.Value) {
	keep(v, idKeys[:]...)
	for i := range v.Kids {
		if list := &v.Kids[i]; list.Kind == definition.Array {
			for j := range list.Kids {
				if list.Kids[j].Kind == definition.Object {
					onlyIDs(&list.Kids[j])
				}
			}
		}
	}
}

func keep(o *definition.Value, keys ...string) {
	o.Kids = slices.DeleteFunc(o.Kids, func(k definition.Value) bool { return !slices.Contains(keys, k.Key) })
}

// flattener makes the flat model of items.
type flattener struct {
	Options
	collection string
}

// name gives an id as it is asked for, null for that of nothing.
func (w *flattener) name(item *definition.Value) definition.Value {
	if item == nil {
		return definition.NewNull()
	}
	return w.id(item.Get("id").Str())
}

func (w *flattener) id(id string) definition.Value {
	if w.UID {
		id = UID(w.Owner, id)
	}
	return definition.NewString(id)
}

func (w *flattener) folder(item, parent *definition.Value) definition.Value {
	o := newObject(20)
	w.begin(&o)
	o.put("collection", w.id(w.collection))
	o.put("folder", w.name(parent))
	o.put("id", w.name(item))
	o.text("name", item.Get("name").Str())
	o.text("description", textOf(item.Get("description")))
	o.put("variables", orNull(item.Get("variable")))
	o.put("auth", flatAuth(item.Get("auth")))
	o.put("events", orNull(item.Get("event")))
	order, folders := definition.NewArray(), definition.NewArray()
	var inside [2][]definition.Value // requests, folders
	for _, kid := range kids(item, "item") {
		if kindOf(kid) == Folder {
			folders.Kids = append(folders.Kids, w.name(kid))
			if w.Populate {
				inside[1] = append(inside[1], w.folder(kid, item))
			}
			continue
		}
		order.Kids = append(order.Kids, w.name(kid))
		if w.Populate {
			inside[0] = append(inside[0], w.request(kid, item))
		}
	}
	o.put("order", order)
	o.put("folders_order", folders)
	if w.Populate {
		o.put("requests", definition.NewArray(inside[0]...))
		o.put("folders", definition.NewArray(inside[1]...))
	}
	w.end(&o, item)
	extras(&o, item, folderMembers[:])
	return o.Value
}

func (w *flattener) request(item, folder *definition.Value) definition.Value {
	call := flatCall(item.Get("request"))
	o := newObject(36)
	w.begin(&o)
	o.put("folder", w.name(folder))
	o.put("collection", w.id(w.collection))
	o.put("id", w.name(item))
	o.text("name", item.Get("name").Str())
	o.put("dataMode", call.body.mode)
	o.put("data", call.body.data)
	o.put("auth", flatAuth(authOf(item)))
	o.put("events", orNull(item.Get("event")))
	o.put("rawModeData", call.body.raw)
	o.put("graphqlModeData", call.body.graphql)
	o.put("dataOptions", call.body.options)
	o.put("descriptionFormat", definition.NewNull())
	o.text("description", textOf(descriptionOf(item)))
	o.put("variables", orNull(item.Get("variable")))
	o.put("headers", call.headerText)
	o.put("method", call.method)
	o.put("pathVariables", call.pathVariables)
	o.put("url", call.url)
	o.put("preRequestScript", scriptOf(item, "prerequest"))
	o.put("tests", scriptOf(item, "test"))
	o.put("currentHelper", definition.NewNull())
	o.put("helperAttributes", definition.NewNull())
	o.put("queryParams", call.query)
	o.put("headerData", call.headers)
	o.put("pathVariableData", call.variables)
	o.put("protocolProfileBehavior", orNull(item.Get("protocolProfileBehavior")))
	o.put("dataDisabled", call.body.disabled)
	order := definition.NewArray()
	var inside []definition.Value
	for _, r := range kids(item, "response") {
		order.Kids = append(order.Kids, w.name(r))
		if w.Populate {
			inside = append(inside, w.response(r, item))
		}
	}
	o.put("responses_order", order)
	if w.Populate {
		o.put("responses", definition.NewArray(inside...))
	}
	w.end(&o, item)
	extras(&o, item, requestMembers[:])
	return o.Value
}

func (w *flattener) response(r, request *definition.Value) definition.Value {
	o := newObject(20)
	w.begin(&o)
	o.put("request", w.name(request))
	o.put("id", w.name(r))
	o.text("name", r.Get("name").Str())
	code := responseCode(r)
	o.put("status", *code.Get("name"))
	o.put("responseCode", code)
	o.put("time", scalarText(r.Get("responseTime")))
	headers := definition.NewArray()
	for _, h := range fieldsOf(r.Get("header")) {
		headers.Kids = append(headers.Kids, h.With(""))
	}
	o.put("headers", headers)
	cookies := r.Get("cookie")
	if isEmpty(cookies) {
		cookies = nil
	}
	o.put("cookies", orNull(cookies))
	o.put("mime", orNull(r.Get("mime")))
	o.text("text", r.Get("body").Str())
	o.text("language", language(r))
	o.put("rawDataType", orNull(r.Get("rawDataType")))
	o.text("requestObject", requestObject(r, request))
	w.end(&o, r)
	extras(&o, r, responseMembers[:])
	return o.Value
}

func (w *flattener) begin(o *object) {
	o.put("owner", w.owner())
	o.put("lastUpdatedBy", w.updatedBy())
	o.put("lastRevision", definition.NewInt(w.Revision))
}

func (w *flattener) end(o *object, item *definition.Value) {
	for _, at := range [...]struct{ key, or string }{{"createdAt", w.CreatedAt}, {"updatedAt", w.UpdatedAt}} {
		if own := item.Get(at.key); own.Is(definition.String) {
			o.text(at.key, own.Text)
		} else {
			o.text(at.key, at.or)
		}
	}
}

// The members of items that the flat model shows under names of its own, or not
// at all. Others are shown as they are.
var (
	folderMembers   = [...]string{"id", "_postman_id", "uid", "name", "description", "item", "event", "variable", "auth", "createdAt", "updatedAt"}
	requestMembers  = [...]string{"id", "_postman_id", "uid", "name", "description", "request", "response", "event", "variable", "auth", "protocolProfileBehavior", "createdAt", "updatedAt"}
	responseMembers = [...]string{"id", "_postman_id", "uid", "name", "originalRequest", "responseTime", "timings", "header", "cookie", "body", "status", "code", "stream", "_postman_previewlanguage", "createdAt", "updatedAt"}
)

func extras(o *object, item *definition.Value, known []string) {
	var shown map[string]int // where a member stands that is shown already
	for i := range item.Kids {
		m := &item.Kids[i]
		if slices.Contains(known, m.Key) || slices.Contains(managed[:], m.Key) {
			continue
		}
		if shown == nil {
			shown = make(map[string]int, len(o.Kids))
			for at := range o.Kids {
				shown[o.Kids[at].Key] = at
			}
		}
		if at, ok := shown[m.Key]; ok {
			o.Kids[at] = m.Clone()
		} else {
			o.Kids = append(o.Kids, m.Clone())
		}
	}
}

// kids gives the objects of a list.
func kids(o *definition.Value, key string) []*definition.Value {
	list := o.Get(key)
	if !list.Is(definition.Array) {
		return nil
	}
	out := make([]*definition.Value, 0, len(list.Kids))
	for i := range list.Kids {
		if list.Kids[i].Kind == definition.Object {
			out = append(out, &list.Kids[i])
		}
	}
	return out
}

// textOf gives the text of a description: a string, or an object with one.
func textOf(v *definition.Value) string {
	if v.Is(definition.Object) {
		return v.Get("content").Str()
	}
	return v.Str()
}

func descriptionOf(item *definition.Value) *definition.Value {
	if d := item.Get("request").Get("description"); d != nil {
		return d
	}
	return item.Get("description")
}

func authOf(item *definition.Value) *definition.Value {
	if a := item.Get("request").Get("auth"); a != nil {
		return a
	}
	return item.Get("auth")
}

// flatAuth gives auth as it is. What came as the text "noauth", as the API's
// example has it, is kept with an empty list and goes out as the text again.
func flatAuth(auth *definition.Value) definition.Value {
	if none := auth.Get("noauth"); auth.Get("type").Str() == "noauth" && none.Is(definition.Array) && len(none.Kids) == 0 && len(auth.Kids) == 2 {
		return definition.NewString("noauth")
	}
	return orNull(auth)
}

// scriptOf gives the text of an item's first script for an event.
func scriptOf(item *definition.Value, listen string) definition.Value {
	for _, e := range kids(item, "event") {
		if e.Get("listen").Str() != listen {
			continue
		}
		script := e.Get("script")
		if script.Is(definition.String) {
			return definition.NewString(script.Text)
		}
		exec := script.Get("exec")
		if !exec.Is(definition.Array) {
			return textOrNull(exec)
		}
		lines := make([]string, len(exec.Kids))
		for i := range exec.Kids {
			lines[i] = exec.Kids[i].Str()
		}
		return definition.NewString(strings.Join(lines, "\n"))
	}
	return definition.NewNull()
}

func textOrNull(v *definition.Value) definition.Value {
	if !v.Is(definition.String) {
		return definition.NewNull()
	}
	return definition.NewString(v.Text)
}

// scalarText gives a number as text.
func scalarText(v *definition.Value) definition.Value {
	if v.Is(definition.Number) {
		return definition.NewString(v.Text)
	}
	return textOrNull(v)
}

func responseCode(r *definition.Value) definition.Value {
	code, ok := r.Get("code").Int()
	if !ok {
		code = http.StatusOK
	}
	name := r.Get("status").Str()
	if name == "" {
		name = http.StatusText(code)
	}
	return definition.NewObject(definition.NewInt(int64(code)).With("code"), definition.NewString(name).With("name"))
}

// language gives what a body is shown as: what the response says, or what its
// media type does.
func language(r *definition.Value) string {
	if l := r.Get("_postman_previewlanguage"); l.Str() != "" {
		return l.Text
	}
	for _, h := range fieldsOf(r.Get("header")) {
		if !strings.EqualFold(h.Get("key").Str(), "Content-Type") {
			continue
		}
		for _, l := range [...]string{"json", "xml", "html", "javascript"} {
			if strings.Contains(strings.ToLower(h.Get("value").Str()), l) {
				return l
			}
		}
	}
	return "text"
}

// requestObject gives the request that a response answers as JSON text: its
// own, or else that of the item that it is saved with.
func requestObject(r, request *definition.Value) string {
	v := flatOriginal(r, request)
	return string(v.AppendJSON(nil))
}

func flatOriginal(r, request *definition.Value) definition.Value {
	original := r.Get("originalRequest")
	if isNull(original) {
		original = request.Get("request")
	}
	call := flatCall(original)
	o := newObject(16)
	o.put("data", call.body.data)
	o.put("dataMode", call.body.mode)
	o.put("dataOptions", call.body.options)
	o.put("headerData", call.headers)
	o.put("method", call.method)
	o.put("pathVariableData", call.variables)
	o.put("queryParams", call.query)
	o.put("url", call.url)
	o.text("headers", call.headerText.Str())
	o.put("pathVariables", call.pathVariables)
	if p := original.Get("protocolProfileBehavior"); p != nil {
		o.put("protocolProfileBehavior", *p)
	}
	o.put("rawModeData", call.body.raw)
	if call.body.graphql.Kind == definition.Null {
		call.body.graphql = definition.NewObject()
	}
	o.put("graphqlModeData", call.body.graphql)
	if call.body.disabled.True() {
		o.put("dataDisabled", call.body.disabled)
	}
	if auth := original.Get("auth"); !isNull(auth) {
		o.put("auth", flatAuth(auth))
	}
	if d := original.Get("description"); !isNull(d) {
		o.text("description", textOf(d))
	}
	return o.Value
}
