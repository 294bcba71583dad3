package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

// parseServe parses a command line as run does, and takes the configuration
// over where there is one.
func parseServe(t *testing.T, config string, args ...string) (*serveCmd, error) {
	t.Helper()
	var c cli
	app, err := kong.New(&c, kong.NoDefaultHelp(), kong.BindTo(context.Background(), (*context.Context)(nil)))
	if err != nil {
		t.Fatal(err)
	}
	k, err := app.Parse(append([]string{"serve"}, args...))
	if err != nil {
		t.Fatal(err)
	}
	return &c.Serve, c.Serve.take("conf/mimus.yaml", []byte(config), givenFlags(k))
}

func TestConfig_GivenFlags_Win(t *testing.T) {
	const config = "port: 5000\nseed: file\ndelay: 2g\ncors: false\nwatch: false\nvalidate: warn\nignore-examples: true\nfill-properties: false\nverbose-level: error\nhost: 0.0.0.0\n"
	c, err := parseServe(t, config)
	if err != nil {
		t.Fatal(err)
	}
	if c.Port != 5000 || c.Seed != "file" || c.Delay.Max != 1400*time.Millisecond || c.CORS || c.Watch || c.Validate != "warn" ||
		!c.IgnoreExamples || c.FillProperties || c.VerboseLevel != "error" || c.Host != "0.0.0.0" {
		t.Errorf("the file's settings were not taken: %+v", c)
	}
	// Each flag has the value of its default: that it was given is what counts.
	c, err = parseServe(t, config, "-p", "4010", "--seed=mimus", "--delay", "0", "--cors", "--watch", "--validate", "strict",
		"--ignore-examples=false", "--json-schema-faker-fillProperties", "-v", "info", "-h", "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	if c.Port != 4010 || c.Seed != "mimus" || c.Delay.Max != 0 || !c.CORS || !c.Watch || c.Validate != "strict" ||
		c.IgnoreExamples || !c.FillProperties || c.VerboseLevel != "info" || c.Host != "127.0.0.1" {
		t.Errorf("given flags did not win: %+v", c)
	}
}

func TestConfig_SourceSettings_AreItsOwn(t *testing.T) {
	c, err := parseServe(t, "seed: all\nsources:\n  - a.yaml\n  - file: b.yaml\n    seed: own\n    validate: off\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.entries) != 2 {
		t.Fatalf("%d sources, want 2", len(c.entries))
	}
	a, err := c.with(c.entries[0])
	if err != nil {
		t.Fatal(err)
	}
	b, err := c.with(c.entries[1])
	if err != nil {
		t.Fatal(err)
	}
	if a.Seed != "all" || a.Validate != "strict" || b.Seed != "own" || b.Validate != "off" {
		t.Errorf("a has seed %q, validate %q; b has %q, %q", a.Seed, a.Validate, b.Seed, b.Validate)
	}
	c, err = parseServe(t, "sources:\n  - file: b.yaml\n    seed: own\n", "--seed", "flag")
	if err != nil {
		t.Fatal(err)
	}
	if b, _ = c.with(c.entries[0]); b.Seed != "flag" {
		t.Errorf("seed %q, want that of the flag", b.Seed)
	}
}

func TestConfig_Paths_AreRelativeToTheFile(t *testing.T) {
	abs, err := filepath.Abs("abs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := parseServe(t, "root: specs\ntls-cert: cert.pem\nsources: [a.yaml, ../b.yaml, 'https://example.com/c.yaml', '-', '"+abs+"']\n")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range c.entries {
		got = append(got, filepath.ToSlash(e.File))
	}
	want := "conf/a.yaml b.yaml https://example.com/c.yaml - " + filepath.ToSlash(abs)
	if s := strings.Join(got, " "); s != want {
		t.Errorf("sources %s, want %s", s, want)
	}
	if filepath.ToSlash(c.Root) != "conf/specs" || filepath.ToSlash(c.TLSCert) != "conf/cert.pem" {
		t.Errorf("root %s, certificate %s", c.Root, c.TLSCert)
	}
}

func TestConfig_Mistakes_HaveTheirPlaceAndTheNextStep(t *testing.T) {
	for _, x := range []struct{ config, want string }{
		{"prot: 1\n", `conf/mimus.yaml:1:1: "prot" is no setting; there are `},
		{"seed: a\nverboseLevel: warn\n", `:2:1: "verboseLevel" is written "verbose-level" here`},
		{"port: many\n", `:1:7: port is "many"; write a port, 0 to 65535`},
		{"port: [1]\n", `:1:7: port is a list`},
		{"validate: loud\n", `:1:11: validate is "loud"; it can be strict, warn, off`},
		{"dynamic: often\n", `:1:10: dynamic is "often"; write true or false`},
		{"host:\n", `host is empty; write a text`},
		{"delay: 2g\ndelay: 3g\n", `:2:1: "delay" stands twice; keep one`},
		{"body-limit: -1\n", `:1:13: body-limit is -1; write a number of bytes above 0`},
		{"sources: a.yaml\n", `:1:10: "sources" is "a.yaml"; write a list`},
		{"sources:\n  - seed: x\n", `:2:5: entry 1 of "sources" has no "file"`},
		{"sources:\n  - file: a.yaml\n    port: 1\n", `:3:5: "port" is a setting of the whole server; write it at the top of the file`},
		{"sources:\n  - file: a.yaml\n    delay: soon\n", `:3:12: delay is "soon"`},
		{"sources:\n  - file: a.yaml\n    mount: api\n", `:3:12: mount "api" must begin with a slash`},
		{"file: a.yaml\nmount: /_mimus\n", `:2:8: mount "/_mimus" is reserved`},
		{"mount: /a\n", `"mount" needs a "file" beside it`},
		{"- a\n", `:1:1: the configuration is a list; write keys with values`},
		{"a: [\n", `conf/mimus.yaml: line 1: `},
	} {
		_, err := parseServe(t, x.config)
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%q: error %v, want one with %s", x.config, err, x.want)
		}
	}
}

func TestConfig_Empty_SetsNothing(t *testing.T) {
	for _, config := range []string{"", "# nothing yet\n", "---\n"} {
		c, err := parseServe(t, config)
		if err != nil || c.Port != 4010 {
			t.Errorf("%q: port %d, error %v", config, c.Port, err)
		}
	}
}

func TestRun_Mistakes_ExitWithTwoAndTheNextStep(t *testing.T) {
	for _, x := range []struct {
		args []string
		want string
	}{
		{[]string{"sevre"}, `did you mean "serve"?`},
		{[]string{"api.yaml"}, "to serve it: mimus serve api.yaml"},
		{[]string{"serve", "--prot", "1", "a.yaml"}, `unknown flag --prot, did you mean one of "--port"`},
		{[]string{"serve", "-p", "70000", "a.yaml"}, `"70000" is not a port; use a number from 0 to 65535`},
		{[]string{"serve", "--delay", "soon", "a.yaml"}, `"soon" is not a delay of at most 5 minutes; write 200ms`},
		{[]string{"serve", "--body-limit", "0", "a.yaml"}, "--body-limit 0: write a number of bytes above 0"},
		{[]string{"serve", "--tls-key", "k.pem", "a.yaml"}, "--tls-key needs --tls-cert"},
		{[]string{"serve", "--config", "nowhere.yaml"}, "--config nowhere.yaml: there is no such file"},
		{[]string{"check", "nowhere.yaml"}, "nowhere.yaml: there is no such file"},
	} {
		var out, problems bytes.Buffer
		code := run(context.Background(), x.args, strings.NewReader(""), &out, &problems)
		if code != exitUnreadable || !strings.Contains(problems.String(), x.want) {
			t.Errorf("mimus %s: exit %d, printed %q, want 2 and %q", strings.Join(x.args, " "), code, problems.String(), x.want)
		}
	}
}

func TestRun_Help_IsPrintedForEachCommand(t *testing.T) {
	for _, args := range [][]string{nil, {"--help"}, {"help"}, {"help", "serve"}, {"serve", "--help"}, {"check", "--help"}, {"routes", "--help"}} {
		var out, problems bytes.Buffer
		code := run(context.Background(), args, strings.NewReader(""), &out, &problems)
		if code != exitOK || !strings.HasPrefix(out.String(), "Usage: mimus") || problems.Len() > 0 {
			t.Errorf("mimus %v: exit %d, printed %q and %q", args, code, out.String(), problems.String())
		}
	}
}

func TestRun_Completion_HasEveryCommandAndFlag(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		var out, problems bytes.Buffer
		if code := run(context.Background(), []string{"completion", shell}, strings.NewReader(""), &out, &problems); code != exitOK {
			t.Fatalf("%s: exit %d: %s", shell, code, &problems)
		}
		for _, want := range []string{"serve", "check", "routes", "strict-document", "fail-on"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("the script for %s has no %s", shell, want)
			}
		}
	}
}

func TestConfig_Keys_AreDocumentedAndAreFlags(t *testing.T) {
	doc, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	app, err := kong.New(new(cli), kong.NoDefaultHelp(), kong.BindTo(context.Background(), (*context.Context)(nil)))
	if err != nil {
		t.Fatal(err)
	}
	flags := map[string]bool{}
	for _, verb := range app.Model.Children {
		for _, f := range verb.Flags {
			flags[f.Name] = true
		}
	}
	for _, s := range allSettings() {
		if !strings.Contains(string(doc), "`"+s.key+"`") {
			t.Errorf("docs/configuration.md doesn't have the key %s", s.key)
		}
		if !flags[s.flag] {
			t.Errorf("key %s stands for the flag --%s, which isn't there", s.key, s.flag)
		}
	}
}
