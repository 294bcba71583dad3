package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/store"
)

// How often the URL of a spec is asked for.
const (
	followStandard = time.Hour
	followLeast    = time.Minute
	followMost     = 365 * 24 * time.Hour
	followTimeout  = 30 * time.Second
)

// readFollow reads {"url", "every"}; null is to follow nothing. What it doesn't
// say stays.
func readFollow(s *store.Spec, v *definition.Value) error {
	if v.Is(definition.Null) {
		s.Follow, s.FollowEvery, s.Followed, s.FollowError = "", 0, time.Time{}, ""
		return nil
	}
	if !v.Is(definition.Object) {
		return wrongSpecProperty("follow", `It should be an object such as {"url": "https://example.com/openapi.yaml", "every": "1h"}, or null.`)
	}
	where, there, err := specText(v, "url")
	switch {
	case err != nil:
		return wrongSpecProperty("follow.url", "It should be a string.")
	case !there && s.Follow == "":
		return wrongSpecProperty("follow.url", "It is missing.")
	case there:
		u, err := url.Parse(where)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(where) > 2048 {
			return wrongSpecProperty("follow.url", "It should be an http or https URL of at most 2048 bytes.")
		}
		if where != s.Follow {
			s.Followed, s.FollowError = time.Time{}, ""
		}
		s.Follow = where
	}
	every, there, err := specText(v, "every")
	if err != nil {
		return wrongSpecProperty("follow.every", `It should be a string such as "1h".`)
	}
	if there {
		d, err := time.ParseDuration(every)
		if err != nil || d < followLeast || d > followMost {
			return wrongSpecProperty("follow.every", `It should be a time from "1m" to "8760h", such as "1h".`)
		}
		s.FollowEvery = d
	} else if s.FollowEvery == 0 {
		s.FollowEvery = followStandard
	}
	return nil
}

// followView shows what a spec follows.
func followView(s *store.Spec) object {
	every := s.FollowEvery.String() // 1h0m0s
	if strings.HasSuffix(every, "m0s") {
		every = strings.TrimSuffix(every, "0s")
	}
	if strings.HasSuffix(every, "h0m") {
		every = strings.TrimSuffix(every, "0m")
	}
	v := object{"url": s.Follow, "every": every, "checkedAt": nil, "error": nil}
	if !s.Followed.IsZero() {
		v["checkedAt"] = isoTime(s.Followed)
	}
	if s.FollowError != "" {
		v["error"] = s.FollowError
	}
	return v
}

// fetchFirst gets the root file of a new spec from the URL that it follows.
func (a *API) fetchFirst(c *call, s *store.Spec) ([]store.SpecFile, error) {
	ctx, cancel := context.WithTimeout(c.Context(), followTimeout)
	defer cancel()
	data, err := a.fetchSpec(ctx, s)
	if err != nil {
		return nil, badSpec(err.Error())
	}
	s.Followed = a.cfg.Now()
	f := store.SpecFile{ID: store.NewID(), Path: followedPath(s, data), Root: true, Content: data}
	return []store.SpecFile{f}, checkFile(&f, s.Type)
}

// followedPath is the name of the file in the URL, where that can be one.
func followedPath(s *store.Spec, data []byte) string {
	if u, err := url.Parse(s.Follow); err == nil {
		if name := path.Base(u.Path); checkPath(name) == nil && hasExtension(s.Type, name) {
			return name
		}
	}
	switch specFamily(s.Type) {
	case "PROTOBUF":
		return "index.proto"
	case "GRAPHQL":
		return "index.graphql"
	case "SMITHY":
		return "main.smithy"
	}
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		return "index.json"
	}
	return "index.yaml"
}

// fetchSpec gets what a spec follows. Something that is plainly no such
// document, an error page with status 200, is refused.
func (a *API) fetchSpec(ctx context.Context, s *store.Spec) ([]byte, error) {
	if a.cfg.Fetch == nil {
		return nil, errors.New("this server fetches nothing")
	}
	data, err := a.cfg.Fetch(ctx, s.Follow)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s can't be fetched: %w", s.Follow, err)
	case len(data) > maxSpecFile:
		return nil, fmt.Errorf("%s is larger than 64 MB", s.Follow)
	case mockable(s.Type):
		root, _, err := document.Parse(string(data), s.Follow, 0, document.Limits{})
		if err != nil {
			return nil, fmt.Errorf("%s can't be read: %w", s.Follow, err)
		}
		if !root.Has("openapi") && !root.Has("swagger") {
			return nil, fmt.Errorf("%s is no OpenAPI document: it has neither openapi nor swagger", s.Follow)
		}
	}
	return data, nil
}

// Follow fetches what a spec follows and, where it has changed, replaces the
// root file. What goes wrong is noted in the spec, which stays as it was; the
// error is that of the store.
func (a *API) Follow(ctx context.Context, s store.Spec) error {
	data, err := a.fetchSpec(ctx, &s)
	trouble := ""
	if err != nil {
		trouble = strings.ReplaceAll(err.Error(), "\x00", "")
		trouble = strings.ToValidUTF8(trouble[:min(len(trouble), maxName)], "")
		// The fetch may have used up the time that there was.
		fresh, cancel := context.WithTimeout(context.WithoutCancel(ctx), followTimeout)
		defer cancel()
		ctx = fresh
	}
	err = a.cfg.Store.Update(ctx, store.Actor{User: s.Owner}, func(t *store.Tx) error {
		now, err := t.Spec(s.ID)
		if err != nil {
			return err
		}
		if now.Follow != s.Follow {
			return nil // it was changed meanwhile
		}
		if trouble == "" {
			if err := replaceRoot(t, &now, data); err != nil {
				return err
			}
		}
		return t.NoteFollowed(now.ID, trouble)
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil // it was deleted meanwhile
	}
	return err
}

// replaceRoot gives the root file another content, where that is another.
func replaceRoot(t *store.Tx, s *store.Spec, data []byte) error {
	files, err := t.SpecContents(s.ID)
	if err != nil {
		return err
	}
	root := rootOf(files)
	if root == nil {
		root = &store.SpecFile{ID: store.NewID(), Spec: s.ID, Path: followedPath(s, data), Root: true, Content: data}
		if err := t.CreateSpecFile(root); err != nil {
			return err
		}
		return t.UpdateSpec(s)
	}
	if bytes.Equal(root.Content, data) {
		return nil
	}
	root.Content = data
	if err := t.UpdateSpecFile(root); err != nil {
		return err
	}
	return t.UpdateSpec(s)
}
