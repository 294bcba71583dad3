package store

import (
	"errors"
	"time"
)

// Collection is a Postman collection.
type Collection struct {
	ID        string
	Workspace string
	Owner     int64
	Name      string
	Body      []byte // the JSON of Collection Format v2.1.0; nil in lists
	File      string // the file that owns it; "" for what the API made
	Created   time.Time
	Updated   time.Time
	UpdatedBy int64
	Revision  int64
}

const collectionColumns = `id, workspace, owner, name, file, created, updated, updated_by, revision`

func scanCollection(r scanner) (c Collection, err error) {
	var created, updated int64
	err = r.Scan(&c.ID, &c.Workspace, &c.Owner, &c.Name, &c.File, &created, &updated, &c.UpdatedBy, &c.Revision)
	c.Created, c.Updated = fromMillis(created), fromMillis(updated)
	return c, err
}

func scanCollectionBody(r scanner) (c Collection, err error) {
	var created, updated int64
	err = r.Scan(&c.ID, &c.Workspace, &c.Owner, &c.Name, &c.File, &created, &updated, &c.UpdatedBy, &c.Revision, &c.Body)
	c.Created, c.Updated = fromMillis(created), fromMillis(updated)
	return c, err
}

// Collection reads one with its body.
func (t *Tx) Collection(id string) (Collection, error) {
	return one(t, scanCollectionBody, `SELECT `+collectionColumns+`, body FROM collections WHERE id = $1`, id)
}

// CollectionHead reads one without its body.
func (t *Tx) CollectionHead(id string) (Collection, error) {
	return one(t, scanCollection, `SELECT `+collectionColumns+` FROM collections WHERE id = $1`, id)
}

// ElementFilter says which elements of a list are wanted; zero values are all.
type ElementFilter struct {
	Workspace string
	Name      string
	File      string
	Page      Page
}

func (f ElementFilter) where() *where {
	w := &where{}
	if f.Workspace != "" {
		w.and("workspace = $?", f.Workspace)
	}
	if f.Name != "" {
		w.and("name = $?", f.Name)
	}
	if f.File != "" {
		w.and("file = $?", f.File)
	}
	return w
}

// Collections lists them, without their bodies.
func (t *Tx) Collections(f ElementFilter) ([]Collection, error) {
	q, args := f.where().list(`SELECT `+collectionColumns+` FROM collections`, f.Page)
	return all(t, scanCollection, q, args...)
}

// CreateCollection stores a new one; its times and revision are set. ErrTaken:
// there is one of that id.
func (t *Tx) CreateCollection(c *Collection) error {
	c.Created, c.Updated, c.Revision = t.now, t.now, 1
	c.UpdatedBy = t.by.User
	err := t.unique(`INSERT INTO collections (`+collectionColumns+`, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT DO NOTHING`,
		c.ID, c.Workspace, c.Owner, c.Name, c.File, millis(c.Created), millis(c.Updated), c.UpdatedBy, c.Revision, c.Body)
	if err != nil {
		return err
	}
	return t.changed("create", KindCollection, c.ID, c.Name, c.Workspace)
}

// UpdateCollection stores a changed one, with its body.
func (t *Tx) UpdateCollection(c *Collection) error {
	c.Updated, c.UpdatedBy = t.now, t.by.User
	c.Revision++
	err := t.must(`UPDATE collections SET workspace = $2, name = $3, file = $4, updated = $5, updated_by = $6, revision = $7, body = $8 WHERE id = $1`,
		c.ID, c.Workspace, c.Name, c.File, millis(c.Updated), c.UpdatedBy, c.Revision, c.Body)
	if err != nil {
		return err
	}
	return t.changed("update", KindCollection, c.ID, c.Name, c.Workspace)
}

// DeleteCollection deletes one with its comments and tags. Mocks of it stay,
// deactivated.
func (t *Tx) DeleteCollection(id string) error {
	c, err := t.CollectionHead(id)
	if err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM tags WHERE kind = 'collection' AND element = $1`, id); err != nil {
		return err
	}
	if err := t.must(`DELETE FROM collections WHERE id = $1`, id); err != nil {
		return err
	}
	return t.changed("delete", KindCollection, id, c.Name, c.Workspace)
}

// unique runs an insert that does nothing where a row is in its way.
func (t *Tx) unique(query string, args ...any) error {
	err := t.must(query, args...)
	if errors.Is(err, ErrNotFound) {
		return ErrTaken
	}
	return err
}
