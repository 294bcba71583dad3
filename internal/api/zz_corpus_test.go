package api

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/openapi"
)

func TestZZCorpus(t *testing.T) {
	c := start(t)
	var files []string
	_ = filepath.WalkDir("/work/shared/corpus", func(p string, d os.DirEntry, err error) error {
		if !d.IsDir() && (strings.Contains(p, "/openapi/") || strings.Contains(p, "/postman/")) {
			files = append(files, p)
		}
		return nil
	})
	for _, p := range files {
		data, _ := os.ReadFile(p)
		if len(data) > 20<<20 || strings.HasSuffix(p, ".gz") {
			t.Log("skip", p, len(data))
			continue
		}
		var id, spec string
		began := time.Now()
		if strings.Contains(p, "/openapi/") {
			a := c.do("POST", "/import/openapi", object{"type": "string", "input": string(data)})
			if a.status != 200 {
				t.Logf("%s: %d %.300s", p, a.status, a.body)
				continue
			}
			id = a.text("collections", 0, "id")
			took := time.Since(began)
			spec = c.do("GET", "/collections/"+id+"/generations/spec", nil).text("specs", 0, "id")
			was := c.do("GET", "/specs/"+spec+"/files", nil).text("files", 0, "path")
			before := c.do("GET", "/specs/"+spec+"/files/"+was, nil).text("content")
			body := string(c.collectionDoc(id).AppendJSON(nil))
			t2 := time.Now()
			c.do("PUT", "/collections/"+id+"/synchronizations?specId="+spec, nil).want(202)
			if now := string(c.collectionDoc(id).AppendJSON(nil)); now != body {
				i := 0
				for i < len(now) && i < len(body) && now[i] == body[i] {
					i++
				}
				t.Errorf("%s: collection changed by sync: %.200s\n%.200s", p, body[max(0, i-80):], now[max(0, i-80):])
			}
			t3 := time.Now()
			task := c.do("PUT", "/specs/"+spec+"/synchronizations?collectionUid="+id, nil).want(202)
			if got := c.do("GET", task.text("url"), nil); got.text("status") != "completed" {
				t.Errorf("%s: %s", p, got.body)
			}
			if now := c.do("GET", "/specs/"+spec+"/files/"+was, nil).text("content"); now != before {
				t.Errorf("%s: spec changed by sync", p)
			}
			if d := time.Since(began); d > 3*time.Second {
				t.Logf("%s %d: import %v sync %v syncspec %v", p, len(data), took, t3.Sub(t2), time.Since(t3))
			}
		} else {
			a := c.do("POST", "/collections", `{"collection":`+string(data)+`}`)
			if a.status != 200 {
				t.Logf("%s: %d %.300s", p, a.status, a.body)
				continue
			}
			id = a.text("collection", "id")
		}
		for _, kind := range []string{"OPENAPI:2.0", "OPENAPI:3.0", "OPENAPI:3.1", "OPENAPI:3.2"} {
			task := c.do("POST", "/collections/"+id+"/generations/spec", object{"name": "S", "type": kind}).want(200)
			done := c.do("GET", task.text("url"), nil).want(200)
			if done.text("status") != "completed" {
				t.Errorf("%s: %s", p, done.body)
				continue
			}
			s := done.text("details", "resources", 0, "id")
			text := c.do("GET", "/specs/"+s+"/files/index.json", nil).text("content")
			name := strings.ReplaceAll(strings.TrimPrefix(p, "/work/shared/corpus/"), "/", "_") + strings.TrimPrefix(kind, "OPENAPI:") + ".json"
			_ = os.WriteFile("/tmp/w/"+name, []byte(text), 0o644)
			l := document.NewLoader(document.Config{Files: map[string][]byte{"a.yaml": []byte(text)}})
			f, err := l.Open(context.Background(), "a.yaml")
			if err != nil {
				t.Error(p, err)
				continue
			}
			_, diags, err := openapi.Read(context.Background(), l, f)
			if err != nil {
				t.Error(p, kind, err)
			}
			for i, d := range diags {
				if i < 3 {
					t.Logf("%s %s: %v", p, kind, d)
				}
			}
			c.do("DELETE", "/specs/"+s, nil)
		}
		if spec != "" {
			c.do("DELETE", "/specs/"+spec, nil).want(204)
		}
		c.do("DELETE", "/collections/"+id, nil).want(200)
	}
}
