package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/store"
)

// call is one call of the API.
type call struct {
	*http.Request
	w      http.ResponseWriter
	api    *API
	route  *route
	params []string
	who    access.Access
	wrote  bool
}

// param is a parameter of the path, decoded.
func (c *call) param(name string) string {
	for i, n := range c.route.names {
		if n == name {
			return c.params[i]
		}
	}
	panic("api: the path has no parameter " + name)
}

// id is a parameter of the path that is an id or a uid: the id.
func (c *call) id(name string) string { return plainID(c.param(name)) }

// query is a parameter of the query; "" where it is not there.
func (c *call) query(name string) string { return c.URL.Query().Get(name) }

// json answers with a value.
func (c *call) json(status int, v any) error {
	body, err := marshal(v)
	if err != nil {
		return err
	}
	return c.bytes(status, "application/json; charset=utf-8", body)
}

// empty answers without a body.
func (c *call) empty(status int) error {
	c.wrote = true
	c.w.WriteHeader(status)
	return nil
}

// bytes answers with a body that is there already.
func (c *call) bytes(status int, media string, body []byte) error {
	c.wrote = true
	h := c.w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.w.WriteHeader(status)
	if c.Method != http.MethodHead {
		_, _ = c.w.Write(body) // an error means that the client has gone
	}
	return nil
}

// marshal writes JSON without escaping for HTML.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// fail answers with an error.
func (c *call) fail(err error) {
	f := asFailure(err)
	if f == nil {
		c.api.cfg.Log.Error("a call of the management API failed", slog.String("method", c.Method), slog.String("path", c.URL.Path), slog.String("error", err.Error()))
		f = problem(http.StatusInternalServerError, "internal-server-error", "Internal Server Error", "Internal Server Error")
	}
	if c.wrote {
		return
	}
	asJSON := c.route == nil || c.route.asJSON(f.Status)
	if trouble := storeTrouble(err); trouble != "" && f.Status == http.StatusServiceUnavailable {
		c.w.Header().Set("Retry-After", storeRetry)
		if !asJSON {
			f = plainProblem(f.Status, storeUnavailable, "Store unavailable", trouble)
		}
	}
	media := "application/problem+json; charset=utf-8"
	if asJSON {
		media = "application/json; charset=utf-8"
	}
	body, err := marshal(f.Body)
	if err != nil {
		body = []byte("{}")
	}
	_ = c.bytes(f.Status, media, body)
}

// Failure is an error in one of the API's shapes.
type Failure struct {
	Status int
	Body   any
}

func (f *Failure) Error() string { return fmt.Sprintf("%d: %v", f.Status, f.Body) }

type namedError struct {
	Name    string `json:"name"`
	Message string `json:"message"`
	Details any    `json:"details,omitempty"`
}

// named is an error of the shape {"error": {"name", "message", "details"}}.
func named(status int, name, message string, details any) *Failure {
	return &Failure{status, map[string]any{"error": namedError{name, message, details}}}
}

// object is a JSON object whose members keep their order only by name.
type object = map[string]any

// problem is an error of the shape {"type", "title", "status", "detail"}; kind
// is the last part of its type.
func problem(status int, kind, title, detail string) *Failure {
	return &Failure{status, object{"type": "https://api.postman.com/problems/" + kind, "title": title, "status": status, "detail": detail}}
}

// plainProblem is a problem whose type is a bare name, as some operations have it.
func plainProblem(status int, name, title, detail string) *Failure {
	return &Failure{status, object{"type": name, "title": title, "detail": detail, "status": status}}
}

// missing is the error of members that have to be there.
func missing(names ...string) *Failure {
	return named(http.StatusBadRequest, "paramMissingError", "Parameter is missing in the request.", object{"param": names})
}

// invalid is the error of a member or parameter of a wrong value.
func invalid(name, message string) *Failure {
	return named(http.StatusBadRequest, "invalidParamsError", message, object{"param": name})
}

// malformed is the error of a body that can't be read.
func malformed(message string) *Failure {
	return named(http.StatusBadRequest, "malformedRequestError", message, nil)
}

// body reads the whole body. One that is broken off or badly framed is the
// client's fault.
func (c *call) body() ([]byte, error) {
	data, err := io.ReadAll(c.Body)
	var tooLarge *http.MaxBytesError
	if err != nil && !errors.As(err, &tooLarge) {
		return nil, malformed("The body can't be read to its end.")
	}
	return data, err
}

// decode reads the body into a struct; what it doesn't know is passed over.
func (c *call) decode(into any) error {
	data, err := c.body()
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return problem(http.StatusBadRequest, "bad-request", "Bad Request", "Request body is required")
	}
	if err := json.Unmarshal(data, into); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return invalid(wrong.Field, fmt.Sprintf("%s is %s; it has to be %s.", wrong.Field, wrong.Value, kindOf(wrong.Type.Kind().String())))
		}
		return malformed("The body is not valid JSON: " + err.Error())
	}
	return nil
}

func kindOf(kind string) string {
	switch {
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"), strings.HasPrefix(kind, "float"):
		return "a number"
	case kind == "bool":
		return "true or false"
	case kind == "struct", kind == "map":
		return "an object"
	case kind == "slice", kind == "array":
		return "an array"
	}
	return "a " + kind
}

// tree reads the body as an ordered tree; it must be an object.
func (c *call) tree() (*definition.Value, error) {
	data, err := c.body()
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, problem(http.StatusBadRequest, "bad-request", "Bad Request", "Request body is required")
	}
	return parseTree(data)
}

func parseTree(data []byte) (*definition.Value, error) {
	v, err := document.ParseJSON(string(data), 0, document.Limits{Depth: maxDepth})
	if err != nil {
		return nil, malformed("The body is not valid JSON: " + err.Error())
	}
	if !v.Is(definition.Object) {
		return nil, malformed("The body has to be a JSON object.")
	}
	return &v, nil
}

// maxDepth bounds the nesting of a body: a folder of a collection takes two levels.
const maxDepth = 10_000

// limit reads a parameter that bounds a list; without it, all is 0.
func (c *call) limit(name string, standard, most int) (int, error) {
	text := c.query(name)
	if text == "" {
		return standard, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, problem(http.StatusBadRequest, "bad-request", "Bad Request", fmt.Sprintf("querystring.%s should be a whole number from 1", name))
	}
	if most > 0 {
		n = min(n, most)
	}
	return n, nil
}

// cursors are opaque to clients.

func cursorText(p store.Cursor) string {
	return encodeCursor(strconv.FormatInt(p.At, 36) + "." + p.ID)
}

// cursor reads a parameter that says where a list goes on.
func (c *call) cursor(name string) (store.Cursor, error) {
	text := c.query(name)
	if text == "" {
		return store.Cursor{}, nil
	}
	plain, ok := decodeCursor(text)
	at, id, cut := strings.Cut(plain, ".")
	ms, err := strconv.ParseInt(at, 36, 64)
	if !ok || !cut || err != nil {
		return store.Cursor{}, problem(http.StatusBadRequest, "bad-request", "Malformed request", "Invalid cursor")
	}
	return store.Cursor{At: ms, ID: id}, nil
}

var uidForm = regexp.MustCompile(`^[0-9]+-([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$`)

// plainID takes the owner off a uid: "12345678-<id>" is "<id>".
func plainID(id string) string {
	if m := uidForm.FindStringSubmatch(id); m != nil {
		return strings.ToLower(m[1])
	}
	return id
}

// uid is the full id of something: owner and id.
func uid(owner int64, id string) string {
	if id == "" {
		return ""
	}
	return strconv.FormatInt(owner, 10) + "-" + id
}

// isoTime is a time as most of the API writes it.
func isoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// workspaceID is the workspace that a call is for: the one that a parameter
// names, or the first.
func (c *call) workspaceID(t *store.Tx, name string) (string, error) {
	if id := c.query(name); id != "" {
		w, err := t.Workspace(plainID(id))
		if errors.Is(err, store.ErrNotFound) {
			return "", store.ErrNotFound
		}
		return w.ID, err
	}
	if c.who.Workspace != "" {
		return c.who.Workspace, nil
	}
	w, err := t.FirstWorkspace()
	return w.ID, err
}

// may checks that the key reaches a workspace; what it doesn't reach is not
// there for it.
func (c *call) may(workspace string) error {
	if !c.who.May(c.route.scope, workspace) {
		return store.ErrNotFound
	}
	return nil
}

// owned refuses a change of what a file owns.
func owned(file string) error {
	if file == "" {
		return nil
	}
	return named(http.StatusConflict, "ownedByFileError",
		"This comes from "+file+" and is changed there; `mimus import "+file+"` takes it over.", object{"file": file})
}

// etag is the tag of a revision.
func etag(revision int64) string { return `"` + strconv.FormatInt(revision, 10) + `"` }

// match checks If-Match, where it is sent, against what is stored.
func (c *call) match(revision int64) error {
	sent := c.Header.Get("If-Match")
	if sent == "" || sent == "*" {
		return nil
	}
	for tag := range strings.SplitSeq(sent, ",") {
		if strings.TrimSpace(tag) == etag(revision) {
			return nil
		}
	}
	return named(http.StatusPreconditionFailed, "preconditionFailedError", "This was changed meanwhile: its ETag is "+etag(revision)+", not "+sent+".", nil)
}

// maxName bounds names, in bytes; maxDescription descriptions.
const (
	maxName        = 1024
	maxDescription = 64 << 10
)

// stableID is a UUID that is always the same for a kind and a name.
func stableID(kind, name string) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("mimus:"+kind+":"+name)).String()
}
