package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/store"
)

// keysCmd makes and ends keys, beside a running server or without one.
type keysCmd struct {
	Create keysCreateCmd `cmd:"" help:"Make a key; it is printed once."`
	List   keysListCmd   `cmd:"" help:"List the keys."`
	Revoke keysRevokeCmd `cmd:"" help:"End a key."`
}

// storeFlags say where the data is.
type storeFlags struct {
	Data     string `placeholder:"DIR" help:"Data folder (./mimus-data)."`
	Database string `placeholder:"URL" help:"PostgreSQL, in place of a folder: postgres://user@host/name."`
}

func (f *storeFlags) open(ctx context.Context) (*store.Store, error) {
	if f.Data != "" && f.Database != "" {
		return nil, errors.New("--data and --database are two places for the same data; give one")
	}
	location := f.Data
	switch {
	case f.Database != "":
		location = f.Database
	case location == "":
		location = defaultData
	}
	return store.Open(ctx, store.Config{Location: location})
}

type keysCreateCmd struct {
	storeFlags
	Name      string        `arg:"" optional:"" default:"key" help:"What it is for."`
	Scope     string        `enum:"admin,edit,view,call," default:"" placeholder:"admin|edit|view|call" help:"admin: also keys, hosts and root prefixes; edit; view; call: only private mocks. Without it, admin for the first key, then edit."`
	Workspace string        `placeholder:"ID" help:"Only for this workspace."`
	Mock      string        `placeholder:"ID" help:"Only for calling this mock: the scope is call."`
	Expires   time.Duration `placeholder:"TIME" help:"Ends after this time, in hours (h), minutes (m) or seconds: 720h."`
}

// Run makes a key.
func (c *keysCreateCmd) Run(ctx context.Context, out streams) error {
	if c.Mock != "" && c.Scope == "" {
		c.Scope = "call"
	}
	if c.Mock != "" && c.Scope != "call" {
		return fmt.Errorf("a key for one mock may only call it: its scope is call, not %s; --workspace bounds a key of another scope", c.Scope)
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	secret := access.NewKey()
	k := store.Key{
		ID: store.NewID(), Name: c.Name, Hash: access.Hash(secret), Hint: access.Hint(secret), Scope: c.Scope, Workspace: c.Workspace, Mock: c.Mock,
	}
	if c.Expires > 0 {
		k.Expires = time.Now().Add(c.Expires)
	}
	err = s.Update(ctx, store.Actor{User: 1}, func(t *store.Tx) error {
		if c.Scope == "" {
			if k.Scope, err = usualScope(t); err != nil {
				return err
			}
		}
		if c.Workspace != "" {
			if _, err := t.Workspace(c.Workspace); err != nil {
				return fmt.Errorf("there is no workspace with the id %s; GET /_mimus/api/workspaces lists those that there are", c.Workspace)
			}
		}
		if c.Mock != "" {
			if _, err := t.Mock(c.Mock); err != nil {
				return fmt.Errorf("there is no mock with the id %s; GET /_mimus/api/mocks lists those that there are", c.Mock)
			}
		}
		return t.CreateKey(&k)
	})
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	fmt.Fprintln(out.out, secret)
	fmt.Fprintf(out.err, "This is the key %q with the scope %s; it is not shown again.\nSend it as x-api-key, or as Authorization: Bearer. Running servers take it within a second.\n", k.Name, k.Scope)
	return nil
}

// usualScope is admin for the first key, then edit.
func usualScope(t *store.Tx) (string, error) {
	keys, err := t.Keys(store.Page{})
	for _, k := range keys {
		if k.Scope == "admin" && k.Revoked.IsZero() {
			return "edit", err
		}
	}
	return "admin", err
}

type keysListCmd struct{ storeFlags }

// Run lists the keys.
func (c *keysListCmd) Run(ctx context.Context, out streams) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	var keys []store.Key
	err = s.View(ctx, func(t *store.Tx) (err error) {
		keys, err = t.Keys(store.Page{})
		return err
	})
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	if len(keys) == 0 {
		fmt.Fprintln(out.out, "There are no keys; mimus keys create NAME makes one.")
		return nil
	}
	w := tabwriter.NewWriter(out.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tKEY\tSCOPE\tFOR\tLAST USED\tSTATE")
	for _, k := range keys {
		state := "valid"
		switch {
		case !k.Revoked.IsZero():
			state = "revoked " + k.Revoked.Format(time.DateOnly)
		case !k.Expires.IsZero() && k.Expires.Before(time.Now()):
			state = "expired " + k.Expires.Format(time.DateOnly)
		case !k.Expires.IsZero():
			state = "until " + k.Expires.Format("2006-01-02 15:04")
		}
		used := "never"
		if !k.Used.IsZero() {
			used = k.Used.Format("2006-01-02 15:04")
		}
		limits := strings.TrimSpace(k.Workspace + " " + k.Mock)
		if limits == "" {
			limits = "all"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Name, k.Hint, k.Scope, limits, used, state)
	}
	return w.Flush()
}

type keysRevokeCmd struct {
	storeFlags
	ID string `arg:"" help:"Id or name of the key."`
}

// Run ends a key.
func (c *keysRevokeCmd) Run(ctx context.Context, out streams) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	err = s.Update(ctx, store.Actor{User: 1}, func(t *store.Tx) error {
		keys, err := t.Keys(store.Page{})
		if err != nil {
			return err
		}
		var found []store.Key
		for _, k := range keys {
			if k.ID == c.ID || k.Name == c.ID && k.Revoked.IsZero() {
				found = append(found, k)
			}
		}
		switch len(found) {
		case 0:
			return fmt.Errorf("there is no key %s; mimus keys list shows those that there are", c.ID)
		case 1:
			return t.RevokeKey(found[0].ID)
		}
		return fmt.Errorf("%d keys have the name %s; give the id of one, which mimus keys list shows", len(found), c.ID)
	})
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	fmt.Fprintln(out.out, "The key is revoked; running servers refuse it within a second.")
	return nil
}
