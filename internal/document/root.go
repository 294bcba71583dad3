package document

import (
	"os"
	"path/filepath"
	"strings"
)

// root gives the folder that references from files of a folder stay inside of.
func (l *Loader) root(folder string) (string, error) {
	if l.cfg.Root != "" {
		root, err := filepath.Abs(l.cfg.Root)
		if err == nil {
			root, err = filepath.EvalSymlinks(root)
		}
		if err != nil {
			return "", fileError(l.cfg.Root, "file-missing", "the root folder can't be found", "give an existing folder with --root", err)
		}
		return root, nil
	}
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		folder = real
	}
	return findRoot(folder, homeFolder()), nil
}

// findRoot is the rule for a root that nobody set. Both paths are absolute
// with symbolic links resolved. What is above the home folder is no root
// either.
func findRoot(folder, home string) string {
	banned := func(dir string) bool {
		_, above := inside(dir, home)
		return dir == filepath.Dir(dir) || home != "" && above
	}
	for dir := folder; !banned(dir); dir = filepath.Dir(dir) {
		for _, mark := range []string{".git", "mimus.yaml"} {
			if _, err := os.Lstat(filepath.Join(dir, mark)); err == nil {
				return dir
			}
		}
	}
	if parent := filepath.Dir(folder); !banned(parent) {
		return parent
	}
	return folder
}

func homeFolder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	if real, err := filepath.EvalSymlinks(home); err == nil {
		return real
	}
	return filepath.Clean(home)
}

// inside gives the path of real relative to root; ok is false where it leads
// out. Both are absolute with symbolic links resolved.
func inside(root, real string) (rel string, ok bool) {
	rel, err := filepath.Rel(root, real)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	return rel, true
}
