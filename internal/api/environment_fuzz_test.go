package api

import (
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
)

func FuzzReadPatch(f *testing.F) {
	for _, seed := range []string{
		`[{"op":"add","path":"/values/0","value":{"key":"a"}},{"op":"remove","path":"/values/0/key"}]`,
		`[{"op":"replace","path":"/name","value":"x"}]`, `[{"op":"add","path":"/values/-","value":{"key":"~0~1"}}]`, `[]`, `[null]`, `{`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		steps, fault := readPatch(data)
		if fault != nil {
			return
		}
		variable := definition.NewObject(definition.NewString("k").With("key"), definition.NewString("v").With("value"))
		p := environmentPatch{name: definition.NewString("E"), values: []definition.Value{variable}}
		for i := range steps {
			if p.apply(&steps[i]) != nil {
				return
			}
		}
		list := definition.NewArray(p.values...)
		for i := range list.Kids {
			for j := range list.Kids[i].Kids {
				if m := &list.Kids[i].Kids[j]; checkMember(m) != "" {
					t.Errorf("the patch let %s = %s in", m.Key, m.AppendJSON(nil))
				}
			}
		}
		if p.name.Str() == "" {
			t.Error("the patch took the name away")
		}
	})
}

func FuzzReadFilters(f *testing.F) {
	f.Add([]byte(`{"$and":[{"visibility":{"$eq":"internal"}},{"tags":{"$nin":["a"]}}]}`))
	f.Add([]byte(`{"$and":[{"privateNetwork":{"$ne":false}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		q := searchQuery{Filters: data, Ownership: new("all")}
		if q.readFilters() == nil {
			q.pass(traits{"tags": {"a"}, "visibility": {"public"}})
		}
		_, _ = tagsOfBody(data)
	})
}
