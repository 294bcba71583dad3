package convert

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/postman"
)

func exchange(method, address string, status int, change func(*Recorded)) Recorded {
	r := Recorded{Method: method, URL: address, Status: status}
	if change != nil {
		change(&r)
	}
	return r
}

func header(kv ...string) (out []definition.Pair) {
	for i := 0; i+1 < len(kv); i += 2 {
		out = append(out, definition.Pair{Name: kv[i], Value: kv[i+1]})
	}
	return out
}

func TestRecordingToPostman_Golden(t *testing.T) {
	t.Parallel()
	list := []Recorded{
		exchange("GET", "https://api.example/v1/pets?limit=2&access_token=abc", 200, func(r *Recorded) {
			r.Request.Header = header("Accept", "application/json", "Authorization", "Bearer secret-1", "Cookie", "sid=secret-2", "X-Trace", "7", "Sec-Fetch-Mode", "cors", "Host", "api.example")
			r.Response.Header = header("Content-Type", "application/json", "Set-Cookie", "sid=secret-3", "Content-Encoding", "gzip", "X-Total", "2")
			r.Response.Media, r.Response.Body = "application/json", []byte(`[{"id":1},{"id":2,"name":"Rex"}]`)
		}),
		exchange("OPTIONS", "https://api.example/v1/pets", 204, func(r *Recorded) { r.Request.Header = header("Access-Control-Request-Method", "GET") }),
		exchange("GET", "https://api.example/v1/pets/1", 200, func(r *Recorded) {
			r.Response.Media, r.Response.Body = "application/json; charset=utf-8", []byte(`{"id":1}`)
		}),
		exchange("GET", "https://api.example/v1/pets/2", 200, func(r *Recorded) {
			r.Response.Media, r.Response.Body = "application/json", []byte(`{"id":2,"token":"secret-4"}`)
		}),
		exchange("GET", "https://api.example/v1/pets/2/photo.png", 200, func(r *Recorded) {
			r.Response.Media, r.Response.Body = "image/png", []byte("\x89PNG\r\n")
		}),
		exchange("POST", "https://api.example/v1/login", 201, func(r *Recorded) {
			r.Request.Header = header("X-Api-Key", "secret-5", "Content-Type", "application/x-www-form-urlencoded")
			r.Request.Media, r.Request.Body = "application/x-www-form-urlencoded", []byte("user=ann&password=secret-6")
		}),
		exchange("GET", "data:text/plain,x", 200, nil),
		exchange("GET", "https://api.example/v1/owners/ann", 404, func(r *Recorded) { r.Template = "/v1/owners/{name}" }),
		exchange("POST", "https://other.example/upload", 0, func(r *Recorded) {
			r.Request.Media = "multipart/form-data; boundary=x"
			r.Request.Fields = []RecordedField{{Name: "f", Value: "cat.png", File: true, Media: "image/png"}, {Name: "n", Value: "1"}}
		}),
	}
	c, diags := RecordingToPostman("Session", list)
	var codes []string
	for _, d := range diags {
		codes = append(codes, d.Code)
	}
	if got := strings.Join(codes, " "); got != "credentials-stripped preflights-skipped exchanges-skipped" {
		t.Errorf("diagnostics %s", got)
	}
	golden(t, "session.postman.json", indented(t, c.JSON()))
	v, _ := ToOpenAPI(c, OpenAPIOptions{})
	golden(t, "session.openapi.json", indented(t, v))
	def := readOpenAPI(t, v)
	checkExamples(t, def)
	if got, want := routes(def), "GET /v1/pets, GET /v1/pets/{petId}, GET /v1/pets/{petId}/photo.png, POST /v1/login, GET /v1/owners/{name}, POST /upload"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	collection := c.JSON()
	for _, text := range []string{string(v.AppendJSON(nil)), string(collection.AppendJSON(nil))} {
		if i := strings.Index(text, "secret-"); i >= 0 {
			t.Errorf("a credential is left: …%s", text[max(i-40, 0):i+8])
		}
	}
}

func TestToRecording_Shop(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "way-back", "shop.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range ToRecording(readCollection(t, string(text)), nil) {
		line := r.Method + " " + r.URL + " → " + strings.TrimSpace(strings.Join([]string{r.Reason, r.Response.Media}, " "))
		got = append(got, line)
	}
	want := []string{
		"GET https://api.shop.example/v1/orders?page=2&tag=a → OK application/json; charset=utf-8",
		"GET https://api.shop.example/v1/orders?page=1&size=20&tag=a&tag=b → OK application/json",
		"GET https://api.shop.example/v1/orders?page=1&size=20&tag=a&tag=b → Internal Server Error text/plain",
		"POST https://api.shop.example/v1/orders → Created application/json",
		"GET https://api.shop.example/v1/orders/1043 → OK application/xml",
		"GET https://api.shop.example/v1/orders/7/invoice.{{format}}?k=v → OK application/pdf",
		"GET https://api.shop.example/v1/shelves/books →",
		"POST https://login.shop.example/token →",
		"PUT https://api.shop.example/v1/files/3fa85f64-5717-4562-b3fc-2c963f66afa6 →",
		"POST https://api.shop.example/v1/graphql →",
	}
	for i := range got {
		got[i] = strings.TrimSpace(got[i])
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// What a recording of a collection shows, the collection of that recording
// shows too.
func TestCorpusRecording_RoundTrip(t *testing.T) {
	t.Parallel()
	for _, path := range corpusCollections(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			c := openCollection(t, path)
			list := ToRecording(c, nil)
			answered := 0
			for i := range list {
				list[i].URL = strings.NewReplacer("{{", "http://", "}}", "").Replace(list[i].URL)
				if list[i].Status != 0 {
					answered++
				}
			}
			back, _ := RecordingToPostman(c.Name, list)
			if got := examplesOf(back.Items); got != answered {
				t.Errorf("%d exchanges with an answer are %d examples", answered, got)
			}
			v, _ := ToOpenAPI(back, OpenAPIOptions{})
			checkExamples(t, readOpenAPI(t, v))
		})
	}
}

func examplesOf(list []*postman.Item) (n int) {
	for _, it := range list {
		n += len(it.Examples) + examplesOf(it.Items)
	}
	return n
}
