package api

import (
	"time"

	"github.com/mimus-dev/mimus/internal/store"
)

// taskKept is how long a client may ask after a task.
const taskKept = 7 * 24 * time.Hour

// taskDone is the status of a task that is finished; operations have words of
// their own for it.
const taskDone = "completed"

// taskFinished stores a task whose work was done in the same transaction: what
// the API offers as asynchronous is quick enough to be done at once, and so is
// either there as a whole or refused.
func (c *call) taskFinished(t *store.Tx, kind, element string, result []byte) (store.Task, error) {
	if err := t.ForgetTasks(t.Now().Add(-taskKept)); err != nil {
		return store.Task{}, err
	}
	k := store.Task{ID: store.NewID(), Kind: kind, Element: element, Status: taskDone, Result: result}
	err := t.PutTask(&k)
	return k, err
}

// taskOf reads the task that a parameter of the path names; one of another kind
// is not there.
func (c *call) taskOf(t *store.Tx, param, kind string) (store.Task, error) {
	k, err := t.Task(c.id(param))
	if err == nil && k.Kind != kind {
		return store.Task{}, store.ErrNotFound
	}
	return k, err
}
