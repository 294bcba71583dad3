package transfer

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/mimus-dev/mimus/internal/hosting"
	"github.com/mimus-dev/mimus/internal/store"
)

// wanted is a mock as files describe it.
type wanted struct {
	mock      store.Mock // an empty slug is chosen; that of a row stays
	stem      string     // what a slug is made of
	source    string     // the file that is to blame, for people
	elements  []*element
	responses []Response
	whole     bool // the file says the server responses too
}

// put stores a mock where it is new or has changed.
func (w *wanted) put(t *store.Tx, p place) (Outcome, error) {
	row, err := t.Mock(w.mock.ID)
	fresh := errors.Is(err, store.ErrNotFound)
	if err != nil && !fresh || !fresh && p.leaves(row.File) {
		return Unchanged, err
	}
	next := w.mock
	next.File = p.file(w.mock.File)
	if len(next.Config) == 0 {
		next.Config = []byte("{}")
	}
	if fresh {
		next.Workspace, next.Owner = p.workspace, ownerOf(t)
		if next.Slug == "" {
			if next.Slug, err = freeSlug(t, w.stem); err != nil {
				return "", err
			}
		}
		if err := t.CreateMock(&next); err != nil {
			return "", w.blame(err)
		}
		_, err := w.putResponses(t, &next)
		return Imported, err
	}
	next.Workspace, next.Owner, next.ResponseID = p.in(row.Workspace), row.Owner, row.ResponseID
	next.Created, next.Updated, next.Revision = row.Created, row.Updated, row.Revision
	next.Slug = cmp.Or(next.Slug, row.Slug)
	outcome := Unchanged
	if !reflect.DeepEqual(next, row) {
		outcome = Updated
		if err := t.UpdateMock(&next); err != nil {
			return "", w.blame(err)
		}
	}
	changed, err := w.putResponses(t, &next)
	if changed {
		outcome = Updated
	}
	return outcome, err
}

// blame says whose address another mock has.
func (w *wanted) blame(err error) error {
	if errors.Is(err, store.ErrTaken) {
		return fmt.Errorf("%s: %w; choose another", w.source, err)
	}
	return err
}

// freeSlug is a slug that no mock has.
func freeSlug(t *store.Tx, stem string) (string, error) {
	base := hosting.Slug(stem)
	for n := 1; ; n++ {
		slug := base
		if n > 1 {
			slug = fmt.Sprintf("%s-%d", base, n)
		}
		taken, err := t.Mocks(store.MockFilter{Slug: slug})
		if err != nil || len(taken) == 0 {
			return slug, err
		}
	}
}

// Response is a server response of a mock as a file describes it.
type Response struct {
	Name     string
	Status   int
	Headers  []byte // JSON: [{"key": …, "value": …}]
	Language string
	Body     string
	Active   bool
}

// putResponses makes the server responses of a mock those of the file.
func (w *wanted) putResponses(t *store.Tx, m *store.Mock) (changed bool, err error) {
	if !w.whole {
		return false, nil
	}
	rows, err := t.ServerResponses(m.ID)
	if err != nil {
		return false, err
	}
	old := map[string]store.ServerResponse{}
	for _, r := range rows {
		old[r.ID] = r
	}
	active, seen := "", map[string]int{}
	for _, r := range w.responses {
		seen[r.Name]++
		next := store.ServerResponse{
			ID: idOf(m.ID, "response", r.Name, fmt.Sprint(seen[r.Name])), Mock: m.ID,
			Name: r.Name, Status: r.Status, Headers: r.Headers, Language: r.Language, Body: r.Body,
		}
		if r.Active {
			active = next.ID
		}
		row, there := old[next.ID]
		delete(old, next.ID)
		switch {
		case !there:
			changed, err = true, t.CreateServerResponse(&next)
		case row.Status != r.Status || !bytes.Equal(row.Headers, r.Headers) || row.Language != r.Language || row.Body != r.Body:
			next.Created, next.CreatedBy = row.Created, row.CreatedBy
			changed, err = true, t.UpdateServerResponse(&next)
		}
		if err != nil {
			return changed, err
		}
	}
	for id := range old {
		changed = true
		if err := t.DeleteServerResponse(m.ID, id); err != nil {
			return changed, err
		}
	}
	if m.ResponseID == active {
		return changed, nil
	}
	m.ResponseID = active
	return true, t.UpdateMock(m)
}

// park takes the addresses of rows that others want away from them, so that
// two mocks can change places.
func park(t *store.Tx, list []wanted) error {
	wants := map[string]string{} // address → id
	for i := range list {
		m := &list[i].mock
		for _, a := range addresses(m.Slug, m.Host, m.Prefix) {
			wants[a] = m.ID
		}
	}
	for i := range list {
		row, err := t.Mock(list[i].mock.ID)
		if errors.Is(err, store.ErrNotFound) || err == nil && row.File == "" {
			continue
		}
		if err != nil {
			return err
		}
		for _, a := range addresses(row.Slug, row.Host, row.Prefix) {
			if id := wants[a]; id == "" || id == row.ID {
				continue
			}
			if list[i].mock.Slug != "" {
				row.Slug = row.ID
			}
			row.Host, row.Prefix = "", ""
			if err := t.UpdateMock(&row); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

func addresses(slug, host, prefix string) []string {
	var out []string
	for _, a := range [...]string{"slug " + slug, "host " + host, "prefix " + prefix} {
		if !strings.HasSuffix(a, " ") {
			out = append(out, a)
		}
	}
	return out
}
