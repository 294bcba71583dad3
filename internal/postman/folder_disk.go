package postman

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
)

// WriteFolder writes the collection's files under dir, which is made where it
// is missing. A file of the same path is replaced as a whole or not at all;
// files of other names are left, also those of requests that the collection
// does not have. Links that lead out of dir are refused.
func (c *Collection) WriteFolder(dir string) error {
	files, err := c.Files()
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("%s: the working folder is unknown: %w", dir, err)
	}
	names := slices.Sorted(maps.Keys(files))
	for _, name := range names {
		if n := len(abs) + 1 + len(name) + len(folderTemporary); n > folderMaxPath() {
			return fmt.Errorf("%s: the path of %s has %d bytes, more than the system allows; nest folders less deep or give them shorter names", dir, path.Base(name), n)
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("%s: the folder can't be made: %w", dir, folderCause(err))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("%s: the folder can't be opened: %w", dir, folderCause(err))
	}
	defer root.Close()
	for _, name := range names {
		if err := folderWriteFile(root, name, files[name]); err != nil {
			return fmt.Errorf("%s: the file can't be written: %w", filepath.Join(dir, filepath.FromSlash(name)), folderCause(err))
		}
	}
	return nil
}

// folderMaxPath is the longest path of the system in bytes.
func folderMaxPath() int {
	switch runtime.GOOS {
	case "darwin", "ios":
		return 1023
	case "windows":
		return 32_000
	}
	return 4095
}

// folderTemporary begins the name of a file that is being written.
const folderTemporary = ".mimus-writing-"

// folderWriteFile writes a file beside its place and moves it there.
func folderWriteFile(root *os.Root, name string, text []byte) error {
	dir := path.Dir(name)
	if err := root.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temporary, f, err := folderCreate(root, dir)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = root.Rename(temporary, name)
	}
	if err != nil {
		_ = root.Remove(temporary)
	}
	return err
}

// folderCreate makes a new file under a name that nobody has.
func folderCreate(root *os.Root, dir string) (name string, f *os.File, err error) {
	for i := range 1000 {
		name = path.Join(dir, folderTemporary+strconv.Itoa(i))
		f, err = root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if !errors.Is(err, fs.ErrExist) {
			return name, f, err
		}
	}
	return name, nil, err
}
