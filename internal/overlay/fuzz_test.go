package overlay

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mimus-dev/mimus/internal/document"
)

// FuzzReadApply checks that no overlay makes reading or applying fail, that the
// document stays as it was, and that the result is sound.
func FuzzReadApply(f *testing.F) {
	for _, c := range hostile {
		if text := over(c.version, c.actions); len(text) < 1024 {
			f.Add(text, hostileDoc)
		}
	}
	f.Add(over("1.0.0", "  - {target: '$.paths.*.get', update: {a: 1}}\n  - {target: '$..parameters[?@.name == ''dummy'']', remove: true}"), shop)
	f.Add(over("1.1.0", "  - {target: '$..[?count(@.*) > 1 && match(@.a, ''x'')]', update: {a: [1]}}\n  - {target: $.info, copy: $.paths}"), shop)
	f.Add(over("1.1.0", "  - {target: '$.tags[::-1]', update: 1}\n  - {target: '$.tags[-1, 0:9]', remove: true}\n  - {target: $.tags, update: [1]}"), shop)
	lim := document.Limits{Nodes: 5000, Bytes: 1 << 16}
	f.Fuzz(func(t *testing.T, overlay, doc string) {
		over, _, err := document.Parse(overlay, "overlay", 1, lim)
		if err != nil {
			return
		}
		root, _, err := document.Parse(doc, "doc", 2, lim)
		if err != nil {
			return
		}
		before := root.Clone()
		o, _ := Read(&document.File{Number: 1, Name: "overlay", Text: overlay, Root: over})
		out, _ := o.applyWithin(&root, 1<<20, 1<<14)
		if diff := cmp.Diff(before, root); diff != "" {
			t.Errorf("the document was changed:\n%s", diff)
		}
		if _, err := document.ParseJSON(string(out.AppendJSON(nil)), 3, document.Limits{}); err != nil {
			t.Errorf("the result is no JSON: %v", err)
		}
	})
}
