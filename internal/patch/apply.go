package patch

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Bounds of what a JSON Patch may do. Copying can double a value with every
// operation, and each may look at all members of an object, so that neither
// the size of the patch nor that of the target bounds the cost.
const (
	maxOperations = 100_000
	maxNodes      = 1_000_000   // values in the result
	maxBytes      = 100_000_000 // of names, strings and numbers in the result
	maxDepth      = 1000        // arrays and objects in one another
	maxSteps      = 50_000_000  // members passed or shifted on the way, about a second
	cloneSteps    = 8           // what it costs to copy one value
)

// Apply applies a JSON Patch (RFC 6902), whole or not at all. target is not
// changed, and the result shares nothing that may be changed with either; it
// keeps target's Key. A nil target is an absent value: a patch may begin with
// making it.
//
// Every error is an *[Error]. What is malformed anywhere in the patch is told
// before any operation is tried.
//
// The target and the result after each operation have at most 1,000,000
// values, 100 MB (10^8 bytes) of text and 1,000 levels; a patch has at most
// 100,000 operations.
func Apply(target, operations *definition.Value) (definition.Value, error) {
	list, err := decode(operations)
	if err != nil {
		return definition.Value{}, err
	}
	e := edit{steps: maxSteps}
	if target != nil {
		total, fits := measure(target)
		if !fits {
			return definition.Value{}, &Error{Index: -1, Kind: TooLarge, Message: "the value to patch is too large"}
		}
		e.root, e.nodes, e.bytes = target.Clone(), total.nodes, total.bytes
	}
	for i := range list {
		fault := e.apply(&list[i])
		if fault == nil {
			fault = e.excess()
		}
		if fault != nil {
			fault.Index, fault.Op, fault.Path = i, list[i].name, list[i].path
			return definition.Value{}, fault
		}
	}
	return e.root, nil
}

// edit is a copy of the target that operations are applied to.
type edit struct {
	root  definition.Value
	nodes int // in root
	bytes int // in root
	steps int // left
}

func (e *edit) apply(op *operation) *Error {
	switch op.name {
	case "add":
		v, height, fault := e.copyOf(op.value)
		if fault != nil {
			return fault
		}
		return e.add(op.path, v, height)
	case "remove":
		_, fault := e.take(op.path)
		return fault
	case "replace":
		return e.replace(op.path, op.value)
	case "move":
		return e.move(op.from, op.path)
	case "copy":
		source := e.find(op.from)
		if source == nil {
			return e.nothingAt(op.from)
		}
		v, height, fault := e.copyOf(source)
		if fault != nil {
			return fault
		}
		return e.add(op.path, v, height)
	default: // decode lets no other through
		return e.test(op.path, op.value)
	}
}

// excess tells which bound is passed.
func (e *edit) excess() *Error {
	switch {
	case e.nodes > maxNodes:
		return fail(TooLarge, "the result would have more than %d values", maxNodes)
	case e.bytes > maxBytes:
		return fail(TooLarge, "the result would have more than %d bytes of text", maxBytes)
	case e.steps < 0:
		return fail(TooLarge, "the patch is too much work; apply it in parts")
	}
	return nil
}

// copyOf clones a value that is to be added and tells its height.
func (e *edit) copyOf(v *definition.Value) (c definition.Value, height int, fault *Error) {
	m, fits := measure(v)
	e.steps -= m.nodes * cloneSteps
	if !fits {
		return c, 0, fail(TooLarge, "the value is too large")
	}
	if fault := e.excess(); fault != nil {
		return c, 0, fault
	}
	return v.Clone(), m.height, nil
}

// add puts a value of a height at a path (RFC 6902, 4.1).
func (e *edit) add(path string, v definition.Value, height int) *Error {
	if path == "" {
		e.overwrite(&e.root, v)
		return nil
	}
	parent, name := e.parent(path)
	if !parent.Is(definition.Object) && !parent.Is(definition.Array) {
		return e.noParent(path)
	}
	if fault := fitsBelow(path, height); fault != nil {
		return fault
	}
	if parent.Kind == definition.Array {
		return e.insert(parent, name, v)
	}
	if at := e.place(parent, name); at >= 0 {
		e.overwrite(&parent.Kids[at], v)
		return nil
	}
	v.Key = name
	e.count(&v)
	parent.Kids = append(parent.Kids, v)
	return nil
}

// insert puts a value into an array, at an index or, for -, at the end.
func (e *edit) insert(array *definition.Value, name string, v definition.Value) *Error {
	at, ok := len(array.Kids), true
	if name != "-" {
		at, ok = index(name, len(array.Kids)+1)
	}
	if !ok {
		return fail(NotFound, "%s is no place in an array of %d", quote(name), len(array.Kids))
	}
	v.Key = ""
	e.count(&v)
	e.steps -= len(array.Kids) - at
	array.Kids = slices.Insert(array.Kids, at, v)
	return nil
}

// take removes what is at a path and returns it (RFC 6902, 4.2).
func (e *edit) take(path string) (v definition.Value, fault *Error) {
	parent, name := e.parent(path)
	at := e.place(parent, name)
	if at < 0 {
		return v, e.nothingAt(path)
	}
	v = parent.Kids[at]
	e.discount(&v)
	e.steps -= len(parent.Kids) - at
	parent.Kids = slices.Delete(parent.Kids, at, at+1)
	return v, nil
}

// replace gives what is at a path another value (RFC 6902, 4.3).
func (e *edit) replace(path string, value *definition.Value) *Error {
	old := e.find(path)
	if old == nil {
		return e.nothingAt(path)
	}
	v, height, fault := e.copyOf(value)
	if fault != nil {
		return fault
	}
	if fault := fitsBelow(path, height); fault != nil {
		return fault
	}
	e.overwrite(old, v)
	return nil
}

// move is take and add (RFC 6902, 4.4). A value that is moved to where it is
// keeps its place.
func (e *edit) move(from, path string) *Error {
	if from == path {
		if e.find(from) == nil {
			return e.nothingAt(from)
		}
		return nil
	}
	v, fault := e.take(from)
	if fault != nil {
		return fault
	}
	height := 0
	if levels(path) > levels(from) { // else it fits, as it did
		m, _ := measure(&v)
		e.steps -= m.nodes
		height = m.height
	}
	return e.add(path, v, height)
}

// test compares what is at a path (RFC 6902, 4.6).
func (e *edit) test(path string, want *definition.Value) *Error {
	have := e.find(path)
	if have == nil {
		return fail(TestFailed, "there is nothing where %s is expected", describe(want))
	}
	if e.same(have, want) {
		return nil
	}
	if fault := e.excess(); fault != nil {
		return fault
	}
	if have.Kind == want.Kind && len(have.Kids)+len(want.Kids) > 0 {
		return fail(TestFailed, "the %s differs from the one that is expected", have.Kind)
	}
	return fail(TestFailed, "there is %s where %s is expected", describe(have), describe(want))
}

// overwrite gives a value that is in the tree another content.
func (e *edit) overwrite(old *definition.Value, v definition.Value) {
	if old.Kind != definition.Invalid {
		e.discount(old)
	}
	v.Key = old.Key
	*old = v
	e.count(old)
}

func (e *edit) count(v *definition.Value) {
	m, _ := measure(v)
	e.nodes += m.nodes
	e.bytes += m.bytes
	e.steps -= m.nodes
}

func (e *edit) discount(v *definition.Value) {
	m, _ := measure(v)
	e.nodes -= m.nodes
	e.bytes -= m.bytes
	e.steps -= m.nodes
}

// fitsBelow tells whether a value of a height may be put at a path.
func fitsBelow(path string, height int) *Error {
	if levels(path)+height > maxDepth {
		return fail(TooLarge, "arrays and objects would nest deeper than %d levels", maxDepth)
	}
	return nil
}

// levels is how many arrays and objects are above what is at a path.
func levels(path string) int { return strings.Count(path, "/") }

// extent is how large a value is.
type extent struct {
	nodes  int
	bytes  int // of names, its own among them, and texts
	height int // of arrays and objects in one another, itself among them
}

// measure adds a value up; fits is false where it passes a bound, and what is
// below isn't all counted.
func measure(v *definition.Value) (m extent, fits bool) {
	fits = m.add(v, 0)
	return m, fits
}

func (m *extent) add(v *definition.Value, level int) bool {
	m.nodes++
	m.bytes += len(v.Key) + len(v.Text)
	if v.Kind == definition.Array || v.Kind == definition.Object {
		level++
		m.height = max(m.height, level)
	}
	if m.nodes > maxNodes || m.bytes > maxBytes || level > maxDepth {
		return false
	}
	for i := range v.Kids {
		if !m.add(&v.Kids[i], level) {
			return false
		}
	}
	return true
}
