// Command mimus serves API documents as mock servers.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set when a release is built.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// The exit codes, documented in the README.
const (
	exitOK         = 0
	exitError      = 1 // the command failed, or check found an error
	exitUnreadable = 2 // check could not read a document; wrong usage
)

type cli struct {
	Serve      serveCmd      `cmd:"" aliases:"mock" help:"Serve API documents as mock servers."`
	Check      checkCmd      `cmd:"" help:"Print what is wrong with API documents, and what can be served of them."`
	Routes     routesCmd     `cmd:"" help:"List the operations of an API document."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
	Completion completionCmd `cmd:"" help:"Print a completion script for a shell."`

	Help helpFlag `name:"help" help:"Show this help."`
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
		kong.Description("A mock server that behaves like the API: from an OpenAPI document, with nothing to configure.\n\n  mimus serve petstore.yaml"),
		kong.NoDefaultHelp(),
		kong.Writers(out, errw),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Vars{"port": defaultPort()},
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(streams{in, out, errw}),
	)
	if err != nil {
		fmt.Fprintln(errw, "mimus:", err)
		return exitUnreadable
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := app.Parse(args)
	if err != nil {
		fmt.Fprintf(errw, "mimus: %v\nmimus --help shows what there is.\n", err)
		return exitUnreadable
	}
	var e exitCode
	switch err := k.Run(); {
	case err == nil:
		return exitOK
	case errors.As(err, &e):
		if e.err != nil {
			fmt.Fprintln(errw, "mimus:", e.err)
		}
		return e.code
	default:
		fmt.Fprintln(errw, "mimus:", err)
		return exitError
	}
}

// defaultPort is 4010, or what the environment says.
func defaultPort() string {
	if p := os.Getenv("PORT"); p != "" {
		return p
	}
	return "4010"
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
