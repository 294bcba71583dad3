package postman

import (
	"os"
	"path/filepath"
	"strings"
)

// The names of format 3.0.0. Writers use ".yaml", readers take ".yml" too.
const (
	folderResources   = ".resources"
	folderDefinition  = "definition"
	folderRequest     = ".request"
	folderExample     = ".example"
	folderEnvironment = ".environment"
	folderGlobals     = ".globals"
)

// The kinds of format 3.0.0 that the model knows.
const (
	folderKindCollection = "collection"
	folderKindRequest    = "http-request"
	folderKindExample    = "http-example"
)

// IsFolder tells whether dir is a folder that keeps a collection in format
// 3.0.0, or a folder with such folders in postman/collections/, or is itself
// that "postman" or "collections".
func IsFolder(dir string) bool {
	if folderHolds(dir) {
		return true
	}
	if parent := folderParent(dir); parent != "" {
		return filepath.Base(parent) != filepath.Base(dir) || len(folderChildren(parent)) > 0
	}
	return folderHoldsBelow(dir)
}

// Folders lists the folders of the collections that dir holds, in the order of
// their names: dir itself, or each one under postman/collections/.
func Folders(dir string) []string {
	if folderHolds(dir) {
		return []string{dir}
	}
	if parent := folderParent(dir); parent != "" {
		return folderChildren(parent)
	}
	if folderHoldsBelow(dir) {
		return []string{dir}
	}
	return nil
}

// folderParent gives the folder whose folders are collections, "" where dir
// leads to none.
func folderParent(dir string) string {
	if below := filepath.Join(dir, "postman", "collections"); folderIsDir(below) {
		return below
	}
	name := filepath.Base(dir)
	if abs, err := filepath.Abs(dir); err == nil {
		name = filepath.Base(abs)
	}
	switch name {
	case "postman":
		if below := filepath.Join(dir, "collections"); folderIsDir(below) {
			return below
		}
	case "collections":
		if len(folderChildren(dir)) > 0 {
			return dir
		}
	}
	return ""
}

// folderChildren lists the collections' folders right under dir.
func folderChildren(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var found []string
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if folderSkipped(e.Name()) || !folderWithin(dir, path) {
			continue
		}
		if folderHolds(path) || folderHoldsBelow(path) {
			found = append(found, path)
		}
	}
	return found
}

// folderHolds reports whether dir itself has a definition or a request.
func folderHolds(dir string) bool {
	for _, ext := range []string{".yaml", ".yml"} {
		info, err := os.Stat(filepath.Join(dir, folderResources, folderDefinition+ext))
		if err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	for _, e := range entries {
		if _, ok := folderStem(e.Name(), folderRequest); ok && !e.IsDir() {
			return true
		}
	}
	return false
}

// folderHoldsBelow reports whether a folder of dir has a definition or a
// request: dir is a collection without a definition then.
func folderHoldsBelow(dir string) bool {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	for _, e := range entries {
		if e.IsDir() && !folderSkipped(e.Name()) && folderHolds(filepath.Join(dir, e.Name())) {
			return true
		}
	}
	return false
}

// folderSkipped reports whether a folder of that name is none of a
// collection's folders.
func folderSkipped(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasSuffix(strings.ToLower(name), folderResources)
}

// folderStem gives the name that a file stands for, such as "List pets" of
// "List pets.request.yaml"; ok is false for files of other kinds.
func folderStem(name, kind string) (stem string, ok bool) {
	ext := filepath.Ext(name)
	if !strings.EqualFold(ext, ".yaml") && !strings.EqualFold(ext, ".yml") {
		return "", false
	}
	name = name[:len(name)-len(ext)]
	if len(name) < len(kind) || !strings.EqualFold(name[len(name)-len(kind):], kind) {
		return "", false
	}
	return name[:len(name)-len(kind)], true
}

func folderIsDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// folderWithin reports whether a path stays inside of dir with its symbolic
// links resolved.
func folderWithin(dir, path string) bool {
	root, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return false
	}
	real, err := filepath.EvalSymlinks(path)
	return err == nil && folderInside(root, real)
}

// folderInside reports whether real is root or below it. Both have their
// symbolic links resolved.
func folderInside(root, real string) bool {
	rel, err := filepath.Rel(root, real)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
