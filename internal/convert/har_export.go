package convert

import (
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/postman"
)

// ToRecording gives the exchanges that a collection saves, in its order: one
// for each example, and one without an answer for a request that has none.
// Variables have their values, and stay as they are where they have none.
func ToRecording(c *postman.Collection, environment []definition.Variable) []Recorded {
	var w collector
	w.collect(c, environment)
	answered := map[*postman.Item]bool{}
	for _, s := range w.samples {
		if s.example != nil && s.example.StatusCode() != 0 {
			answered[s.item] = true
		}
	}
	var out []Recorded
	for _, s := range w.samples {
		if s.example == nil && answered[s.item] || s.example != nil && s.example.StatusCode() == 0 {
			continue
		}
		out = append(out, exchangeOf(s))
	}
	return out
}

func exchangeOf(s *sample) Recorded {
	cmd := &command{sample: s, base: "http://localhost"}
	r := Recorded{Method: s.method}
	r.Request.Header, cmd.query = s.sentHeaders()
	r.URL = cmd.url()
	if !strings.Contains(r.URL, "://") && !strings.HasPrefix(r.URL, "{{") {
		r.URL = "http://" + r.URL
	}
	s.sentBody(&r.Request)
	e := s.example
	if e == nil {
		return r
	}
	r.Status = e.StatusCode()
	if r.Reason = e.Status; r.Reason == "" {
		r.Reason = http.StatusText(r.Status)
	}
	for _, f := range fieldsOn(e.Header) {
		r.Response.Header = append(r.Response.Header, definition.Pair{Name: f.Key, Value: s.scope.resolve(f.Value)})
	}
	r.Response.Media = headerOf(e.Header, "Content-Type", s.scope)
	switch {
	case e.Body != nil && *e.Body != "":
		r.Response.Body = []byte(s.answerText())
	case e.Stream != nil:
		r.Response.Body, _ = e.Binary()
	}
	if r.Response.Media == "" && len(r.Response.Body) > 0 {
		r.Response.Media = postman.LanguageMedia(e.PreviewLanguage)
		if r.Response.Media == "" {
			r.Response.Media = sniff(string(r.Response.Body))
		}
	}
	return r
}

// sentHeaders gives the headers that a request sends, and what its auth adds to
// the query.
func (s *sample) sentHeaders() (list []definition.Pair, query []string) {
	for _, f := range fieldsOn(s.request.Header) {
		list = append(list, definition.Pair{Name: s.scope.resolve(f.Key), Value: s.scope.resolve(f.Value)})
	}
	a := s.auth
	if a == nil || s.header("Authorization") != "" {
		return list, nil
	}
	param := func(key, fallback string) string {
		if v := s.scope.resolve(a.Param(key)); v != "" {
			return v
		}
		return "{{" + fallback + "}}"
	}
	authorization := func(value string) {
		list = append(list, definition.Pair{Name: "Authorization", Value: value})
	}
	switch a.Type {
	case "bearer":
		authorization("Bearer " + param("token", "token"))
	case "oauth2":
		if a.Param("addTokenTo") == "queryParams" {
			return list, []string{"access_token=" + encodeURL(param("accessToken", "accessToken"))}
		}
		authorization("Bearer " + param("accessToken", "accessToken"))
	case "basic":
		user := param("username", "username") + ":" + param("password", "password")
		authorization("Basic " + base64.StdEncoding.EncodeToString([]byte(user)))
	case "apikey":
		name, value := param("key", "apiKeyName"), param("value", "apiKey")
		if s.scope.resolve(a.Param("in")) == "query" {
			return list, []string{encodeURL(name) + "=" + encodeURL(value)}
		}
		if s.header(name) == "" {
			list = append(list, definition.Pair{Name: name, Value: value})
		}
	}
	return list, nil
}

// sentBody writes the body that a request sends.
func (s *sample) sentBody(m *RecordedMessage) {
	b := s.request.Body
	if b == nil || b.Disabled {
		return
	}
	media := s.header("Content-Type")
	switch b.Mode {
	case "raw", "":
		if b.Raw == "" {
			return
		}
		text := s.scope.resolve(b.Raw)
		m.Body, m.Media = []byte(text), orMedia(media, rawMedia(b, text))
	case "urlencoded":
		m.Fields, m.Media = sentFields(fieldsOf(s, b.URLEncoded)), orMedia(media, mediaForm)
	case "formdata":
		m.Fields, m.Media = sentFields(fieldsOf(s, b.Form)), mediaMultipart
	case "graphql":
		if v, ok := graphQL(b.GraphQL, s.scope); ok {
			m.Body, m.Media = v.AppendJSON(nil), orMedia(media, "application/json")
		}
	case "file":
		m.Body, m.Media = []byte(s.scope.resolve(b.File.Get("content").Str())), orMedia(media, mediaBytes)
	}
}

func sentFields(list []formField) []RecordedField {
	var out []RecordedField
	for _, f := range list {
		if !f.off {
			out = append(out, RecordedField{Name: f.name, Value: f.value, Media: f.media, File: f.file})
		}
	}
	return out
}
