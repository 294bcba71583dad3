package items

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
)

// outline writes a collection's tree of ids: "f1(f2(r3) r1[e1 e2]) r2".
func outline(v *definition.Value) string {
	var parts []string
	for _, item := range kids(v, "item") {
		s := item.Get("id").Str()
		if kindOf(item) == Folder {
			s += "(" + outline(item) + ")"
		} else if rs := kids(item, "response"); len(rs) > 0 {
			var names []string
			for _, r := range rs {
				names = append(names, r.Get("id").Str())
			}
			s += "[" + strings.Join(names, " ") + "]"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " ")
}

func short() func() string {
	n := 0
	return func() string { n++; return fmt.Sprintf("n%d", n) }
}

func TestTransfer_PutsItemsWhereTheyBelong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind       Kind
		body, want string
	}{
		"move a request to the collection": {Request, `{"ids":["1-r3"],"mode":"move","target":{"model":"collection","id":"1-c0000000-0000-4000-8000-000000000000"},"location":{"position":"end","model":null,"id":null}}`, "f1(f2() r1[e1 e2]) r2 r3"},
		"to the start":                     {Request, `{"ids":["r2"],"mode":"move","target":{"model":"folder","id":"f1"},"location":{"position":"start"}}`, "f1(r2 f2(r3) r1[e1 e2])"},
		"before":                           {Request, `{"ids":["r2"],"mode":"move","target":{"model":"folder","id":"f1"},"location":{"position":"before","model":"request","id":"1-r1"}}`, "f1(f2(r3) r2 r1[e1 e2])"},
		"after a folder":                   {Request, `{"ids":["r2"],"mode":"move","target":{"model":"folder","id":"f1"},"location":{"position":"after","model":"folder","id":"f2"}}`, "f1(f2(r3) r2 r1[e1 e2])"},
		"within its folder":                {Request, `{"ids":["r1"],"mode":"move","target":{"model":"folder","id":"f1"},"location":{"position":"before","id":"f2"}}`, "f1(r1[e1 e2] f2(r3)) r2"},
		"several, in their order":          {Request, `{"ids":["r3","r1","r3"],"mode":"move","target":{"model":"collection","id":"c0000000-0000-4000-8000-000000000000"},"location":{"position":"after","model":"request","id":"r2"}}`, "f1(f2()) r2 r3 r1[e1 e2]"},
		"copy a request":                   {Request, `{"ids":["r1"],"mode":"copy","target":{"model":"folder","id":"f2"},"location":{"position":"end"}}`, "f1(f2(r3 n1[n2 n3]) r1[e1 e2]) r2"},
		"a folder":                         {Folder, `{"ids":["f2"],"mode":"move","target":{"model":"collection","id":"c0000000-0000-4000-8000-000000000000"},"location":{"position":"start"}}`, "f2(r3) f1(r1[e1 e2]) r2"},
		"a folder out of a moved one":      {Folder, `{"ids":["f1","f2"],"mode":"move","target":{"model":"collection","id":"c0000000-0000-4000-8000-000000000000"},"location":{"position":"end"}}`, "r2 f1(r1[e1 e2]) f2(r3)"},
		"copy a folder":                    {Folder, `{"ids":["f2"],"mode":"copy","target":{"model":"collection","id":"c0000000-0000-4000-8000-000000000000"},"location":{"position":"end"}}`, "f1(f2(r3) r1[e1 e2]) r2 n1(n2)"},
		"a response":                       {Response, `{"ids":["e1"],"mode":"move","target":{"model":"request","id":"r2"},"location":{"position":"end"}}`, "f1(f2(r3) r1[e2]) r2[e1]"},
		"a response after another":         {Response, `{"ids":["e1"],"mode":"move","target":{"model":"request","id":"r1"},"location":{"position":"after","model":"response","id":"e2"}}`, "f1(f2(r3) r1[e2 e1]) r2"},
		"copy a response":                  {Response, `{"ids":["e1"],"mode":"copy","target":{"model":"request","id":"r1"},"location":{"position":"before","model":"response","id":"e1"}}`, "f1(f2(r3) r1[n1 e1 e2]) r2"},
	} {
		v := parse(t, shop)
		tr, err := ReadTransfer(c.kind, parse(t, c.body))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		ids, err := tr.Run(v, v, short())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := outline(v); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, c.want)
		}
		for _, id := range ids {
			if _, _, kind := Find(v, id); kind != c.kind {
				t.Errorf("%s: %s isn't there", name, id)
			}
		}
	}
}

func TestTransfer_Refused_ChangesNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind       Kind
		body, want string
	}{
		"no ids":               {Request, `{"mode":"move","target":{"model":"folder","id":"f1"},"location":{}}`, ParamMissing},
		"no location":          {Request, `{"ids":["r1"],"mode":"move","target":{"model":"folder","id":"f1"}}`, ParamMissing},
		"empty ids":            {Request, `{"ids":[],"mode":"move","target":{"model":"folder","id":"f1"},"location":{}}`, Invalid},
		"other mode":           {Request, `{"ids":["r1"],"mode":"x","target":{"model":"folder","id":"f1"},"location":{}}`, Invalid},
		"response to folder":   {Response, `{"ids":["e1"],"mode":"move","target":{"model":"folder","id":"f1"},"location":{}}`, Invalid},
		"request to request":   {Request, `{"ids":["r1"],"mode":"move","target":{"model":"request","id":"r2"},"location":{}}`, Invalid},
		"other kind":           {Request, `{"ids":["f1"],"mode":"move","target":{"model":"folder","id":"f1"},"location":{}}`, NotFound},
		"one of two":           {Request, `{"ids":["r2","none"],"mode":"move","target":{"model":"folder","id":"f1"},"location":{}}`, NotFound},
		"no target":            {Request, `{"ids":["r2"],"mode":"move","target":{"model":"folder","id":"none"},"location":{}}`, NotFound},
		"other collection":     {Request, `{"ids":["r2"],"mode":"move","target":{"model":"collection","id":"none"},"location":{}}`, NotFound},
		"beside nothing":       {Request, `{"ids":["r2"],"mode":"move","target":{"model":"folder","id":"f1"},"location":{"position":"before"}}`, ParamMissing},
		"beside one elsewhere": {Request, `{"ids":["r2"],"mode":"move","target":{"model":"folder","id":"f1"},"location":{"position":"before","id":"r3"}}`, NotFound},
		"beside itself":        {Request, `{"ids":["r1"],"mode":"move","target":{"model":"folder","id":"f1"},"location":{"position":"before","id":"r1"}}`, Invalid},
		"other position":       {Request, `{"ids":["r1"],"mode":"move","target":{"model":"folder","id":"f1"},"location":{"position":"x"}}`, Invalid},
		"into itself":          {Folder, `{"ids":["f1"],"mode":"move","target":{"model":"folder","id":"f1"},"location":{}}`, Invalid},
		"into its own":         {Folder, `{"ids":["f1"],"mode":"copy","target":{"model":"folder","id":"f2"},"location":{}}`, Invalid},
	} {
		v := parse(t, shop)
		before := text(v)
		tr, err := ReadTransfer(c.kind, parse(t, c.body))
		if err == nil {
			_, err = tr.Run(v, v, short())
		}
		if nameOf(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
		if text(v) != before {
			t.Errorf("%s: it has changed", name)
		}
	}
}

func TestTransfer_ToAnotherCollection_KeepsIDsThatAreFree(t *testing.T) {
	t.Parallel()
	src := parse(t, shop)
	dst := parse(t, `{"info":{"_postman_id":"d"},"item":[{"id":"e1","name":"Taken","request":"x"}]}`)
	ids, err := Transfer{Kind: Request, IDs: []string{"r1"}, Mode: Move, Target: Place{Model: Collection, ID: "1-d"}}.Run(src, dst, short())
	if err != nil {
		t.Fatal(err)
	}
	if got := outline(dst); got != "e1 r1[n1 e2]" || strings.Join(ids, " ") != "r1" || outline(src) != "f1(f2(r3)) r2" {
		t.Errorf("got %s, %v, left %s", got, ids, outline(src))
	}
}
