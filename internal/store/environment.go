package store

import "time"

// Environment is a named set of variables.
type Environment struct {
	ID        string
	Workspace string
	Owner     int64
	Name      string
	Body      []byte // the JSON of a Postman environment; nil in lists
	File      string // the file that owns it
	Created   time.Time
	Updated   time.Time
	Revision  int64
}

const environmentColumns = `id, workspace, owner, name, file, created, updated, revision`

func scanEnvironment(r scanner) (e Environment, err error) {
	var created, updated int64
	err = r.Scan(&e.ID, &e.Workspace, &e.Owner, &e.Name, &e.File, &created, &updated, &e.Revision)
	e.Created, e.Updated = fromMillis(created), fromMillis(updated)
	return e, err
}

func scanEnvironmentBody(r scanner) (e Environment, err error) {
	var created, updated int64
	err = r.Scan(&e.ID, &e.Workspace, &e.Owner, &e.Name, &e.File, &created, &updated, &e.Revision, &e.Body)
	e.Created, e.Updated = fromMillis(created), fromMillis(updated)
	return e, err
}

// Environment reads one with its body.
func (t *Tx) Environment(id string) (Environment, error) {
	return one(t, scanEnvironmentBody, `SELECT `+environmentColumns+`, body FROM environments WHERE id = $1`, id)
}

// Environments lists them, without their bodies.
func (t *Tx) Environments(f ElementFilter) ([]Environment, error) {
	q, args := f.where().list(`SELECT `+environmentColumns+` FROM environments`, f.Page)
	return all(t, scanEnvironment, q, args...)
}

// CreateEnvironment stores a new one. ErrTaken: there is one of that id.
func (t *Tx) CreateEnvironment(e *Environment) error {
	e.Created, e.Updated, e.Revision = t.now, t.now, 1
	err := t.unique(`INSERT INTO environments (`+environmentColumns+`, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
		e.ID, e.Workspace, e.Owner, e.Name, e.File, millis(e.Created), millis(e.Updated), e.Revision, e.Body)
	if err != nil {
		return err
	}
	return t.changed("create", KindEnvironment, e.ID, e.Name, e.Workspace)
}

// UpdateEnvironment stores a changed one, with its body.
func (t *Tx) UpdateEnvironment(e *Environment) error {
	e.Updated = t.now
	e.Revision++
	err := t.must(`UPDATE environments SET workspace = $2, name = $3, file = $4, updated = $5, revision = $6, body = $7 WHERE id = $1`,
		e.ID, e.Workspace, e.Name, e.File, millis(e.Updated), e.Revision, e.Body)
	if err != nil {
		return err
	}
	return t.changed("update", KindEnvironment, e.ID, e.Name, e.Workspace)
}

// DeleteEnvironment deletes one. Mocks that use it stay, deactivated.
func (t *Tx) DeleteEnvironment(id string) error {
	e, err := one(t, scanEnvironment, `SELECT `+environmentColumns+` FROM environments WHERE id = $1`, id)
	if err != nil {
		return err
	}
	if err := t.must(`DELETE FROM environments WHERE id = $1`, id); err != nil {
		return err
	}
	return t.changed("delete", KindEnvironment, id, e.Name, e.Workspace)
}
