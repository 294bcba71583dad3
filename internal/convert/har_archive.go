package convert

import (
	"encoding/base64"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/har"
)

// Recording gives the exchanges of an archive, their bodies decoded, for making
// other documents of them: what bodies and answers have of credentials is taken
// out, of the archive too. How requests prove who they are stays, because auth
// is inferred from it, which leaves the values out.
func Recording(a *har.Archive) []Recorded {
	out := exchangesOf(a)
	a.Strip()
	for i, stripped := range exchangesOf(a) {
		out[i].Response = stripped.Response
		out[i].Request.Body, out[i].Request.Fields = stripped.Request.Body, stripped.Request.Fields
	}
	return out
}

// exchangesOf gives the exchanges as they stand in the archive. A body that
// can't be decoded is taken as it is written.
func exchangesOf(a *har.Archive) []Recorded {
	templates := map[*har.Entry]string{}
	for _, g := range har.Groups(a.Entries) {
		for _, e := range g.Entries {
			templates[e] = g.Path
		}
	}
	var out []Recorded
	for _, e := range a.Entries {
		if e.Request == nil {
			continue
		}
		r := Recorded{Method: e.Request.Method, URL: e.Request.URL, Template: templates[e]}
		r.Request.Header = har.ToPairs(e.Request.Header)
		if p := e.Request.Post; p != nil {
			r.Request.Media = p.MimeType
			r.Request.Body = []byte(p.Text)
			for _, f := range p.Params {
				field := RecordedField{Name: f.Name, Value: f.Value, Media: f.ContentType, File: f.FileName != ""}
				if field.File {
					field.Value = f.FileName
				}
				r.Request.Fields = append(r.Request.Fields, field)
			}
		}
		if s := e.Response; s != nil {
			r.Status, r.Reason = s.Status, s.Reason
			r.Response.Header = har.ToPairs(s.Header)
			if c := s.Content; c != nil {
				r.Response.Media = c.MimeType
				body, err := c.Bytes()
				if err != nil {
					body = []byte(c.Text)
				}
				r.Response.Body = body
			}
		}
		out = append(out, r)
	}
	return out
}

// recordedAt is the time of exchanges that were never made.
const recordedAt = "2024-01-01T00:00:00.000Z"

// Archive makes an archive of exchanges. One without an answer has status 0, as
// recorders write it.
func Archive(list []Recorded) *har.Archive {
	a := &har.Archive{}
	for i := range list {
		r := &list[i]
		e := &har.Entry{Started: recordedAt, Request: &har.Request{Method: r.Method, URL: r.URL, Header: har.FromPairs(r.Request.Header)}}
		if u, err := url.Parse(r.URL); err == nil {
			for _, f := range queryPairs(u.RawQuery) {
				e.Request.Query = append(e.Request.Query, har.Pair{Name: f.Name, Value: f.Value})
			}
		}
		if len(r.Request.Body) > 0 || len(r.Request.Fields) > 0 {
			p := &har.PostData{MimeType: r.Request.Media, Text: string(r.Request.Body)}
			for _, f := range r.Request.Fields {
				param := har.Param{Name: f.Name, Value: f.Value, ContentType: f.Media}
				if f.File {
					param.FileName, param.Value = f.Value, ""
				}
				p.Params = append(p.Params, param)
			}
			e.Request.Post = p
		}
		e.Response = &har.Response{Status: r.Status, Reason: r.Reason, Header: har.FromPairs(r.Response.Header), Content: contentOf(&r.Response)}
		a.Entries = append(a.Entries, e)
	}
	a.Complete()
	return a
}

// contentOf writes a body, as base64 where it is no text.
func contentOf(m *RecordedMessage) *har.Content {
	c := &har.Content{Size: len(m.Body), MimeType: m.Media, Text: string(m.Body)}
	if !utf8.Valid(m.Body) {
		c.Text, c.Encoding = base64.StdEncoding.EncodeToString(m.Body), "base64"
	}
	return c
}

// queryPairs reads a query in its order.
func queryPairs(raw string) []definition.Pair {
	var out []definition.Pair
	for raw != "" {
		var part string
		part, raw, _ = strings.Cut(raw, "&")
		name, value, _ := strings.Cut(part, "=")
		if part != "" {
			out = append(out, definition.Pair{Name: decodeQuery(name), Value: decodeQuery(value)})
		}
	}
	return out
}
