package store

import "time"

// Key gives access. The key itself is not kept.
type Key struct {
	ID        string
	Name      string
	Hash      string // SHA-256 of the key, in hexadecimal
	Hint      string // its last characters, for people
	Scope     string // admin, edit, view, call
	Workspace string // the only workspace it is for; "" all
	Mock      string // the only mock it is for; "" all
	Owner     int64  // the user that it stands for
	Expires   time.Time
	Revoked   time.Time
	Used      time.Time // to the minute
	Created   time.Time
}

const keyColumns = `id, name, hash, hint, scope, workspace, mock, owner, expires, revoked, used, created`

func scanKey(r scanner) (k Key, err error) {
	var expires, revoked, used, created int64
	err = r.Scan(&k.ID, &k.Name, &k.Hash, &k.Hint, &k.Scope, &k.Workspace, &k.Mock, &k.Owner, &expires, &revoked, &used, &created)
	k.Expires, k.Revoked, k.Used, k.Created = fromMillis(expires), fromMillis(revoked), fromMillis(used), fromMillis(created)
	return k, err
}

// Key reads one.
func (t *Tx) Key(id string) (Key, error) {
	return one(t, scanKey, `SELECT `+keyColumns+` FROM access_keys WHERE id = $1`, id)
}

// Keys lists them, revoked and expired ones too.
func (t *Tx) Keys(p Page) ([]Key, error) {
	var w where
	q, args := w.list(`SELECT `+keyColumns+` FROM access_keys`, p)
	return all(t, scanKey, q, args...)
}

// CreateKey stores a new one. Where Owner is 0, a new user is made for it.
func (t *Tx) CreateKey(k *Key) error {
	k.Created = t.now
	if k.Owner == 0 {
		// The first user is who works without keys.
		err := t.tx.QueryRowContext(t.ctx, `SELECT COALESCE(MAX(owner), 1) + 1 FROM access_keys`).Scan(&k.Owner)
		if err != nil {
			return err
		}
	}
	err := t.unique(`INSERT INTO access_keys (`+keyColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
		k.ID, k.Name, k.Hash, k.Hint, k.Scope, k.Workspace, k.Mock, k.Owner, millis(k.Expires), millis(k.Revoked), millis(k.Used), millis(k.Created))
	if err != nil {
		return err
	}
	return t.changed("create", KindKey, k.ID, k.Name, k.Workspace)
}

// RevokeKey ends a key; it stays in the list.
func (t *Tx) RevokeKey(id string) error {
	k, err := t.Key(id)
	if err != nil {
		return err
	}
	if !k.Revoked.IsZero() {
		return nil
	}
	if err := t.must(`UPDATE access_keys SET revoked = $2 WHERE id = $1`, id, millis(t.now)); err != nil {
		return err
	}
	return t.changed("delete", KindKey, id, k.Name, k.Workspace)
}

// NoteUsed notes when keys were last used; it is no change.
func (t *Tx) NoteUsed(used map[string]time.Time) error {
	for id, at := range used {
		if err := t.exec(`UPDATE access_keys SET used = $2 WHERE id = $1 AND used < $2`, id, millis(at)); err != nil {
			return err
		}
	}
	return nil
}
