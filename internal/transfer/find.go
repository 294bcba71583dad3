package transfer

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/har"
	"github.com/mimus-dev/mimus/internal/openapi"
	"github.com/mimus-dev/mimus/internal/postman"
)

// ConfigName is the name of a file that describes mocks.
const ConfigName = "mimus.yaml"

// found is what a file seems to be.
type found int

const (
	foundNothing found = iota
	foundSpec
	foundCollection
	foundEnvironment
	foundRecording
	foundConfig
	foundFault // something that was named and can't be imported
)

// candidate is a file, or the folder of a collection, that may be imported.
type candidate struct {
	path  string
	kind  found
	named bool  // by a person, not found in a folder
	fault error // of foundFault
}

// maxFound bounds the files of a folder.
const maxFound = 100_000

// find lists what paths name: files, folders of collections, and what folders
// of anything hold, in the order of their names.
func find(paths []string) []candidate {
	var all []candidate
	for _, p := range paths {
		info, err := os.Stat(p)
		switch {
		case !isLocal(p):
			err = fmt.Errorf("%s: files are imported; download it first", p)
			all = append(all, candidate{path: p, kind: foundFault, fault: err})
		case errors.Is(err, fs.ErrNotExist):
			all = append(all, candidate{path: p, kind: foundFault, fault: fmt.Errorf("%s: there is no such file", p)})
		case err != nil:
			all = append(all, candidate{path: p, kind: foundFault, fault: err})
		case !info.IsDir():
			all = append(all, candidate{path: p, kind: classify(p), named: true})
		default:
			all = append(all, findIn(p)...)
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(c candidate) bool {
		key := absolute(c.path)
		twice := seen[key]
		seen[key] = true
		return twice
	})
}

// findIn lists what a folder holds. Hidden folders and those of dependencies
// are left out.
func findIn(dir string) []candidate {
	if holdsCollection(dir) {
		return []candidate{{path: dir, kind: foundCollection, named: true}}
	}
	var all []candidate
	collections := map[string]bool{}
	n := 0
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, fault error) error {
		if fault != nil {
			all = append(all, candidate{path: name, kind: foundFault, fault: fault})
			return nil //nolint:nilerr // it is told, and the others go on
		}
		if n++; n > maxFound {
			return fmt.Errorf("%s has more than %d files; name those that are to be imported", dir, maxFound)
		}
		if d.IsDir() {
			if name != dir && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "vendor") {
				return filepath.SkipDir
			}
			if collections[filepath.Clean(name)] || holdsCollection(name) {
				all = append(all, candidate{path: name, kind: foundCollection})
				return filepath.SkipDir
			}
			noteCollections(collections, name)
			return nil
		}
		if d.Type().IsRegular() && hasEnding(name) {
			kind := classify(name)
			if kind == foundConfig && !strings.EqualFold(d.Name(), ConfigName) {
				kind = foundNothing // other tools have "sources" too
			}
			all = append(all, candidate{path: name, kind: kind})
		}
		return nil
	})
	if err != nil {
		all = append(all, candidate{path: dir, kind: foundFault, fault: err})
	}
	if len(all) == 0 {
		all = append(all, candidate{path: dir, kind: foundFault, fault: fmt.Errorf("%s: the folder has nothing that can be imported", dir)})
	}
	return all
}

// noteCollections notes the folders of collections that stand in a folder
// postman/collections, where they need no definition.
func noteCollections(into map[string]bool, dir string) {
	if filepath.Base(dir) != "collections" || filepath.Base(filepath.Dir(absolute(dir))) != "postman" {
		return
	}
	for _, f := range postman.Folders(dir) {
		if f != dir {
			into[filepath.Clean(f)] = true
		}
	}
}

// holdsCollection reports whether a folder is that of a collection by itself,
// not by what is below it.
func holdsCollection(dir string) bool {
	for _, pattern := range [...]string{".resources/definition.yaml", ".resources/definition.yml", "*.request.yaml", "*.request.yml"} {
		if found, err := filepath.Glob(filepath.Join(escapeGlob(dir), pattern)); err == nil && len(found) > 0 {
			return true
		}
	}
	return false
}

func escapeGlob(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

func hasEnding(name string) bool {
	switch strings.ToLower(filepath.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz"))) {
	case ".yaml", ".yml", ".json", ".har":
		return true
	}
	return false
}

// classify tells what a file seems to be by its name and its beginning.
func classify(name string) found {
	low := strings.ToLower(filepath.Base(name))
	for _, ending := range [...]string{".environment", ".globals"} {
		if strings.HasSuffix(low, ending+".yaml") || strings.HasSuffix(low, ending+".yml") {
			return foundEnvironment
		}
	}
	if low == ConfigName {
		return foundConfig
	}
	keys := document.Sniff(head(name))
	switch {
	case har.Detect(keys):
		return foundRecording
	case postman.Detect(keys):
		return foundCollection
	case postman.DetectEnvironment(keys) || slices.Contains(keys, "environment") && len(keys) == 1:
		return foundEnvironment
	case openapi.Detect(keys):
		return foundSpec
	case slices.Contains(keys, "mocks") || slices.Contains(keys, "sources"):
		return foundConfig
	}
	return foundNothing
}

// isBeside reports whether a file is no part of a spec but a document that was
// read with it.
func isBeside(name string) bool {
	k := classify(name)
	return k == foundCollection || k == foundEnvironment || k == foundRecording
}

// head is how a file begins, decompressed; "" where it can't be read.
func head(name string) string {
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	in := bufio.NewReader(f)
	var text io.Reader = in
	if magic, err := in.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(in)
		if err != nil {
			return ""
		}
		text = z
	}
	data, err := io.ReadAll(io.LimitReader(text, 64<<10))
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return ""
	}
	return string(data)
}

// isLocal reports whether a location is a path.
func isLocal(location string) bool {
	return location != "-" && !strings.Contains(location, "://")
}
