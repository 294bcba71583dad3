package postman

import (
	"context"
	"testing"

	"github.com/mimus-dev/mimus/internal/document"
)

// FuzzRead reads any bytes as a collection: it never fails otherwise than with
// an error, and what is written of it reads as the same again.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		`{"info":{"name":"a","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[{"name":"f","item":[{"name":"r","request":{"method":"GET","url":{"raw":"{{b}}/a/:id?x=1#h","host":["{{b}}"],"path":["a",":id",{"type":"string","value":"z"}],"query":[{"key":"x","value":null,"disabled":true}],"variable":[{"key":"id","value":"7"}]},"auth":{"type":"basic","basic":[{"key":"username","value":"u"}]},"body":{"mode":"raw","raw":"{}","options":{"raw":{"language":"json"}}}},"event":[{"listen":"test","script":{"exec":["a"]}}],"response":[{"id":"1","name":"OK","code":200,"status":"OK","header":[{"key":"A","value":"b"}],"cookie":[],"body":"{}"}]}]}]}`,
		`{"info":{"schema":"v2.0.0"},"item":[{"request":"http://x.test/y","response":[{"status":"Not Found","header":"A: b\nC: d","originalRequest":"/z"}]}],"variables":[{"id":"a","value":1}]}`,
		`{"id":"c","order":["1"],"folders":[{"id":"f","order":["2"]}],"requests":[{"id":"1","url":"http://a.test/b?c=d","method":"POST","dataMode":"params","data":[{"key":"k","value":"v"}],"headers":"X: y\n"},{"id":"2","responses":[{"responseCode":{"code":404},"text":"t","request":{"url":"/q"}}]}]}`,
		`{"collection":{"info":{},"item":[null,1,{"request":7},{"item":[{"item":[]}]}]}}`,
		`{"info":{},"item":[{"request":{"url":7,"body":{"mode":"x"},"header":[null,"A: b",{}]},"response":[{"code":"200"},{"code":9,"stream":{"type":"Buffer","data":[1,300]}},5]}]}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := readAnything(text)
		if c == nil {
			return
		}
		if def, _ := c.Definition(); def == nil {
			t.Fatal("no definition")
		}
		first := string(c.AppendJSON(nil))
		again := readAnything(first)
		if again == nil {
			t.Fatalf("what is written can't be read: %s", first)
		}
		if second := string(again.AppendJSON(nil)); second != first {
			t.Errorf("written again it is another:\n%s\n%s", first, second)
		}
	})
}

// readAnything gives nil for what is no collection.
func readAnything(text string) *Collection {
	l := document.NewLoader(document.Config{Files: map[string][]byte{"c.json": []byte(text)}})
	file, err := l.Open(context.Background(), "c.json")
	if err != nil {
		return nil
	}
	c, _, err := Read(context.Background(), l, file)
	if err != nil {
		return nil
	}
	return c
}
