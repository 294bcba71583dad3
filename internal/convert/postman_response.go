package convert

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/postman"
	"github.com/mimus-dev/mimus/internal/schema"
)

// saved makes the saved responses of a request, and the Accept header that
// they give it: the first media type of the first response that has one.
func (w *assembly) saved(d *draft) (all []*postman.Example, accept *postman.Field) {
	all = []*postman.Example{}
	var header, query []*postman.Field
	if !w.options.NoExampleAuth {
		auth := d.auth
		if auth == nil {
			auth = authOf(w.def.Security)
		}
		header, query = credentials(auth)
	}
	for _, r := range byCode(d.op.Responses) {
		for _, a := range w.answers(d, r) {
			if accept == nil {
				accept = a.accept
			}
			all = append(all, w.example(d, r, a, header, query))
		}
	}
	return all, accept
}

// byCode puts codes first and in their order, ranges and "default" behind
// them, as JavaScript orders such names.
func byCode(all []*definition.Response) []*definition.Response {
	sorted := slices.Clone(all)
	isCode := func(r *definition.Response) bool { _, err := strconv.Atoi(r.Status); return err == nil }
	slices.SortStableFunc(sorted, func(a, b *definition.Response) int {
		switch {
		case isCode(a) && isCode(b):
			return strings.Compare(a.Status, b.Status)
		case isCode(a):
			return -1
		case isCode(b):
			return 1
		}
		return 0
	})
	return sorted
}

// savedBody is one body of a response.
type savedBody struct {
	name      string // of its example
	key       string // of an example that request and response share
	media     *definition.Media
	body      *string
	request   *string // the body of the request that goes with it
	accept    *postman.Field
	qualified bool // the name must tell it from others of the response
}

// example makes a saved response.
func (w *assembly) example(d *draft, r *definition.Response, a savedBody, header, query []*postman.Field) *postman.Example {
	from := *d
	if a.key != "" {
		w.fill(&from, a.key)
	}
	body := from.body
	if a.request != nil && body != nil && body.Mode == "raw" {
		own := *body
		own.Raw = *a.request
		body = &own
	}
	sent := slices.Clone(from.header)
	if a.accept != nil {
		sent = append(sent, a.accept)
	}
	sent = append(sent, header...)
	asked := slices.Concat(from.query, query)

	code := w.code(d.op, r)
	e := &postman.Example{
		Name: w.answerName(r, a), Code: code, Status: reason(code), Body: a.body,
		Header: []*postman.Field{}, PreviewLanguage: "text",
		OriginalRequest: &postman.Request{
			Method: d.op.Method, URL: address(d.url, d.raw, asked, from.params), Header: sent, Body: body,
		},
	}
	if a.media != nil {
		if l := language(a.media.Type); l != "" {
			e.PreviewLanguage = l
		}
		e.Header = append(e.Header, &postman.Field{Key: "Content-Type", Value: mediaName(a.media)})
	}
	e.Header = append(e.Header, w.responseHeaders(r)...)
	return e
}

func (w *assembly) answerName(r *definition.Response, a savedBody) string {
	name := strings.TrimSpace(r.Description)
	switch {
	case a.qualified && a.name != "":
		return a.name
	case a.qualified && a.media != nil:
		if name == "" {
			name = r.Status
		}
		return name + " (" + a.media.Type + ")"
	case name != "":
		return name
	case a.name != "":
		return a.name
	}
	code := r.Status
	if code != "default" {
		code = strings.ReplaceAll(code, "X", "0")
	}
	return code
}

// code is the status of a response. That of "default" is one that the
// operation doesn't declare: success where it declares none, else an error.
func (w *assembly) code(op *definition.Operation, r *definition.Response) int {
	if r.Status != "default" {
		n, _ := strconv.Atoi(strings.ReplaceAll(r.Status, "X", "0"))
		return n
	}
	if slices.ContainsFunc(op.Responses, func(x *definition.Response) bool { return x.Status[0] == '2' }) {
		return http.StatusInternalServerError
	}
	return http.StatusOK
}

// answers are the bodies of a response.
func (w *assembly) answers(d *draft, r *definition.Response) []savedBody {
	if len(r.Content) == 0 {
		return []savedBody{{}}
	}
	if w.options.SavedExamples == SavedAll {
		return w.allAnswers(r)
	}
	m := preferred(r.Content)
	accept := &postman.Field{Key: "Accept", Value: mediaName(r.Content[0])}
	if w.options.Values == ValuesOfExample {
		if all := w.pairs(d.op, r, m); all != nil {
			for i := range all {
				all[i].media, all[i].accept = m, accept
			}
			return all
		}
	}
	text, ok := w.text(m, schema.Response)
	if !ok { // nothing is known of the body, and Postman's converter saves none
		w.note(d.op, "response-not-saved", "response "+r.Status+" of "+d.op.Method+" "+d.op.Path+" has a media type and neither schema nor example; it is not saved",
			"add a schema or an example, or use --saved-examples all")
		return nil
	}
	return []savedBody{{media: m, accept: accept, body: &text}}
}

// allAnswers are a body for each media type and named example.
func (w *assembly) allAnswers(r *definition.Response) []savedBody {
	var all []savedBody
	for _, m := range r.Content {
		accept := &postman.Field{Key: "Accept", Value: mediaName(m)}
		before := len(all)
		for i := range m.Examples {
			e := &m.Examples[i]
			text := ""
			switch {
			case e.Serialized != nil:
				text = *e.Serialized
			case e.Value != nil:
				text = w.written(e.Value, m, schema.Response)
			default:
				continue
			}
			name := e.Name
			if e.Summary != "" {
				name = e.Summary
			}
			all = append(all, savedBody{name: name, media: m, accept: accept, body: &text})
		}
		if len(all) == before {
			text, _ := w.text(m, schema.Response)
			all = append(all, savedBody{media: m, accept: accept, body: &text})
		}
	}
	for i := range all {
		all[i].qualified = len(all) > 1
	}
	return all
}

// mediaName is a media type as it is written; any, where the document names
// none.
func mediaName(m *definition.Media) string {
	if m.Assumed {
		return "*/*"
	}
	return m.Type
}

func (w *assembly) responseHeaders(r *definition.Response) []*postman.Field {
	var out []*postman.Field
	for _, h := range r.Headers {
		if h.Deprecated && w.options.NoDeprecated {
			continue
		}
		var v *definition.Value
		if h.Schema != nil {
			if w.options.Values == ValuesOfExample {
				v = exampleOf(h.Examples, "")
			}
			if v == nil {
				v = w.bodies.value(h.Schema, schema.Response)
			}
		} else {
			v = exampleOf(h.Examples, "")
		}
		var choices []string
		if h.Schema.Get("enum") != nil {
			choices = w.choices(h.Schema)
		}
		var about *postman.Description
		if !h.Shared { // Postman's converter describes only what stands in the response itself
			about = postman.NewDescription(parameterText(h.Required, h.Description, choices))
		}
		for _, f := range writeParameter(h.Name, "simple", h.Explode, v) {
			f.Description = about
			out = append(out, f)
		}
	}
	return out
}

// reason is the status text of a code, as Postman writes it.
func reason(code int) string {
	if s, ok := postmanReasons[code]; ok {
		return s
	}
	return http.StatusText(code)
}

// postmanReasons are those that differ from Go's.
var postmanReasons = map[int]string{
	102: "Processing (WebDAV) (RFC 2518)",
	103: "Checkpoint",
	122: "Request-URI too long",
	203: "Non-Authoritative Information (since HTTP/1.1)",
	207: "Multi-Status (WebDAV) (RFC 4918)",
	208: "Already Reported (WebDAV) (RFC 5842)",
	226: "IM Used (RFC 3229)",
	305: "Use Proxy (since HTTP/1.1)",
	306: "Switch Proxy",
	307: "Temporary Redirect (since HTTP/1.1)",
	308: "Resume Incomplete",
	407: "Proxy Authentication Required",
	408: "Request Timeout",
	414: "Request-URI Too Long",
	416: "Requested Range Not Satisfiable",
	418: "I'm a teapot (RFC 2324)",
	421: "",
	422: "Unprocessable Entity (WebDAV) (RFC 4918)",
	423: "Locked (WebDAV) (RFC 4918)",
	424: "Failed Dependency (WebDAV) (RFC 4918)",
	425: "Unordered Collection (RFC 3648)",
	426: "Upgrade Required (RFC 2817)",
	444: "No Response",
	449: "Retry With",
	450: "Blocked by Windows Parental Controls",
	451: "",
	499: "Client Closed Request",
	506: "Variant Also Negotiates (RFC 2295)",
	507: "Insufficient Storage (WebDAV) (RFC 4918)",
	508: "Loop Detected (WebDAV) (RFC 5842)",
	509: "Bandwidth Limit Exceeded (Apache bw/limited extension)",
	510: "Not Extended (RFC 2774)",
	598: "Network read timeout error",
	599: "Network connect timeout error[23]",
}
