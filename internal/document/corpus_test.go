package document

import (
	"compress/gzip"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
)

// corpus gives the folder of real documents.
func corpus(tb testing.TB) string {
	tb.Helper()
	shared := os.Getenv("MIMUS_SHARED")
	if shared == "" {
		tb.Skip("MIMUS_SHARED is not set: it names the folder that holds corpus/openapi")
	}
	return filepath.Join(shared, "corpus", "openapi")
}

// corpusText reads one document of the corpus, unpacked.
func corpusText(tb testing.TB, name string) string {
	tb.Helper()
	f, err := os.Open(filepath.Join(corpus(tb), name))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			tb.Fatal(err)
		}
	}
	data, err := io.ReadAll(r)
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

func TestOpen_RealDocuments_AreReadWithPositions(t *testing.T) {
	t.Parallel()
	folder := corpus(t)
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		t.Run(strings.TrimPrefix(path, folder), func(t *testing.T) {
			t.Parallel()
			l := NewLoader(Config{})
			f, err := l.Open(context.Background(), path)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range f.Warnings {
				t.Log(w)
			}
			checked, wrong := checkPositions(f, &f.Root)
			if wrong > 0 {
				t.Errorf("%d of %d values are not where their position says", wrong, checked)
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkPositions compares what stands at the position of each value with the
// value, as far as notation allows.
func checkPositions(f *File, v *definition.Value) (checked, wrong int) {
	at := f.Text[v.Pos:]
	line := at[:lineLen(at)]
	r, _ := utf8.DecodeRuneInString(at)
	ok := true
	switch v.Kind {
	case definition.Bool, definition.Number:
		ok = strings.HasPrefix(strings.ToLower(line), v.Text) || strings.ContainsRune("&*+.0", r)
	case definition.String:
		ok = strings.HasPrefix(at, v.Text) || strings.ContainsRune(`"'|>&*!`, r) ||
			strings.HasPrefix(v.Text, strings.TrimRight(line, "\r\n"))
	case definition.Array:
		ok = strings.ContainsRune("[-&*", r)
	case definition.Object:
		ok = r == '{' || r == '&' || r == '*' || v.Len() > 0 && strings.HasPrefix(strings.TrimLeft(line, `"'`), v.Kids[0].Key)
	}
	checked = 1
	if !ok {
		wrong = 1
	}
	for i := range v.Kids {
		c, w := checkPositions(f, &v.Kids[i])
		checked, wrong = checked+c, wrong+w
	}
	return checked, wrong
}
