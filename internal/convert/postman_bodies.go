package convert

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/plausible"
	"github.com/mimus-dev/mimus/internal/schema"
)

// bodies makes values of schemas and keeps them: many operations share one.
type bodies struct {
	outliner
	set     *schema.Set
	source  ValueSource
	made    map[madeKey]*definition.Value
	written map[*definition.Value]string
}

type madeKey struct {
	at   *definition.Value
	side schema.Direction
}

func newBodies(def *definition.Definition, set *schema.Set, o PostmanOptions) *bodies {
	return &bodies{
		outliner: outliner{
			schemas: def.Schemas, known: map[string]*outline{}, noDeprecated: o.NoDeprecated,
			nullIsType: !isBefore31(def.Format),
		},
		set: set, source: o.Values, made: map[madeKey]*definition.Value{}, written: map[*definition.Value]string{},
	}
}

// isBefore31 tells the versions of OpenAPI in which null is no type.
func isBefore31(format string) bool {
	return strings.HasPrefix(format, "OpenAPI 2") || strings.HasPrefix(format, "OpenAPI 3.0")
}

// value makes the value of a schema. It has the structure of the outline, as
// long as such a value is valid; else it is one that is.
func (b *bodies) value(at *definition.Value, side schema.Direction) *definition.Value {
	key := madeKey{at, side}
	if ref := at.Get("$ref"); ref != nil && len(at.Kids) == 1 {
		if target := b.schemas[ref.Text[min(len(outlineDefs), len(ref.Text)):]]; target != nil {
			key.at = target
		}
	}
	if v, ok := b.made[key]; ok {
		return v
	}
	v := b.make(at, side)
	b.made[key] = v
	return v
}

func (b *bodies) make(at *definition.Value, side schema.Direction) *definition.Value {
	compiled := b.set.Compile(at)
	o := b.of(at)
	if b.source == ValuesOfType {
		s := sampler{bodies: b, side: side, single: o.weight > heavyOutline, budget: maxSampled}
		v, _ := s.value(o, "", 1, nil)
		return &v
	}
	seed := uint64(1)
	if name := at.Get("$ref").Str(); name != "" {
		seed = plausible.Salt(name)
	}
	full, sound, err := compiled.Generate(b.set, schema.Options{Direction: side, Seed: seed})
	if err != nil {
		full, sound = definition.NewNull(), false
	}
	s := sampler{bodies: b, side: side, single: o.weight > heavyOutline, budget: maxSampled}
	v, _ := s.value(o, "", seed, &full)
	if sound && !mend(compiled, &v, &full, side) {
		return &full
	}
	return &v
}
