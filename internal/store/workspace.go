package store

import (
	"errors"
	"time"
)

// Workspace groups collections, environments, specs and mocks.
type Workspace struct {
	ID          string
	Name        string
	Type        string // personal, team, private, public, partner
	Description string
	About       string
	Owner       int64
	Globals     []byte // the values of its global variables, a JSON array; nil: none
	Created     time.Time
	Updated     time.Time
	Revision    int64
}

const workspaceColumns = `id, name, type, description, about, owner, globals, created, updated, revision`

func scanWorkspace(r scanner) (w Workspace, err error) {
	var created, updated int64
	err = r.Scan(&w.ID, &w.Name, &w.Type, &w.Description, &w.About, &w.Owner, &w.Globals, &created, &updated, &w.Revision)
	w.Created, w.Updated = fromMillis(created), fromMillis(updated)
	return w, err
}

// Workspace reads one.
func (t *Tx) Workspace(id string) (Workspace, error) {
	return one(t, scanWorkspace, `SELECT `+workspaceColumns+` FROM workspaces WHERE id = $1`, id)
}

// FirstWorkspace reads the one that counts where none is named: the oldest. It
// is ErrNotFound only before EnsureWorkspace.
func (t *Tx) FirstWorkspace() (Workspace, error) {
	return one(t, scanWorkspace, `SELECT `+workspaceColumns+` FROM workspaces ORDER BY created, id LIMIT 1`)
}

// EnsureWorkspace makes "My Workspace" where there is no workspace.
func (t *Tx) EnsureWorkspace() (Workspace, error) {
	w, err := t.FirstWorkspace()
	if !errors.Is(err, ErrNotFound) {
		return w, err
	}
	w = Workspace{ID: NewID(), Name: "My Workspace", Type: "personal", Owner: 1}
	err = t.CreateWorkspace(&w)
	return w, err
}

// Workspaces lists them; an empty type is all.
func (t *Tx) Workspaces(kind string, p Page) ([]Workspace, error) {
	var w where
	if kind != "" {
		w.and("type = $?", kind)
	}
	q, args := w.list(`SELECT `+workspaceColumns+` FROM workspaces`, p)
	return all(t, scanWorkspace, q, args...)
}

// CreateWorkspace stores a new one; its times and revision are set. It is made
// after all that there are, if by a millisecond: the first stays the first.
func (t *Tx) CreateWorkspace(w *Workspace) error {
	var last int64
	if err := t.tx.QueryRowContext(t.ctx, `SELECT COALESCE(MAX(created), 0) FROM workspaces`).Scan(&last); err != nil {
		return err
	}
	w.Created, w.Updated, w.Revision = fromMillis(max(millis(t.now), last+1)), t.now, 1
	err := t.exec(`INSERT INTO workspaces (`+workspaceColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		w.ID, w.Name, w.Type, w.Description, w.About, w.Owner, w.Globals, millis(w.Created), millis(w.Updated), w.Revision)
	if err != nil {
		return err
	}
	return t.changed("create", KindWorkspace, w.ID, w.Name, w.ID)
}

// UpdateWorkspace stores a changed one.
func (t *Tx) UpdateWorkspace(w *Workspace) error {
	w.Updated = t.now
	w.Revision++
	err := t.must(`UPDATE workspaces SET name = $2, type = $3, description = $4, about = $5, globals = $6, updated = $7, revision = $8 WHERE id = $1`,
		w.ID, w.Name, w.Type, w.Description, w.About, w.Globals, millis(w.Updated), w.Revision)
	if err != nil {
		return err
	}
	return t.changed("update", KindWorkspace, w.ID, w.Name, w.ID)
}

// DeleteWorkspace deletes a workspace with all that is in it.
func (t *Tx) DeleteWorkspace(id string) error {
	w, err := t.Workspace(id)
	if err != nil {
		return err
	}
	mocks, err := t.Mocks(MockFilter{Workspace: id})
	if err != nil {
		return err
	}
	for _, m := range mocks {
		if err := t.DeleteMock(m.ID); err != nil {
			return err
		}
	}
	if err := t.exec(`DELETE FROM tags WHERE kind = 'workspace' AND element = $1
		OR kind = 'collection' AND element IN (SELECT id FROM collections WHERE workspace = $1)`, id); err != nil {
		return err
	}
	if err := t.must(`DELETE FROM workspaces WHERE id = $1`, id); err != nil {
		return err
	}
	return t.changed("delete", KindWorkspace, id, w.Name, id)
}
