package verify

import (
	"regexp"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// Body says what the body of a request has to be: all of what is set. JSON is
// compared by value; an urlencoded form counts as an object of texts.
type Body struct {
	Equals   *definition.Value // the same, or the text itself where it is a string
	Contains *definition.Value // has at least these members, and items in this order
	Schema   *schema.Schema
	Text     string         // has this in it
	Matches  *regexp.Regexp // has a match of it
}

func (b *Body) any() bool {
	return b.Equals == nil && b.Contains == nil && b.Schema == nil && b.Text == "" && b.Matches == nil
}

func (b *Body) compare(c *Call, f *comparison) {
	if b.any() {
		return
	}
	if why := c.unreadable(); why != "" {
		f.unknown(why)
		return
	}
	d := differ{place: []string{"body"}, limit: maxDifferences - len(f.differs)}
	b.compareValue(c, &d)
	b.compareText(c, &d)
	f.distance += condition * len(d.out)
	f.differs = append(f.differs, d.out...)
}

// compareValue compares what the body stands for.
func (b *Body) compareValue(c *Call, d *differ) {
	if b.Equals == nil && b.Contains == nil && b.Schema == nil {
		return
	}
	got := c.read().value
	if b.Equals != nil && (b.Equals.Kind != definition.String || b.Equals.Text != c.Body) {
		if got == nil {
			d.note(Clip(c.Body), textual(b.Equals))
		} else {
			d.equal(got, b.Equals)
		}
	}
	if b.Contains != nil {
		if got == nil {
			d.note(Clip(c.Body), "JSON with "+compact(b.Contains))
		} else {
			d.contains(got, b.Contains)
		}
	}
	if b.Schema != nil {
		if got == nil {
			d.note(Clip(c.Body), "JSON that fits the schema")
		} else {
			d.fits(got, b.Schema)
		}
	}
}

func (b *Body) compareText(c *Call, d *differ) {
	if b.Text != "" && !strings.Contains(c.Body, b.Text) {
		d.note(Clip(c.Body), "a text with "+quote(b.Text))
	}
	if b.Matches != nil && !b.Matches.MatchString(c.Body) {
		d.note(Clip(c.Body), "a match of "+Clip(b.Matches.String()))
	}
}

// textual writes a value that a body without JSON is compared with.
func textual(v *definition.Value) string {
	if v.Kind == definition.String {
		if v.Text == "" {
			return `""`
		}
		return Clip(v.Text)
	}
	return compact(v)
}

func quote(s string) string { return Clip(string(definition.AppendString(nil, s))) }

func (b *Body) conditions() []string {
	var out []string
	if b.Equals != nil {
		out = append(out, "body "+textual(b.Equals))
	}
	if b.Contains != nil {
		out = append(out, "a body that contains "+compact(b.Contains))
	}
	if b.Schema != nil {
		out = append(out, "a body that fits a schema")
	}
	if b.Text != "" {
		out = append(out, "a body with the text "+quote(b.Text))
	}
	if b.Matches != nil {
		out = append(out, "a body like "+b.Matches.String())
	}
	return out
}
