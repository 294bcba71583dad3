package items

import (
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// Whatever a body holds: nothing breaks, an error changes nothing, and what is
// shown after an edit can be put back without a change.
func FuzzEdits(f *testing.F) {
	for _, body := range []string{
		`{"name":"N","url":"https://a.test/:x?y=1#z","queryParams":[{"key":"y","value":"1","equals":true,"enabled":false}],"headers":"A: b"}`,
		`{"dataMode":"params","data":[{"key":"a"},1,"b: c"],"rawModeData":"x","dataOptions":{"params":{},"formdata":1},"dataDisabled":true}`,
		`{"request":{"method":1,"url":{"query":[null],"path":"a/b"},"header":"A:b"},"response":[{}],"event":[{"listen":"test","script":"x"}],"tests":"y"}`,
		`{"requestObject":"{\"url\":\"x\"}","code":204,"status":null,"header":"A: b","cookies":"x","time":1}`,
		`{"item":[{"item":[{"request":"x"}]}],"requests":[{"responses":[{}]}],"folders":[{}],"folder":"f1","order":["r1"],"folders_order":[1]}`,
		`{"collection":{"info":{"name":"x"},"variable":[{"key":"a","value":1}],"auth":{"type":"noauth"}}}`,
		`{"ids":["r1","e1","f2"],"mode":"move","target":{"model":"folder","id":"f2"},"location":{"position":"before","id":"r3"}}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		b, err := document.ParseJSON(body, 0, document.Limits{Depth: 100})
		if err != nil {
			return
		}
		for name, edit := range map[string]func(v *definition.Value) error{
			"folder":       func(v *definition.Value) error { return PutFolder(v, "f1", &b, counter()) },
			"request":      func(v *definition.Value) error { return PutRequest(v, "r1", &b, counter()) },
			"text":         func(v *definition.Value) error { return PutRequest(v, "r3", &b, counter()) },
			"response":     func(v *definition.Value) error { return PutResponse(v, "e1", &b, counter()) },
			"new folder":   func(v *definition.Value) error { _, err := AddFolder(v, "f2", &b, counter()); return err },
			"new request":  func(v *definition.Value) error { _, err := AddRequest(v, "", &b, counter()); return err },
			"new response": func(v *definition.Value) error { _, err := AddResponse(v, "r2", &b, counter()); return err },
			"patch":        func(v *definition.Value) error { return PatchCollection(v, &b) },
			"transfer": func(v *definition.Value) error {
				tr, err := ReadTransfer(Request, &b)
				if err == nil {
					_, err = tr.Run(v, v, counter())
				}
				return err
			},
		} {
			v := parse(t, shop)
			before := text(v)
			if err := edit(v); err != nil {
				if nameOf(err) == "" || text(v) != before {
					t.Errorf("%s: %v, and it has changed", name, err)
				}
				continue
			}
			seen := map[string]int{}
			each(v, func(at found) bool {
				id := at.item.Get("id").Str()
				if seen[id]++; seen[id] > 1 || id == "" {
					t.Errorf("%s: the id %q stands twice", name, id)
				}
				return true
			})
			if !t.Failed() {
				putBackAll(t, v)
			}
		}
		if Normalize(&b, counter()) == nil {
			d := Decorate(&b, stamp)
			m := Minimal(&b, stamp)
			Reidentify(&d, counter())
			if m.Kind != definition.Object {
				t.Error("the minimal form is no object")
			}
		}
	})
}
