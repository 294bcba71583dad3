package postman

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// read reads a collection's text.
func read(t testing.TB, text string) (*Collection, []document.Diagnostic) {
	t.Helper()
	l := document.NewLoader(document.Config{Files: map[string][]byte{"c.json": []byte(text)}})
	f, err := l.Open(context.Background(), "c.json")
	if err != nil {
		t.Fatal(err)
	}
	c, diags, err := Read(context.Background(), l, f)
	if err != nil {
		t.Fatal(err)
	}
	return c, diags
}

// corpus lists the collections of the corpus, or skips.
func corpus(t testing.TB) []string {
	t.Helper()
	shared := os.Getenv("MIMUS_SHARED")
	if shared == "" {
		t.Skip("MIMUS_SHARED is not set: the corpus is not there")
	}
	files, err := filepath.Glob(filepath.Join(shared, "corpus", "postman", "*.json"))
	if err != nil || len(files) < 16 {
		t.Fatalf("the corpus has %d collections (%v), there were 16", len(files), err)
	}
	return files
}

func TestCorpus_WriteAndReadAgain_LosesNothing(t *testing.T) {
	t.Parallel()
	for _, file := range corpus(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			before, err := document.ParseJSON(string(text), 1, document.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			c, _ := read(t, string(text))
			if c.Version != V21 || !before.Get("info").Has("schema") { // of none, or of an older form
				first := string(c.AppendJSON(nil))
				again, _ := read(t, first)
				if second := string(again.AppendJSON(nil)); first != second {
					t.Error("a second reading and writing changes the file")
				}
				return
			}
			after := c.JSON()
			if !definition.Equal(&before, &after) {
				t.Error(difference("", &before, &after))
			}
		})
	}
}

// difference tells the first place at which two values differ.
func difference(at string, a, b *definition.Value) string {
	if a.Kind == definition.Object && b.Kind == definition.Object {
		for i := range a.Kids {
			other := b.Get(a.Kids[i].Key)
			if other == nil {
				return at + "/" + a.Kids[i].Key + " is missing"
			}
			if !definition.Equal(&a.Kids[i], other) {
				return difference(at+"/"+a.Kids[i].Key, &a.Kids[i], other)
			}
		}
		return at + " has more members"
	}
	if a.Kind == definition.Array && b.Kind == definition.Array && len(a.Kids) == len(b.Kids) {
		for i := range a.Kids {
			if !definition.Equal(&a.Kids[i], &b.Kids[i]) {
				return difference(at+"/"+string(rune('0'+i%10)), &a.Kids[i], &b.Kids[i])
			}
		}
	}
	return at + ": " + string(a.AppendJSON(nil)) + " has become " + string(b.AppendJSON(nil))
}
