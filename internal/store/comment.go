package store

import (
	"fmt"
	"slices"
	"time"
)

// Comment is what somebody said of a collection or an item of it.
type Comment struct {
	ID         int64
	Thread     int64
	Collection string
	Kind       string // collection, folder, request, response
	Element    string
	Owner      int64
	Body       string
	Tags       []byte // JSON; nil: none
	Resolved   bool
	Created    time.Time
	Updated    time.Time
}

const commentColumns = `id, thread, collection, kind, element, owner, body, tags, resolved, created, updated`

func scanComment(r scanner) (c Comment, err error) {
	var created, updated int64
	err = r.Scan(&c.ID, &c.Thread, &c.Collection, &c.Kind, &c.Element, &c.Owner, &c.Body, &c.Tags, &c.Resolved, &created, &updated)
	c.Created, c.Updated = fromMillis(created), fromMillis(updated)
	return c, err
}

// Comment reads one.
func (t *Tx) Comment(id int64) (Comment, error) {
	return one(t, scanComment, `SELECT `+commentColumns+` FROM comments WHERE id = $1`, id)
}

// Comments lists those of an element, in their order.
func (t *Tx) Comments(collection, kind, element string) ([]Comment, error) {
	return all(t, scanComment, `SELECT `+commentColumns+` FROM comments WHERE collection = $1 AND kind = $2 AND element = $3 ORDER BY id`, collection, kind, element)
}

// Thread lists the comments of a thread.
func (t *Tx) Thread(id int64) ([]Comment, error) {
	return all(t, scanComment, `SELECT `+commentColumns+` FROM comments WHERE thread = $1 ORDER BY id`, id)
}

// CreateComment stores a new one; its id is set, and its thread where it is 0.
// ErrNotFound: there is no such collection.
func (t *Tx) CreateComment(c *Comment) error {
	c.Created, c.Updated, c.Owner = t.now, t.now, t.by.User
	on, err := t.CollectionHead(c.Collection)
	if err != nil {
		return err
	}
	if err := t.changed("update", KindCollection, on.ID, on.Name, on.Workspace); err != nil {
		return err
	}
	if err := t.tx.QueryRowContext(t.ctx, `SELECT COALESCE(MAX(id), 0) + 1 FROM comments`).Scan(&c.ID); err != nil {
		return err
	}
	if c.Thread == 0 {
		c.Thread = c.ID
	}
	return t.exec(`INSERT INTO comments (`+commentColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		c.ID, c.Thread, c.Collection, c.Kind, c.Element, c.Owner, c.Body, c.Tags, c.Resolved, millis(c.Created), millis(c.Updated))
}

// UpdateComment stores a changed text.
func (t *Tx) UpdateComment(c *Comment) error {
	c.Updated = t.now
	return t.must(`UPDATE comments SET body = $2, tags = $3, updated = $4 WHERE id = $1`, c.ID, c.Body, c.Tags, millis(c.Updated))
}

// ResolveThread marks a thread as done.
func (t *Tx) ResolveThread(thread int64) error {
	return t.must(`UPDATE comments SET resolved = TRUE, updated = $2 WHERE thread = $1`, thread, millis(t.now))
}

// DeleteComment deletes one; the first of a thread takes its answers along.
func (t *Tx) DeleteComment(id int64) error {
	return t.must(`DELETE FROM comments WHERE id = $1 OR thread = $1`, id)
}

// Tags lists the tags of an element, in the order that they were given in.
func (t *Tx) Tags(kind, element string) ([]string, error) {
	return all(t, scanText, `SELECT slug FROM tags WHERE kind = $1 AND element = $2 ORDER BY nth`, kind, element)
}

// SetTags replaces the tags of an element. A tag that stays keeps the time at
// which it was given.
func (t *Tx) SetTags(kind, element string, slugs []string) error {
	old, err := t.Tags(kind, element)
	if err != nil {
		return err
	}
	for _, slug := range old {
		if slices.Contains(slugs, slug) {
			continue
		}
		if err := t.exec(`DELETE FROM tags WHERE slug = $1 AND kind = $2 AND element = $3`, slug, kind, element); err != nil {
			return err
		}
	}
	for i, slug := range slugs {
		err := t.exec(`INSERT INTO tags (slug, kind, element, nth, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (slug, kind, element) DO UPDATE SET nth = excluded.nth`, slug, kind, element, i, millis(t.now))
		if err != nil {
			return err
		}
	}
	return nil
}

// Tagged is an element that has a tag.
type Tagged struct{ Kind, Element string }

// TaggedWith lists the elements that have a tag, in the order in which they
// were given it; of one kind where it is given.
func (t *Tx) TaggedWith(slug, kind string, descending bool) ([]Tagged, error) {
	order := "ASC"
	if descending {
		order = "DESC"
	}
	var w where
	w.and("slug = $?", slug)
	if kind != "" {
		w.and("kind = $?", kind)
	}
	return all(t, func(r scanner) (x Tagged, err error) {
		err = r.Scan(&x.Kind, &x.Element)
		return x, err
	}, `SELECT kind, element FROM tags`+w.text.String()+` ORDER BY at `+order+`, element`, w.args...)
}

// limitLast makes the last argument the limit of a query.
func limitLast(w *where) string { return fmt.Sprintf(" LIMIT $%d", len(w.args)) }
