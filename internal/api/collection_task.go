package api

import (
	"errors"
	"net/http"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/items"
	"github.com/mimus-dev/mimus/internal/store"
)

// The kinds of tasks on collections.
const (
	updateTask    = "collection-update"
	duplicateTask = "collection-duplicate"
)

func (a *API) getCollectionUpdatesTask(c *call) error {
	task, err := c.collectionTask(updateTask)
	if errors.Is(err, store.ErrNotFound) {
		return notFoundProblem("The requested task does not exist.")
	}
	if err != nil {
		return err
	}
	status := task.Status
	if status == taskDone {
		status = "successful"
	}
	return c.json(http.StatusOK, object{"id": task.ID, "status": status})
}

// collectionTask reads a task that worked on a collection, where the key reaches
// that.
func (c *call) collectionTask(kind string) (task store.Task, err error) {
	err = c.view(func(t *store.Tx) (err error) {
		if task, err = c.taskOf(t, "taskId", kind); err != nil {
			return err
		}
		e, err := t.CollectionHead(task.Element)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return c.may(e.Workspace)
	})
	return task, err
}

func notFoundProblem(detail string) *Failure {
	return problem(http.StatusNotFound, "not-found", "Not Found", detail)
}

// duplicateCollection copies a collection to a workspace. The copy and what is
// in it have ids of their own.
func (a *API) duplicateCollection(c *call) error {
	var body struct {
		Workspace *string `json:"workspace"`
		Suffix    *string `json:"suffix"`
	}
	if err := c.decode(&body); err != nil {
		return err
	}
	if body.Workspace == nil || *body.Workspace == "" {
		return plainProblem(http.StatusBadRequest, "badRequest", "Invalid request", "Missing parameter, workspaceId")
	}
	var task store.Task
	err := c.update(func(t *store.Tx) error {
		source, err := c.collection(t)
		if errors.Is(err, store.ErrNotFound) {
			return notFoundProblem("We could not find the collection you are looking for")
		}
		if err != nil {
			return err
		}
		w, err := t.Workspace(plainID(*body.Workspace))
		if errors.Is(err, store.ErrNotFound) || err == nil && c.may(w.ID) != nil {
			return notFoundProblem("We could not find the workspace you are looking for")
		}
		if err != nil {
			return err
		}
		name := source.Name
		if body.Suffix != nil && *body.Suffix != "" {
			name += " " + *body.Suffix
		}
		copied, err := duplicate(source, name)
		if err != nil {
			return err
		}
		copied.Workspace, copied.Owner = w.ID, c.who.User
		if err := t.CreateCollection(copied); err != nil {
			return err
		}
		task, err = c.taskFinished(t, duplicateTask, copied.ID, nil)
		return err
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"task": object{"id": uid(c.who.User, task.ID), "status": "processing"}})
}

func duplicate(source *documented, name string) (*store.Collection, error) {
	if f := usableName("name", name); f != nil {
		return nil, f
	}
	items.Reidentify(source.doc, store.NewID)
	info := source.doc.Get("info")
	if n := info.Get("name"); n != nil {
		*n = definition.NewString(name).With("name")
	}
	e := &store.Collection{ID: info.Get("_postman_id").Str(), Name: name, Body: source.doc.AppendJSON(nil)}
	return e, nil
}

func (a *API) getDuplicateCollectionTask(c *call) error {
	if !uuidForm.MatchString(c.id("taskId")) {
		return problem(http.StatusBadRequest, "bad-request", "Bad request", "Invalid task id")
	}
	task, err := c.collectionTask(duplicateTask)
	if errors.Is(err, store.ErrNotFound) {
		return notFoundProblem("The requested resource does not exist.")
	}
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"task": object{"id": uid(c.who.User, task.ID), "reason": nil, "status": task.Status}})
}
