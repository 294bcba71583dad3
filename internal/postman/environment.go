package postman

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// ErrNotEnvironment says that a document is well-formed but of another kind.
var ErrNotEnvironment = errors.New("not a Postman environment")

// The values of "_postman_variable_scope".
const (
	environmentScope = "environment"
	globalsScope     = "globals"
)

// Environment is a named set of variables, or the globals of a workspace.
// Variables' Disabled is the inverse of "enabled" in the file.
type Environment struct {
	ID        string
	Name      string
	Variables []*Variable
	Globals   bool
	Extra     []definition.Value // further members, such as _postman_exported_at
	Pos       definition.Position
}

// DetectEnvironment tells by the names of a document's root members whether it
// is an environment or globals: an export in JSON or a file of format 3.0.0.
func DetectEnvironment(keys []string) bool {
	for _, other := range []string{"info", "item", "requests", "openapi", "swagger", "log"} {
		if slices.Contains(keys, other) {
			return false
		}
	}
	return slices.Contains(keys, "values") &&
		(slices.Contains(keys, "_postman_variable_scope") || slices.Contains(keys, "name"))
}

// ReadEnvironment reads an environment or globals, as JSON or YAML. The error
// is ErrNotEnvironment, with the place.
func ReadEnvironment(ctx context.Context, l *document.Loader, f *document.File) (*Environment, []document.Diagnostic, error) {
	diags := slices.Clone(f.Warnings)
	if err := ctx.Err(); err != nil {
		return nil, diags, fmt.Errorf("%s: reading the environment was stopped: %w", f.Name, err)
	}
	root := &f.Root
	if inner := root.Get("environment"); inner.Is(definition.Object) && !root.Has("values") { // as Postman's API wraps it
		root = inner
	}
	m := membersOf(root)
	list, _ := m.find("values")
	if !list.Is(definition.Array) && !list.Is(definition.Object) {
		return nil, diags, fmt.Errorf("%s: %w: it has no list \"values\"; export the environment from Postman", f.Name, ErrNotEnvironment)
	}
	m.take("values")
	e := &Environment{ID: m.text("id"), Pos: l.Locate(&f.Root)}
	e.Name, _ = folderName(&m)
	scope, _ := m.find("_postman_variable_scope")
	switch scope.Str() {
	case environmentScope, globalsScope:
		m.take("_postman_variable_scope")
		e.Globals = scope.Text == globalsScope
	case "":
		e.Globals = environmentIsGlobals(baseName(f.Name))
	}
	if e.Name == "" && !e.Globals {
		e.Name = environmentName(baseName(f.Name))
	}
	e.Variables, diags = environmentVariables(l, list, diags)
	e.Extra = m.rest()
	return e, diags, nil
}

// environmentVariables reads the variables, and tells which entries are none.
func environmentVariables(l *document.Loader, list *definition.Value, diags []document.Diagnostic) ([]*Variable, []document.Diagnostic) {
	sound := *list
	sound.Kids = nil
	for i := range list.Kids {
		kid := &list.Kids[i]
		if list.Kind == definition.Array && kid.Kind != definition.Object {
			if len(diags) < maxListed {
				diags = append(diags, l.Diagnose(kid, document.Warning, "variable-shape",
					fmt.Sprintf("variable %d is a %s, it is left out", i+1, kid.Kind), "a variable is {\"key\": …, \"value\": …}"))
			}
			continue
		}
		sound.Kids = append(sound.Kids, *kid)
	}
	return folderVariables(&sound), diags
}

// environmentIsGlobals tells by a file's name whether it keeps globals.
func environmentIsGlobals(name string) bool {
	_, yaml := folderStem(name, folderGlobals)
	return yaml || strings.HasSuffix(strings.ToLower(name), ".postman_globals.json")
}

// environmentName gives the name that a file's own stands for.
func environmentName(name string) string {
	for _, kind := range []string{folderEnvironment, folderGlobals, ""} {
		if stem, ok := folderStem(name, kind); ok {
			return stem
		}
	}
	return strings.TrimSuffix(strings.TrimSuffix(name, ".json"), ".postman_environment")
}

// AppendJSON appends the environment as Postman exports it, indented, to dst.
// The same environment gives the same bytes.
func (e *Environment) AppendJSON(dst []byte) []byte {
	o := object{extra: e.Extra}
	o.text("id", e.ID)
	e.members(&o)
	if !o.has("_postman_variable_scope") && !environmentHas(e.Extra, "_postman_variable_scope") {
		o.put("_postman_variable_scope", definition.NewString(e.scope()))
	}
	v := o.build()
	return append(v.AppendIndentedJSON(dst, "", "\t"), '\n')
}

// AppendYAML appends the environment as a file of format 3.0.0 to dst. Such a
// file is told from one of globals by its name (see [Environment.FileName]).
func (e *Environment) AppendYAML(dst []byte) ([]byte, error) {
	o := object{extra: e.Extra}
	o.text("id", e.ID)
	e.members(&o)
	v := o.build()
	return document.AppendYAML(dst, &v)
}

// FileName gives the name of the environment's file in format 3.0.0.
func (e *Environment) FileName() string {
	switch {
	case !e.Globals:
		return folderFileName(e.Name) + folderEnvironment + ".yaml"
	case e.Name == "":
		return "workspace" + folderGlobals + ".yaml"
	}
	return folderFileName(e.Name) + folderGlobals + ".yaml"
}

// members puts what both formats have in common.
func (e *Environment) members(o *object) {
	if e.Name != "" || !e.Globals {
		o.put("name", definition.NewString(e.Name))
	}
	list := definition.NewArray()
	for _, v := range e.Variables {
		list.Kids = append(list.Kids, environmentVariable(v))
	}
	o.put("values", list)
}

func environmentVariable(v *Variable) definition.Value {
	o := object{extra: v.Extra}
	o.text("id", v.ID)
	o.text("key", v.Key)
	o.value("value", v.Value)
	o.text("type", v.Type)
	o.text("name", v.Name)
	o.description("description", v.Description)
	if !environmentHas(v.Extra, "enabled") {
		o.put("enabled", definition.NewBool(!v.Disabled))
	}
	return o.build()
}

func (e *Environment) scope() string {
	if e.Globals {
		return globalsScope
	}
	return environmentScope
}

func environmentHas(extra []definition.Value, key string) bool {
	return slices.ContainsFunc(extra, func(v definition.Value) bool { return v.Key == key })
}
