package items

import (
	"fmt"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// maxProblems bounds the problems that are told of one document.
const maxProblems = 100

// Normalize makes a Collection v2.1.0 document that came from outside ready to
// be stored: every folder, request and saved response gets an id where it has
// none, or one that another has already, and info a _postman_id. What the API
// adds when it answers (uid; in info the times and who made them) is taken off.
// Where the document is no collection nothing is changed, and the error is
// Malformed with all that is wrong.
func Normalize(v *definition.Value, newID func() string) error {
	c := checker{}
	c.collection(v)
	if len(c.problems) > 0 {
		return malformed("collection", c.problems...)
	}
	info := v.Get("info")
	drop(info, "uid", "createdAt", "updatedAt", "lastUpdatedBy")
	if id := info.Get("_postman_id"); id.Str() == "" {
		drop(info, "_postman_id")
		info.Kids = insert(info.Kids, 0, definition.NewString(newID()).With("_postman_id"))
	} else {
		id.Text = BareID(id.Text)
	}
	n := identifier{seen: map[string]bool{}, newID: newID}
	n.list(v.Get("item"))
	return nil
}

// identifier gives ids to items.
type identifier struct {
	seen  map[string]bool // the ids that are taken
	newID func() string
	fresh bool // every item gets a new id
}

func (n *identifier) list(list *definition.Value) {
	if !list.Is(definition.Array) {
		return
	}
	for i := range list.Kids {
		n.item(&list.Kids[i])
	}
}

// item identifies an item with what is in it.
func (n *identifier) item(item *definition.Value) {
	if item.Kind != definition.Object {
		return
	}
	n.one(item, "name")
	if kindOf(item) == Folder {
		n.list(item.Get("item"))
		return
	}
	if list := item.Get("response"); list.Is(definition.Array) {
		for i := range list.Kids {
			n.response(&list.Kids[i])
		}
	}
}

func (n *identifier) response(r *definition.Value) {
	if r.Kind == definition.Object {
		n.one(r, "")
	}
}

func (n *identifier) one(item *definition.Value, after string) {
	id := item.Get("id").Str()
	if id == "" {
		id = item.Get("_postman_id").Str() // older exports
	}
	id = BareID(id)
	if n.fresh || id == "" || n.seen[id] {
		id = n.newID()
	}
	n.seen[id] = true
	drop(item, "uid")
	if item.Has("_postman_id") {
		drop(item, "_postman_id")
	}
	if item.Get("id").Str() != id {
		setAfter(item, after, "id", definition.NewString(id))
	}
}

// checker collects what is wrong with a document, in the words of the API's
// example.
type checker struct{ problems []string }

func (c *checker) tell(path, format string, args ...any) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, path+": "+fmt.Sprintf(format, args...))
	}
}

func (c *checker) collection(v *definition.Value) {
	if !v.Is(definition.Object) {
		c.tell("", "must be object")
		return
	}
	if height(v) > MaxDepth {
		c.tell("", "must not be nested deeper than %d levels", MaxDepth)
		return
	}
	for _, key := range [...]string{"info", "item"} {
		if !v.Has(key) {
			c.tell("", "must have required property '%s'", key)
		}
	}
	c.info(v.Get("info"))
	c.items("item", v.Get("item"))
	c.parts("", v)
}

func (c *checker) info(info *definition.Value) {
	if info == nil {
		return
	}
	if info.Kind != definition.Object {
		c.tell("info", "must be object")
		return
	}
	for _, key := range [...]string{"name", "schema"} {
		switch m := info.Get(key); {
		case m == nil:
			c.tell("info", "must have required property '%s'", key)
		case m.Kind != definition.String:
			c.tell("info."+key, "must be string")
		case key == "schema" && !strings.Contains(m.Text, "v2.1.0"):
			c.tell("info.schema", "must be the address of the schema of Collection v2.1.0")
		}
	}
}

func (c *checker) items(path string, list *definition.Value) {
	if list == nil {
		return
	}
	if list.Kind != definition.Array {
		c.tell(path, "must be array")
		return
	}
	for i := range list.Kids {
		if len(c.problems) >= maxProblems {
			return
		}
		c.item(path, i, &list.Kids[i])
	}
}

// item checks one item. Its path is made only for a problem or a folder: a
// collection has many.
func (c *checker) item(list string, index int, item *definition.Value) {
	path := func() string { return fmt.Sprintf("%s[%d]", list, index) }
	if item.Kind != definition.Object {
		c.tell(path(), "must be object")
		return
	}
	if m := item.Get("name"); !isNull(m) && m.Kind != definition.String {
		c.tell(path()+".name", "must be string")
	}
	if m := item.Get("request"); !isNull(m) && m.Kind != definition.String && m.Kind != definition.Object {
		c.tell(path()+".request", "must be object or string")
	}
	if m := item.Get("item"); m != nil {
		c.items(path()+".item", m)
	}
	if m := item.Get("response"); !isNull(m) {
		c.responses(path()+".response", m)
	}
	if item.Has("auth") || item.Has("event") || item.Has("variable") {
		c.parts(path()+".", item)
	}
}

func (c *checker) responses(path string, list *definition.Value) {
	if list.Kind != definition.Array {
		c.tell(path, "must be array")
		return
	}
	for i := range list.Kids {
		if k := list.Kids[i].Kind; k != definition.Object && k != definition.Null {
			c.tell(fmt.Sprintf("%s[%d]", path, i), "must be object")
		}
	}
}

// parts checks what a collection and an item both may have.
func (c *checker) parts(prefix string, o *definition.Value) {
	if m := o.Get("auth"); !isNull(m) && m.Kind != definition.Object {
		c.tell(prefix+"auth", "must be object")
	}
	for _, key := range [...]string{"event", "variable"} {
		if m := o.Get(key); !isNull(m) && m.Kind != definition.Array {
			c.tell(prefix+key, "must be array")
		}
	}
}
