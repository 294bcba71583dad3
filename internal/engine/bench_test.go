package engine

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// twenty is an object schema of twenty properties, of the kinds that documents
// have.
func twenty() string {
	var b strings.Builder
	b.WriteString(`{type: object, properties: {id: {type: integer}, name: {type: string}, email: {type: string, format: email}, createdAt: {type: string, format: date-time}`)
	for i := range 8 {
		fmt.Fprintf(&b, `, text%d: {type: string}, count%d: {type: integer, minimum: 1, maximum: 100}`, i, i)
	}
	return b.String() + `}}`
}

// benchmarkAnswer answers one request again and again into one response, as the
// HTTP adapter does.
func benchmarkAnswer(b *testing.B, doc string, s sent, status int) {
	b.Helper()
	m := mockOf(b, doc, Config{})
	req := requestOf(s)
	body := strings.NewReader(s.body)
	res := &Response{}
	b.ReportAllocs()
	for b.Loop() {
		res.Reset()
		if s.body != "" {
			body.Reset(s.body)
			req.Body = body
		}
		m.Answer(req, res)
		if res.Status != status {
			b.Fatalf("%d %s", res.Status, text(res))
		}
	}
}

func BenchmarkStaticAnswer(b *testing.B) {
	const doc = `{openapi: 3.0.0, paths: {"/pets/{id}": {get: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}], responses: {"200": {description: d, content: {application/json: {example: {id: 1, name: Rex}}}}}}}}}`
	benchmarkAnswer(b, doc, sent{target: "/pets/7", header: []string{"Accept: */*"}}, http.StatusOK)
}

func BenchmarkGeneratedAnswer(b *testing.B) {
	doc := `{openapi: 3.0.0, paths: {/things: {get: {responses: {"200": {description: d, content: {application/json: {schema: ` + twenty() + `}}}}}}}}`
	benchmarkAnswer(b, doc, sent{target: "/things", header: []string{"Accept: application/json"}}, http.StatusOK)
}

func BenchmarkValidatedPost(b *testing.B) {
	doc := `{openapi: 3.0.0, paths: {/things: {post: {requestBody: {required: true, content: {application/json: {schema: ` + twenty() + `}}}, responses: {"201": {description: d, content: {application/json: {example: {ok: true}}}}}}}}}`
	var body strings.Builder
	body.WriteString(`{"id": 7, "name": "Rex", "email": "rex@example.com", "createdAt": "2024-05-06T07:08:09Z"`)
	for i := range 8 {
		fmt.Fprintf(&body, `, "text%d": "%s", "count%d": %d`, i, strings.Repeat("lorem ipsum. ", 7), i, i+1)
	}
	body.WriteString("}")
	if n := body.Len(); n < 1000 || n > 1200 {
		b.Fatalf("the body has %d bytes", n)
	}
	benchmarkAnswer(b, doc, sent{"POST /things", []string{"Content-Type: application/json"}, body.String()}, http.StatusCreated)
}
