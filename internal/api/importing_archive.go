package api

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/store"
)

// importedFiles are the files of a spec that a document is, or an archive of
// several.
func importedFiles(data []byte) ([]store.SpecFile, error) {
	if !bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return []store.SpecFile{rootFile(data)}, nil
	}
	files, err := unpacked(data)
	if err != nil {
		return nil, err
	}
	root := entryOf(files)
	if root < 0 {
		return nil, invalid("input", "No file of the archive is an OpenAPI definition.")
	}
	files[root].Root = true
	if err := checkFiles(files); err != nil {
		return nil, invalid("input", "The files of the archive can't be kept: two have the same path, or a file has that of a folder.")
	}
	return files, nil
}

// unpacked reads the JSON and YAML files of an archive. Paths that lead out of
// it are refused, and so is what grows beyond all measure.
func unpacked(data []byte) (files []store.SpecFile, err error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, invalid("input", "The archive can't be read: "+err.Error())
	}
	left := int64(maxSpecFile)
	for _, f := range archive.File {
		if f.FileInfo().IsDir() || strings.HasPrefix(f.Name, "__MACOSX/") || strings.HasPrefix(path.Base(f.Name), ".") || !hasExtension("OPENAPI", f.Name) {
			continue
		}
		if checkPath(f.Name) != nil {
			return nil, invalid("input", "The archive has a file with a path that is not allowed.")
		}
		if len(files) == maxSpecFiles {
			return nil, invalid("input", fmt.Sprintf("The archive has more than %d files.", maxSpecFiles))
		}
		r, err := f.Open()
		if err != nil {
			return nil, invalid("input", "The archive can't be read: "+err.Error())
		}
		content, err := io.ReadAll(io.LimitReader(r, left+1))
		_ = r.Close() // it was read
		if err != nil {
			return nil, invalid("input", "The archive can't be read: "+err.Error())
		}
		if left -= int64(len(content)); left < 0 {
			return nil, invalid("input", "The files of the archive are larger than 64 MB.")
		}
		files = append(files, store.SpecFile{ID: store.NewID(), Path: f.Name, Content: content})
	}
	return files, nil
}

// entryOf finds the definition: the one that is in the fewest folders, and of
// those the first by name.
func entryOf(files []store.SpecFile) int {
	found := -1
	for i := range files {
		keys := document.Sniff(string(files[i].Content[:min(len(files[i].Content), 64<<10)]))
		if !slices.Contains(keys, "openapi") && !slices.Contains(keys, "swagger") {
			continue
		}
		if found < 0 || before(files[i].Path, files[found].Path) {
			found = i
		}
	}
	return found
}

func before(a, b string) bool {
	if x, y := strings.Count(a, "/"), strings.Count(b, "/"); x != y {
		return x < y
	}
	return a < b
}
