package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// sourceSettings are the settings of one source in a configuration file. What
// is not set there is as for all sources.
type sourceSettings struct {
	File           string  `yaml:"file"`
	Mount          string  `yaml:"mount"`
	Seed           *string `yaml:"seed"`
	Validate       *string `yaml:"validate"`
	Dynamic        *bool   `yaml:"dynamic"`
	Errors         *bool   `yaml:"errors"`
	Delay          *string `yaml:"delay"`
	CORS           *bool   `yaml:"cors"`
	BasePath       *string `yaml:"base-path"`
	IgnoreExamples *bool   `yaml:"ignore-examples"`
	FillProperties *bool   `yaml:"fill-properties"`
	Root           *string `yaml:"root"`
	RemoteRefs     *bool   `yaml:"allow-remote-refs"`
	StrictDocument *bool   `yaml:"strict-document"`
	BodyLimit      *int64  `yaml:"body-limit"`
}

// settingsFile is a configuration file: the settings of all sources, those of
// the server, and a list of sources.
type settingsFile struct {
	sourceSettings `yaml:",inline"`

	Port         *int             `yaml:"port"`
	Host         *string          `yaml:"host"`
	TLSCert      *string          `yaml:"tls-cert"`
	TLSKey       *string          `yaml:"tls-key"`
	Callbacks    *string          `yaml:"callbacks"`
	Watch        *bool            `yaml:"watch"`
	Log          *string          `yaml:"log"`
	VerboseLevel *string          `yaml:"verbose-level"`
	Sources      []sourceSettings `yaml:"sources"`
}

const configName = "mimus.yaml"

// AfterApply reads the configuration file into what the command line left
// unset.
func (c *serveCmd) AfterApply() error {
	name := c.Config
	if name == "" {
		if len(c.Sources) > 0 || len(c.Mount) > 0 {
			return nil
		}
		if _, err := os.Stat(configName); err != nil {
			return nil
		}
		name = configName
	}
	data, err := os.ReadFile(name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("--config %s: there is no such file", name)
		}
		return fmt.Errorf("--config: %w", err)
	}
	var f settingsFile
	d := yaml.NewDecoder(strings.NewReader(string(data)))
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil {
		return fmt.Errorf("%s: %s", name, strings.TrimPrefix(strings.ReplaceAll(err.Error(), "\n", " "), "yaml: "))
	}
	return c.apply(&f, filepath.Dir(name), name)
}

// apply takes settings over. A flag that differs from its default was given,
// and wins.
func (c *serveCmd) apply(f *settingsFile, dir, name string) error {
	given := givenFlags(os.Args)
	set(&c.Port, f.Port, given["port"] || given["p"] || os.Getenv("PORT") != "")
	set(&c.Host, f.Host, given["host"] || given["h"])
	set(&c.TLSCert, f.TLSCert, given["tls-cert"])
	set(&c.TLSKey, f.TLSKey, given["tls-key"])
	set(&c.Callbacks, f.Callbacks, given["callbacks"])
	set(&c.Watch, f.Watch, given["watch"] || given["no-watch"])
	set(&c.Log, f.Log, given["log"])
	set(&c.VerboseLevel, f.VerboseLevel, given["verboseLevel"] || given["v"])
	c.takeSource(&f.sourceSettings, given)
	if f.File != "" {
		f.Sources = append([]sourceSettings{{File: f.File, Mount: f.Mount}}, f.Sources...)
	}
	for i := range f.Sources {
		s := &f.Sources[i]
		if s.File == "" {
			return fmt.Errorf("%s: entry %d of \"sources\" has no \"file\"", name, i+1)
		}
		if s.Mount != "" && !strings.HasPrefix(s.Mount, "/") {
			return fmt.Errorf("%s: \"mount\" of %s must begin with a slash", name, s.File)
		}
		if !strings.Contains(s.File, "://") && !filepath.IsAbs(s.File) && s.File != "-" {
			s.File = filepath.Join(dir, s.File)
		}
	}
	c.settings = f.Sources
	return c.checkEnums(name)
}

func (c *serveCmd) checkEnums(name string) error {
	for _, x := range []struct{ key, got, want string }{
		{"validate", c.Validate, "strict warn off"}, {"callbacks", c.Callbacks, "local any off"}, {"log", c.Log, "text json"},
		{"verbose-level", c.VerboseLevel, "silent fatal error warn info debug trace"},
	} {
		if !contains(strings.Fields(x.want), x.got) {
			return fmt.Errorf("%s: %s is %q; it can be %s", name, x.key, x.got, strings.ReplaceAll(x.want, " ", ", "))
		}
	}
	return nil
}

func (c *serveCmd) takeSource(s *sourceSettings, given map[string]bool) {
	set(&c.Seed, s.Seed, given["seed"])
	set(&c.Validate, s.Validate, given["validate"])
	set(&c.Dynamic, s.Dynamic, given["dynamic"] || given["d"])
	set(&c.Errors, s.Errors, given["errors"])
	set(&c.Delay, s.Delay, given["delay"])
	set(&c.CORS, s.CORS, given["cors"] || given["no-cors"])
	set(&c.BasePath, s.BasePath, given["base-path"])
	set(&c.IgnoreExamples, s.IgnoreExamples, given["ignoreExamples"] || given["ignore-examples"])
	set(&c.FillProperties, s.FillProperties, given["json-schema-faker-fillProperties"])
	set(&c.Root, s.Root, given["root"])
	set(&c.AllowRemoteRefs, s.RemoteRefs, given["allow-remote-refs"])
	set(&c.StrictDocument, s.StrictDocument, given["strict-document"])
	set(&c.BodyLimit, s.BodyLimit, given["body-limit"])
}

// forSource is the command with the settings of one source.
func (c *serveCmd) forSource(loc string) *serveCmd {
	for i := range c.settings {
		if c.settings[i].File == loc {
			own := *c
			own.takeSource(&c.settings[i], nil)
			return &own
		}
	}
	return c
}

func set[T any](to *T, from *T, given bool) {
	if from != nil && !given {
		*to = *from
	}
}

// givenFlags are the names of the flags that stand on a command line.
func givenFlags(args []string) map[string]bool {
	given := map[string]bool{}
	for _, a := range args {
		if a == "--" {
			break
		}
		if name, ok := strings.CutPrefix(a, "--"); ok {
			name, _, _ = strings.Cut(name, "=")
			given[name] = true
		} else if strings.HasPrefix(a, "-") && len(a) > 1 {
			given[a[1:2]] = true
		}
	}
	return given
}
