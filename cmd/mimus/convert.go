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
	"github.com/mimus-dev/mimus/internal/server"
)

type convertCmd struct {
	Source          string       `arg:"" name:"source" help:"File (also .gz) or URL of an OpenAPI document; - reads standard input."`
	To              string       `enum:"postman" required:"" placeholder:"postman" help:"What to make: postman (a collection of format 2.1.0)."`
	Output          string       `short:"o" placeholder:"FILE" help:"File to write; - or none is standard output."`
	Root            string       `placeholder:"DIR" help:"Folder that references must stay inside."`
	AllowRemoteRefs bool         `help:"Follow references to URLs of other origins."`
	Postman         postmanFlags `embed:"" group:"Collections:"`
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
}

// Run converts the document.
func (c *convertCmd) Run(ctx context.Context, s streams) error {
	found, err := server.Expand([]string{c.Source})
	if err == nil && len(found) != 1 {
		err = fmt.Errorf("%s holds %d documents; name one", c.Source, len(found))
	}
	if err != nil {
		return exitCode{exitUnreadable, err}
	}
	loaded, err := server.Source{Location: found[0], Root: c.Root, AllowRemote: c.AllowRemoteRefs, Stdin: s.in}.Load(ctx)
	if err != nil {
		return exitCode{exitUnreadable, err}
	}
	out, diags, err := c.convert(loaded)
	if err != nil {
		return exitCode{exitUnreadable, err}
	}
	printDiagnostics(s, append(loaded.Diagnostics, diags...))
	if c.Output == "" || c.Output == "-" {
		_, err := s.out.Write(out)
		return err
	}
	return writeFile(c.Output, out)
}

// convert makes a document of another: each kind of source and target has its
// case.
func (c *convertCmd) convert(l *server.Loaded) ([]byte, []document.Diagnostic, error) {
	from, _, _ := strings.Cut(l.Definition.Format, " ")
	if from == "OpenAPI" && c.To == "postman" {
		return c.toPostman(l)
	}
	return nil, nil, fmt.Errorf("%s: a document of the kind %s can't be converted to %s", l.Name, l.Definition.Format, c.To)
}

func (c *convertCmd) toPostman(l *server.Loaded) ([]byte, []document.Diagnostic, error) {
	options, err := c.Postman.options()
	if err != nil {
		return nil, nil, err
	}
	collection, diags := convert.ToPostman(l.Definition, options)
	return collection.AppendJSON(make([]byte, 0, convert.PostmanSize(collection))), diags, nil
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
