package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/mimus-dev/mimus/internal/convert"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/postman"
	"github.com/mimus-dev/mimus/internal/server"
)

type convertCmd struct {
	Source          string       `arg:"" name:"source" help:"File (also .gz) or URL of an OpenAPI document, a Postman collection or a recording (HAR), the folder of a collection, or a Postman environment; - reads standard input."`
	To              string       `enum:"postman,postman-v3,openapi,har,curl" required:"" placeholder:"postman|postman-v3|openapi|har|curl" help:"What to make: a collection of format 2.1.0 (postman) or 3.0.0 (postman-v3, a folder), an OpenAPI document, a recording, or curl commands."`
	Output          string       `short:"o" placeholder:"FILE" help:"File to write, for postman-v3 the folder; - or none is standard output. An OpenAPI document is YAML in a file that ends in .yaml, else JSON."`
	Environment     string       `placeholder:"FILE" help:"Postman environment for the variables of a collection."`
	Root            string       `placeholder:"DIR" help:"Folder that references must stay inside."`
	AllowRemoteRefs bool         `help:"Follow references to URLs of other origins."`
	Postman         postmanFlags `embed:"" group:"Collections of an OpenAPI document:"`
}

// postmanFlags are the options of Postman's own converter, and ours beside
// them.
type postmanFlags struct {
	FolderStrategy              string `placeholder:"paths|tags" help:"What folders are made of (paths)."`
	NestedFolderHierarchy       bool   `help:"With tags: a folder for each tag of an operation, inside of that of the tag before."`
	RequestNameSource           string `placeholder:"fallback|url|summary|operationId" help:"What a request is named by (fallback: summary, operation id, description, URL)."`
	IndentCharacter             string `placeholder:"space|tab" help:"What bodies are indented with (space)."`
	ParametersResolution        string `placeholder:"schema|example|placeholder" help:"Where values come from: made by the schema, shown as examples, or names of types such as <integer> (schema)."`
	PreferredRequestBodyType    string `placeholder:"first-listed|raw|form-data|x-www-form-urlencoded" help:"Which of several media types a request has (first-listed)."`
	SavedExamples               string `placeholder:"one|all" help:"Saved responses: one for each response, or for each media type and named example (one)."`
	IncludeAuthInfoInExample    bool   `default:"true" negatable:"" help:"Saved requests show credentials (on)."`
	AlwaysInheritAuthentication bool   `help:"Requests have no auth of their own."`
	KeepImplicitHeaders         bool   `help:"Keep Accept, Content-Type and Authorization where the document has them as parameters."`
	IncludeDeprecated           bool   `default:"true" negatable:"" help:"Include what is deprecated (on)."`
	EnableOptionalParameters    bool   `default:"true" negatable:"" help:"Optional parameters are enabled (on)."`
	DisableOptionalParameters   bool   `help:"The same as --no-enable-optional-parameters."`
	IncludeWebhooks             bool   `help:"Include webhooks, in a folder of their own."`
	World                       bool   `default:"true" negatable:"" help:"Path variables are ids of what a mock has at the start (on)."`
}

// Run converts the document.
func (c *convertCmd) Run(ctx context.Context, s streams) error {
	if c.To == "postman-v3" && (c.Output == "" || c.Output == "-") {
		return exitCode{exitUnreadable, errors.New("--to postman-v3 makes a folder: name it with -o DIR")}
	}
	found, err := server.Expand([]string{c.Source})
	if err == nil && len(found) != 1 {
		err = fmt.Errorf("%s holds %d documents; name one", c.Source, len(found))
	}
	if err != nil {
		return exitCode{exitUnreadable, err}
	}
	options, err := c.Postman.options()
	if err != nil {
		return exitCode{exitUnreadable, err}
	}
	source := server.Source{Location: found[0], Root: c.Root, AllowRemote: c.AllowRemoteRefs, Stdin: s.in, Environment: c.Environment}
	loaded, err := source.Load(ctx)
	if errors.Is(err, server.ErrEnvironment) && (c.To == "postman" || c.To == "postman-v3") {
		return c.convertEnvironment(ctx, s, source)
	}
	if err != nil {
		return exitCode{exitUnreadable, err}
	}
	collection, diags, err := c.collection(loaded, options)
	if err != nil {
		return exitCode{exitUnreadable, err}
	}
	diags = append(loaded.Diagnostics, diags...)
	if c.To == "postman-v3" {
		printDiagnostics(s, diags)
		return collection.WriteFolder(c.Output)
	}
	out, more, err := c.written(loaded, collection)
	if err != nil {
		return exitCode{exitUnreadable, err}
	}
	printDiagnostics(s, append(diags, more...))
	return c.write(s, out)
}

// write puts what was made where it was asked for.
func (c *convertCmd) write(s streams, out []byte) error {
	if c.Output == "" || c.Output == "-" {
		_, err := s.out.Write(out)
		return err
	}
	return writeFile(c.Output, out)
}

// convertEnvironment writes an environment or globals in the other format; of
// 3.0.0 it is a file in the folder that was named.
func (c *convertCmd) convertEnvironment(ctx context.Context, s streams, source server.Source) error {
	e, diags, err := source.ReadEnvironment(ctx)
	if err != nil {
		return exitCode{exitUnreadable, err}
	}
	printDiagnostics(s, diags)
	if c.To == "postman" {
		return c.write(s, e.AppendJSON(nil))
	}
	out, err := e.AppendYAML(nil)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Output, 0o755); err != nil {
		return fmt.Errorf("%s: the folder can't be made: %w", c.Output, err)
	}
	return writeFile(filepath.Join(c.Output, e.FileName()), out)
}

// collection makes the collection that everything else is made of.
func (c *convertCmd) collection(l *server.Loaded, options convert.PostmanOptions) (*postman.Collection, []document.Diagnostic, error) {
	switch {
	case l.Collection != nil:
		return l.Collection, nil, nil
	case l.Recording != nil:
		collection, diags := convert.RecordingToPostman(l.Definition.Title, convert.Recording(l.Recording))
		return collection, diags, nil
	case c.To == "openapi":
		return nil, nil, fmt.Errorf("%s is an OpenAPI document already", l.Name)
	}
	collection, diags := convert.ToPostman(l.Definition, options)
	return collection, diags, nil
}

// written gives the bytes of what is asked for.
func (c *convertCmd) written(l *server.Loaded, collection *postman.Collection) ([]byte, []document.Diagnostic, error) {
	switch c.To {
	case "openapi":
		v, diags := convert.ToOpenAPI(collection, convert.OpenAPIOptions{Variables: l.Environment})
		if ext := strings.ToLower(filepath.Ext(c.Output)); ext == ".yaml" || ext == ".yml" {
			out, err := document.AppendYAML(nil, &v)
			return out, diags, err
		}
		return append(v.AppendIndentedJSON(nil, "", "  "), '\n'), diags, nil
	case "har":
		return convert.Archive(convert.ToRecording(collection, l.Environment)).AppendJSON(nil), nil, nil
	case "curl":
		return convert.ToCurl(collection, convert.CurlOptions{Variables: l.Environment}), nil, nil
	}
	return collection.AppendJSON(make([]byte, 0, convert.PostmanSize(collection))), nil, nil
}

// options translates the flags. Values are read without regard to case, as
// Postman's converter reads them.
func (f *postmanFlags) options() (o convert.PostmanOptions, err error) {
	fail := func(flag, value, choices string) {
		err = errors.Join(err, fmt.Errorf("--%s can't be %q: use %s", flag, value, choices))
	}
	choose := func(flag, value, choices string) string {
		value = strings.ToLower(value)
		for one := range strings.SplitSeq(choices, ", ") {
			if value == "" || value == one {
				return value
			}
		}
		fail(flag, value, choices)
		return ""
	}
	o.Folders = convert.FolderStrategy(choose("folder-strategy", f.FolderStrategy, "paths, tags"))
	o.NestedFolders = f.NestedFolderHierarchy
	o.Names = convert.NameSource(choose("request-name-source", f.RequestNameSource, "fallback, url, summary, operationid"))
	o.Values = convert.ValueSource(choose("parameters-resolution", f.ParametersResolution, "schema, example, placeholder"))
	o.PreferredBody = convert.BodyPreference(choose("preferred-request-body-type", f.PreferredRequestBodyType, "first-listed, raw, form-data, x-www-form-urlencoded"))
	o.SavedExamples = convert.SavedExamples(choose("saved-examples", f.SavedExamples, "one, all"))
	if choose("indent-character", f.IndentCharacter, "space, tab") == "tab" {
		o.Indent = "\t"
	}
	o.NoExampleAuth = !f.IncludeAuthInfoInExample
	o.InheritAuth = f.AlwaysInheritAuthentication
	o.ImplicitHeader = f.KeepImplicitHeaders
	o.NoDeprecated = !f.IncludeDeprecated
	o.DisableOptions = f.DisableOptionalParameters || !f.EnableOptionalParameters
	o.Webhooks = f.IncludeWebhooks
	o.World = f.World
	return o, err
}

// printDiagnostics tells what is wrong with a document beside the command's
// output.
func printDiagnostics(s streams, diags []document.Diagnostic) {
	for _, d := range diags {
		fmt.Fprintf(s.err, "%s [%s]\n", d, d.Code)
	}
}

// writeFile writes a file as a whole or not at all.
func writeFile(name string, data []byte) (err error) {
	if info, err := os.Stat(filepath.Dir(name)); err != nil || !info.IsDir() {
		return fmt.Errorf("%s can't be written: there is no folder %s", name, filepath.Dir(name))
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("%s can't be written: %w", name, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
			err = fmt.Errorf("%s can't be written: %w", name, err)
		}
	}()
	mode := os.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	if _, err = f.Write(data); err == nil {
		err = f.Chmod(mode)
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
