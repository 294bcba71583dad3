package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"

	"github.com/mimus-dev/mimus/internal/transfer"
)

// configName is the configuration file that serve reads when it is given no
// source.
const configName = "mimus.yaml"

// maxConfig bounds the size of a configuration file, in bytes.
const maxConfig = transfer.MaxConfig

// sourceEntry is an entry of "sources" in a configuration file.
type sourceEntry struct {
	File  string
	Mount string
	own   []entry // settings of this source alone
}

// entry is one key of a configuration file with its value.
type entry struct {
	key, value *yaml.Node
}

// setting is a key of a configuration file: the flag of the same meaning and
// how its value is taken over.
type setting struct {
	key, flag string
	server    bool // of the whole server, not of one source
	take      func(c *serveCmd, v *yaml.Node) error
}

// allSettings lists the keys; the order is that of docs/configuration.md.
func allSettings() []setting {
	return []setting{
		{"port", "port", true, into("a port, 0 to 65535", func(c *serveCmd) *portNumber { return &c.Port })},
		{"host", "host", true, into("a text", func(c *serveCmd) *string { return &c.Host })},
		{"tls-cert", "tls-cert", true, into("a text", func(c *serveCmd) *string { return &c.TLSCert })},
		{"tls-key", "tls-key", true, into("a text", func(c *serveCmd) *string { return &c.TLSKey })},
		{"drain", "drain", true, into("a time such as 10s", func(c *serveCmd) *time.Duration { return &c.Drain })},
		{"callbacks", "callbacks", true, oneOf(func(c *serveCmd) *string { return &c.Callbacks }, "local", "any", "off")},
		{"data", "data", true, into("a folder", func(c *serveCmd) *string { return &c.Data })},
		{"database", "database", true, into("a URL", func(c *serveCmd) *string { return &c.Database })},
		{"domain", "domain", true, into("a text", func(c *serveCmd) *string { return &c.Domain })},
		{"public-url", "public-url", true, into("a URL", func(c *serveCmd) *string { return &c.PublicURL })},
		{"admin-addr", "admin-addr", true, into("a text", func(c *serveCmd) *string { return &c.AdminAddr })},
		{"admin-host", "admin-host", true, into("a text", func(c *serveCmd) *string { return &c.AdminHost })},
		{"allow-outbound", "allow-outbound", true, list("an address, or a list of them", func(c *serveCmd) *[]string { return &c.AllowOutbound })},
		{"calls-age", "calls-age", true, into("a time such as 720h", func(c *serveCmd) *time.Duration { return &c.CallsAge })},
		{"calls-most", "calls-most", true, into("a number of calls", func(c *serveCmd) *int { return &c.CallsMost })},
		{"spool", "spool", true, into("a folder", func(c *serveCmd) *string { return &c.Spool })},
		{"spool-limit", "spool-limit", true, into("a number of bytes", func(c *serveCmd) *int64 { return &c.SpoolLimit })},
		{"watch", "watch", true, into("true or false", func(c *serveCmd) *bool { return &c.Watch })},
		{"log", "log", true, oneOf(func(c *serveCmd) *string { return &c.Log }, "text", "json")},
		{"verbose-level", "verboseLevel", true, oneOf(func(c *serveCmd) *string { return &c.VerboseLevel }, "silent", "fatal", "error", "warn", "info", "debug", "trace")},

		{"seed", "seed", false, into("a text", func(c *serveCmd) *string { return &c.Seed })},
		{"validate", "validate", false, oneOf(func(c *serveCmd) *string { return &c.Validate }, "strict", "warn", "off")},
		{"dynamic", "dynamic", false, into("true or false", func(c *serveCmd) *bool { return &c.Dynamic })},
		{"errors", "errors", false, into("true or false", func(c *serveCmd) *bool { return &c.Errors })},
		{"delay", "delay", false, into("200ms, 100ms..400ms, 2g or 3g", func(c *serveCmd) *delayTime { return &c.Delay })},
		{"cors", "cors", false, into("true or false", func(c *serveCmd) *bool { return &c.CORS })},
		{"base-path", "base-path", false, into("a text", func(c *serveCmd) *string { return &c.BasePath })},
		{"ignore-examples", "ignoreExamples", false, into("true or false", func(c *serveCmd) *bool { return &c.IgnoreExamples })},
		{"fill-properties", "json-schema-faker-fillProperties", false, into("true or false", func(c *serveCmd) *bool { return &c.FillProperties })},
		{"environment", "environment", false, into("a file", func(c *serveCmd) *string { return &c.Environment })},
		{"examples", "examples", false, list("a file, or a list of files", func(c *serveCmd) *[]string { return &c.Examples })},
		{"contract", "contract", false, into("true or false", func(c *serveCmd) *bool { return &c.Contract })},
		{"matchBody", "match-body", false, into("true or false", func(c *serveCmd) *bool { return &c.MatchBody })},
		{"matchHeader", "match-header", false, into("true or false", func(c *serveCmd) *bool { return &c.MatchHeader })},
		{"headers", "headers", false, list("a header's name, or a list of names", func(c *serveCmd) *[]string { return &c.Headers })},
		{"matchQueryParams", "match-query-params", false, into("true or false", func(c *serveCmd) *bool { return &c.MatchQueryParams })},
		{"matchWildcards", "match-wildcards", false, into("true or false", func(c *serveCmd) *bool { return &c.MatchWildcards })},
		{"matchFuzzy", "match-fuzzy", false, into("true or false", func(c *serveCmd) *bool { return &c.MatchFuzzy })},
		{"root", "root", false, into("a folder", func(c *serveCmd) *string { return &c.Root })},
		{"allow-remote-refs", "allow-remote-refs", false, into("true or false", func(c *serveCmd) *bool { return &c.AllowRemoteRefs })},
		{"strict-document", "strict-document", false, into("true or false", func(c *serveCmd) *bool { return &c.StrictDocument })},
		{"state", "state", false, oneOf(func(c *serveCmd) *string { return &c.State }, "on", "off", "auto")},
		{"world", "world", false, into("a number", func(c *serveCmd) *int { return &c.World })},
		{"epoch", "epoch", false, into("a time such as 2025-01-01T00:00:00Z", func(c *serveCmd) *epochTime { return &c.Epoch })},
		{"stateless", "stateless", false, list("an operation, or a list of them", func(c *serveCmd) *[]string { return &c.Stateless })},
		{"state-items", "state-items", false, into("a number", func(c *serveCmd) *int { return &c.StateItems })},
		{"state-memory", "state-memory", false, into("a number of bytes", func(c *serveCmd) *int64 { return &c.StateMemory })},
		{"keep-calls", "keep-calls", false, into("true or false", func(c *serveCmd) *bool { return &c.KeepCalls })},
		{"redact", "redact", false, list("a name, or a list of names", func(c *serveCmd) *[]string { return &c.Redact })},
		{"body-limit", "body-limit", false, into("a number of bytes", func(c *serveCmd) *int64 { return &c.BodyLimit })},
	}
}

func into[T any](want string, field func(*serveCmd) *T) func(*serveCmd, *yaml.Node) error {
	return func(c *serveCmd, v *yaml.Node) error {
		if v.Kind != yaml.ScalarNode || v.Tag == "!!null" || v.Decode(field(c)) != nil {
			return fmt.Errorf("is %s; write %s", shown(v), want)
		}
		return nil
	}
}

// list takes one text or several.
func list(want string, field func(*serveCmd) *[]string) func(*serveCmd, *yaml.Node) error {
	return func(c *serveCmd, v *yaml.Node) error {
		if v.Kind == yaml.ScalarNode && v.Tag != "!!null" {
			*field(c) = []string{v.Value}
			return nil
		}
		var all []string
		if v.Kind != yaml.SequenceNode || v.Decode(&all) != nil {
			return fmt.Errorf("is %s; write %s", shown(v), want)
		}
		*field(c) = all
		return nil
	}
}

func oneOf(field func(*serveCmd) *string, words ...string) func(*serveCmd, *yaml.Node) error {
	return func(c *serveCmd, v *yaml.Node) error {
		for _, w := range words {
			if v.Kind == yaml.ScalarNode && v.Value == w {
				*field(c) = w
				return nil
			}
		}
		return fmt.Errorf("is %s; it can be %s", shown(v), strings.Join(words, ", "))
	}
}

// shown is a value as a message shows it.
func shown(v *yaml.Node) string {
	switch v.Kind {
	case yaml.MappingNode:
		return "an object"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	if v.Tag == "!!null" {
		return "empty"
	}
	return fmt.Sprintf("%.60q", v.Value)
}

// configure reads the configuration file, if there is one, into what the
// command line left unset.
func (c *serveCmd) configure(given map[string]bool) error {
	name := c.Config
	if name == "" {
		if len(c.Sources) > 0 || len(c.Mount) > 0 {
			return nil
		}
		if _, err := os.Stat(configName); err != nil {
			return nil //nolint:nilerr // without the file there is nothing to read
		}
		name = configName
	}
	data, err := readConfig(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("--config %s: there is no such file", name)
	case err != nil:
		return fmt.Errorf("--config: %w", err)
	}
	return c.take(name, data, given)
}

func readConfig(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxConfig {
		return nil, fmt.Errorf("%s has %d bytes, a configuration has at most %d", name, info.Size(), maxConfig)
	}
	return os.ReadFile(name)
}

// take takes the settings of a configuration file over. Flags that were given
// win.
func (c *serveCmd) take(name string, data []byte, given map[string]bool) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return fmt.Errorf("%s: %s; check the indentation around it", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	f := configFile{name: name, dir: filepath.Dir(name)}
	if len(doc.Content) == 0 {
		return nil // nothing but comments
	}
	keys, err := f.entries(doc.Content[0], "the configuration")
	if err != nil {
		return err
	}
	known := allSettings()
	var whole sourceEntry
	for _, e := range keys {
		switch e.key.Value {
		case "sources":
			if err := f.sources(e.value, known); err != nil {
				return err
			}
		case "file", "mount":
			if err := f.place(&whole, e); err != nil {
				return err
			}
		case "mocks", "specs": // what transfer.ReadMocks reads
			f.mocks = true
		default:
			s, err := f.setting(known, e.key, true)
			if err != nil {
				return err
			}
			if given[s.flag] {
				continue
			}
			if err := f.apply(c, s, e); err != nil {
				return err
			}
		}
	}
	if whole.File != "" {
		f.list = append([]sourceEntry{whole}, f.list...)
	} else if whole.Mount != "" {
		return fmt.Errorf("%s: \"mount\" needs a \"file\" beside it", name)
	}
	c.entries, c.given, c.from = f.list, given, f
	// A wrong value is an error even where no source of that name is served.
	for _, s := range f.list {
		if _, err := c.with(s); err != nil {
			return err
		}
	}
	return nil
}

// with is the command with the settings of one source.
func (c *serveCmd) with(s sourceEntry) (*serveCmd, error) {
	own := *c
	known := allSettings()
	for _, e := range s.own {
		set, err := c.from.setting(known, e.key, false)
		if err != nil {
			return nil, err
		}
		if c.given[set.flag] {
			continue
		}
		if err := c.from.apply(&own, set, e); err != nil {
			return nil, err
		}
	}
	return &own, nil
}

// configFile is a configuration file that is being read.
type configFile struct {
	name, dir string
	list      []sourceEntry
	mocks     bool // it describes mocks too
}

func (f *configFile) errorf(at *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d:%d: %w", f.name, at.Line, at.Column, fmt.Errorf(format, args...))
}

// entries gives the keys of an object, each of which may stand once.
func (f *configFile) entries(n *yaml.Node, what string) ([]entry, error) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil, nil
	}
	if n.Kind != yaml.MappingNode {
		return nil, f.errorf(n, "%s is %s; write keys with values, such as \"port: 4010\"", what, shown(n))
	}
	seen := map[string]bool{}
	var out []entry
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if seen[k.Value] {
			return nil, f.errorf(k, "%q stands twice; keep one", k.Value)
		}
		seen[k.Value] = true
		out = append(out, entry{k, n.Content[i+1]})
	}
	return out, nil
}

// setting finds what a key sets.
func (f *configFile) setting(known []setting, key *yaml.Node, server bool) (setting, error) {
	var names []string
	for _, s := range known {
		switch {
		case s.server && !server && s.key == key.Value:
			return s, f.errorf(key, "%q is a setting of the whole server; write it at the top of the file", key.Value)
		case s.key == key.Value:
			return s, nil
		case s.server && !server:
			continue
		case s.flag == key.Value:
			return s, f.errorf(key, "%q is written %q here", key.Value, s.key)
		}
		names = append(names, s.key)
	}
	sort.Strings(names)
	return setting{}, f.errorf(key, "%q is no setting; there are file, mocks, mount, sources, specs, %s", key.Value, strings.Join(names, ", "))
}

// apply sets one value. Paths in a configuration file are relative to it.
func (f *configFile) apply(c *serveCmd, s setting, e entry) error {
	if err := s.take(c, e.value); err != nil {
		return f.errorf(e.value, "%s %w", s.key, err)
	}
	switch s.key {
	case "data":
		c.Data = f.path(c.Data)
	case "tls-cert":
		c.TLSCert = f.path(c.TLSCert)
	case "tls-key":
		c.TLSKey = f.path(c.TLSKey)
	case "root":
		c.Root = f.path(c.Root)
	case "environment":
		c.Environment = f.path(c.Environment)
	case "examples":
		for i := range c.Examples {
			c.Examples[i] = f.path(c.Examples[i])
		}
	case "body-limit":
		if c.BodyLimit <= 0 {
			return f.errorf(e.value, "body-limit is %d; write a number of bytes above 0", c.BodyLimit)
		}
	}
	return nil
}

// path makes a path of the file one of the working folder.
func (f *configFile) path(p string) string {
	if p == "" || p == "-" || strings.Contains(p, "://") || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(f.dir, p)
}

func (f *configFile) sources(n *yaml.Node, known []setting) error {
	if n.Kind != yaml.SequenceNode {
		return f.errorf(n, "\"sources\" is %s; write a list, each entry with \"file\"", shown(n))
	}
	for i, item := range n.Content {
		if item.Kind == yaml.ScalarNode && item.Tag == "!!str" {
			f.list = append(f.list, sourceEntry{File: f.path(item.Value)})
			continue
		}
		keys, err := f.entries(item, fmt.Sprintf("entry %d of \"sources\"", i+1))
		if err != nil {
			return err
		}
		var s sourceEntry
		for _, e := range keys {
			if e.key.Value == "file" || e.key.Value == "mount" {
				if err := f.place(&s, e); err != nil {
					return err
				}
				continue
			}
			if _, err := f.setting(known, e.key, false); err != nil {
				return err
			}
			s.own = append(s.own, e)
		}
		if s.File == "" {
			return f.errorf(item, "entry %d of \"sources\" has no \"file\"", i+1)
		}
		f.list = append(f.list, s)
	}
	return nil
}

// place reads "file" and "mount".
func (f *configFile) place(s *sourceEntry, e entry) error {
	if e.value.Kind != yaml.ScalarNode || e.value.Value == "" {
		return f.errorf(e.value, "%q is %s; write a text", e.key.Value, shown(e.value))
	}
	if e.key.Value == "file" {
		s.File = f.path(e.value.Value)
		return nil
	}
	if err := checkPrefix(e.value.Value); err != nil {
		return f.errorf(e.value, "mount %w", err)
	}
	s.Mount = e.value.Value
	return nil
}

// givenFlags are the names of the flags that stand on the command line, or for
// which the environment has a value.
func givenFlags(k *kong.Context) map[string]bool {
	given := map[string]bool{}
	for _, p := range k.Path {
		if p.Flag != nil {
			given[p.Flag.Name] = true
		}
	}
	for _, f := range k.Flags() {
		for _, env := range f.Envs {
			if os.Getenv(env) != "" {
				given[f.Name] = true
			}
		}
	}
	return given
}
