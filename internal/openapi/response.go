package openapi

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// operationResponses reads the responses of an operation.
func (r *reader) operationResponses(op *definition.Operation, v *value) []*definition.Response {
	name := op.Method + " " + clip(op.Path)
	written := v.Get("responses")
	if written == nil && r.version < v31 && r.callbacks == 0 {
		r.warnf(v, "no-responses", "add at least one response", "%s has no \"responses\"; there is nothing to answer with", name)
	}
	all := r.object(r.deref(written, "\"responses\""), "\"responses\" of "+name)
	if all == nil {
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
			r.errorf(kid, "bad-status", "use a code such as 200, a range such as 4XX, or default", "%q is no status code; this response of %s is left out", clip(kid.Key), name)
			continue
		}
		if !r.spend(kid, 250) {
			return out
		}
		if slices.ContainsFunc(out, func(x *definition.Response) bool { return x.Status == status }) {
			r.warnf(kid, "duplicate-status", "remove one of them", "%s has the response %s twice; the first is used", name, status)
			continue
		}
		out = append(out, r.response(status, kid, v, name))
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
// each status. One that is broken is answered as far as it can be: the status
// is known.
func (r *reader) response(status string, kid, operation *value, of string) *definition.Response {
	name := "response " + status + " of " + of
	v := r.object(r.deref(kid, name), name)
	if v == nil {
		return &definition.Response{Status: status}
	}
	res := r.readResponse(status, kid, v, operation)
	summary, description := r.beside(kid, v, "summary"), r.beside(kid, v, "description")
	if summary != res.Summary || description != res.Description {
		own := *res
		own.Summary, own.Description = summary, description
		return &own
	}
	return res
}

func (r *reader) readResponse(status string, kid, v, operation *value) *definition.Response {
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
	if v = r.object(v, "\"headers\""); v == nil {
		return nil
	}
	var out []*definition.Header
	for i := range v.Kids {
		name := v.Kids[i].Key
		if isExtension(&v.Kids[i]) {
			continue
		}
		h := r.object(r.deref(&v.Kids[i], "header "+clip(name)), "header "+clip(name))
		if h == nil || strings.EqualFold(name, "content-type") {
			continue
		}
		if !isToken(name) {
			r.errorf(h, "bad-header-name", "use letters, digits and hyphens", "no message can have the header %q; it is left out", clip(name))
			continue
		}
		if !r.spend(h, 200) {
			return out
		}
		header := &definition.Header{
			Name: name, Description: h.Get("description").Str(), Deprecated: h.Get("deprecated").True(), Shared: h != &v.Kids[i],
			Required: h.Get("required").True(), Explode: h.Get("explode").True(), Examples: r.examples(h),
		}
		if r.version == v20 {
			header.Schema = r.schema20(h)
		} else if c := r.object(h.Get("content"), "\"content\" of header "+clip(name)); c.Len() > 0 {
			header.Content = r.media(&c.Kids[0])
		} else {
			header.Schema = r.schema(h.Get("schema"))
		}
		out = append(out, header)
	}
	return out
}

func (r *reader) links(v *value) []definition.Link {
	if v = r.object(v, "\"links\""); v == nil {
		return nil
	}
	var out []definition.Link
	for i := range v.Kids {
		kid := &v.Kids[i]
		name := kid.Key
		if isExtension(kid) {
			continue
		}
		l := r.object(r.deref(kid, "link "+clip(name)), "link "+clip(name))
		if l == nil || !r.spend(l, 150) {
			continue
		}
		link := definition.Link{
			Name: name, OperationID: l.Get("operationId").Str(), OperationRef: l.Get("operationRef").Str(),
			Description: r.beside(kid, l, "description"),
		}
		if p := r.object(l.Get("parameters"), "\"parameters\" of link "+clip(name)); p != nil {
			link.Parameters = p.Kids
		}
		out = append(out, link)
	}
	return out
}
