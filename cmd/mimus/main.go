// Command mimus serves API documents as mock servers.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/mimus-dev/mimus/internal/openapi"
)

// version is set when a release is built.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends at once
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

const description = `A mock server that behaves like the API: from an OpenAPI document or a Postman collection, with nothing to configure.

  mimus serve petstore.yaml

mimus <command> --help explains a command.`

// The exit codes, documented in the README.
const (
	exitOK         = 0
	exitError      = 1 // the command failed, or check found an error
	exitUnreadable = 2 // check could not read a document; wrong usage
)

type cli struct {
	Serve      serveCmd      `cmd:"" aliases:"mock" help:"Serve API documents as mock servers."`
	Check      checkCmd      `cmd:"" help:"Print what is wrong with API documents, and what can be served of them."`
	Routes     routesCmd     `cmd:"" help:"List the operations of an API document, or the saved examples of a collection."`
	Resources  resourcesCmd  `cmd:"" help:"Print which resources of an API document live, and how they were understood."`
	Calls      callsCmd      `cmd:"" help:"Print the calls that a running server got, also as they come."`
	Convert    convertCmd    `cmd:"" help:"Make a collection, an OpenAPI document, a recording or curl commands of one another."`
	Import     importCmd     `cmd:"" help:"Bring files into a server for a team: documents, collections, environments, recordings, whole repositories."`
	Export     exportCmd     `cmd:"" help:"Write what a server for a team keeps out as files."`
	Backup     backupCmd     `cmd:"" help:"Copy a data folder into a file, while it is served."`
	Restore    restoreCmd    `cmd:"" help:"Put a backup in the place of a data folder."`
	Keys       keysCmd       `cmd:"" help:"Make, list and end the keys of a server for a team."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
	Completion completionCmd `cmd:"" help:"Print a completion script for a shell."`

	Help        helpFlag    `name:"help" help:"Show this help."`
	VersionFlag versionFlag `name:"version" hidden:"" help:"Print the version."`
}

// versionFlag is --version: what many try first.
type versionFlag bool

// BeforeReset prints the version and ends the command.
func (v versionFlag) BeforeReset(app *kong.Kong) error {
	if err := (versionCmd{}).Run(streams{out: app.Stdout}); err != nil {
		return err
	}
	app.Exit(exitOK)
	return nil
}

// helpFlag is --help without a short form: -h is the host.
type helpFlag bool

// BeforeReset prints the help and ends the command.
func (h helpFlag) BeforeReset(app *kong.Kong, ctx *kong.Context) error {
	if err := ctx.PrintUsage(false); err != nil {
		return err
	}
	app.Exit(exitOK)
	return nil
}

// streams are where a command reads and writes.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// exitCode ends a command with a code other than 1. Its text may be empty.
type exitCode struct {
	code int
	err  error
}

func (e exitCode) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

// run is the whole command, for main and for tests.
func run(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) (code int) {
	type exited int
	defer func() {
		if p := recover(); p != nil {
			if c, ok := p.(exited); ok {
				code = int(c)
				return
			}
			panic(p)
		}
	}()
	var c cli
	app, err := kong.New(&c,
		kong.Name("mimus"),
		kong.Description(description),
		kong.NoDefaultHelp(),
		kong.Writers(out, errw),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100, NoExpandSubcommands: true, FlagsLast: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(streams{in, out, errw}),
	)
	if err != nil {
		fmt.Fprintln(errw, "mimus:", err)
		return exitUnreadable
	}
	switch {
	case len(args) == 0:
		args = []string{"--help"}
	case args[0] == "help":
		args = append(args[1:len(args):len(args)], "--help")
	case isSource(args[0]):
		fmt.Fprintf(errw, "mimus: %s is a document, not a command; to serve it: mimus serve %[1]s\n", args[0])
		return exitUnreadable
	}
	k, err := app.Parse(kebab(args))
	if err != nil {
		fmt.Fprintf(errw, "mimus: %v\n%s shows what there is.\n", err, helpFor(err))
		return exitUnreadable
	}
	var e exitCode
	switch err := k.Run(); {
	case err == nil:
		return exitOK
	case errors.As(err, &e):
		if e.err != nil {
			fmt.Fprintln(errw, "mimus:", explained(e.err))
		}
		return e.code
	default:
		fmt.Fprintln(errw, "mimus:", explained(err))
		return exitError
	}
}

// kebab writes flags that are switched off by their camelCase alias, such as
// --no-matchFuzzy, as the parser knows them.
func kebab(args []string) []string {
	out := slices.Clone(args)
	for i, a := range out {
		if a == "--" {
			break
		}
		rest, ok := strings.CutPrefix(a, "--no-match")
		if !ok || rest == "" || rest[0] < 'A' || rest[0] > 'Z' {
			continue
		}
		var b strings.Builder
		for _, c := range []byte(rest) {
			if c >= 'A' && c <= 'Z' {
				b.WriteByte('-')
				c += 'a' - 'A'
			}
			b.WriteByte(c)
		}
		out[i] = "--no-match" + b.String()
	}
	return out
}

// explained is the text of an error, with the next step where the error alone
// doesn't tell it.
func explained(err error) string {
	if errors.Is(err, openapi.ErrNotOpenAPI) {
		return err.Error() + "; mimus reads OpenAPI 2.0 to 3.2, Postman collections and recordings (HAR)"
	}
	return err.Error()
}

// isSource reports whether a first argument is meant as a document: the verb
// was forgotten.
func isSource(arg string) bool {
	if arg == "-" || strings.Contains(arg, "://") {
		return true
	}
	switch strings.ToLower(filepath.Ext(arg)) {
	case ".yaml", ".yml", ".json", ".har", ".gz":
		return true
	}
	return false
}

// helpFor is the command that explains what was written wrongly.
func helpFor(err error) string {
	var pe *kong.ParseError
	if errors.As(err, &pe) && pe.Context.Command() != "" {
		if verb, _, _ := strings.Cut(pe.Context.Command(), " "); verb != "" {
			return "mimus " + verb + " --help"
		}
	}
	return "mimus --help"
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(s streams) error {
	v := version
	if info, ok := debug.ReadBuildInfo(); ok && v == "dev" && info.Main.Version != "" && info.Main.Version != "(devel)" {
		v = info.Main.Version
	}
	fmt.Fprintln(s.out, "mimus", v)
	return nil
}
