package schema

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// ReadFaker reads a document's "x-json-schema-faker"; what it doesn't set is as
// in [DefaultFaker].
func ReadFaker(doc *value) Faker {
	f := DefaultFaker
	if doc.Is(definition.Object) {
		for i := range doc.Kids {
			k := &doc.Kids[i]
			n, _ := k.Int()
			switch strings.ToLower(strings.ReplaceAll(k.Key, "-", "")) {
			case "minitems":
				f.MinItems = n
			case "maxitems":
				f.MaxItems = n
			case "minlength":
				f.MinLength = n
			case "maxlength":
				f.MaxLength = n
			case "alwaysfakeoptionals":
				if k.True() {
					f.Optionals = 100
				}
			case "optionalsprobability":
				if p, ok := k.Float(); ok && p >= 0 && p <= 1 {
					f.Optionals = int(p * 100)
				}
			case "fillproperties":
				f.Fill = k.True()
			case "useexamplesvalue":
				f.UseExamples = k.True()
			case "usedefaultvalue":
				f.UseDefaults = k.True()
			}
		}
	}
	return f
}
