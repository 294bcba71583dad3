package convert

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/postman"
)

// folders fills the collection with folders and requests.
func (w *assembly) folders(root *postman.Item) {
	byTag := w.options.Folders == FoldersByTag
	if byTag && !w.options.NestedFolders {
		for _, t := range w.def.Tags {
			w.folder(root, t.Name).Description = postman.NewDescription(t.Description)
		}
	}
	for _, op := range w.def.Operations {
		if w.options.NoDeprecated && op.Deprecated {
			if !byTag {
				w.around(root, op.Path)
			}
			continue
		}
		for _, folder := range w.places(root, op) {
			folder.Items = append(folder.Items, w.item(op))
		}
	}
	if w.options.Webhooks && len(w.def.Webhooks) > 0 {
		hooks := &postman.Item{Name: "Webhooks", Folder: true, Items: []*postman.Item{}}
		root.Items = append(root.Items, hooks)
		for _, op := range w.def.Webhooks {
			if !w.options.NoDeprecated || !op.Deprecated {
				hooks.Items = append(hooks.Items, w.item(op))
			}
		}
	}
}

// places are the folders that have a request for an operation.
func (w *assembly) places(root *postman.Item, op *definition.Operation) []*postman.Item {
	switch {
	case w.options.Folders != FoldersByTag:
		parent := w.around(root, op.Path)
		return []*postman.Item{w.folder(parent, lastSegment(op.Path))}
	case len(op.Tags) == 0:
		return []*postman.Item{root}
	case w.options.NestedFolders:
		at := root
		for _, t := range op.Tags {
			at = w.tagFolder(at, t)
		}
		return []*postman.Item{at}
	}
	var all []*postman.Item
	seen := map[string]bool{}
	for _, t := range op.Tags {
		if !seen[t] {
			seen[t] = true
			all = append(all, w.tagFolder(root, t))
		}
	}
	return all
}

// around makes the folders of a path, but for its last segment, and returns
// the last of them.
func (w *assembly) around(root *postman.Item, path string) *postman.Item {
	segments := segmentsOf(path)
	for _, s := range segments[:max(0, len(segments)-1)] {
		root = w.folder(root, s)
	}
	return root
}

func segmentsOf(path string) []string {
	return strings.FieldsFunc(path, func(c rune) bool { return c == '/' })
}

func lastSegment(path string) string {
	if s := segmentsOf(path); len(s) > 0 {
		return s[len(s)-1]
	}
	return "/"
}

func (w *assembly) tagFolder(parent *postman.Item, tag string) *postman.Item {
	f := w.folder(parent, tag)
	if f.Description == nil {
		for _, t := range w.def.Tags {
			if t.Name == tag {
				f.Description = postman.NewDescription(t.Description)
				break
			}
		}
	}
	return f
}

// folder finds or makes the folder of a name in another.
func (w *assembly) folder(parent *postman.Item, name string) *postman.Item {
	known := w.children[parent]
	if known == nil {
		known = map[string]*postman.Item{}
		w.children[parent] = known
	}
	f := known[name]
	if f == nil {
		f = &postman.Item{Name: name, Folder: true, Items: []*postman.Item{}}
		known[name] = f
		parent.Items = append(parent.Items, f)
	}
	return f
}
