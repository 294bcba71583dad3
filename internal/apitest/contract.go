// Package apitest checks exchanges with the management API against the
// description of Postman's API. It is for tests: they read the description from
// outside of the project and record what a client asked and was told.
package apitest

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/openapi"
	"github.com/mimus-dev/mimus/internal/schema"
)

type value = definition.Value

// Kind is what sort of promise an exchange breaks.
type Kind string

// The kinds of violations.
const (
	UnknownOperation Kind = "unknown operation" // answered with success, but the contract has no such operation
	Status           Kind = "status"            // neither declared nor one of the exceptions
	ContentType      Kind = "content type"      // not declared for the status
	Body             Kind = "body"              // is no JSON, breaks the schema, or is there where none may be
	Example          Kind = "example"           // lacks what the success example has, or has it with another type
	ErrorShape       Kind = "error shape"       // an undeclared error that no client of the API can read
)

// Violation is one way in which an answer breaks the contract.
type Violation struct {
	Kind      Kind
	Operation string // its id, "" where the contract has none
	Pointer   string // the place in the body, "" for the whole
	Message   string
}

// String gives the violation in a line.
func (v Violation) String() string {
	where := v.Operation
	if v.Pointer != "" {
		where += " " + v.Pointer
	}
	return strings.TrimSpace(fmt.Sprintf("%s: %s: %s", where, v.Kind, v.Message))
}

// Contract is the description, compiled. It is safe for concurrent use.
type Contract struct {
	// Extensions are prefixes of paths that the description lacks on purpose:
	// what is below them isn't checked. Set it before the first check.
	Extensions []string

	operations []*operation
	schemas    *schema.Set
}

// operation is one operation of the contract with its path cut up.
type operation struct {
	*definition.Operation
	segments []string
}

// Path is where the description lies: in the folder that the environment
// variable MIMUS_SHARED names; ok is false when it is unset.
func Path() (path string, ok bool) {
	shared := os.Getenv("MIMUS_SHARED")
	return filepath.Join(shared, "reference", "postman-api.openapi.yaml"), shared != ""
}

// Load reads the description from a file.
func Load(path string) (*Contract, error) {
	loader := document.NewLoader(document.Config{})
	f, err := loader.Open(context.Background(), path)
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	def, _, err := openapi.Read(context.Background(), loader, f)
	if err != nil {
		return nil, fmt.Errorf("contract %s: %w", path, err)
	}
	if len(def.Operations) == 0 {
		return nil, fmt.Errorf("contract %s has no operations", path)
	}
	c := &Contract{schemas: schema.NewSet(def.Schemas), Extensions: slices.Clone(undescribed)}
	for _, op := range def.Operations {
		c.operations = append(c.operations, &operation{op, strings.Split(strings.Trim(op.Path, "/"), "/")})
	}
	return c, nil
}

// Check judges one answer. The path is the request's escaped path below the
// API's base with its query: an answer to ids=true has nothing but ids, so it
// isn't compared with the example. The result is nil when all is well.
func (c *Contract) Check(method, path string, status int, header http.Header, body []byte) []Violation {
	path, query, _ := strings.Cut(path, "?")
	op := c.find(method, path)
	if op == nil {
		return c.checkUnknown(path, status, header, body)
	}
	j := judgement{contract: c, op: op, status: status, mediaType: mediaType(header), body: body, idsOnly: strings.Contains(query, "ids=true")}
	j.judge()
	return j.found
}

// OperationID is the id of the operation that answers the method and path, ""
// where the contract has none.
func (c *Contract) OperationID(method, path string) string {
	path, _, _ = strings.Cut(path, "?")
	if op := c.find(method, path); op != nil {
		return op.ID
	}
	return ""
}

// checkUnknown judges an answer for which the contract has no operation: only
// an honest error will do.
func (c *Contract) checkUnknown(path string, status int, header http.Header, body []byte) []Violation {
	for _, prefix := range c.Extensions {
		if path == prefix || strings.HasPrefix(path, prefix+"/") {
			return nil
		}
	}
	j := judgement{contract: c, status: status, mediaType: mediaType(header), body: body}
	if status < 400 {
		j.add(UnknownOperation, "", "%s is not in the description, and the answer is %d", path, status)
		return j.found
	}
	j.errorShape()
	return j.found
}

// mediaType is the type of an answer's body without parameters, in lower case.
func mediaType(header http.Header) string {
	t, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		return header.Get("Content-Type")
	}
	return t
}

// judgement collects what is wrong with one answer.
type judgement struct {
	contract  *Contract
	op        *operation // nil where the contract has none
	status    int
	mediaType string
	body      []byte
	idsOnly   bool
	found     []Violation
}

func (j *judgement) add(kind Kind, pointer, format string, args ...any) {
	v := Violation{Kind: kind, Pointer: pointer, Message: fmt.Sprintf(format, args...)}
	if j.op != nil {
		v.Operation = j.op.ID
	}
	j.found = append(j.found, v)
}

func (j *judgement) judge() {
	declared := j.response()
	if declared == nil {
		if !excepted(j.op, j.status) {
			j.add(Status, "", "%d is not declared, only %s", j.status, j.statuses())
			return
		}
		j.errorShape()
		return
	}
	if len(declared.Content) == 0 {
		if len(j.body) > 0 {
			j.add(Body, "", "%d has no body in the description, the answer has %d bytes", j.status, len(j.body))
		}
		return
	}
	media := j.media(declared)
	if media == nil || !isJSON(media.Type) {
		return
	}
	body, err := document.ParseJSON(string(j.body), 0, document.Limits{})
	if err != nil {
		j.add(Body, "", "is no JSON: %v", err)
		return
	}
	compiled := j.contract.schemas.Compile(media.Schema)
	for _, v := range compiled.Validate(&body, schema.Response, 0) {
		if !oddity(j.op.ID, v.Path, v.Keyword, &body) {
			j.add(Body, v.Pointer(), "%s (%s)", v.Message, v.Keyword)
		}
	}
	if j.status < 300 && !j.idsOnly && !slices.Contains(rawBodies, j.op.ID) {
		j.likeAnExample(media.Examples, compiled, &body)
	}
}

// response is the declared response of the status; nil where there is none.
func (j *judgement) response() *definition.Response {
	code := strconv.Itoa(j.status)
	for _, r := range j.op.Responses {
		if r.Status == code {
			return r
		}
	}
	return nil
}

func (j *judgement) statuses() string {
	var out []string
	for _, r := range j.op.Responses {
		out = append(out, r.Status)
	}
	return strings.Join(out, ", ")
}

// media is the declared media type that the answer has; where there is none,
// it says so.
func (j *judgement) media(r *definition.Response) *definition.Media {
	var names []string
	for _, m := range r.Content {
		t, _, _ := mime.ParseMediaType(m.Type)
		if t == j.mediaType {
			return m
		}
		names = append(names, m.Type)
	}
	j.add(ContentType, "", "%d comes as %q, declared is %s", j.status, j.mediaType, strings.Join(names, " or "))
	return nil
}

func isJSON(mediaType string) bool {
	t, _, _ := mime.ParseMediaType(mediaType)
	return t == "application/json" || strings.HasSuffix(t, "+json")
}

// errorShape judges an error that the description doesn't declare for the
// operation: it has to look like those that it declares elsewhere.
func (j *judgement) errorShape() {
	if !isJSON(j.mediaType) {
		j.add(ErrorShape, "", "%d comes as %q, errors are application/json or application/problem+json", j.status, j.mediaType)
		return
	}
	body, err := document.ParseJSON(string(j.body), 0, document.Limits{})
	if err != nil {
		j.add(ErrorShape, "", "%d is no JSON: %v", j.status, err)
		return
	}
	inner := body.Get("error")
	switch {
	case inner.Is(definition.Object) && inner.Get("name").Is(definition.String) && inner.Get("message").Is(definition.String):
	case body.Get("title").Is(definition.String) && body.Has("detail"):
	default:
		j.add(ErrorShape, "", "%d has neither error.name and error.message nor title and detail", j.status)
	}
}
