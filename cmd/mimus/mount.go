package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/resource"
	"github.com/mimus-dev/mimus/internal/saved"
	"github.com/mimus-dev/mimus/internal/schema"
	"github.com/mimus-dev/mimus/internal/server"
	"github.com/mimus-dev/mimus/internal/transfer"
)

// located is one document of a source, with its settings.
type located struct {
	location string
	prefix   string // asked for; "" is chosen
	fixed    bool
	settings *serveCmd
	found    bool // beside others, by a folder or a glob
}

// mounts makes the mounts of all sources: one document at /, several at
// /<file stem>.
func (c *serveCmd) mounts(in io.Reader) ([]*server.Mount, error) {
	given, err := c.allSources()
	if err != nil {
		return nil, err
	}
	var all []located
	for _, s := range given {
		found, err := c.expand(s)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	taken := map[string]string{} // prefixes and the documents at them
	for _, l := range all {
		if !l.fixed {
			continue
		}
		if other, ok := taken[l.prefix]; ok {
			return nil, fmt.Errorf("%s and %s would both be mounted at %s; choose another prefix with --mount", other, l.location, orSlash(l.prefix))
		}
		taken[l.prefix] = l.location
	}
	var mounts []*server.Mount
	for _, l := range all {
		prefix := l.prefix
		if !l.fixed && len(all) > 1 {
			prefix = freePrefix(server.Stem(l.location), taken)
			taken[prefix] = l.location
		}
		settings, err := l.settings.mockSettings()
		if err != nil {
			return nil, err
		}
		mounts = append(mounts, &server.Mount{ID: transfer.MockID(l.location), Settings: settings, Found: l.found && !l.settings.StrictDocument, Prefix: prefix, Config: l.settings.engine(), Source: server.Source{
			Location: l.location, Root: l.settings.Root, AllowRemote: l.settings.AllowRemoteRefs, Strict: l.settings.StrictDocument, Stdin: in,
			Environment: l.settings.Environment, Examples: l.settings.Examples, Contract: l.settings.Contract,
		}})
	}
	return mounts, nil
}

// freePrefix is /name, or /name-2 and so on where that is taken.
func freePrefix(name string, taken map[string]string) string {
	prefix := "/" + name
	for n := 2; ; n++ {
		if _, ok := taken[prefix]; !ok && prefix != reservedPrefix {
			return prefix
		}
		prefix = "/" + name + "-" + strconv.Itoa(n)
	}
}

// allSources joins what the command line and the configuration file name.
// Sources on the command line take the place of the file's, whose settings for
// the same file stay.
func (c *serveCmd) allSources() ([]sourceEntry, error) {
	var out []sourceEntry
	find := func(file string) *sourceEntry {
		for i := range out {
			if sameFile(out[i].File, file) {
				return &out[i]
			}
		}
		return nil
	}
	for _, file := range c.Sources {
		out = append(out, c.entryOf(file))
	}
	for _, m := range c.Mount {
		i := strings.LastIndex(m, "=/")
		if i <= 0 {
			return nil, exitCode{exitUnreadable, fmt.Errorf("--mount %s: write it as file=/prefix", m)}
		}
		file, prefix := m[:i], m[i+1:]
		if err := checkPrefix(prefix); err != nil {
			return nil, exitCode{exitUnreadable, fmt.Errorf("--mount %s: the prefix %w", m, err)}
		}
		s := find(file)
		if s == nil {
			out = append(out, c.entryOf(file))
			s = &out[len(out)-1]
		}
		s.Mount = prefix
	}
	if len(out) == 0 {
		out = c.entries
	}
	if len(out) == 0 {
		return nil, exitCode{exitUnreadable, errors.New("serve needs a document, for example: mimus serve openapi.yaml")}
	}
	return out, nil
}

// entryOf is the entry of a file in the configuration, or a new one.
func (c *serveCmd) entryOf(file string) sourceEntry {
	for _, e := range c.entries {
		if sameFile(e.File, file) {
			e.File = file
			return e
		}
	}
	return sourceEntry{File: file}
}

func sameFile(a, b string) bool {
	if a == b {
		return true
	}
	if strings.Contains(a, "://") || strings.Contains(b, "://") || a == "-" || b == "-" {
		return false
	}
	x, err := filepath.Abs(a)
	y, err2 := filepath.Abs(b)
	return err == nil && err2 == nil && x == y
}

// expand finds the documents of a source. Several documents of one that has a
// prefix are mounted below it.
func (c *serveCmd) expand(s sourceEntry) ([]located, error) {
	own, err := c.with(s)
	if err != nil {
		return nil, err
	}
	found, err := server.Expand([]string{s.File})
	if err != nil {
		return nil, err
	}
	base := strings.TrimRight(s.Mount, "/")
	below := map[string]string{}
	var out []located
	for _, loc := range found {
		l := located{location: loc, settings: own, found: len(found) > 1}
		switch {
		case s.Mount == "":
		case len(found) == 1:
			l.prefix, l.fixed = base, true
		default:
			name := freePrefix(server.Stem(loc), below)
			below[name] = loc
			l.prefix, l.fixed = base+name, true
		}
		out = append(out, l)
	}
	return out, nil
}

const reservedPrefix = "/_mimus"

// checkPrefix says what is wrong with the prefix of a mount.
func checkPrefix(p string) error {
	switch u, err := url.Parse(p); {
	case !strings.HasPrefix(p, "/"):
		return fmt.Errorf("%q must begin with a slash", p)
	case p == reservedPrefix || strings.HasPrefix(p, reservedPrefix+"/"):
		return fmt.Errorf("%q is reserved; choose another", p)
	case err != nil || u.Path != p || strings.TrimRight(path.Clean(p), "/") != strings.TrimRight(p, "/") || u.EscapedPath() != p:
		return fmt.Errorf("%q is not a plain path; use letters, digits, - and _ between slashes", p)
	}
	return nil
}

func orSlash(prefix string) string {
	if prefix == "" {
		return "/"
	}
	return prefix
}

// engine makes the engine's settings.
func (c *serveCmd) engine() engine.Config {
	cfg := engine.Config{
		Seed: c.Seed, Dynamic: c.Dynamic, IgnoreExamples: c.IgnoreExamples, Errors: c.Errors, NoCORS: !c.CORS,
		Delay: c.Delay.Delay, BasePath: basePath(c.BasePath), BodyLimit: c.BodyLimit, Callbacks: c.Callbacks != "off",
	}
	cfg.Matching = saved.Config{
		Body: c.MatchBody, Header: c.MatchHeader, Headers: c.Headers,
		NoQuery: !c.MatchQueryParams, NoWildcards: !c.MatchWildcards, NoFuzzy: !c.MatchFuzzy,
	}
	switch {
	case c.State == "on":
		cfg.State = engine.LivingOn
	case c.State == "off", c.Contract:
		cfg.State = engine.LivingOff
	}
	cfg.Stateless = c.Stateless
	cfg.Resources = resource.Config{World: c.World, Epoch: c.Epoch.Time, MaxItems: c.StateItems, MaxBytes: c.StateMemory}
	if c.World <= 0 {
		cfg.Resources.World = -1
	}
	switch c.Validate {
	case "warn":
		cfg.Validation = engine.Warn
	case "off":
		cfg.Validation = engine.Off
	}
	if !c.FillProperties {
		f := schema.DefaultFaker
		f.Fill = false
		cfg.Faker = &f
	}
	return cfg
}

// basePath is a base path as the engine takes it: "" or "/path".
func basePath(p string) string {
	if p = strings.Trim(p, "/"); p == "" {
		return ""
	}
	return "/" + p
}
