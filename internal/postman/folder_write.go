package postman

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// folderStep is how far the places of neighbours are apart.
const folderStep = 1000

// Files gives the collection as files of format 3.0.0, by their paths under
// the collection's own folder, with slashes. The same collection gives the
// same files. Of a collection of an older format this is lost, for which the
// format has no place: the further members of "info", a description's media
// type, how a URL is cut into parts, the attributes of types of auth that are
// not in use, headers as one text, the options of a body but its language, and
// members that are null or empty.
func (c *Collection) Files() (map[string][]byte, error) {
	w := &folderWriter{files: map[string][]byte{}, native: c.Version == V3}
	w.put(path.Join(folderResources, folderDefinition+".yaml"), w.collection(c))
	w.items("", c.Items, 1)
	if w.err != nil {
		return nil, w.err
	}
	return w.files, nil
}

// folderWriter collects the files of one collection.
type folderWriter struct {
	files  map[string][]byte
	native bool // the collection is of the format itself
	err    error
}

// put adds a file.
func (w *folderWriter) put(name string, v definition.Value) {
	if w.err != nil {
		return
	}
	text, err := document.AppendYAML(nil, &v)
	if err != nil {
		w.err = fmt.Errorf("%s: the YAML can't be written: %w", name, err)
		return
	}
	if w.files[name] = text; len(w.files) > folderMaxEntries {
		w.err = fmt.Errorf("the collection has more than %d files; split it", folderMaxEntries)
	}
}

// items adds the files of a folder's folders and requests.
func (w *folderWriter) items(dir string, items []*Item, depth int) {
	if depth > folderMaxDepth {
		w.err = fmt.Errorf("%s: folders nest deeper than %d", dir, folderMaxDepth)
	}
	if w.err != nil {
		return
	}
	names := folderNames{}
	placed := make([]folderPlaced, 0, len(items))
	for _, it := range items {
		kind := folderRequest + ".yaml"
		if it.Folder {
			kind = ""
		}
		placed = append(placed, folderPlaced{it, names.unique(it.Name, kind)})
	}
	keep := w.native && slices.IsSortedFunc(placed, folderCompare)
	for i, p := range placed {
		order := p.item.Order
		if !keep {
			order = folderPlace(i)
		}
		if p.item.Folder {
			below := path.Join(dir, p.stem)
			w.put(path.Join(below, folderResources, folderDefinition+".yaml"), w.section(p, order))
			w.items(below, p.item.Items, depth+1)
			continue
		}
		w.request(dir, p, order)
	}
}

func folderPlace(i int) *definition.Value {
	place := definition.NewInt(int64(i+1) * folderStep)
	return &place
}

// request adds the files of a request and its examples.
func (w *folderWriter) request(dir string, p folderPlaced, order *definition.Value) {
	at := path.Join(folderResources, p.stem+folderResources, "examples")
	it := p.item
	o := w.object(it.Extra)
	o.put("$kind", definition.NewString(folderKindOf(it)))
	o.name(it.Name, p.stem)
	if folderKindOf(it) == folderKindRequest {
		o.text("id", it.ID)
		if it.Request == nil || it.Request.Description == nil {
			o.describe(it.Description)
		}
		w.call(o, it.Request)
		o.variables("variables", it.Variables)
		o.scripts(it.Events, "")
		o.value("protocolProfileBehavior", it.Protocol)
	}
	if len(it.Examples) > 0 {
		o.text("examples", "./"+at)
	}
	o.value("order", order)
	w.put(path.Join(dir, p.stem+folderRequest+".yaml"), o.build())
	w.saved(path.Join(dir, at), it.Examples)
}

func folderKindOf(it *Item) string {
	if it.Kind == "" {
		return folderKindRequest
	}
	return it.Kind
}

// saved adds the files of examples.
func (w *folderWriter) saved(dir string, examples []*Example) {
	names := folderNames{}
	stems := make([]string, 0, len(examples))
	for _, e := range examples {
		stems = append(stems, names.unique(e.Name, folderExample+".yaml"))
	}
	keep := w.native
	for i := 1; i < len(examples) && keep; i++ {
		c := folderCompareOrder(examples[i-1].Order, examples[i].Order)
		keep = c < 0 || c == 0 && stems[i-1] < stems[i]
	}
	for i, e := range examples {
		order := e.Order
		if !keep {
			order = folderPlace(i)
		}
		w.put(path.Join(dir, stems[i]+folderExample+".yaml"), w.example(e, stems[i], order))
	}
}

func (w *folderWriter) collection(c *Collection) definition.Value {
	o := w.object(c.Extra)
	o.kind(folderKindCollection)
	o.text("id", c.ID)
	o.put("name", definition.NewString(c.Name))
	o.describe(c.Description)
	o.variables("variables", c.Variables)
	o.auth(c.Auth)
	o.scripts(c.Events, "http:")
	o.value("protocolProfileBehavior", c.Protocol)
	return o.build()
}

func (w *folderWriter) section(p folderPlaced, order *definition.Value) definition.Value {
	it := p.item
	o := w.object(it.Extra)
	o.kind(folderKindCollection)
	o.text("id", it.ID)
	o.name(it.Name, p.stem)
	o.describe(it.Description)
	o.variables("variables", it.Variables)
	o.auth(it.Auth)
	o.scripts(it.Events, "http:")
	o.value("protocolProfileBehavior", it.Protocol)
	o.value("order", order)
	return o.build()
}

// call adds what a request is made of, and its extra members.
func (w *folderWriter) call(o *folderObject, req *Request) {
	if req == nil {
		return
	}
	o.describe(req.Description)
	o.text("method", req.Method)
	if u := req.URL; u != nil {
		raw := folderRaw(u)
		o.put("url", definition.NewString(raw))
		if len(u.Query) > 0 {
			o.fields("queryParams", u.Query)
		}
		if len(u.Params) > 0 {
			o.variables("pathVariables", u.Params)
		}
	}
	if len(req.Header) > 0 {
		o.fields("headers", req.Header)
	}
	o.body(req.Body)
	o.auth(req.Auth)
	o.extra = append(slices.Clip(o.extra), req.Extra...)
}

// folderRaw gives a URL as one text.
func folderRaw(u *URL) string {
	if u.Raw != "" {
		return u.Raw
	}
	var b strings.Builder
	b.WriteString(u.Base())
	sep := byte('?')
	for _, f := range u.Query {
		if f.Disabled {
			continue
		}
		b.WriteByte(sep)
		sep = '&'
		b.WriteString(f.Key)
		if !f.Literal.Is(definition.Null) {
			b.WriteByte('=')
			b.WriteString(f.Value)
		}
	}
	if u.Hash != "" {
		b.WriteByte('#')
		b.WriteString(u.Hash)
	}
	return b.String()
}

func (w *folderWriter) example(e *Example, stem string, order *definition.Value) definition.Value {
	o := w.object(e.Extra)
	if !o.extraHas("$kind") {
		o.put("$kind", definition.NewString(folderKindExample))
	}
	o.name(e.Name, stem)
	o.text("id", e.ID)
	o.text("uid", e.UID)
	if e.OriginalRequest != nil {
		req := w.object(nil)
		w.call(req, e.OriginalRequest)
		o.put("request", req.build())
	}
	res := w.object(o.inner("response"))
	if e.Code != 0 {
		res.put("statusCode", definition.NewInt(int64(e.Code)))
	}
	res.text("statusText", e.Status)
	if len(e.Header) > 0 {
		res.fields("headers", e.Header)
	}
	folderResponseBody(res, o, e)
	res.value("cookie", e.Cookies)
	res.value("stream", e.Stream)
	if v := res.build(); len(v.Kids) > 0 {
		o.put("response", v)
	}
	o.value("order", order)
	return o.build()
}

// folderResponseBody adds a response's body with the language that it is shown in.
func folderResponseBody(res, example *folderObject, e *Example) {
	left := res.inner("body")
	if left == nil {
		left = example.inner("body")
	}
	body := res.writer.object(left)
	language := e.PreviewLanguage
	if lower := strings.ToLower(language); !res.writer.native {
		language = ""
		if folderTextType(lower) {
			language = lower
		} else if e.Body != nil {
			language = "text"
		}
	}
	body.text("type", language)
	if e.Body != nil {
		body.put("content", definition.NewString(*e.Body))
	}
	if v := body.build(); len(v.Kids) > 0 {
		res.put("body", v)
	}
}
