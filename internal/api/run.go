package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/store"
)

func (a *API) runRoutes() []route {
	return []route{
		{method: "GET", path: "/collectionruns", scope: access.View, handle: a.getRuns},
		{method: "POST", path: "/collectionruns", scope: access.Edit, handle: a.createRun},
		{method: "GET", path: "/collectionruns/{runId}", scope: access.View, handle: a.getRun},
	}
}

const (
	maxRun     = 16 << 20 // bytes of one
	maxRunRows = 100
)

// createRun keeps the result of a run of a collection, as Postman's own client
// sends it after each run.
func (a *API) createRun(c *call) error {
	body, err := c.tree()
	if err != nil {
		return err
	}
	result := body.Get("collectionRun")
	if !result.Is(definition.Object) {
		return missing("collectionRun")
	}
	collection := result.Get("collection")
	if !collection.Is(definition.String) || collection.Text == "" {
		return missing("collectionRun.collection")
	}
	if f := usableText("collectionRun.collection", collection.Text); f != nil {
		return f
	}
	if deeperThan(body, maxRunDepth) {
		return malformed("The result of the run nests too deep.")
	}
	run := store.Run{Collection: plainID(collection.Text), Owner: c.who.User, Body: body.AppendJSON(nil)}
	if len(run.Body) > maxRun {
		return problem(http.StatusRequestEntityTooLarge, "payload-too-large", "Payload Too Large", "The result of a run may have 16 MB.")
	}
	err = c.update(func(t *store.Tx) (err error) {
		if run.Workspace, err = c.workspaceOfRun(t, run.Collection); err != nil {
			return err
		}
		if run.ID, err = freeRunID(t, result.Get("id").Str()); err != nil {
			return err
		}
		return t.CreateRun(&run)
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusCreated, object{"collectionRun": runRow(&run)})
}

// maxRunDepth bounds how deep a result nests, in levels.
const maxRunDepth = 500

// workspaceOfRun is where the collection is that ran; the collection need not
// be known here.
func (c *call) workspaceOfRun(t *store.Tx, collection string) (string, error) {
	e, err := t.CollectionHead(collection)
	if err == nil && c.may(e.Workspace) == nil {
		return e.Workspace, nil
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	id, err := c.workspaceID(t, "workspace")
	if err != nil {
		return "", err
	}
	return id, c.may(id)
}

// freeRunID is the id that a run brings along, where nothing has it yet.
func freeRunID(t *store.Tx, wanted string) (string, error) {
	if !uuidForm.MatchString(wanted) {
		return store.NewID(), nil
	}
	_, err := t.Run(wanted)
	if errors.Is(err, store.ErrNotFound) {
		return wanted, nil
	}
	return store.NewID(), err
}

// runRow is what lists tell of a run.
func runRow(r *store.Run) object {
	var body struct {
		Run struct {
			Name     json.RawMessage `json:"name"`
			Status   json.RawMessage `json:"status"`
			Failed   json.RawMessage `json:"failedTestCount"`
			Passed   json.RawMessage `json:"passedTestCount"`
			Total    json.RawMessage `json:"totalTestCount"`
			Requests json.RawMessage `json:"totalRequests"`
			Time     json.RawMessage `json:"totalTime"`
		} `json:"collectionRun"`
	}
	_ = json.Unmarshal(r.Body, &body) // it was read when it was stored
	row := object{
		"id": r.ID, "collection": r.Collection, "workspace": r.Workspace, "owner": strconv.FormatInt(r.Owner, 10), "createdAt": isoTime(r.Created),
	}
	for name, value := range map[string]json.RawMessage{
		"name": body.Run.Name, "status": body.Run.Status, "failedTestCount": body.Run.Failed, "passedTestCount": body.Run.Passed,
		"totalTestCount": body.Run.Total, "totalRequests": body.Run.Requests, "totalTime": body.Run.Time,
	} {
		if value != nil {
			row[name] = value
		}
	}
	return row
}

func (a *API) getRuns(c *call) error {
	limit, err := c.limit("limit", maxRunRows, maxRunRows)
	if err != nil {
		return err
	}
	at, err := c.cursor("cursor")
	if err != nil {
		return err
	}
	var rows []object
	meta := object{}
	err = c.view(func(t *store.Tx) error {
		rows, meta = []object{}, object{}
		page := store.Page{Limit: 20, After: at}
		var last store.Cursor
		for {
			list, err := t.Runs(plainID(c.query("collection")), page)
			if err != nil || len(list) == 0 {
				return err
			}
			for i := range list {
				r := &list[i]
				page.After = store.Place(r.Created, r.ID)
				if c.may(r.Workspace) != nil {
					continue
				}
				if len(rows) == limit {
					meta["nextCursor"] = cursorText(last)
					return nil
				}
				rows, last = append(rows, runRow(r)), page.After
			}
		}
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"collectionRuns": rows, "meta": meta})
}

func (a *API) getRun(c *call) error {
	var run store.Run
	err := c.view(func(t *store.Tx) (err error) {
		if run, err = t.Run(c.param("runId")); err != nil {
			return err
		}
		return c.may(run.Workspace)
	})
	if err != nil {
		return err
	}
	row := runRow(&run)
	row["result"] = json.RawMessage(run.Body)
	return c.json(http.StatusOK, object{"collectionRun": row})
}
