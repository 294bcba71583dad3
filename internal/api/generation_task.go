package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/mimus-dev/mimus/internal/store"
)

// generationTask is the kind of tasks of generations and synchronisations.
const generationTask = "spec-generation"

// taskResult is what a client is told of a task. Its work was done in the
// request that asked for it.
type taskResult struct {
	Model      string `json:"model"`  // what was made or changed: collection, spec
	Action     string `json:"action"` // generation, sync
	Spec       string `json:"spec,omitempty"`
	Collection string `json:"collection,omitempty"` // ids
	UID        string `json:"uid,omitempty"`        // of the collection
	Workspace  string `json:"workspace"`
	Problem    string `json:"problem,omitempty"` // why it failed
}

// putGeneration stores a task that is finished.
func (c *call) putGeneration(t *store.Tx, element string, r *taskResult) (store.Task, error) {
	body, err := marshal(r)
	if err != nil {
		return store.Task{}, err
	}
	k, err := c.taskFinished(t, generationTask, element, body)
	if err == nil && r.Problem != "" {
		k.Status = "failed"
		err = t.PutTask(&k)
	}
	return k, err
}

// failedTask stores a task that came to nothing, and answers with it.
func (c *call) failedTask(status int, element, base string, r *taskResult) error {
	var k store.Task
	err := c.update(func(t *store.Tx) (err error) {
		k, err = c.putGeneration(t, element, r)
		return err
	})
	if err != nil {
		return err
	}
	return c.taskAnswer(status, base, k)
}

// taskAnswer tells where to ask after a task; base is the element's URL.
func (c *call) taskAnswer(status int, base string, k store.Task) error {
	return c.json(status, object{"taskId": k.ID, "url": base + "/tasks/" + k.ID})
}

// getTask tells what became of a task. It is found by each element that it
// worked on.
func (g *generations) getTask(c *call) error {
	var k store.Task
	var r taskResult
	err := c.view(func(t *store.Tx) (err error) {
		k, err = c.taskOf(t, "taskId", generationTask)
		if errors.Is(err, store.ErrNotFound) {
			return noSpecPart()
		}
		if err != nil {
			return err
		}
		if err := json.Unmarshal(k.Result, &r); err != nil {
			return err
		}
		own := map[string]string{"specs": r.Spec, "collections": r.Collection}[c.param("elementType")]
		if own == "" || own != c.id("elementId") || c.may(r.Workspace) != nil {
			return noSpecPart()
		}
		return nil
	})
	if err != nil {
		return err
	}
	answer := object{"status": k.Status, "meta": object{"model": r.Model, "action": r.Action}}
	switch {
	case r.Problem != "":
		answer["details"] = r.Problem
	case r.Model == "spec":
		answer["details"] = object{"resources": []object{{"id": r.Spec, "url": "/specs/" + r.Spec}}}
	default:
		answer["details"] = object{"resources": []object{{"id": r.UID, "url": "/collections/" + r.Collection}}}
	}
	return c.json(http.StatusOK, answer)
}
