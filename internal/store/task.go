package store

import "time"

// Task is work that a client asks after.
type Task struct {
	ID      string
	Kind    string // what it does
	Element string // the id of what it does it to
	Status  string // pending, in-progress, completed, failed; the API's words
	Result  []byte // JSON; nil: none
	Created time.Time
	Updated time.Time
}

// Task reads one.
func (t *Tx) Task(id string) (Task, error) {
	return one(t, func(r scanner) (k Task, err error) {
		var created, updated int64
		err = r.Scan(&k.ID, &k.Kind, &k.Element, &k.Status, &k.Result, &created, &updated)
		k.Created, k.Updated = fromMillis(created), fromMillis(updated)
		return k, err
	}, `SELECT id, kind, element, status, result, created, updated FROM tasks WHERE id = $1`, id)
}

// PutTask stores one, in place of the one with its id.
func (t *Tx) PutTask(k *Task) error {
	k.Updated = t.now
	if k.Created.IsZero() {
		k.Created = t.now
	}
	return t.exec(`INSERT INTO tasks (id, kind, element, status, result, created, updated) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET status = excluded.status, result = excluded.result, updated = excluded.updated`,
		k.ID, k.Kind, k.Element, k.Status, k.Result, millis(k.Created), millis(k.Updated))
}

// ForgetTasks deletes those that are older.
func (t *Tx) ForgetTasks(before time.Time) error {
	return t.exec(`DELETE FROM tasks WHERE updated < $1`, millis(before))
}

// Run is the result of a run of a collection, as its client sent it.
type Run struct {
	ID         string
	Collection string
	Workspace  string
	Owner      int64
	Body       []byte // JSON
	Created    time.Time
}

// CreateRun stores a new one.
func (t *Tx) CreateRun(r *Run) error {
	r.Created = t.now
	return t.exec(`INSERT INTO runs (id, collection, workspace, owner, body, created) VALUES ($1, $2, $3, $4, $5, $6)`,
		r.ID, r.Collection, r.Workspace, r.Owner, r.Body, millis(r.Created))
}

// Runs lists those of a collection, or all.
func (t *Tx) Runs(collection string, p Page) ([]Run, error) {
	var w where
	if collection != "" {
		w.and("collection = $?", collection)
	}
	q, args := w.list(`SELECT id, collection, workspace, owner, body, created FROM runs`, p)
	return all(t, scanRun, q, args...)
}

// Run reads one.
func (t *Tx) Run(id string) (Run, error) {
	return one(t, scanRun, `SELECT id, collection, workspace, owner, body, created FROM runs WHERE id = $1`, id)
}

func scanRun(r scanner) (v Run, err error) {
	var created int64
	err = r.Scan(&v.ID, &v.Collection, &v.Workspace, &v.Owner, &v.Body, &created)
	v.Created = fromMillis(created)
	return v, err
}
