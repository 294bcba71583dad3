package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/resource"
	"github.com/mimus-dev/mimus/internal/server"
)

type resourcesCmd struct {
	File            string `arg:"" name:"file" help:"File (also .gz) or URL of an OpenAPI document; - reads standard input."`
	Format          string `enum:"text,json" default:"text" placeholder:"text|json" help:"Form of the output (text)."`
	Left            bool   `help:"Print also the operations that act on no resource, and why."`
	Root            string `placeholder:"DIR" help:"Folder that references must stay inside."`
	AllowRemoteRefs bool   `help:"Follow references to URLs of other origins."`
}

// Run prints the resources that live when the document is served.
func (c *resourcesCmd) Run(ctx context.Context, s streams) error {
	loaded, err := server.Source{Location: c.File, Root: c.Root, AllowRemote: c.AllowRemoteRefs, Stdin: s.in}.Load(ctx)
	if err != nil {
		return exitCode{exitUnreadable, fmt.Errorf("%s", explained(err))}
	}
	d := loaded.Compile(engine.Config{State: engine.LivingOn}).Resources()
	if c.Format == "json" {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(d)
	}
	printResources(s.out, &d, c.Left)
	return nil
}

func printResources(w io.Writer, d *resource.Description, left bool) {
	for i := range d.Resources {
		r := &d.Resources[i]
		fmt.Fprintf(w, "%s  %s\n", r.Name, orElse(r.Item, r.Collection))
		line := func(name, text string) {
			if text != "" {
				fmt.Fprintf(w, "  %-11s %s\n", name, text)
			}
		}
		switch {
		case r.Singleton:
			line("one", "it has no id: there is one for each "+orElse(strings.Join(r.Parameters, ", "), "mock"))
		case r.Identity.Property == "":
			line("id", "{"+r.Identity.Parameter+"} is no property of the item; "+r.Identity.Kind)
		default:
			line("id", "{"+r.Identity.Parameter+"} is its "+r.Identity.Property+"; "+r.Identity.Kind)
		}
		line("parent", r.Parent)
		line("first", r.First)
		for _, p := range r.AlsoAt {
			line("also at", orElse(p.Item, p.Collection))
		}
		line("list", r.Operations.List)
		if r.List != nil {
			line("", listText(r))
		}
		line("create", r.Operations.Create)
		line("read", r.Operations.Read)
		line("replace", r.Operations.Replace)
		line("update", r.Operations.Update)
		line("delete", r.Operations.Delete)
		line("actions", strings.Join(r.Operations.Actions, ", "))
		line("beside", strings.Join(r.Operations.Beside, ", "))
		for _, ref := range r.References {
			line("refers", ref.Property+" to "+orElse(ref.Resource, "a value of the path"))
		}
		for _, ref := range r.Counts {
			line("counts", ref.Property+": every "+ref.Resource)
		}
	}
	fmt.Fprintf(w, "%s; %s acting on none", plural(len(d.Resources), "resource"), plural(len(d.Left), "operation"))
	if !left && len(d.Left) > 0 {
		fmt.Fprint(w, " (--left prints them)")
	}
	fmt.Fprintln(w)
	if !left {
		return
	}
	for _, l := range d.Left {
		fmt.Fprintf(w, "  %s: %s\n", l.Operation, l.Why)
	}
}

// listText tells how a list pages, filters and sorts.
func listText(r *resource.Described) string {
	l := r.List
	var parts []string
	if at := r.Payload.List; at != nil && *at != "" {
		parts = append(parts, "items at "+*at)
	}
	if l.Style != "" && l.Style != "none" {
		parts = append(parts, "pages by "+string(l.Style))
	}
	var names []string
	for _, f := range l.Filters {
		names = append(names, f.Parameter)
	}
	if len(names) > 0 {
		parts = append(parts, "filters by "+strings.Join(names, ", "))
	}
	if l.Sort != nil {
		parts = append(parts, "sorts by "+l.Sort.Parameter)
	}
	if l.Search != "" {
		parts = append(parts, "searches by "+l.Search)
	}
	return strings.Join(parts, "; ")
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
