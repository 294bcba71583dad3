package transfer

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/hosting"
)

// readConfiguration reads what a configuration file says of mocks and specs.
func readConfiguration(ctx context.Context, file string) (*configuration, error) {
	l := document.NewLoader(document.Config{Limits: document.Limits{Bytes: MaxConfig}})
	f, err := l.Open(ctx, file)
	if err != nil {
		if saysNothing(file) {
			err = nil
		}
		return &configuration{}, err
	}
	r := &configReader{loader: l, file: file, dir: filepath.Dir(file)}
	for _, w := range f.Warnings {
		r.faults = append(r.faults, fmt.Errorf("%s:%d:%d: %s", w.File, w.Line, w.Col, w.Message))
	}
	cfg := &configuration{}
	if f.Root.Kind != definition.Object {
		r.fault(&f.Root, "the configuration is %s; write keys with values", shown(&f.Root))
	}
	for i := range f.Root.Kids {
		switch v := &f.Root.Kids[i]; v.Key {
		case "mocks":
			r.list(v, func(v *definition.Value) { cfg.mocks = append(cfg.mocks, r.mock(v)) })
		case "specs":
			r.list(v, func(v *definition.Value) { cfg.specs = append(cfg.specs, r.spec(v)) })
		}
	}
	r.link(cfg)
	r.unique(cfg)
	return cfg, errors.Join(r.faults...)
}

// saysNothing reports whether a file has nothing but comments.
func saysNothing(file string) bool {
	text, err := readFile(file, MaxConfig)
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			return false
		}
	}
	return err == nil
}

// configReader reads a configuration file, and collects what is wrong with it.
type configReader struct {
	loader *document.Loader
	file   string
	dir    string
	faults []error
}

func (r *configReader) fault(at *definition.Value, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s: %w", placeText(r.loader.Locate(at)), fmt.Errorf(format, args...)))
}

func (r *configReader) list(v *definition.Value, each func(*definition.Value)) {
	if v.Kind == definition.Null {
		return
	}
	if v.Kind != definition.Array {
		r.fault(v, "%q is %s; write a list", v.Key, shown(v))
		return
	}
	for i := range v.Kids {
		each(&v.Kids[i])
	}
}

func (r *configReader) mock(v *definition.Value) FileMock {
	m := FileMock{config: r.file, Position: r.loader.Locate(v), Config: []byte("{}")}
	r.members(v, "a mock", map[string]func(*definition.Value){
		"name":        func(v *definition.Value) { m.Name = r.text(v) },
		"slug":        func(v *definition.Value) { m.Slug = r.checked(v, clean(hosting.CheckSlug)) },
		"description": func(v *definition.Value) { m.Description = r.text(v) },
		"spec":        func(v *definition.Value) { m.Spec = r.path(v) },
		"collection":  func(v *definition.Value) { m.Collection = r.path(v) },
		"environment": func(v *definition.Value) { m.Environment = r.path(v) },
		"private":     func(v *definition.Value) { m.Private = r.yes(v) },
		"mount":       func(v *definition.Value) { m.Prefix = r.checked(v, hosting.CleanPrefix) },
		"host":        func(v *definition.Value) { m.Host = r.checked(v, hosting.CleanHost) },
		"config":      func(v *definition.Value) { m.Config = r.settings(v) },
		"responses": func(v *definition.Value) {
			r.list(v, func(v *definition.Value) { m.Responses = append(m.Responses, r.response(v)) })
		},
	})
	if v.Kind == definition.Object && m.Spec == "" && m.Collection == "" && !v.Has("spec") && !v.Has("collection") {
		r.fault(v, "a mock needs a \"spec\" or a \"collection\": a file")
	}
	return m
}

func (r *configReader) response(v *definition.Value) Response {
	a := Response{Status: 200, Headers: []byte("[]")}
	r.members(v, "a response", map[string]func(*definition.Value){
		"name": func(v *definition.Value) { a.Name = r.text(v) },
		"status": func(v *definition.Value) {
			n, ok := v.Int()
			if !ok || n < 100 || n > 599 {
				r.fault(v, "status is %s; write a number from 100 to 599", shown(v))
			}
			a.Status = n
		},
		"headers": func(v *definition.Value) {
			r.list(v, func(h *definition.Value) {
				if h.Get("key").Str() == "" {
					r.fault(h, "a header needs \"key\" and \"value\"")
				}
			})
			list := definition.NewArray(v.Kids...)
			a.Headers = list.AppendJSON(nil)
		},
		"language": func(v *definition.Value) { a.Language = r.text(v) },
		"body":     func(v *definition.Value) { a.Body = r.text(v) },
		"active":   func(v *definition.Value) { a.Active = r.yes(v) },
	})
	return a
}

func (r *configReader) spec(v *definition.Value) specEntry {
	var s specEntry
	var files []string
	r.members(v, "a spec", map[string]func(*definition.Value){
		"folder": func(v *definition.Value) { s.folder = r.path(v) },
		"name":   func(v *definition.Value) { s.name = r.text(v) },
		"type":   func(v *definition.Value) { s.kind = r.text(v) },
		"root":   func(v *definition.Value) { s.root = r.local(v) },
		"files": func(v *definition.Value) {
			r.list(v, func(v *definition.Value) { files = append(files, r.local(v)) })
		},
	})
	if s.folder == "" || s.root == "" {
		if v.Kind == definition.Object {
			r.fault(v, "a spec needs \"folder\" and \"root\", the file in it that the others belong to")
		}
		return s
	}
	s.root = filepath.Join(s.folder, s.root)
	for _, f := range files {
		s.files = append(s.files, filepath.Join(s.folder, f))
	}
	return s
}

// members reads the members of an object, each by its function.
func (r *configReader) members(v *definition.Value, what string, by map[string]func(*definition.Value)) {
	if v.Kind != definition.Object {
		r.fault(v, "%s is %s; write keys with values", what, shown(v))
		return
	}
	for i := range v.Kids {
		kid := &v.Kids[i]
		if read := by[kid.Key]; read != nil {
			read(kid)
			continue
		}
		var names []string
		for name := range by {
			names = append(names, name)
		}
		slices.Sort(names)
		r.fault(kid, "%q is no setting of %s; there are %s", kid.Key, what, strings.Join(names, ", "))
	}
}

func (r *configReader) text(v *definition.Value) string {
	if v.Kind != definition.String {
		r.fault(v, "%s is %s; write a text", v.Key, shown(v))
	}
	return v.Str()
}

func (r *configReader) yes(v *definition.Value) bool {
	if v.Kind != definition.Bool {
		r.fault(v, "%s is %s; write true or false", v.Key, shown(v))
	}
	return v.True()
}

// path reads the path of a file, which is relative to that of the
// configuration.
func (r *configReader) path(v *definition.Value) string {
	p := r.text(v)
	switch {
	case p == "" && v.Kind == definition.String:
		r.fault(v, "%s is empty; write the path of a file", v.Key)
	case p == "":
	case !isLocal(p):
		r.fault(v, "%s is %.60q; write the path of a file", v.Key, p)
	case !filepath.IsAbs(p):
		return filepath.Join(r.dir, filepath.FromSlash(p))
	}
	return p
}

// local reads a path that stays below its folder.
func (r *configReader) local(v *definition.Value) string {
	p := filepath.FromSlash(r.text(v))
	if v.Kind == definition.String && !filepath.IsLocal(p) {
		r.fault(v, "%.60q does not stay inside of the spec's folder", v.Text)
	}
	return p
}

func (r *configReader) checked(v *definition.Value, check func(string) (string, error)) string {
	s := r.text(v)
	if v.Kind != definition.String {
		return s
	}
	out, err := check(s)
	if err != nil {
		r.fault(v, "%s is %.80q: %w", v.Key, s, err)
	}
	return out
}

func clean(check func(string) error) func(string) (string, error) {
	return func(s string) (string, error) { return s, check(s) }
}

// settings reads the settings of a mock.
func (r *configReader) settings(v *definition.Value) []byte {
	config, problems := readConfig(v)
	for _, p := range problems {
		r.fault(p.Value, "%s: %s", p.Path, p.Message)
	}
	return config
}

// link finds the specs of mocks among those whose files are listed.
func (r *configReader) link(cfg *configuration) {
	for i := range cfg.mocks {
		for j := range cfg.specs {
			if m := &cfg.mocks[i]; m.Spec != "" && absolute(m.Spec) == absolute(cfg.specs[j].root) {
				m.listed = &cfg.specs[j]
			}
		}
	}
}

// unique tells of mocks that can't be told apart, or have the same address.
func (r *configReader) unique(cfg *configuration) {
	seen := map[string]*FileMock{}
	for i := range cfg.mocks {
		m := &cfg.mocks[i]
		for _, x := range [...]struct{ what, value string }{
			{"name or file", m.key()}, {"slug", m.Slug}, {"mount", m.Prefix}, {"host", m.Host},
		} {
			if x.value == "" {
				continue
			}
			other := seen[x.what+" "+x.value]
			if other == nil {
				seen[x.what+" "+x.value] = m
				continue
			}
			hint := "choose another"
			if x.what == "name or file" {
				hint = "give each a slug"
			}
			r.faults = append(r.faults, fmt.Errorf("%s: the mock has the %s %s of the one at line %d; %s", m.at(), x.what, x.value, other.Position.Line, hint))
			break
		}
	}
}

// shown is a value as a message shows it.
func shown(v *definition.Value) string {
	switch v.Kind {
	case definition.Object:
		return "an object"
	case definition.Array:
		return "a list"
	case definition.Null:
		return "empty"
	}
	return fmt.Sprintf("%.60q", v.Text)
}
