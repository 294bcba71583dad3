package api

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// maxInlined bounds the values that references bring in: the same file may be
// referred to again and again.
const maxInlined = 1 << 20

// inlining makes one document of several files.
type inlining struct {
	ctx     context.Context
	loader  *document.Loader
	root    *document.File
	stack   []target
	names   map[target]string // what refers to itself is a component
	queue   []target
	taken   map[string]bool
	spent   int
	changed bool
	err     error
}

// target is what a reference means.
type target struct {
	file    *document.File
	pointer string
}

// inline copies a value of a file. References to other files are replaced by
// what they mean, those within the root document stay. One that leads nowhere
// stays as it is written.
func (b *inlining) inline(f *document.File, v *definition.Value) definition.Value {
	if b.err != nil {
		return *v
	}
	if b.spent++; b.spent > maxInlined && f != b.root {
		b.err = fmt.Errorf("what the references bring in has more than %d values", maxInlined)
		return *v
	}
	if ref := v.Get("$ref"); v.Is(definition.Object) && ref.Is(definition.String) {
		if out, ok := b.reference(f, v, ref.Text); ok {
			return out.With(v.Key)
		}
	}
	if len(v.Kids) == 0 {
		return *v
	}
	out := *v
	out.Kids = make([]definition.Value, len(v.Kids))
	for i := range v.Kids {
		out.Kids[i] = b.inline(f, &v.Kids[i])
	}
	return out
}

// reference gives what is put in the place of one; false leaves it.
func (b *inlining) reference(f *document.File, v *definition.Value, ref string) (definition.Value, bool) {
	location, pointer, _ := strings.Cut(ref, "#")
	if location == "" && f == b.root {
		return definition.Value{}, false
	}
	to, err := b.loader.Follow(b.ctx, f, location)
	if err != nil {
		if errors.Is(err, context.Canceled) {
			b.err = err
		}
		return definition.Value{}, false
	}
	b.changed = true
	if to == b.root {
		return withRef(v, "#"+pointer), true
	}
	means, ok := document.Pointer(&to.Root, pointer)
	if !ok {
		return definition.Value{}, false
	}
	at := target{to, pointer}
	for _, above := range b.stack {
		if above == at {
			return withRef(v, b.component(at)), true
		}
	}
	b.stack = append(b.stack, at)
	out := b.inline(to, means)
	b.stack = b.stack[:len(b.stack)-1]
	return beside(out, v), true
}

// withRef is an object with another reference.
func withRef(v *definition.Value, ref string) definition.Value {
	out := v.Clone()
	*out.Get("$ref") = definition.NewString(ref).With("$ref")
	return out
}

// beside puts the members that stand beside a reference over what it means.
func beside(means definition.Value, v *definition.Value) definition.Value {
	if len(v.Kids) == 1 || !means.Is(definition.Object) {
		return means
	}
	means = means.Clone()
	for i := range v.Kids {
		if v.Kids[i].Key != "$ref" {
			setMember(&means, v.Kids[i].Key, v.Kids[i].Clone())
		}
	}
	return means
}

// component gives what refers to itself a name, and the reference to it.
func (b *inlining) component(at target) string {
	name, ok := b.names[at]
	if !ok {
		name = path.Base(at.pointer)
		if name == "." || name == "/" {
			name = strings.TrimSuffix(path.Base(at.file.Name), path.Ext(at.file.Name))
		}
		base := name
		for n := 2; b.taken[name] || b.section().Has(name); n++ {
			name = fmt.Sprintf("%s_%d", base, n)
		}
		b.taken[name], b.names[at] = true, name
		b.queue = append(b.queue, at)
	}
	if b.swagger() {
		return "#/definitions/" + name
	}
	return "#/components/schemas/" + name
}

func (b *inlining) swagger() bool { return b.root.Root.Has("swagger") }

// section is where the schemas of the root document are.
func (b *inlining) section() *definition.Value {
	if b.swagger() {
		return b.root.Root.Get("definitions")
	}
	return b.root.Root.Get("components").Get("schemas")
}

// addNamed adds what got a name.
func (b *inlining) addNamed(whole *definition.Value) {
	for len(b.queue) > 0 && b.err == nil {
		at := b.queue[0]
		b.queue = b.queue[1:]
		means, ok := document.Pointer(&at.file.Root, at.pointer)
		if !ok {
			continue
		}
		b.stack = []target{at}
		schema := b.inline(at.file, means)
		if b.swagger() {
			setMember(memberObject(whole, "definitions"), b.names[at], schema)
			continue
		}
		setMember(memberObject(memberObject(whole, "components"), "schemas"), b.names[at], schema)
	}
}

// setMember replaces a member of an object, or adds it.
func setMember(v *definition.Value, name string, value definition.Value) {
	if m := v.Get(name); m != nil {
		*m = value.With(name)
		return
	}
	v.Kids = append(v.Kids, value.With(name))
}

// memberObject is a member that is an object, a new one where there is none.
func memberObject(v *definition.Value, name string) *definition.Value {
	if !v.Get(name).Is(definition.Object) {
		setMember(v, name, definition.NewObject())
	}
	return v.Get(name)
}

// dropMember takes a member off an object.
func dropMember(v *definition.Value, name string) {
	for i := range v.Kids {
		if v.Kids[i].Key == name {
			v.Kids = append(v.Kids[:i:i], v.Kids[i+1:]...)
			return
		}
	}
}
