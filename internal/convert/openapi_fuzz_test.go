package convert

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/postman"
)

// Whatever is read as a collection becomes a document that reads without
// errors and whose examples its own schemas accept.
func FuzzToOpenAPI(f *testing.F) {
	shop, err := os.ReadFile(filepath.Join("testdata", "way-back", "shop.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(shop))
	f.Add(collectionOf(`"https://h.example/a?b=c"`))
	f.Add(collectionOf(`{"url": "{{base}}/a/:b/{c}", "method": "PURGE", "body": {"mode": "raw", "raw": "{{x}}"}}`))
	f.Fuzz(func(t *testing.T, text string) {
		c, ok := tryCollection(text)
		if !ok {
			return
		}
		v, _ := ToOpenAPI(c, OpenAPIOptions{})
		checkExamples(t, readOpenAPI(t, v))
		ToCurl(c, CurlOptions{})
	})
}

func FuzzReadJSON(f *testing.F) {
	for _, s := range []string{`{"a": {{b}}}`, "// x\n[1]", `/* */ "{{c}}"`, `{"a": "<integer>"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, ok := readJSON(text)
		if !ok {
			return
		}
		var s shape
		s.add(&v)
		promise := s.promise()
		if again, ok := readJSON(string(promise.AppendJSON(nil))); !ok || again.Kind != promise.Kind {
			t.Errorf("the schema of %q is no JSON: %s", text, promise.AppendJSON(nil))
		}
	})
}

// A collection of which any text, number or member is replaced by something
// odd still becomes a sound document.
func TestToOpenAPI_OddCollections_StaySound(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "way-back", "shop.json"))
	if err != nil {
		t.Fatal(err)
	}
	rounds := 500
	if testing.Short() {
		rounds = 100
	}
	for seed := range rounds {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		root, err := document.ParseJSON(string(text), 0, document.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for range 1 + r.IntN(6) {
			bend(&root, r)
		}
		bent := string(root.AppendJSON(nil))
		c, ok := tryCollection(bent)
		if !ok {
			continue
		}
		v, _ := ToOpenAPI(c, OpenAPIOptions{})
		ToCurl(c, CurlOptions{})
		if checkExamples(t, readOpenAPI(t, v)); t.Failed() {
			t.Fatalf("seed %d:\n%s\n%s", seed, bent, v.AppendJSON(nil))
		}
	}
}

func tryCollection(text string) (*postman.Collection, bool) {
	l := document.NewLoader(document.Config{Files: map[string][]byte{"c.json": []byte(text)}})
	file, err := l.Open(context.Background(), "c.json")
	if err != nil {
		return nil, false
	}
	c, _, err := postman.Read(context.Background(), l, file)
	return c, err == nil
}

// bend replaces one value somewhere in a tree, or takes a member's name for
// another's.
func bend(v *definition.Value, r *rand.Rand) {
	for len(v.Kids) > 0 && r.IntN(12) > 0 {
		v = &v.Kids[r.IntN(len(v.Kids))]
	}
	odd := []definition.Value{
		definition.NewString(""), definition.NewString("{{x}}"), definition.NewString("{{"), definition.NewString("}}"), definition.NewString(":"),
		definition.NewString(":a/{b}"), definition.NewString("/"), definition.NewString("//"), definition.NewString("{}"), definition.NewString("{a"),
		definition.NewString("a\x00b\n"), definition.NewString("<integer>"), definition.NewString("?a=b#c"), definition.NewString("{{baseUrl}}{{kind}}"),
		definition.NewString("{{orderId}}/{{kind}}"), definition.NewString("1e400"), definition.NewString("[1, \"a\", null, {\"a\": {}}]"), definition.NewString("%zz ü"),
		definition.NewString("application/json"), definition.NewString("multipart/form-data; boundary=x"), definition.NewString("x/*"), definition.NewString("*/*"),
		definition.NewString("GET /"), definition.NewString("ftp://[::1]:99999"), definition.NewString("raw"), definition.NewString("file"),
		definition.NewNull(), definition.NewBool(true), definition.NewInt(-1), definition.NewInt(404), definition.NewFloat(1e30), definition.NewArray(), definition.NewObject(),
	}
	*v = odd[r.IntN(len(odd))].With(v.Key)
}
