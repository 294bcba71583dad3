package openapi

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// operationResponses reads the responses of an operation.
func (r *reader) operationResponses(op *definition.Operation, v *value) []*definition.Response {
	all := v.Get("responses")
	if all == nil {
		return nil
	}
	if ref := all.Get("$ref"); ref != nil {
		all = r.deref(all, "responses")
	}
	if all == nil {
		return nil
	}
	if !all.Is(definition.Object) {
		r.errorf(all, "bad-responses", "write \"responses\" as an object of status codes", "the responses of %s %s are %s, not an object", op.Method, op.Path, article(all.Kind))
		return nil
	}
	var out []*definition.Response
	for i := range all.Kids {
		kid := &all.Kids[i]
		if strings.HasPrefix(kid.Key, "x-") {
			continue
		}
		status, ok := statusKey(kid.Key)
		if !ok {
			r.errorf(kid, "bad-status", "use a code such as 200, a range such as 4XX, or default", "%q is not a status code; this response of %s %s is left out", kid.Key, op.Method, op.Path)
			continue
		}
		if res := r.response(status, kid, v); res != nil {
			out = append(out, res)
		}
	}
	return out
}

// statusKey normalises the key of a response: "200", "2XX" or "default".
func statusKey(key string) (string, bool) {
	k := strings.ToUpper(strings.TrimSpace(key))
	if k == "DEFAULT" {
		return "default", true
	}
	if len(k) != 3 || k[0] < '1' || k[0] > '9' {
		return "", false
	}
	if k[1:] == "XX" {
		return k, k[0] <= '5'
	}
	return k, k[1] >= '0' && k[1] <= '9' && k[2] >= '0' && k[2] <= '9'
}

// response reads one response; what a reference leads to is read once for
// each status.
func (r *reader) response(status string, kid, operation *value) *definition.Response {
	v := r.deref(kid, "response "+status)
	if !v.Is(definition.Object) {
		// answered as far as it can be: the status is known
		return &definition.Response{Status: status}
	}
	shared := v != kid && r.version > v20
	if shared {
		if res, ok := r.responses[v]; ok && res.Status == status {
			return res
		}
	}
	res := &definition.Response{
		Status:      status,
		Summary:     v.Get("summary").Str(),
		Description: v.Get("description").Str(),
		Headers:     r.headers(v.Get("headers")),
	}
	if r.version == v20 {
		res.Content = r.content20(v, operation)
	} else {
		res.Content = r.content(v.Get("content"))
	}
	res.Links = r.links(v.Get("links"))
	if shared {
		r.responses[v] = res
	}
	return res
}

func (r *reader) headers(v *value) []*definition.Header {
	if !v.Is(definition.Object) {
		return nil
	}
	var out []*definition.Header
	for i := range v.Kids {
		name := v.Kids[i].Key
		h := r.deref(&v.Kids[i], "header "+name)
		if !h.Is(definition.Object) || strings.EqualFold(name, "content-type") {
			continue
		}
		header := &definition.Header{Name: name, Required: h.Get("required").True(), Explode: h.Get("explode").True(), Examples: r.examples(h)}
		if r.version == v20 {
			header.Schema = r.schema20(h)
		} else if c := h.Get("content"); c.Is(definition.Object) && c.Len() > 0 {
			header.Content = r.media(&c.Kids[0])
		} else {
			header.Schema = r.schema(h.Get("schema"))
		}
		out = append(out, header)
	}
	return out
}

func (r *reader) links(v *value) []definition.Link {
	if !v.Is(definition.Object) {
		return nil
	}
	var out []definition.Link
	for i := range v.Kids {
		name := v.Kids[i].Key
		l := r.deref(&v.Kids[i], "link "+name)
		if !l.Is(definition.Object) {
			continue
		}
		link := definition.Link{
			Name: name, OperationID: l.Get("operationId").Str(), OperationRef: l.Get("operationRef").Str(),
			Description: l.Get("description").Str(),
		}
		if p := l.Get("parameters"); p.Is(definition.Object) {
			link.Parameters = p.Kids
		}
		out = append(out, link)
	}
	return out
}
