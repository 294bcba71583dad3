package document

import (
	"net/url"
	"path"
	"path/filepath"
	"strings"
)

// source is one thing to read.
type source struct {
	key   string // identifies it: absolute path, URL, key of Config.Files, "-"
	name  string // for people
	doc   *reading
	url   *url.URL // of a URL
	stdin bool
	entry bool // a path that a person typed
}

// resolve finds what a reference names: a source to read, or a file that is
// known already by its base.
func (l *Loader) resolve(from *File, ref string) (src source, known *File, err error) {
	u, parseErr := url.Parse(ref)
	if parseErr != nil {
		u = &url.URL{Path: ref} // such as 100%.yaml
	}
	u.Fragment = ""
	if from.Base != "" {
		src, known, done, err := l.resolveBase(from, u)
		if done || err != nil {
			return src, known, err
		}
	}
	src, err = l.resolveFrom(from, from.Location, u, ref)
	return src, nil, err
}

// resolveBase resolves against the base that a file gives itself. A file that
// gives itself the resulting name wins. Where the base is a published address
// that can't be read from here, the files beside from are taken as its mirror:
// done is false.
func (l *Loader) resolveBase(from *File, u *url.URL) (src source, known *File, done bool, err error) {
	base := l.baseOf(from)
	if base == nil {
		return src, nil, false, nil
	}
	target := base.ResolveReference(u)
	for _, f := range l.files {
		if b := l.baseOf(f); b != nil && f.Base != "" && sameDocument(b, target) {
			return src, f, true, nil
		}
	}
	if base.Scheme == "file" && !isURL(from.Location) {
		src, err = l.resolveFrom(from, base.Path, u, u.String())
		return src, nil, true, err
	}
	if !isHTTP(target) || isHTTP(u) {
		return src, nil, false, nil
	}
	if l.cfg.Files != nil || l.refuseURL(from, target) != nil {
		return src, nil, false, nil //nolint:nilerr // the files beside it are the mirror
	}
	return source{key: target.String(), name: target.String(), doc: from.document, url: target}, nil, true, nil
}

// baseOf is the base of a file that gives itself one.
func (l *Loader) baseOf(f *File) *url.URL {
	base, err := url.Parse(f.Base)
	if f.Base == "" || err != nil {
		return nil
	}
	base.Fragment = ""
	if base.IsAbs() {
		return base
	}
	return locationURL(f.Location).ResolveReference(base)
}

func sameDocument(a, b *url.URL) bool {
	x, y := *a, *b
	x.Fragment, y.Fragment = "", ""
	return x.String() == y.String()
}

// resolveFrom resolves against a location.
func (l *Loader) resolveFrom(from *File, location string, u *url.URL, ref string) (source, error) {
	src := source{doc: from.document}
	base := locationURL(location)
	target := base.ResolveReference(u)
	switch {
	case isHTTP(target):
		if l.cfg.Files != nil {
			return src, fileError(from.Name, "reference-remote", "the reference "+ref+" leads to the network, which an uploaded document may not read", "add the file to the upload", nil)
		}
		if err := l.refuseURL(from, target); err != nil {
			return src, err
		}
		src.url, src.key, src.name = target, target.String(), target.String()
		return src, nil
	case target.Scheme != "" && target.Scheme != "file" || target.Host != "" && target.Host != "localhost":
		return src, fileError(from.Name, "reference-scheme", "the reference "+ref+" has a scheme that can't be read", "use a relative path or an http(s) URL", nil)
	case isHTTP(base):
		return src, fileError(from.Name, "reference-outside", "the reference "+ref+" leads from the network to a local file", "use a relative reference", nil)
	case l.cfg.Files != nil:
		src.key = memoryKey(target.Path)
		src.name = src.key
		return src, nil
	}
	src.key = filepath.Clean(filepath.FromSlash(target.Path))
	src.name = l.localName(from, src.key)
	return src, nil
}

// locationURL makes a URL of a file's location; standard input stands in the
// working folder.
func locationURL(location string) *url.URL {
	if isURL(location) {
		if u, err := url.Parse(location); err == nil {
			return u
		}
	}
	if location == "-" {
		if abs, err := filepath.Abs("-"); err == nil {
			location = abs
		}
	}
	return &url.URL{Scheme: "file", Path: path.Clean("/" + filepath.ToSlash(location))}
}

// localName is the path of a file as a person would write it who typed the
// entry's name: relative unless that was absolute.
func (l *Loader) localName(from *File, abs string) string {
	if filepath.IsAbs(from.Name) {
		return abs
	}
	folder, err := filepath.Abs(".")
	if err != nil {
		return abs
	}
	rel, err := filepath.Rel(folder, abs)
	if err != nil {
		return abs
	}
	return rel
}

func isURL(location string) bool {
	lower := strings.ToLower(location[:min(len(location), 8)])
	return strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://")
}

func isHTTP(u *url.URL) bool { return u.Scheme == "http" || u.Scheme == "https" }

// parseURL reads a URL without its fragment.
func parseURL(location string) (*url.URL, error) {
	u, err := url.Parse(location)
	if err != nil {
		return nil, err
	}
	u.Fragment, u.RawFragment = "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	return u, nil
}
