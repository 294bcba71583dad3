package api

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/store"
)

// workspaceBody is what a workspace is made of or changed by; what is nil
// wasn't sent.
type workspaceBody struct {
	Workspace *struct {
		Name        *string `json:"name"`
		Type        *string `json:"type"`
		Description *string `json:"description"`
		About       *string `json:"about"`
	} `json:"workspace"`
}

// workspaceBody reads the body and checks what is in it.
func (c *call) workspaceBody() (*workspaceBody, error) {
	var b workspaceBody
	if err := c.decode(&b); err != nil {
		return nil, err
	}
	w := b.Workspace
	if w == nil {
		return nil, malformed("'workspace' object missing in the request")
	}
	if w.Name != nil {
		if f := usableName("name", *w.Name); f != nil {
			return nil, f
		}
	}
	if w.Type != nil && !slices.Contains(workspaceTypes, *w.Type) {
		return nil, invalid("type", "type must be one of: "+strings.Join(workspaceTypes, ", ")+".")
	}
	for _, member := range [...]struct {
		name string
		text *string
	}{{"description", w.Description}, {"about", w.About}} {
		if member.text == nil {
			continue
		}
		if f := usableText(member.name, *member.text); f != nil {
			return nil, f
		}
	}
	return &b, nil
}

func (a *API) createWorkspace(c *call) error {
	b, err := c.workspaceBody()
	if err != nil {
		return err
	}
	if b.Workspace.Name == nil {
		return missing("name")
	}
	if b.Workspace.Type == nil {
		return missing("type")
	}
	if c.may("") != nil {
		return &Failure{http.StatusForbidden, object{"error": object{
			"status": http.StatusForbidden, "name": "forbiddenError", "message": "You are not authorized to perform this action",
			"detail": "This key is for one workspace only: it can't make others.", "instance": "",
		}}}
	}
	w := store.Workspace{ID: store.NewID(), Owner: c.who.User}
	b.apply(&w)
	err = c.update(func(t *store.Tx) error {
		if err := uniquePublic(t, &w); err != nil {
			return err
		}
		return t.CreateWorkspace(&w)
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"workspace": object{"id": w.ID, "name": w.Name}})
}

func (b *workspaceBody) apply(w *store.Workspace) {
	for _, member := range [...]struct{ to, from *string }{
		{&w.Name, b.Workspace.Name}, {&w.Type, b.Workspace.Type}, {&w.Description, b.Workspace.Description}, {&w.About, b.Workspace.About},
	} {
		if member.from != nil {
			*member.to = *member.from
		}
	}
}

// uniquePublic refuses a public workspace of another one's name.
func uniquePublic(t *store.Tx, w *store.Workspace) error {
	if w.Type != "public" {
		return nil
	}
	others, err := t.Workspaces("public", store.Page{})
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.ID != w.ID && strings.EqualFold(o.Name, w.Name) {
			return named(http.StatusBadRequest, "workspaceSlugNotUniqueError", "Workspace Slug is not unique in the account context", nil)
		}
	}
	return nil
}

// workspace reads the workspace of the path; store.ErrNotFound where there is
// none that the key reaches.
func (c *call) workspace(t *store.Tx) (store.Workspace, error) {
	w, err := t.Workspace(c.id("workspaceId"))
	if err != nil {
		return w, err
	}
	return w, c.may(w.ID)
}

func (a *API) getWorkspace(c *call) error {
	include := listOf(c.query("include"))
	for i, what := range include {
		if what != "scim" && what != "team" && what != "mocks:deactivated" {
			return problem(http.StatusBadRequest, "bad-request", "Bad Request", "include must be a list of: scim, team, mocks:deactivated")
		}
		if slices.Contains(include[:i], what) {
			return problem(http.StatusBadRequest, "bad-request", "Bad Request", "include names "+what+" twice")
		}
	}
	var answer object
	var revision int64
	err := c.view(func(t *store.Tx) error {
		w, err := c.workspace(t)
		if err != nil {
			return err
		}
		revision = w.Revision
		answer, err = workspaceDetail(t, &w, include)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return noWorkspace()
	}
	if err != nil {
		return err
	}
	c.w.Header().Set("ETag", etag(revision))
	return c.json(http.StatusOK, object{"workspace": answer})
}

// noWorkspace is the error of reading a workspace that isn't there.
func noWorkspace() *Failure {
	return &Failure{http.StatusNotFound, object{"error": object{
		"name": "workspaceNotFoundError", "message": "Workspace not found", "statusCode": http.StatusNotFound,
	}}}
}

// workspaceDetail is a workspace with the lists of what is in it.
func workspaceDetail(t *store.Tx, w *store.Workspace, include []string) (object, error) {
	answer := workspaceRow(w, false)
	answer["description"] = w.Description
	updatedBy := w.Owner
	last, err := t.Changes(store.ChangeFilter{Kind: store.KindWorkspace, ID: w.ID, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(last) > 0 {
		updatedBy = last[0].User
	}
	answer["updatedBy"] = strconv.FormatInt(updatedBy, 10)
	if slices.Contains(include, "team") {
		answer["teamId"], answer["team"] = teamID, teamID
	}
	if slices.Contains(include, "scim") {
		answer["scim"] = object{"createdBy": scimID(w.Owner), "updatedBy": scimID(updatedBy)}
	}
	return answer, workspaceElements(t, w.ID, slices.Contains(include, "mocks:deactivated"), answer)
}

// teamID is the id of the one team.
const teamID = "1"

// scimID is a user's id in the form of SCIM's: 48 hexadecimal digits, always
// the same for a user.
func scimID(user int64) string {
	sum := sha256.Sum256([]byte("mimus:scim:" + strconv.FormatInt(user, 10)))
	return hex.EncodeToString(sum[:24])
}

// workspaceElements puts the lists of what is in a workspace into an answer.
func workspaceElements(t *store.Tx, id string, deactivated bool, answer object) error {
	in := store.ElementFilter{Workspace: id}
	brief := func(id, name string, owner int64) object {
		return object{"id": id, "name": name, "uid": uid(owner, id)}
	}
	collections, err := t.Collections(in)
	if err != nil {
		return err
	}
	environments, err := t.Environments(in)
	if err != nil {
		return err
	}
	specs, err := t.Specs(in)
	if err != nil {
		return err
	}
	mocks, err := t.Mocks(store.MockFilter{Workspace: id})
	if err != nil {
		return err
	}
	known, err := knownSources(t)
	if err != nil {
		return err
	}
	lists := map[string][]object{"collections": {}, "environments": {}, "mocks": {}, "specs": {}, "monitors": {}, "apis": {}}
	for _, e := range collections {
		lists["collections"] = append(lists["collections"], brief(e.ID, e.Name, e.Owner))
	}
	for _, e := range environments {
		lists["environments"] = append(lists["environments"], brief(e.ID, e.Name, e.Owner))
	}
	for _, e := range specs {
		lists["specs"] = append(lists["specs"], brief(e.ID, e.Name, e.Owner))
	}
	for i := range mocks {
		m := &mocks[i]
		row := brief(m.ID, m.Name, m.Owner)
		row["deactivated"] = !known.have(m)
		if deactivated || known.have(m) {
			lists["mocks"] = append(lists["mocks"], row)
		}
	}
	for name, list := range lists {
		answer[name] = list
	}
	return nil
}

// sources are the ids of what mocks may answer from.
type sources map[string]bool

func knownSources(t *store.Tx) (sources, error) {
	known := sources{}
	collections, err := t.Collections(store.ElementFilter{})
	for _, e := range collections {
		known[e.ID] = true
	}
	if err != nil {
		return nil, err
	}
	specs, err := t.Specs(store.ElementFilter{})
	for _, e := range specs {
		known[e.ID] = true
	}
	if err != nil {
		return nil, err
	}
	environments, err := t.Environments(store.ElementFilter{})
	for _, e := range environments {
		known[e.ID] = true
	}
	return known, err
}

// have reports whether all that a mock names is there: a mock is deactivated
// when its collection, spec or environment is deleted.
func (s sources) have(m *store.Mock) bool {
	for _, id := range [...]string{m.Collection, m.Spec, m.Environment} {
		if id != "" && !s[id] {
			return false
		}
	}
	return true
}

func (a *API) updateWorkspace(c *call) error {
	b, err := c.workspaceBody()
	if err != nil {
		return err
	}
	var w store.Workspace
	err = c.update(func(t *store.Tx) error {
		if w, err = c.workspace(t); err != nil {
			return err
		}
		if err := c.match(w.Revision); err != nil {
			return err
		}
		if err := mayBecome(&w, b.Workspace.Type); err != nil {
			return err
		}
		b.apply(&w)
		if err := uniquePublic(t, &w); err != nil {
			return err
		}
		return t.UpdateWorkspace(&w)
	})
	if errors.Is(err, store.ErrNotFound) {
		return named(http.StatusNotFound, "instanceNotFoundError", "The specified workspace does not exist.", nil)
	}
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"workspace": object{"id": w.ID, "name": w.Name}})
}

// mayBecome refuses changes of a workspace's type that Postman refuses.
func mayBecome(w *store.Workspace, kind *string) error {
	switch {
	case kind == nil || *kind == w.Type:
		return nil
	case *kind == "partner":
		return invalid("type", "type must be one of: private, personal, team, public.")
	case w.Type == "public" && *kind == "personal":
		return named(http.StatusForbidden, "cannotConvertFromPublicWorkspace",
			"Can not convert workspaces from public workspaces for team user. First convert to team.", nil)
	}
	return nil
}

// deleteWorkspace deletes a workspace with all that is in it. After the last
// one there is a new "My Workspace": what names no workspace needs one.
func (a *API) deleteWorkspace(c *call) error {
	var w store.Workspace
	err := c.update(func(t *store.Tx) (err error) {
		if w, err = c.workspace(t); err != nil {
			return err
		}
		if err := c.match(w.Revision); err != nil {
			return err
		}
		if err := ownedInWorkspace(t, w.ID); err != nil {
			return err
		}
		if err := t.DeleteWorkspace(w.ID); err != nil {
			return err
		}
		_, err = t.EnsureWorkspace()
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return named(http.StatusBadRequest, "instanceNotFoundError", "The specified workspace does not exist.", nil)
	}
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"workspace": object{"id": w.ID}})
}

// ownedInWorkspace refuses the change of a workspace in which a file owns
// something.
func ownedInWorkspace(t *store.Tx, id string) error {
	in := store.ElementFilter{Workspace: id}
	collections, err := t.Collections(in)
	for _, e := range collections {
		err = errors.Join(err, owned(e.File))
	}
	if err != nil {
		return err
	}
	environments, err := t.Environments(in)
	for _, e := range environments {
		err = errors.Join(err, owned(e.File))
	}
	if err != nil {
		return err
	}
	specs, err := t.Specs(in)
	for _, e := range specs {
		err = errors.Join(err, owned(e.File))
	}
	if err != nil {
		return err
	}
	mocks, err := t.Mocks(store.MockFilter{Workspace: id})
	for _, e := range mocks {
		err = errors.Join(err, owned(e.File))
	}
	return err
}
