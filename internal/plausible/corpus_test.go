package plausible

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
)

// TestOf_RealDocuments_CoversVocabulary counts how many properties of real API
// documents mean something. It reads the documents as text, so that it depends on
// no reader.
func TestOf_RealDocuments_CoversVocabulary(t *testing.T) {
	shared := os.Getenv("MIMUS_SHARED")
	if shared == "" {
		t.Skip("MIMUS_SHARED is not set: no corpus of documents to read")
	}
	files := []string{
		"asana.yaml", "box.json", "moby.yaml", "netlify.yml", "resend.yaml", "xero-accounting.yaml",
		"twilio-api-v2010.yaml", "museum.yaml", "train-travel.yaml", "intercom-2.11.yaml", "discord.json",
		"openai.yaml", "github-api.json.gz",
	}
	total := map[Type]*tally{String: {}, Integer: {}, Number: {}}
	for _, file := range files {
		text := readText(t, filepath.Join(shared, "corpus", "openapi", file))
		own := map[Type]*tally{String: {}, Integer: {}, Number: {}}
		var props []Property
		if strings.Contains(file, ".json") {
			props = scanJSON(t, text)
		} else {
			props = scanYAML(text)
		}
		for _, p := range props {
			own[p.Type].add(p)
			total[p.Type].add(p)
		}
		t.Logf("%-24s strings %5d %5.1f%%  integers %5d %5.1f%%  numbers %4d %5.1f%%", file,
			own[String].all, own[String].share(), own[Integer].all, own[Integer].share(), own[Number].all, own[Number].share())
	}
	for typ, name := range []string{"strings", "integers", "numbers"} {
		c := total[Type(typ)]
		t.Logf("%s: %d, %.1f%% known; unknown: %s", name, c.all, c.share(), c.top(150))
	}
	if share := total[String].share(); share < 85 {
		t.Errorf("%.1f%% of string properties mean something, want 85%%", share)
	}
}

type tally struct {
	all, known int
	unknown    map[string]int
}

func (c *tally) add(p Property) {
	c.all++
	if Of(p) != None {
		c.known++
		return
	}
	if c.unknown == nil {
		c.unknown = map[string]int{}
	}
	c.unknown[p.Name]++
}

func (c *tally) share() float64 {
	if c.all == 0 {
		return 100
	}
	return 100 * float64(c.known) / float64(c.all)
}

func (c *tally) top(n int) string {
	var names []string
	for name := range c.unknown {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		a, b := names[i], names[j]
		if c.unknown[a] != c.unknown[b] {
			return c.unknown[a] > c.unknown[b]
		}
		return a < b
	})
	return strings.Join(names[:min(n, len(names))], " ")
}

func readText(t *testing.T, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func typeOf(name string) (Type, bool) {
	switch name {
	case "string":
		return String, true
	case "integer":
		return Integer, true
	case "number":
		return Number, true
	}
	return 0, false
}

// scanJSON collects what stands under a "properties" key.
func scanJSON(t *testing.T, text []byte) []Property {
	t.Helper()
	var doc any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	var props []Property
	var walk func(node any, parent string)
	walk = func(node any, parent string) {
		switch node := node.(type) {
		case []any:
			for _, item := range node {
				walk(item, parent)
			}
		case map[string]any:
			children, _ := node["properties"].(map[string]any)
			for name, schema := range children {
				schema, ok := schema.(map[string]any)
				if !ok {
					continue
				}
				of := schema
				if items, ok := schema["items"].(map[string]any); ok {
					of = items
				}
				kind, _ := of["type"].(string)
				if kinds, ok := of["type"].([]any); ok && len(kinds) > 0 {
					kind, _ = kinds[0].(string)
				}
				if typ, ok := typeOf(kind); ok {
					description, _ := schema["description"].(string)
					format, _ := of["format"].(string)
					props = append(props, Property{Name: name, Parent: parent, Type: typ, Description: description, Format: format})
				}
				walk(schema, name)
			}
			for name, child := range node {
				if name != "properties" && name != "example" && name != "examples" {
					walk(child, name)
				}
			}
		}
	}
	walk(doc, "")
	return props
}

var yamlLine = regexp.MustCompile(`^( *)(?:- )?["']?([A-Za-z_$@][\w.$@-]*)["']?: *(.*?)\s*$`)

// scanYAML collects keys below a "properties" line that have a type line of
// their own.
func scanYAML(text []byte) []Property {
	type open struct {
		indent int
		name   string
	}
	var stack []open
	var props []Property
	pending := map[int]*Property{}
	flush := func(indent int) {
		for at, p := range pending {
			if at >= indent {
				if p.Values == 1 {
					p.Values = 0
					props = append(props, *p)
				}
				delete(pending, at)
			}
		}
	}
	for _, line := range strings.Split(string(text), "\n") {
		m := yamlLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		indent, name, value := len(m[1]), m[2], strings.Trim(m[3], `"'`)
		flush(indent)
		for len(stack) > 0 && stack[len(stack)-1].indent >= indent {
			stack = stack[:len(stack)-1]
		}
		n := len(stack)
		switch {
		case n > 0 && stack[n-1].name == "properties" && value == "":
			parent := ""
			if n > 1 {
				parent = stack[n-2].name
			}
			pending[indent] = &Property{Name: name, Parent: parent}
		case n > 0 && pending[stack[n-1].indent] != nil:
			p := pending[stack[n-1].indent]
			switch name {
			case "type":
				if typ, ok := typeOf(value); ok {
					p.Type, p.Values = typ, 1
				}
			case "format":
				p.Format = value
			case "description":
				p.Description = value
			}
		case name == "type" && n > 1 && stack[n-1].name == "items" && pending[stack[n-2].indent] != nil:
			p := pending[stack[n-2].indent]
			if typ, ok := typeOf(value); ok {
				p.Type, p.Values = typ, 1
			}
		}
		stack = append(stack, open{indent, name})
	}
	flush(0)
	return props
}
