package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/server"
)

type checkCmd struct {
	Files           []string `arg:"" name:"file" help:"Files (also .gz), folders, globs or URLs of OpenAPI documents and Postman collections; - reads standard input."`
	Format          string   `enum:"text,json" default:"text" placeholder:"text|json" help:"Form of the output (text)."`
	FailOn          string   `enum:"error,warning" default:"error" placeholder:"error|warning" help:"Least severity that makes the exit status 1 (error)."`
	Root            string   `placeholder:"DIR" help:"Folder that references must stay inside."`
	AllowRemoteRefs bool     `help:"Follow references to URLs of other origins."`
	Examples        []string `sep:"none" placeholder:"FILE" help:"Collection whose saved examples are checked against the document's contract; may be repeated."`
	Environment     string   `placeholder:"FILE" help:"Postman environment for the variables of a collection."`
}

// checked is what check says of one document.
type checked struct {
	Source      string `json:"source"`
	Title       string `json:"title,omitempty"`
	Format      string `json:"format,omitempty"`
	Unreadable  string `json:"unreadable,omitempty"`
	Operations  int    `json:"operations"`
	Examples    int    `json:"savedExamples"`
	collection  bool
	Answered    engine.Coverage       `json:"answered"`
	Diagnostics []document.Diagnostic `json:"diagnostics"`
}

// Run checks the documents.
func (c *checkCmd) Run(ctx context.Context, s streams) error {
	locations, err := server.Expand(c.Files)
	if err != nil {
		return exitCode{exitUnreadable, err}
	}
	var all []checked
	code := exitOK
	for _, loc := range locations {
		r := c.check(ctx, s, loc)
		all = append(all, r)
		switch {
		case r.Unreadable != "":
			code = exitUnreadable
		case code == exitOK && c.fails(r.Diagnostics):
			code = exitError
		}
		if c.Format == "text" {
			printChecked(s, r)
		}
	}
	if c.Format == "json" {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		if err := e.Encode(all); err != nil {
			return err
		}
	}
	if code != exitOK {
		return exitCode{code: code}
	}
	return nil
}

func (c *checkCmd) fails(diags []document.Diagnostic) bool {
	errors, warnings := count(diags)
	return errors > 0 || c.FailOn == "warning" && warnings > 0
}

func (c *checkCmd) check(ctx context.Context, s streams, loc string) checked {
	r := checked{Source: loc, Diagnostics: []document.Diagnostic{}}
	loaded, err := server.Source{Location: loc, Root: c.Root, AllowRemote: c.AllowRemoteRefs, Stdin: s.in, Examples: c.Examples, Environment: c.Environment}.Load(ctx)
	if err != nil {
		r.Unreadable = explained(err)
		var fe *document.FileError
		if errors.As(err, &fe) {
			r.Diagnostics = append(r.Diagnostics, fe.Diagnostic)
		}
		return r
	}
	mock := loaded.Compile(engine.Config{})
	r.Title, r.Format = loaded.Definition.Title, loaded.Definition.Format
	r.Operations = mock.Operations()
	r.Examples, r.collection = mock.Examples(), loaded.Definition.NoContract
	r.Answered = mock.Coverage()
	r.Diagnostics = append(r.Diagnostics, loaded.Diagnostics...)
	for _, e := range mock.CheckExamples(ctx) {
		at := loaded.Locate(e.Value)
		r.Diagnostics = append(r.Diagnostics, document.Diagnostic{
			Severity: document.Warning, Code: "invalid-example", File: at.File, Line: at.Line, Col: at.Col, Message: e.Message,
			Hint: "correct the example or its schema; it is served as it is",
		})
	}
	r.Diagnostics = append(r.Diagnostics, server.CheckSaved(ctx, mock)...)
	return r
}

func printChecked(s streams, r checked) {
	if r.Unreadable != "" {
		code := ""
		if len(r.Diagnostics) > 0 {
			code = " [" + r.Diagnostics[0].Code + "]"
		}
		fmt.Fprintf(s.err, "%s%s\n", r.Unreadable, code)
		return
	}
	for _, d := range r.Diagnostics {
		fmt.Fprintf(s.out, "%s [%s]\n", d, d.Code)
	}
	a := r.Answered
	if r.collection {
		fmt.Fprintf(s.out, "%s: %s, %s", r.Source, r.Format, plural(r.Examples, "saved example"))
	} else {
		fmt.Fprintf(s.out, "%s: %s, %s: %d answered from an example, %d from a schema, %d without a body, %d from nothing", r.Source, r.Format, plural(r.Operations, "operation"), a.Example, a.Schema, a.Empty, a.Nothing)
	}
	errors, warnings := count(r.Diagnostics)
	fmt.Fprintf(s.out, "; %s, %s\n", plural(errors, "error"), plural(warnings, "warning"))
}

type routesCmd struct {
	Sources         []string `arg:"" name:"source" help:"Files (also .gz), folders, globs or URLs of OpenAPI documents and Postman collections; - reads standard input."`
	Format          string   `enum:"text,json" default:"text" placeholder:"text|json" help:"Form of the output (text)."`
	Root            string   `placeholder:"DIR" help:"Folder that references must stay inside."`
	AllowRemoteRefs bool     `help:"Follow references to URLs of other origins."`
}

// Run lists the operations.
func (c *routesCmd) Run(ctx context.Context, s streams) error {
	locations, err := server.Expand(c.Sources)
	if err != nil {
		return exitCode{exitUnreadable, err}
	}
	type route struct {
		Method    string   `json:"method"`
		Path      string   `json:"path"`
		ID        string   `json:"operationId,omitempty"`
		Summary   string   `json:"summary,omitempty"`
		Example   string   `json:"savedExample,omitempty"`
		Responses []string `json:"responses"`
	}
	list := []route{}
	for _, loc := range locations {
		loaded, err := server.Source{Location: loc, Root: c.Root, AllowRemote: c.AllowRemoteRefs, Stdin: s.in}.Load(ctx)
		if err != nil {
			return exitCode{exitUnreadable, err}
		}
		for _, op := range loaded.Definition.Operations {
			r := route{Method: op.Method, Path: op.Path, ID: op.ID, Summary: op.Summary, Responses: []string{}}
			for _, x := range op.Responses {
				r.Responses = append(r.Responses, x.Status)
			}
			list = append(list, r)
		}
		for _, x := range loaded.Definition.Exchanges {
			list = append(list, route{
				Method: x.Request.Method, Path: orSlash(x.Request.Path), Summary: x.Name, Example: x.Place,
				Responses: []string{strconv.Itoa(x.Response.Status)},
			})
		}
	}
	if c.Format == "json" {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(list)
	}
	width := 0
	for _, r := range list {
		width = min(max(width, len(r.Path)), 60)
	}
	for _, r := range list {
		name := r.ID
		if r.Example != "" {
			name = r.Example
		}
		if name == "" {
			name = r.Summary
		}
		fmt.Fprintf(s.out, "%-7s %-*s  %-12s %s\n", r.Method, width, r.Path, strings.Join(r.Responses, ","), name)
	}
	return nil
}
