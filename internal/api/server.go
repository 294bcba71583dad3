package api

import (
	_ "embed"
	"net/http"
	"strconv"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/store"
)

// description is the API's own OpenAPI document.
//
//go:embed openapi.yaml
var description []byte

func (a *API) serverRoutes() []route {
	return []route{
		{method: "GET", path: "/openapi.yaml", scope: access.None, handle: a.openAPIYAML},
		{method: "GET", path: "/openapi.json", scope: access.None, handle: a.openAPIJSON},
		{method: "GET", path: "/changes", scope: access.Admin, handle: a.getChanges},
	}
}

func (a *API) openAPIYAML(c *call) error {
	return c.bytes(http.StatusOK, "application/yaml; charset=utf-8", description)
}

func (a *API) openAPIJSON(c *call) error {
	v, _, err := document.ParseYAML(string(description), 0, document.Limits{})
	if err != nil {
		return err
	}
	return c.bytes(http.StatusOK, "application/json; charset=utf-8", v.AppendIndentedJSON(nil, "", "  "))
}

const (
	changeRows    = 100
	maxChangeRows = 1000
)

// getChanges lists who changed what, the last changes first.
func (a *API) getChanges(c *call) error {
	limit, err := c.limit("limit", changeRows, maxChangeRows)
	if err != nil {
		return err
	}
	f := store.ChangeFilter{Kind: c.query("kind"), ID: plainID(c.query("id")), Workspace: plainID(c.query("workspace"))}
	if c.who.Workspace != "" {
		if f.Workspace != "" && f.Workspace != c.who.Workspace {
			return problem(http.StatusForbidden, "forbidden", "Forbidden", "This key is for another workspace.")
		}
		f.Workspace = c.who.Workspace
	}
	if text := c.query("cursor"); text != "" {
		plain, ok := decodeCursor(text)
		seq, err := strconv.ParseInt(plain, 36, 64)
		if !ok || err != nil || seq < 1 {
			return problem(http.StatusBadRequest, "bad-request", "Malformed request", "Invalid cursor")
		}
		f.Before = seq
	}
	var page []store.Change
	more := false
	err = c.view(func(t *store.Tx) (err error) {
		page, more, err = changesPage(t, f, limit)
		return err
	})
	if err != nil {
		return err
	}
	rows := []object{}
	for i := range page {
		rows = append(rows, changeRow(&page[i]))
	}
	meta := object{}
	if more {
		meta["nextCursor"] = encodeCursor(strconv.FormatInt(page[len(page)-1].Seq, 36))
	}
	return c.json(http.StatusOK, object{"changes": rows, "meta": meta})
}

// changesPage reads about limit changes. It ends between two transactions: a
// cursor can't stand within one. One that is longer than a page is read whole.
func changesPage(t *store.Tx, f store.ChangeFilter, limit int) (page []store.Change, more bool, err error) {
	for f.Limit = limit + 1; ; f.Limit *= 2 {
		list, err := t.Changes(f)
		if err != nil || len(list) < f.Limit {
			return list, false, err
		}
		last := list[len(list)-1].Seq
		for n := len(list) - 1; n > 0; n-- {
			if list[n-1].Seq != last {
				return list[:n], true, nil
			}
		}
	}
}

func changeRow(ch *store.Change) object {
	return object{
		"seq": ch.Seq, "at": isoTime(ch.At), "user": strconv.FormatInt(ch.User, 10), "key": ch.Key, "action": ch.Action,
		"kind": ch.Kind, "id": ch.ID, "name": ch.Name, "workspace": ch.Workspace,
	}
}
