package main

import (
	"context"
	"fmt"
	"time"

	"github.com/mimus-dev/mimus/internal/store"
)

// backupCmd copies a data folder's database to a file.
type backupCmd struct {
	dataFolder
	File string `arg:"" help:"The file to write; an older backup of that name is replaced."`
}

// Help tells more than the help line.
func (backupCmd) Help() string {
	return `The server may run meanwhile. The file is complete or not there. It holds everything: also the calls, and the hashes of the access keys.

  mimus backup --data ./mimus-data mimus-backup.db`
}

// Run runs the command.
func (c *backupCmd) Run(ctx context.Context, std streams) error {
	if c.Database != "" {
		return store.ErrPostgres
	}
	if err := store.Backup(ctx, c.Data, c.File); err != nil {
		return err
	}
	fmt.Fprintf(std.out, "%s holds a backup of %s. To put it in place: mimus restore --data %[2]s %[1]s\n", c.File, c.Data)
	return nil
}

// restoreCmd puts a backup in place of a data folder's database.
type restoreCmd struct {
	dataFolder
	File string `arg:"" help:"A file that mimus backup made."`
}

// Help tells more than the help line.
func (restoreCmd) Help() string {
	return `The server has to be stopped. The file is checked first; the database that it replaces is kept beside it, with the time in its name.

  mimus restore --data ./mimus-data mimus-backup.db`
}

// Run runs the command.
func (c *restoreCmd) Run(ctx context.Context, std streams) error {
	if c.Database != "" {
		return store.ErrPostgres
	}
	kept, err := store.Restore(ctx, c.File, c.Data, time.Now())
	if err != nil {
		return err
	}
	if kept != "" {
		fmt.Fprintf(std.out, "The database before it is kept as %s.\n", kept)
	}
	fmt.Fprintf(std.out, "%s is in place in %s. To serve it: mimus serve --data %[2]s\n", c.File, c.Data)
	return nil
}

// dataFolder says what is copied.
type dataFolder struct {
	Data     string `default:"./mimus-data" placeholder:"DIR" help:"The data folder."`
	Database string `placeholder:"URL" help:"A PostgreSQL database: tells which of its own tools to use."`
}
