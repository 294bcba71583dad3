package store

import (
	"cmp"
	"errors"
	"time"
)

// Mock is a mock server: a spec or a collection, an environment and settings.
type Mock struct {
	ID          string
	Slug        string // a DNS label, unique
	Workspace   string
	Owner       int64
	Name        string
	Description string
	Collection  string // ids; they stay when what they name is deleted
	Environment string
	Spec        string
	Private     bool
	Host        string // a host of its own, lower case; "" none
	Prefix      string // a path prefix of its own, "/pets"; "" none
	ResponseID  string // the active server response; "" none
	Config      []byte // JSON of settings.Settings
	File        string // the file that owns it
	Created     time.Time
	Updated     time.Time
	Revision    int64
}

const mockColumns = `id, slug, workspace, owner, name, description, collection, environment, spec, private, host, prefix, response_id, config, file, created, updated, revision`

func scanMock(r scanner) (m Mock, err error) {
	var created, updated int64
	err = r.Scan(&m.ID, &m.Slug, &m.Workspace, &m.Owner, &m.Name, &m.Description, &m.Collection, &m.Environment, &m.Spec,
		&m.Private, &m.Host, &m.Prefix, &m.ResponseID, &m.Config, &m.File, &created, &updated, &m.Revision)
	m.Created, m.Updated = fromMillis(created), fromMillis(updated)
	return m, err
}

// Mock reads one.
func (t *Tx) Mock(id string) (Mock, error) {
	return one(t, scanMock, `SELECT `+mockColumns+` FROM mocks WHERE id = $1`, id)
}

// MockFilter says which mocks are wanted; zero values are all.
type MockFilter struct {
	Workspace   string
	Collection  string
	Environment string
	Spec        string
	Slug        string
	File        string
	Page        Page
}

// Mocks lists them.
func (t *Tx) Mocks(f MockFilter) ([]Mock, error) {
	var w where
	for _, c := range [...]struct{ column, value string }{
		{"workspace", f.Workspace}, {"collection", f.Collection}, {"environment", f.Environment}, {"spec", f.Spec}, {"slug", f.Slug}, {"file", f.File},
	} {
		if c.value != "" {
			w.and(c.column+" = $?", c.value)
		}
	}
	q, args := w.list(`SELECT `+mockColumns+` FROM mocks`, f.Page)
	return all(t, scanMock, q, args...)
}

// MockAddress is what calls find a mock by.
type MockAddress struct {
	ID, Slug, Host, Prefix, File string
}

// MockAddresses lists the addresses of all mocks.
func (t *Tx) MockAddresses() ([]MockAddress, error) {
	return all(t, func(r scanner) (a MockAddress, err error) {
		err = r.Scan(&a.ID, &a.Slug, &a.Host, &a.Prefix, &a.File)
		return a, err
	}, `SELECT id, slug, host, prefix, file FROM mocks`)
}

// CreateMock stores a new one. A TakenError names the address that is
// another's.
func (t *Tx) CreateMock(m *Mock) error {
	m.Created, m.Updated, m.Revision = t.now, t.now, 1
	err := t.unique(`INSERT INTO mocks (`+mockColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT DO NOTHING`,
		m.ID, m.Slug, m.Workspace, m.Owner, m.Name, m.Description, m.Collection, m.Environment, m.Spec, m.Private, m.Host, m.Prefix,
		m.ResponseID, m.Config, m.File, millis(m.Created), millis(m.Updated), m.Revision)
	if errors.Is(err, ErrTaken) {
		err = cmp.Or(t.taken(m), ErrTaken) // of an address, or of the id
	}
	if err != nil {
		return err
	}
	return t.changed("create", KindMock, m.ID, m.Name, m.Workspace)
}

// UpdateMock stores a changed one. A TakenError names the address that is
// another's.
func (t *Tx) UpdateMock(m *Mock) error {
	if err := t.taken(m); err != nil {
		return err
	}
	m.Updated = t.now
	m.Revision++
	err := t.must(`UPDATE mocks SET slug = $2, workspace = $3, name = $4, description = $5, collection = $6, environment = $7, spec = $8,
		private = $9, host = $10, prefix = $11, response_id = $12, config = $13, file = $14, updated = $15, revision = $16 WHERE id = $1`,
		m.ID, m.Slug, m.Workspace, m.Name, m.Description, m.Collection, m.Environment, m.Spec,
		m.Private, m.Host, m.Prefix, m.ResponseID, m.Config, m.File, millis(m.Updated), m.Revision)
	if err != nil {
		return err
	}
	return t.changed("update", KindMock, m.ID, m.Name, m.Workspace)
}

// TakenError says which address of a mock is another's.
type TakenError struct {
	Field string // slug, host, prefix
	Value string
	Mock  string // the id of the other
}

func (e *TakenError) Error() string {
	return "the " + e.Field + " " + e.Value + " is another mock's"
}

// Is makes it an ErrTaken.
func (e *TakenError) Is(target error) bool { return target == ErrTaken }

// taken is a TakenError where another mock has an address of this one.
func (t *Tx) taken(m *Mock) error {
	for _, a := range [...]struct{ field, value string }{{"slug", m.Slug}, {"host", m.Host}, {"prefix", m.Prefix}} {
		if a.value == "" {
			continue
		}
		ids, err := all(t, scanText, `SELECT id FROM mocks WHERE `+a.field+` = $1 AND id <> $2`, a.value, m.ID)
		if err != nil {
			return err
		}
		if len(ids) > 0 {
			return &TakenError{a.field, a.value, ids[0]}
		}
	}
	return nil
}

// DeleteMock deletes one with its server responses and calls.
func (t *Tx) DeleteMock(id string) error {
	m, err := t.Mock(id)
	if err != nil {
		return err
	}
	if err := t.purgeCalls(id); err != nil {
		return err
	}
	if err := t.must(`DELETE FROM mocks WHERE id = $1`, id); err != nil {
		return err
	}
	return t.changed("delete", KindMock, id, m.Name, m.Workspace)
}

// ServerResponse is an answer that a mock gives to every call while it is the
// active one.
type ServerResponse struct {
	ID        string
	Mock      string
	Name      string
	Status    int
	Headers   []byte // JSON: [{"key": …, "value": …}]
	Language  string
	Body      string
	CreatedBy int64
	UpdatedBy int64
	Created   time.Time
	Updated   time.Time
}

const serverResponseColumns = `id, mock, name, status, headers, language, body, created_by, updated_by, created, updated`

func scanServerResponse(r scanner) (s ServerResponse, err error) {
	var created, updated int64
	err = r.Scan(&s.ID, &s.Mock, &s.Name, &s.Status, &s.Headers, &s.Language, &s.Body, &s.CreatedBy, &s.UpdatedBy, &created, &updated)
	s.Created, s.Updated = fromMillis(created), fromMillis(updated)
	return s, err
}

// ServerResponse reads one of a mock.
func (t *Tx) ServerResponse(mock, id string) (ServerResponse, error) {
	return one(t, scanServerResponse, `SELECT `+serverResponseColumns+` FROM server_responses WHERE mock = $1 AND id = $2`, mock, id)
}

// ServerResponses lists those of a mock.
func (t *Tx) ServerResponses(mock string) ([]ServerResponse, error) {
	return all(t, scanServerResponse, `SELECT `+serverResponseColumns+` FROM server_responses WHERE mock = $1 ORDER BY created, id`, mock)
}

// CreateServerResponse stores a new one.
func (t *Tx) CreateServerResponse(s *ServerResponse) error {
	s.Created, s.Updated, s.CreatedBy, s.UpdatedBy = t.now, t.now, t.by.User, t.by.User
	err := t.exec(`INSERT INTO server_responses (`+serverResponseColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		s.ID, s.Mock, s.Name, s.Status, s.Headers, s.Language, []byte(s.Body), s.CreatedBy, s.UpdatedBy, millis(s.Created), millis(s.Updated))
	if err != nil {
		return err
	}
	return t.touchMock(s.Mock)
}

// UpdateServerResponse stores a changed one.
func (t *Tx) UpdateServerResponse(s *ServerResponse) error {
	s.Updated, s.UpdatedBy = t.now, t.by.User
	err := t.must(`UPDATE server_responses SET name = $3, status = $4, headers = $5, language = $6, body = $7, updated_by = $8, updated = $9 WHERE mock = $1 AND id = $2`,
		s.Mock, s.ID, s.Name, s.Status, s.Headers, s.Language, []byte(s.Body), s.UpdatedBy, millis(s.Updated))
	if err != nil {
		return err
	}
	return t.touchMock(s.Mock)
}

// DeleteServerResponse deletes one; where it is the active one, none is after.
func (t *Tx) DeleteServerResponse(mock, id string) error {
	if err := t.must(`DELETE FROM server_responses WHERE mock = $1 AND id = $2`, mock, id); err != nil {
		return err
	}
	if err := t.exec(`UPDATE mocks SET response_id = '' WHERE id = $1 AND response_id = $2`, mock, id); err != nil {
		return err
	}
	return t.touchMock(mock)
}

// touchMock notes that something of a mock changed that is not in its row.
func (t *Tx) touchMock(id string) error {
	m, err := t.Mock(id)
	if err != nil {
		return err
	}
	return t.changed("update", KindMock, id, m.Name, m.Workspace)
}
