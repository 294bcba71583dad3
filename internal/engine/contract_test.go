package engine

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"strings"
	"testing"
)

const errorsDocument = `
openapi: 3.1.0
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    q: {type: apiKey, in: query, name: k}
    jar: {type: apiKey, in: cookie, name: sid}
    basic: {type: http, scheme: basic}
    bearer: {type: http, scheme: bearer}
    digest: {type: http, scheme: digest}
    oauth: {type: oauth2, flows: {}}
paths:
  /all:
    post:
      security: [{key: []}]
      parameters: [{name: n, in: query, schema: {type: integer}}]
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [a], properties: {a: {type: integer}}}}}}
      responses:
        "200": {description: d, content: {application/json: {example: ok}}}
        "400": {description: d, content: {application/json: {example: bad}}}
        "401": {description: d, content: {application/json: {example: who}}}
        "415": {description: d, content: {application/json: {example: type}}}
        "422": {description: d, content: {application/json: {example: broken}}}
        default: {description: d, content: {application/json: {example: other}}}
  /some:
    post:
      security: [{key: []}]
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: d}, 4XX: {description: d, content: {application/json: {example: range}}}}
  /default:
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: d}, default: {description: d, content: {application/json: {example: other}}}}
  /none:
    post:
      requestBody: {content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}}}}, application/xml: {}}}
      responses: {"200": {description: d}}
  /or: {get: {security: [{key: [], q: []}, {bearer: []}], responses: {"200": {description: d}}}}
  /free: {get: {security: [{key: []}, {}], responses: {"200": {description: d}}}}
  /jar: {get: {security: [{jar: []}], responses: {"200": {description: d}}}}
  /basic: {get: {security: [{basic: []}], responses: {"200": {description: d}}}}
  /digest: {get: {security: [{digest: []}], responses: {"200": {description: d}}}}
  /oauth: {get: {security: [{oauth: [read]}], responses: {"200": {description: d}}}}
`

func TestContract_ABrokenRequestGetsTheErrorThatIsDeclaredForIt(t *testing.T) {
	t.Parallel()
	m := mockOf(t, errorsDocument, Config{})
	const key, json = "X-Key: k", "Content-Type: application/json"
	cases := []struct {
		name string
		sent sent
		code int
		body string
	}{
		{"valid", sent{"POST /all", []string{key, json}, `{"a":1}`}, 200, `"ok"`},
		{"no credentials, and all else broken", sent{"POST /all?n=x", nil, ``}, 401, `"who"`},
		{"media type before the body", sent{"POST /all", []string{key, "Content-Type: text/plain"}, `x`}, 415, `"type"`},
		{"body", sent{"POST /all", []string{key, json}, `{"a":"x"}`}, 422, `"broken"`},
		{"no body", sent{"POST /all", []string{key, json}, ``}, 422, `"broken"`},
		{"parameter", sent{"POST /all?n=x", []string{key, json}, `{"a":1}`}, 422, `"broken"`},
		{"not JSON", sent{"POST /all", []string{key, json}, `{`}, 422, `"broken"`},
		{"range for credentials", sent{"POST /some", nil, ``}, 401, `"range"`},
		{"range for a media type", sent{"POST /some", []string{key, "Content-Type: a/b"}, `x`}, 415, `"range"`},
		{"range for a body", sent{"POST /some", []string{key, json}, `[]`}, 422, `"range"`},
		{"default", sent{"POST /default", []string{json}, `[]`}, 422, `"other"`},
	}
	for _, c := range cases {
		if res := ask(m, c.sent); res.Status != c.code || text(res) != c.body {
			t.Errorf("%s: %d %s, want %d %s", c.name, res.Status, text(res), c.code, c.body)
		}
	}
}

// unread is a body that must not be read.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body is read")
	return 0, errors.New("not to be read")
}

// A client may wait for the answer before it sends the body.
func TestContract_AWrongMediaTypeIsToldBeforeTheBodyIsRead(t *testing.T) {
	t.Parallel()
	req := requestOf(sent{"POST /all", []string{"X-Key: k", "Content-Type: text/plain"}, "x"})
	req.Body = unread{t}
	res := &Response{}
	if mockOf(t, errorsDocument, Config{}).Answer(req, res); res.Status != 415 {
		t.Errorf("got %d", res.Status)
	}
}

func TestContract_CredentialsComeBeforeABodyThatCannotBeRead(t *testing.T) {
	t.Parallel()
	m := mockOf(t, errorsDocument, Config{BodyLimit: 10})
	long := sent{"POST /all", []string{"Content-Type: application/json"}, strings.Repeat("x", 100)}
	if res := ask(m, long); res.Status != 401 {
		t.Errorf("without credentials: %d, want 401", res.Status)
	}
	long.header = append(long.header, "X-Key: k")
	if res := ask(m, long); res.Status != 413 {
		t.Errorf("with credentials: %d, want 413", res.Status)
	}
	if res := ask(mockOf(t, errorsDocument, Config{BodyLimit: 10, Validation: Warn}), long); res.Status != 200 || !strings.Contains(res.Get("Sl-Violations"), "larger than the limit of 10 bytes") {
		t.Errorf("warn: %d %q", res.Status, res.Get("Sl-Violations"))
	}
}

func TestContract_WithoutADeclaredErrorThereIsAProblem(t *testing.T) {
	t.Parallel()
	m := mockOf(t, errorsDocument, Config{})
	res := ask(m, sent{"POST /none", []string{"Content-Type: application/json"}, `{"id":"x"}`})
	const want = `{"type":"https://stoplight.io/prism/errors#UNPROCESSABLE_ENTITY","title":"Invalid request","status":422,"detail":"Your request is not valid and no HTTP validation response was found in the spec, so Prism is generating this error for you.","validation":[{"location":["body","id"],"severity":"Error","code":"type","message":"Request body property id must be integer"}]}`
	if res.Status != 422 || text(res) != want || res.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s\n%s", res.Status, res.Get("Content-Type"), text(res))
	}
	res = ask(m, sent{"POST /none", []string{"Content-Type: text/plain"}, `x`})
	if res.Status != 415 || !strings.Contains(text(res), "Supported content types: application/json,application/xml") {
		t.Errorf("%d %s", res.Status, text(res))
	}
}

func TestValidation_WarnReportsAndOffDoesNotLook(t *testing.T) {
	t.Parallel()
	broken := sent{"POST /none", []string{"Content-Type: application/json"}, `{"id":"x"}`}
	res := ask(mockOf(t, errorsDocument, Config{Validation: Warn}), broken)
	if res.Status != 200 || res.Get("Sl-Violations") != `[{"location":["request","body","id"],"severity":"Error","code":"type","message":"must be integer"}]` {
		t.Errorf("warn: %d, %q", res.Status, res.Get("Sl-Violations"))
	}
	res = ask(mockOf(t, errorsDocument, Config{Validation: Off}), broken)
	if res.Status != 200 || res.Get("Sl-Violations") != "" {
		t.Errorf("off: %d, %q", res.Status, res.Get("Sl-Violations"))
	}
}

func TestSecurity_PresenceAndFormAreChecked(t *testing.T) {
	t.Parallel()
	m := mockOf(t, errorsDocument, Config{})
	cases := []struct {
		target, header string
		ok             bool
		challenge      string
	}{
		{"/or", "X-Key: a", false, "Bearer"}, {"/or?k=1", "X-Key: a", true, ""}, {"/or", "Authorization: Bearer t", true, ""}, {"/or", "Authorization: bearer t", true, ""}, {"/or", "Authorization: Bearer", false, ""},
		{"/free", "", true, ""}, {"/jar", "Cookie: a=1; sid=2", true, ""}, {"/jar", "Cookie: xsid=2", false, ""},
		{"/basic", "Authorization: Basic dXNlcjpwYXNz", true, ""}, {"/basic", "Authorization: Basic dXNlcg==", false, ""}, {"/basic", "Authorization: Basic ***", false, ""}, {"/basic", "", false, `Basic realm="*"`},
		{"/digest", `Authorization: Digest username="u", realm="r", nonce="n", uri="/", response="x"`, true, ""}, {"/digest", `Authorization: Digest username="u"`, false, ""},
		{"/oauth", "Authorization: Bearer t", true, ""}, {"/oauth", "Authorization: Basic dXNlcjpwYXNz", false, "OAuth2"}, {"/oauth?access_token=t", "", true, ""},
	}
	for _, c := range cases {
		var h []string
		if c.header != "" {
			h = []string{c.header}
		}
		res := ask(m, sent{target: c.target, header: h})
		if (res.Status == 200) != c.ok || !c.ok && (res.Status != 401 || res.Get("Www-Authenticate") != c.challenge) {
			t.Errorf("%s with %q: %d, challenge %q, want ok %v, challenge %q", c.target, c.header, res.Status, res.Get("Www-Authenticate"), c.ok, c.challenge)
		}
	}
}

func TestErrors_TurnABrokenAnswerIntoA500(t *testing.T) {
	t.Parallel()
	const doc = `{openapi: 3.0.0, paths: {/x: {get: {responses: {"200": {description: d, content: {application/json: {example: 123, schema: {type: object}}}}}}}}}`
	plain := ask(mockOf(t, doc, Config{}), sent{target: "/x"})
	if plain.Status != 200 || text(plain) != "123" || plain.Get("Sl-Violations") != `[{"location":["response","body"],"severity":"Error","code":"type","message":"must be object"}]` {
		t.Errorf("%d %s %q", plain.Status, text(plain), plain.Get("Sl-Violations"))
	}
	strict := ask(mockOf(t, doc, Config{Errors: true}), sent{target: "/x"})
	if strict.Status != 500 || !strings.Contains(text(strict), "#VIOLATIONS") || !strings.Contains(text(strict), "Response body must be object") {
		t.Errorf("%d %s", strict.Status, text(strict))
	}
}

func zipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}

func deflated(s string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}

func TestBody_ContentEncodings(t *testing.T) {
	t.Parallel()
	m := mockOf(t, errorsDocument, Config{BodyLimit: 1000})
	const json = "Content-Type: application/json"
	cases := []struct {
		name, encoding, body string
		status               int
		contains             string
	}{
		{"gzip", "gzip", zipped(`{"id":1}`), 200, ""}, {"gzip, broken contract", "gzip", zipped(`{"id":"x"}`), 422, "must be integer"}, {"not gzip", "gzip", `{"id":1}`, 400, "BAD_BODY"}, {"truncated", "gzip", zipped(`{"id":1}`)[:15], 400, "BAD_BODY"},
		{"unknown", "br", `{"id":1}`, 415, "INVALID_CONTENT_ENCODING"}, {"large", "", strings.Repeat("x", 1001), 413, "BODY_TOO_LARGE"}, {"bomb", "gzip", zipped(strings.Repeat(" ", 100_000)), 413, "BODY_TOO_LARGE"}, {"twice", "gzip, gzip", zipped(zipped(`{"id":1}`)), 200, ""},
		{"the last is undone first", "deflate, gzip", zipped(deflated(`{"id":1}`)), 200, ""}, {"in the wrong order", "gzip, deflate", zipped(deflated(`{"id":1}`)), 400, "BAD_BODY"}, {"a bomb in a gzip", "gzip, gzip", zipped(zipped(strings.Repeat(" ", 100_000))), 413, "BODY_TOO_LARGE"},
		{"too often", strings.Repeat("gzip, ", 4) + "gzip", zipped(zipped(zipped(zipped(zipped(`{"id":1}`))))), 415, "more than 4 times"}, {"none", " , identity", `{"id":1}`, 200, ""},
	}
	for _, c := range cases {
		res := ask(m, sent{"POST /none", []string{json, "Content-Encoding: " + c.encoding}, c.body})
		if res.Status != c.status || !strings.Contains(text(res), c.contains) {
			t.Errorf("%s: %d %s, want %d with %q", c.name, res.Status, text(res), c.status, c.contains)
		}
	}
}
