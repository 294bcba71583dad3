package items

import (
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
)

// What a client reads and writes back must not change the collection, or an
// editor that shows every property would wear it down.
func TestPut_WhatGetGave_ChangesNothing(t *testing.T) {
	for name, v := range corpus(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set(v.Get("info"), "schema", definition.NewString("v2.1.0"))
			if err := Normalize(v, counter()); err != nil {
				t.Fatal(err)
			}
			putBackAll(t, v)
		})
	}
}

func TestPut_WhatGetGaveOfUnusualItems_ChangesNothing(t *testing.T) {
	t.Parallel()
	putBackAll(t, parse(t, shop))
}

func putBackAll(t *testing.T, v *definition.Value) {
	t.Helper()
	before := text(v)
	type one struct {
		kind Kind
		id   string
	}
	var all []one
	Walk(v, func(kind Kind, id, _ string, _ *definition.Value, _ []string) bool {
		all = append(all, one{kind, id})
		return true
	})
	for _, o := range all {
		for _, opt := range []Options{{Stamp: stamp}, {Stamp: stamp, Populate: true}} {
			got, err := flat(v, o.id, o.kind, opt)
			if err != nil {
				t.Fatal(err)
			}
			// Over the wire, as a client does it.
			if err := put(v, o.id, o.kind, parse(t, text(&got)), counter()); err != nil {
				t.Fatalf("%s %s: %v", o.kind, o.id, err)
			}
		}
		again, _, _ := Find(v, o.id)
		if again == nil {
			t.Fatalf("%s is gone", o.id)
		}
	}
	if after := text(v); after != before {
		t.Errorf("the collection has changed:\n%.2000s\n%.2000s", before, after)
	}
}

// An item that is made of another's flat form shows the same flat form.
func TestAdd_WhatGetGave_ShowsTheSame(t *testing.T) {
	collections := corpus(t)
	collections["shop"] = parse(t, shop)
	for name, v := range collections {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set(v.Get("info"), "schema", definition.NewString("v2.1.0"))
			newID := counter()
			if err := Normalize(v, newID); err != nil {
				t.Fatal(err)
			}
			requests, responses := 0, 0
			Walk(v, func(kind Kind, id, name string, _ *definition.Value, _ []string) bool {
				switch {
				case kind == Request && requests < 50:
					requests++
					sameAgain(t, v, id, name, Request, newID)
				case kind == Response && responses < 50:
					responses++
					sameAgain(t, v, id, name, Response, newID)
				}
				return true
			})
		})
	}
}

func sameAgain(t *testing.T, v *definition.Value, id, name string, kind Kind, newID func() string) {
	t.Helper()
	got, err := flat(v, id, kind, Options{Stamp: stamp})
	if err != nil {
		t.Fatal(err)
	}
	body := parse(t, text(&got))
	drop(body, "id", "folder")
	other := parse(t, `{"info":{"_postman_id":"`+v.Get("info").Get("_postman_id").Str()+`"},"item":[{"name":"p","id":"parent","request":{"method":"GET","url":"x"}}]}`)
	parent := ""
	if kind == Response {
		parent = "parent"
	}
	made, err := add(other, parent, kind, body, newID)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	again, err := flat(other, made, kind, Options{Stamp: stamp})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"id", "folder", "request", "createdAt", "updatedAt", "responses_order"} {
		drop(&got, key)
		drop(&again, key)
	}
	for i := range got.Kids {
		m := &got.Kids[i]
		if m.Key == "requestObject" {
			if !definition.Equal(parse(t, m.Text), parse(t, again.Get(m.Key).Str())) {
				t.Errorf("%s: %s has become %s", name, m.Text, again.Get(m.Key).Str())
			}
			continue
		}
		if !definition.Equal(m, again.Get(m.Key)) {
			t.Errorf("%s: %s %s has become %s", name, m.Key, text(m), text(again.Get(m.Key)))
		}
	}
}
