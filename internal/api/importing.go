package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/convert"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/store"
)

func (a *API) importRoutes() []route {
	return []route{{method: "POST", path: "/import/openapi", scope: access.Edit, handle: a.importOpenAPI}}
}

// imported is a document that is brought in, with how a collection is made of
// it.
type imported struct {
	files   []store.SpecFile
	given   *definition.Value // the options as they came
	options convert.PostmanOptions
}

// importOpenAPI makes a collection of an OpenAPI document. The document is kept
// as a spec beside it, so that the two can be synchronised.
func (a *API) importOpenAPI(c *call) error {
	in, err := c.readImport()
	if err != nil {
		return err
	}
	p := pair{files: in.files, spec: store.Spec{ID: store.NewID(), Owner: c.who.User}}
	root := rootOf(in.files)
	version, err := openAPIVersion(root.Content)
	if err != nil {
		return err
	}
	if p.spec.Type = openAPIType(version); p.spec.Type == "" {
		return named(http.StatusBadRequest, "invalidParamsError", "Unsupported OpenAPI version: "+shortened(version)+". Versions 2.0, 3.0, 3.1 and 3.2 are supported", nil)
	}
	doc, err := collectionOf(c.Context(), p.files, "", in.options)
	if errors.Is(err, context.Canceled) {
		return err
	}
	if err != nil {
		return invalid("input", "The OpenAPI definition can't be read: "+err.Error())
	}
	p.spec.Name = doc.Get("info").Get("name").Str()
	if f := usableName("input", p.spec.Name); f != nil {
		return f
	}
	err = c.update(func(t *store.Tx) (err error) {
		if p.spec.Workspace, err = c.workspaceID(t, "workspace"); err == nil {
			err = c.may(p.spec.Workspace)
		}
		if errors.Is(err, store.ErrNotFound) {
			return invalid("workspace", "The specified workspace does not exist.")
		}
		if err != nil {
			return err
		}
		if err := storeSpec(t, &p.spec, p.files); err != nil {
			return err
		}
		return c.putGenerated(t, &p, doc, in.given)
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"collections": []object{collectionBrief(&p.collection)}})
}

func shortened(s string) string {
	const most = 100
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// openAPIVersion is the version that a document says that it is of.
func openAPIVersion(content []byte) (string, error) {
	root, _, err := document.Parse(string(content), "the definition", 0, document.Limits{})
	if err != nil {
		return "", invalid("input", "The OpenAPI definition can't be read: "+err.Error())
	}
	for _, name := range [...]string{"openapi", "swagger", "swaggerVersion"} {
		if v := root.Get(name); v.Is(definition.String) || v.Is(definition.Number) {
			return v.Text, nil
		}
	}
	return "", invalid("input", "The input is no OpenAPI definition: it has neither openapi nor swagger.")
}

// readImport reads a body of JSON or a form with a file.
func (c *call) readImport() (*imported, error) {
	media, params, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err == nil && media == "multipart/form-data" {
		return c.readImportForm(params["boundary"])
	}
	body, err := c.tree()
	if err != nil {
		return nil, err
	}
	in := &imported{given: body.Get("options")}
	kind, input := body.Get("type"), body.Get("input")
	switch {
	case kind == nil || kind.Is(definition.Null):
		return nil, missingImport("type")
	case !kind.Is(definition.String) || kind.Text != "json" && kind.Text != "string" && kind.Text != "file":
		return nil, wrongImportType()
	case kind.Text == "file":
		return nil, invalid("type", "A file is sent as multipart/form-data.")
	case input == nil || input.Is(definition.Null):
		return nil, missingImport("input")
	}
	var content []byte
	if kind.Text == "json" {
		if !input.Is(definition.Object) {
			return nil, invalid("input", "For the type json the input has to be an object.")
		}
		content = input.AppendIndentedJSON(nil, "", "  ")
	} else {
		if !input.Is(definition.String) || strings.TrimSpace(input.Text) == "" {
			return nil, invalid("input", "For the type string the input has to be a text.")
		}
		content = []byte(input.Text)
	}
	in.files = []store.SpecFile{rootFile(content)}
	err = in.readOptions()
	return in, err
}

func missingImport(name string) *Failure {
	return named(http.StatusBadRequest, "paramMissingError", "The request body is missing a value for the "+name+" parameter. Check your request and try again.", object{"param": name})
}

func wrongImportType() *Failure {
	return invalid("type", "The request body has invalid values for the type parameter. Value must be one of file, string, json")
}

func (in *imported) readOptions() (err error) {
	in.options, err = postmanOptions(in.given)
	var f *Failure
	if errors.As(err, &f) {
		detail, _ := f.Body.(object)["detail"].(string)
		return invalid("options", detail)
	}
	return err
}

// rootFile is the only file of a spec.
func rootFile(content []byte) store.SpecFile {
	name := "index.yaml"
	if bytes.HasPrefix(bytes.TrimSpace(content), []byte("{")) {
		name = "index.json"
	}
	return store.SpecFile{ID: store.NewID(), Path: name, Root: true, Content: content}
}

// readImportForm reads the fields of a form: type, input, which is the document
// or an archive with it, and options.
func (c *call) readImportForm(boundary string) (*imported, error) {
	if boundary == "" {
		return nil, malformed("The Content-Type of the form has no boundary.")
	}
	form := multipart.NewReader(c.Body, boundary)
	fields := map[string][]byte{}
	const most = 20
	for n := 0; ; n++ {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		var data []byte
		if err == nil {
			data, err = io.ReadAll(part)
		}
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, err
		}
		if err != nil || n >= most {
			return nil, malformed("The form can't be read.")
		}
		fields[part.FormName()] = data
	}
	kind, there := fields["type"]
	switch {
	case !there:
		return nil, missingImport("type")
	case string(kind) != "file":
		return nil, wrongImportType()
	case len(bytes.TrimSpace(fields["input"])) == 0:
		return nil, missingImport("input")
	}
	in := &imported{}
	if text := fields["options"]; len(bytes.TrimSpace(text)) > 0 {
		v, err := parseTree(text)
		if err != nil {
			return nil, invalid("options", "The options have to be a JSON object.")
		}
		in.given = v
	}
	var err error
	if in.files, err = importedFiles(fields["input"]); err != nil {
		return nil, err
	}
	err = in.readOptions()
	return in, err
}
