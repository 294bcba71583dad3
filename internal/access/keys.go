package access

import (
	"context"
	"crypto/subtle"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mimus-dev/mimus/internal/store"
)

// Access is what somebody may do.
type Access struct {
	Scope     Scope
	User      int64
	Key       string // the id of the key; "" without one
	Workspace string // the only workspace; "" all
	Mock      string // the only mock; "" all
}

// Actor is who a change is noted for.
func (a Access) Actor() store.Actor { return store.Actor{User: a.User, Key: a.Key} }

// May reports whether a scope is allowed in a workspace, "" for what belongs
// to none.
func (a Access) May(s Scope, workspace string) bool {
	if a.Scope < s {
		return false
	}
	if a.Mock != "" && s > Call {
		return false
	}
	return a.Workspace == "" || a.Workspace == workspace
}

// cutOff is how long keys are honoured after the store was last seen.
const cutOff = 5 * time.Minute

// Keys knows all keys by their hashes. It is kept up to date by Sync, and safe
// for concurrent use.
type Keys struct {
	store *store.Store
	now   func() time.Time

	byHash atomic.Pointer[map[string]store.Key]
	admin  atomic.Pointer[[]store.Key] // those that may do everything
	// healthy tells since when changes of the keys may be unknown.
	healthy func() (time.Time, error)

	syncing sync.Mutex // the later reading is the one that stays

	mu   sync.Mutex
	used map[string]time.Time
}

// NewKeys reads the keys of a store.
func NewKeys(ctx context.Context, s *store.Store, now func() time.Time) (*Keys, error) {
	k := &Keys{store: s, now: now, healthy: s.Healthy, used: map[string]time.Time{}}
	if err := k.Sync(ctx); err != nil {
		return nil, err
	}
	return k, nil
}

// Sync reads the keys again.
func (k *Keys) Sync(ctx context.Context) error {
	k.syncing.Lock()
	defer k.syncing.Unlock()
	return k.store.View(ctx, func(t *store.Tx) error {
		keys, err := t.Keys(store.Page{})
		if err != nil {
			return err
		}
		byHash := make(map[string]store.Key, len(keys))
		var admin []store.Key
		for _, key := range keys {
			byHash[key.Hash] = key
			if key.Scope == Admin.String() && key.Workspace == "" && key.Mock == "" && key.Revoked.IsZero() {
				admin = append(admin, key)
			}
		}
		k.admin.Store(&admin)
		k.byHash.Store(&byHash)
		return nil
	})
}

// Admin reports whether somebody has a key that may do everything: then nobody
// manages without a key.
func (k *Keys) Admin() bool {
	now := k.now()
	for _, key := range *k.admin.Load() {
		if live(key, now) {
			return true
		}
	}
	return false
}

func live(k store.Key, now time.Time) bool {
	return k.Revoked.IsZero() && (k.Expires.IsZero() || now.Before(k.Expires))
}

// Find is what a key allows; false when it is unknown, revoked or expired, or
// when the store has been out of reach for longer than keys are honoured.
func (k *Keys) Find(secret string) (Access, bool) {
	if !WellFormed(secret) {
		return Access{}, false
	}
	now := k.now()
	if since, err := k.healthy(); err != nil && now.Sub(since) > cutOff {
		return Access{}, false
	}
	hash := Hash(secret)
	key, ok := (*k.byHash.Load())[hash]
	if !ok || subtle.ConstantTimeCompare([]byte(key.Hash), []byte(hash)) != 1 || !live(key, now) {
		return Access{}, false
	}
	scope, err := ParseScope(key.Scope)
	if err != nil {
		return Access{}, false
	}
	if minute := now.Truncate(time.Minute); key.Used.Before(minute) {
		k.mu.Lock()
		k.used[key.ID] = minute
		k.mu.Unlock()
	}
	return Access{scope, key.Owner, key.ID, key.Workspace, key.Mock}, true
}

// Unsure reports whether a key that Find does not know may be one all the same:
// the store is out of reach, and it may have been made since, or it is not
// honoured for that long.
func (k *Keys) Unsure(secret string) bool {
	if !WellFormed(secret) {
		return false
	}
	since, err := k.healthy()
	if err == nil {
		return false
	}
	now := k.now()
	key, known := (*k.byHash.Load())[Hash(secret)]
	return !known || live(key, now) && now.Sub(since) > cutOff
}

// Flush stores when keys were last used. What could not be stored is stored with
// the next.
func (k *Keys) Flush(ctx context.Context) error {
	k.mu.Lock()
	used := k.used
	k.used = map[string]time.Time{}
	k.mu.Unlock()
	if len(used) == 0 {
		return nil
	}
	if err := k.store.Update(ctx, store.Actor{}, func(t *store.Tx) error { return t.NoteUsed(used) }); err != nil {
		k.unflushed(used)
		return err
	}
	return k.Sync(ctx)
}

func (k *Keys) unflushed(used map[string]time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for id, at := range used {
		if k.used[id].Before(at) {
			k.used[id] = at
		}
	}
}
