package transfer

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/store"
)

// configuration writes mimus.yaml, the last file: without it there is no export.
func (x *exporter) configuration(specs []definition.Value) error {
	var mocks []definition.Value
	for i := range x.mocks {
		m := &x.mocks[i]
		if x.at[m.Spec] == "" && x.at[m.Collection] == "" {
			x.leaveOut("the mock "+m.Name, errors.New("its spec or collection is not there any more"))
			continue
		}
		entry, err := x.mock(m)
		if err != nil {
			return err
		}
		mocks = append(mocks, entry)
	}
	x.out.Mocks = len(mocks)
	doc := definition.NewObject()
	if len(mocks) > 0 {
		doc.Kids = append(doc.Kids, definition.NewArray(mocks...).With("mocks"))
	}
	if len(specs) > 0 {
		doc.Kids = append(doc.Kids, definition.NewArray(specs...).With("specs"))
	}
	text := []byte(exportHead)
	if len(doc.Kids) > 0 {
		var err error
		if text, err = document.AppendYAML(text, &doc); err != nil {
			return err
		}
	}
	return x.write(ConfigName, text, 0o644)
}

// mock is the entry of a mock.
func (x *exporter) mock(m *store.Mock) (definition.Value, error) {
	var o object
	o.text("name", m.Name)
	o.text("slug", m.Slug)
	o.text("description", m.Description)
	o.text("spec", x.at[m.Spec])
	o.text("collection", x.at[m.Collection])
	o.text("environment", x.at[m.Environment])
	if m.Private {
		o.put("private", definition.NewBool(true))
	}
	o.text("mount", m.Prefix)
	o.text("host", m.Host)
	config, err := writtenConfig(m.Config)
	if err != nil {
		return definition.Value{}, fmt.Errorf("the settings of %s: %w", m.Name, err)
	}
	if config.Len() > 0 {
		o.put("config", config)
	}
	responses, err := x.responses(m)
	if len(responses) > 0 {
		o.put("responses", definition.NewArray(responses...))
	}
	return o.value(), err
}

// responses are the entries of a mock's server responses.
func (x *exporter) responses(m *store.Mock) ([]definition.Value, error) {
	rows, err := x.tx.ServerResponses(m.ID)
	if err != nil {
		return nil, err
	}
	var out []definition.Value
	for _, r := range rows {
		var o object
		o.text("name", r.Name)
		o.put("status", definition.NewInt(int64(r.Status)))
		headers, err := document.ParseJSON(string(r.Headers), 0, document.Limits{})
		if err == nil && headers.Len() > 0 {
			o.put("headers", headers)
		}
		o.text("language", r.Language)
		o.text("body", r.Body)
		if r.ID == m.ResponseID {
			o.put("active", definition.NewBool(true))
		}
		out = append(out, o.value())
	}
	slices.SortStableFunc(out, func(a, b definition.Value) int {
		return cmp.Or(cmp.Compare(a.Get("name").Str(), b.Get("name").Str()), cmp.Compare(string(a.AppendJSON(nil)), string(b.AppendJSON(nil))))
	})
	return out, nil
}
