package transfer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/server"
	"github.com/mimus-dev/mimus/internal/store"
)

// MaxConfig bounds the size of a file that describes mocks, in bytes.
const MaxConfig = 16 << 20

// FileMock is a mock as an entry of "mocks" in a configuration file describes
// it. Files are paths of the working folder.
type FileMock struct {
	Position definition.Position

	Name        string // "" that of the document
	Slug        string // "" is made of the name
	Description string
	Spec        string // a file; "" none
	Collection  string
	Environment string
	Private     bool
	Prefix      string // a path prefix of its own; "" none
	Host        string // a host of its own; "" none
	Config      []byte // JSON of settings
	Responses   []Response

	config string     // the file that it stands in
	listed *specEntry // the spec, where the file lists its files
}

// configuration is what a configuration file says beside settings of a server.
type configuration struct {
	mocks []FileMock
	specs []specEntry
}

// specEntry is an entry of "specs": a spec whose files are listed.
type specEntry struct {
	folder string
	name   string
	kind   string
	root   string
	files  []string // the others
}

// ReadMocks reads the mocks that a configuration file describes. The error
// tells of all that is wrong, each with its place.
func ReadMocks(file string) ([]FileMock, error) {
	cfg, err := readConfiguration(context.Background(), file)
	if err != nil {
		return nil, err
	}
	return cfg.mocks, nil
}

// OwnMocks keeps the mocks of configuration files in the store, with the
// documents that they are of, as Own keeps documents: ids are stable, what
// hasn't changed changes nothing, and what the files describe no more is
// deleted.
func OwnMocks(ctx context.Context, s *store.Store, mocks []FileMock) error {
	var list []wanted
	var faults error
	read := map[string]*element{}
	for i := range mocks {
		m := &mocks[i]
		w := m.wanted()
		err := m.load(ctx, read, &w)
		if err != nil {
			w.drop()
			faults = errors.Join(faults, err)
		}
		w.nameAfter(w.elements)
		if w.mock.Name == "" {
			w.mock.Name = server.Stem(m.files()[0])
			w.stem = w.mock.Name
		}
		list = append(list, w)
	}
	return errors.Join(faults, keep(ctx, s, ownedMocks, list))
}

// load reads the documents of a mock, each once.
func (m *FileMock) load(ctx context.Context, read map[string]*element, w *wanted) error {
	for _, f := range m.files() {
		key := absolute(f)
		if read[key] == nil {
			var err error
			if m.listed != nil && f == m.Spec {
				read[key], err = m.listed.element(ctx)
			} else {
				read[key], err = load(ctx, server.Source{Location: f})
			}
			if err != nil {
				return fmt.Errorf("%s: %w", m.at(), err)
			}
		}
		if err := m.check(f, read[key]); err != nil {
			return err
		}
		w.use(read[key])
	}
	return nil
}

// files are those that the mock is of.
func (m *FileMock) files() []string {
	return slices.DeleteFunc([]string{m.Spec, m.Collection, m.Environment}, func(f string) bool { return f == "" })
}

// check says whether a file is what the mock has it for.
func (m *FileMock) check(file string, e *element) error {
	want := store.KindEnvironment
	switch file {
	case m.Spec:
		want = store.KindSpec
	case m.Collection:
		want = store.KindCollection
	}
	if e.kind != want {
		return fmt.Errorf("%s: %s is of kind %s, and stands as the %s", m.at(), file, e.kind, want)
	}
	return nil
}

// at is where the mock stands, for people.
func (m *FileMock) at() string { return placeText(m.Position) }

func placeText(p definition.Position) string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col) }

// key names a mock within its file.
func (m *FileMock) key() string {
	for _, k := range [...]string{m.Slug, m.Name, m.Spec, m.Collection} {
		if k != "" {
			return k
		}
	}
	return ""
}

// wanted is the mock as the store is to have it, without its documents.
func (m *FileMock) wanted() wanted {
	key := m.key()
	if key == m.Spec || key == m.Collection {
		key = absolute(key)
	}
	return wanted{
		stem: m.Name, source: m.at(), responses: m.Responses, whole: true,
		mock: store.Mock{
			ID: idOf(store.KindMock, absolute(m.config), key), Slug: m.Slug, Name: m.Name, Description: m.Description,
			Private: m.Private, Host: m.Host, Prefix: m.Prefix, Config: m.Config, File: absolute(m.config),
		},
	}
}
