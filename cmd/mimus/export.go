package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/mimus-dev/mimus/internal/transfer"
)

type exportCmd struct {
	Dir string `arg:"" name:"dir" help:"Folder to write to: an empty one, a new one, or that of an export before."`

	storeFlags
	Workspace string `placeholder:"ID|NAME" help:"Workspace that is written (all)."`
}

// Run writes the store out as files.
func (c *exportCmd) Run(ctx context.Context, s streams) error {
	if folder := cmp.Or(c.Data, defaultData); c.Database == "" { // opening one makes it
		if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
			return exitCode{exitUnreadable, fmt.Errorf("--data %s: there is no such folder", folder)}
		}
	}
	data, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = data.Close() }()
	workspace, err := workspaceID(ctx, data, c.Workspace)
	if err != nil {
		return exitCode{exitUnreadable, err}
	}
	out, err := transfer.Export(ctx, data, workspace, c.Dir)
	if err != nil {
		return err
	}
	for _, what := range out.LeftOut {
		fmt.Fprintf(s.err, "left out  %s\n", what)
	}
	for _, name := range out.Foreign {
		fmt.Fprintf(s.err, "%s is not part of the export; delete it, or mimus import takes it too\n", filepath.Join(c.Dir, filepath.FromSlash(name)))
	}
	fmt.Fprintf(s.out, "%s: %s, %s, %s, %s\n", c.Dir, plural(out.Mocks, "mock"), plural(out.Specs, "spec"), plural(out.Collections, "collection"), plural(out.Environments, "environment"))
	return nil
}
