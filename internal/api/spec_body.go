package api

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/store"
)

const (
	maxSpecFile  = 64 << 20    // bytes of a file
	maxSpecBytes = 100_000_000 // of all files; no more are read (document.Limits)
	maxSpecFiles = 1000
	maxSpecPath  = 1024 // bytes
)

// specBody reads a body, which must be an object.
func (c *call) specBody() (*definition.Value, error) {
	data, err := c.body()
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, badSpec("The required body parameter is missing from the request.")
	}
	v, err := parseTree(data)
	var f *Failure
	if errors.As(err, &f) {
		return nil, badSpec("The body has to be a JSON object.")
	}
	return v, err
}

// specText reads a member that is a text; there is false where it is missing or
// null.
func specText(body *definition.Value, name string) (text string, there bool, err error) {
	v := body.Get(name)
	switch {
	case v == nil || v.Is(definition.Null):
		return "", false, nil
	case !v.Is(definition.String):
		return "", true, wrongSpecProperty(name, "It should be a string.")
	}
	return v.Text, true, nil
}

// specName reads a name, where there is one.
func specName(body *definition.Value) (name string, there bool, err error) {
	name, there, err = specText(body, "name")
	switch {
	case err != nil || !there:
		return "", there, err
	case strings.TrimSpace(name) == "":
		return "", true, wrongSpecProperty("name", "It should not be empty.")
	case len(name) > maxName:
		return "", true, wrongSpecProperty("name", fmt.Sprintf("It should not be longer than %d bytes.", maxName))
	case strings.ContainsRune(name, 0):
		return "", true, wrongSpecProperty("name", "It should not contain the character U+0000.")
	}
	return name, true, nil
}

// checkPath refuses paths that lead out of a spec or can't be told from others.
func checkPath(p string) *Failure {
	wrong := func(why string) *Failure {
		shown := p
		if len(shown) > 100 {
			shown = strings.ToValidUTF8(shown[:100], "") + "…"
		}
		return badSpec(fmt.Sprintf("The path %q is invalid: %s.", shown, why))
	}
	switch {
	case p == "":
		return wrong("it is empty")
	case len(p) > maxSpecPath:
		return wrong(fmt.Sprintf("it is longer than %d bytes", maxSpecPath))
	case !utf8.ValidString(p) || strings.ContainsFunc(p, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return wrong("it has control characters")
	case strings.ContainsRune(p, '\\'):
		return wrong("folders are divided by /")
	case strings.HasPrefix(p, "/"), len(p) > 1 && p[1] == ':', strings.Contains(p, "://"):
		return wrong("it has to be relative")
	}
	for part := range strings.SplitSeq(p, "/") {
		switch {
		case part == "" || part == "." || part == "..":
			return wrong("its parts must not be empty, . or ..")
		case len(part) > 255:
			return wrong("a part is longer than 255 bytes")
		}
	}
	return nil
}

// specFile reads a file of a body, without its type.
func specFile(v *definition.Value, specType string) (f store.SpecFile, err error) {
	if !v.Is(definition.Object) {
		return f, badSpec("Every file has to be an object.")
	}
	path, there, err := specText(v, "path")
	if err != nil {
		return f, err
	}
	if !there {
		return f, missingSpecParameter("path")
	}
	content, there, err := specText(v, "content")
	if err != nil {
		return f, err
	}
	if !there {
		return f, plainProblem(http.StatusBadRequest, "invalidParamError", "Invalid request body", "The body parameter content is missing from the request.")
	}
	f = store.SpecFile{ID: store.NewID(), Path: path, Content: []byte(content)}
	err = checkFile(&f, specType)
	return f, err
}

func missingSpecParameter(name string) *Failure {
	return plainProblem(http.StatusBadRequest, "invalidParamError", "Invalid request body", "Missing parameter: '"+name+"'")
}

// checkFile refuses a file that can't be one of a spec.
func checkFile(f *store.SpecFile, specType string) error {
	if wrong := checkPath(f.Path); wrong != nil {
		return wrong
	}
	if !hasExtension(specType, f.Path) {
		return problem(http.StatusBadRequest, "bad-request", "Invalid parameters", "Invalid file extension")
	}
	if len(f.Content) > maxSpecFile {
		return tooLargeSpec()
	}
	return nil
}

func tooLargeSpec() *Failure { return badSpec("File size exceeded the limit of 64 MB") }

// checkFiles refuses files that can't be together: two of a path, one where a
// folder is, too many of them. One of them must be the root.
func checkFiles(files []store.SpecFile) error {
	roots, size := 0, 0
	paths, folders := map[string]bool{}, map[string]bool{}
	for i := range files {
		f := &files[i]
		if paths[f.Path] {
			return badSpec("There is a file of the path " + f.Path + " already.")
		}
		paths[f.Path] = true
		for dir := path.Dir(f.Path); dir != "."; dir = path.Dir(dir) {
			folders[dir] = true
		}
		if f.Root {
			roots++
		}
		size += len(f.Content)
	}
	for p := range paths {
		if folders[p] {
			return badSpec("The path " + p + " is a folder already.")
		}
	}
	switch {
	case len(files) > maxSpecFiles:
		return badSpec(fmt.Sprintf("A specification can't have more than %d files.", maxSpecFiles))
	case size > maxSpecBytes:
		return badSpec("All files together exceed the limit of 100 MB")
	case roots == 0:
		return badSpec("At least one file must have type ROOT")
	case roots > 1:
		return badSpec("Only one file can have type ROOT")
	}
	return nil
}
