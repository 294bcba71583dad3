package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Spec is an API specification of one or more files.
type Spec struct {
	ID          string
	Workspace   string
	Owner       int64
	Name        string
	Type        string // OPENAPI:3.0, …
	Follow      string // the URL that it follows; "" none
	FollowEvery time.Duration
	Followed    time.Time // when it was last asked for
	FollowError string    // what went wrong then
	File        string    // the file that owns it
	Created     time.Time
	Updated     time.Time
	UpdatedBy   int64
	Revision    int64
}

const specColumns = `id, workspace, owner, name, type, follow, follow_every, followed, follow_error, file, created, updated, updated_by, revision`

func scanSpec(r scanner) (s Spec, err error) {
	var every, followed, created, updated int64
	err = r.Scan(&s.ID, &s.Workspace, &s.Owner, &s.Name, &s.Type, &s.Follow, &every, &followed, &s.FollowError, &s.File,
		&created, &updated, &s.UpdatedBy, &s.Revision)
	s.FollowEvery = time.Duration(every) * time.Millisecond
	s.Followed, s.Created, s.Updated = fromMillis(followed), fromMillis(created), fromMillis(updated)
	return s, err
}

// Spec reads one, without its files.
func (t *Tx) Spec(id string) (Spec, error) {
	return one(t, scanSpec, `SELECT `+specColumns+` FROM specs WHERE id = $1`, id)
}

// Specs lists them.
func (t *Tx) Specs(f ElementFilter) ([]Spec, error) {
	q, args := f.where().list(`SELECT `+specColumns+` FROM specs`, f.Page)
	return all(t, scanSpec, q, args...)
}

// FollowingSpecs lists those that follow a URL.
func (t *Tx) FollowingSpecs() ([]Spec, error) {
	return all(t, scanSpec, `SELECT `+specColumns+` FROM specs WHERE follow <> '' ORDER BY id`)
}

// CreateSpec stores a new one.
func (t *Tx) CreateSpec(s *Spec) error {
	s.Created, s.Updated, s.UpdatedBy, s.Revision = t.now, t.now, t.by.User, 1
	err := t.unique(`INSERT INTO specs (`+specColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING`,
		s.ID, s.Workspace, s.Owner, s.Name, s.Type, s.Follow, s.FollowEvery.Milliseconds(), millis(s.Followed), s.FollowError, s.File,
		millis(s.Created), millis(s.Updated), s.UpdatedBy, s.Revision)
	if err != nil {
		return err
	}
	return t.changed("create", KindSpec, s.ID, s.Name, s.Workspace)
}

// UpdateSpec stores a changed one. Who changes its files calls it too: it is
// what tells mocks of the change.
func (t *Tx) UpdateSpec(s *Spec) error {
	s.Updated, s.UpdatedBy = t.now, t.by.User
	s.Revision++
	err := t.must(`UPDATE specs SET workspace = $2, name = $3, type = $4, follow = $5, follow_every = $6, followed = $7, follow_error = $8,
		file = $9, updated = $10, updated_by = $11, revision = $12 WHERE id = $1`,
		s.ID, s.Workspace, s.Name, s.Type, s.Follow, s.FollowEvery.Milliseconds(), millis(s.Followed), s.FollowError,
		s.File, millis(s.Updated), s.UpdatedBy, s.Revision)
	if err != nil {
		return err
	}
	return t.changed("update", KindSpec, s.ID, s.Name, s.Workspace)
}

// NoteFollowed notes that a spec's URL was asked for; it is no change.
func (t *Tx) NoteFollowed(id, problem string) error {
	return t.must(`UPDATE specs SET followed = $2, follow_error = $3 WHERE id = $1`, id, millis(t.now), problem)
}

// DeleteSpec deletes one with its files and versions. Mocks of it stay,
// deactivated.
func (t *Tx) DeleteSpec(id string) error {
	s, err := t.Spec(id)
	if err != nil {
		return err
	}
	if err := t.must(`DELETE FROM specs WHERE id = $1`, id); err != nil {
		return err
	}
	return t.changed("delete", KindSpec, id, s.Name, s.Workspace)
}

// SpecFile is a file of a spec.
type SpecFile struct {
	ID        string
	Spec      string
	Path      string // with slashes, relative, clean
	Root      bool   // the entry of the spec
	Content   []byte // nil in lists
	Created   time.Time
	CreatedBy int64
	Updated   time.Time
	UpdatedBy int64
}

const specFileColumns = `id, spec, path, root, created, created_by, updated, updated_by`

func scanSpecFile(r scanner) (f SpecFile, err error) {
	var created, updated int64
	err = r.Scan(&f.ID, &f.Spec, &f.Path, &f.Root, &created, &f.CreatedBy, &updated, &f.UpdatedBy)
	f.Created, f.Updated = fromMillis(created), fromMillis(updated)
	return f, err
}

func scanSpecFileContent(r scanner) (f SpecFile, err error) {
	var created, updated int64
	err = r.Scan(&f.ID, &f.Spec, &f.Path, &f.Root, &created, &f.CreatedBy, &updated, &f.UpdatedBy, &f.Content)
	f.Created, f.Updated = fromMillis(created), fromMillis(updated)
	return f, err
}

// SpecFiles lists the files of a spec, without their contents.
func (t *Tx) SpecFiles(spec string) ([]SpecFile, error) {
	return all(t, scanSpecFile, `SELECT `+specFileColumns+` FROM spec_files WHERE spec = $1 ORDER BY created, path`, spec)
}

// SpecContents reads all files of a spec.
func (t *Tx) SpecContents(spec string) ([]SpecFile, error) {
	return all(t, scanSpecFileContent, `SELECT `+specFileColumns+`, content FROM spec_files WHERE spec = $1 ORDER BY created, path`, spec)
}

// SpecFile reads one file.
func (t *Tx) SpecFile(spec, path string) (SpecFile, error) {
	return one(t, scanSpecFileContent, `SELECT `+specFileColumns+`, content FROM spec_files WHERE spec = $1 AND path = $2`, spec, path)
}

// CreateSpecFile stores a new file. ErrTaken: the spec has one of that path.
func (t *Tx) CreateSpecFile(f *SpecFile) error {
	f.Created, f.Updated, f.CreatedBy, f.UpdatedBy = t.now, t.now, t.by.User, t.by.User
	return t.unique(`INSERT INTO spec_files (`+specFileColumns+`, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
		f.ID, f.Spec, f.Path, f.Root, millis(f.Created), f.CreatedBy, millis(f.Updated), f.UpdatedBy, f.Content)
}

// UpdateSpecFile stores a changed file; its path may change. The caller sees to
// it that one file is the root.
func (t *Tx) UpdateSpecFile(f *SpecFile) error {
	f.Updated, f.UpdatedBy = t.now, t.by.User
	return t.must(`UPDATE spec_files SET path = $2, root = $3, content = $4, updated = $5, updated_by = $6 WHERE id = $1`,
		f.ID, f.Path, f.Root, f.Content, millis(f.Updated), f.UpdatedBy)
}

// DeleteSpecFile deletes a file.
func (t *Tx) DeleteSpecFile(spec, path string) error {
	return t.must(`DELETE FROM spec_files WHERE spec = $1 AND path = $2`, spec, path)
}

// SpecVersion is a named state of a spec's files.
type SpecVersion struct {
	ID      string
	Spec    string
	Name    string
	Owner   int64
	Created time.Time
	Digest  string // of the files
	Files   []VersionFile
}

// VersionFile is a file as a version has it.
type VersionFile struct {
	ID      string `json:"id"`
	Path    string `json:"path"`
	Root    bool   `json:"root"`
	Content []byte `json:"content"`
}

// Digest is one text for a state of a spec's files, equal for equal files in
// whatever order.
func Digest(files []SpecFile) string {
	h := sha256.New()
	for _, f := range slices.SortedFunc(slices.Values(files), func(a, b SpecFile) int { return strings.Compare(a.Path, b.Path) }) {
		for _, part := range [][]byte{[]byte(f.Path), f.Content} {
			sum := sha256.Sum256(part)
			_, _ = h.Write(sum[:])
		}
		if f.Root {
			_, _ = h.Write([]byte{1})
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// CreateSpecVersion keeps the files of a spec as they are now.
func (t *Tx) CreateSpecVersion(v *SpecVersion) error {
	files, err := t.SpecContents(v.Spec)
	if err != nil {
		return err
	}
	v.Created, v.Owner, v.Digest, v.Files = t.now, t.by.User, Digest(files), nil
	for _, f := range files {
		v.Files = append(v.Files, VersionFile{f.ID, f.Path, f.Root, f.Content})
	}
	body, err := json.Marshal(v.Files)
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO spec_versions (id, spec, name, owner, created, digest, files) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		v.ID, v.Spec, v.Name, v.Owner, millis(v.Created), v.Digest, body)
}

// SpecVersions lists the versions of a spec, the last one first, without files.
func (t *Tx) SpecVersions(spec string) ([]SpecVersion, error) {
	return all(t, func(r scanner) (v SpecVersion, err error) {
		var created int64
		err = r.Scan(&v.ID, &v.Spec, &v.Name, &v.Owner, &created, &v.Digest)
		v.Created = fromMillis(created)
		return v, err
	}, `SELECT id, spec, name, owner, created, digest FROM spec_versions WHERE spec = $1 ORDER BY created DESC, id`, spec)
}

// SpecVersion reads one with its files.
func (t *Tx) SpecVersion(spec, id string) (SpecVersion, error) {
	return one(t, func(r scanner) (v SpecVersion, err error) {
		var created int64
		var files []byte
		if err := r.Scan(&v.ID, &v.Spec, &v.Name, &v.Owner, &created, &v.Digest, &files); err != nil {
			return v, err
		}
		v.Created = fromMillis(created)
		err = json.Unmarshal(files, &v.Files)
		return v, err
	}, `SELECT id, spec, name, owner, created, digest, files FROM spec_versions WHERE spec = $1 AND id = $2`, spec, id)
}

// SpecLink says that a collection and a spec were made of each other.
type SpecLink struct {
	Spec       string
	Collection string
	Origin     string // "spec" or "collection": what the other was generated from
	Options    []byte // JSON of the options of generation; nil: none
	Sync       []byte // JSON of the options of synchronisation; nil: none
	Digest     string // of the source when the two were last in step
	Created    time.Time
	Updated    time.Time
}

// SpecLinks lists links by spec, by collection, or both.
func (t *Tx) SpecLinks(spec, collection string) ([]SpecLink, error) {
	var w where
	if spec != "" {
		w.and("spec = $?", spec)
	}
	if collection != "" {
		w.and("collection = $?", collection)
	}
	return all(t, func(r scanner) (l SpecLink, err error) {
		var created, updated int64
		err = r.Scan(&l.Spec, &l.Collection, &l.Origin, &l.Options, &l.Sync, &l.Digest, &created, &updated)
		l.Created, l.Updated = fromMillis(created), fromMillis(updated)
		return l, err
	}, `SELECT spec, collection, origin, options, sync, digest, created, updated FROM spec_links`+w.text.String()+` ORDER BY created, spec, collection`, w.args...)
}

// PutSpecLink stores a link, in place of the one between the two.
func (t *Tx) PutSpecLink(l *SpecLink) error {
	l.Updated = t.now
	if l.Created.IsZero() {
		l.Created = t.now
	}
	return t.exec(`INSERT INTO spec_links (spec, collection, origin, options, sync, digest, created, updated) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (spec, collection) DO UPDATE SET origin = excluded.origin, options = excluded.options, sync = excluded.sync,
			digest = excluded.digest, updated = excluded.updated`,
		l.Spec, l.Collection, l.Origin, l.Options, l.Sync, l.Digest, millis(l.Created), millis(l.Updated))
}
