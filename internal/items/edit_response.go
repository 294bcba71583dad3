package items

import (
	"net/http"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

func (e *editor) response(g *given, item, parent *definition.Value) error {
	if err := g.original(item, parent); err != nil {
		return err
	}
	g.status(item)
	for _, m := range [...]struct{ flat, key string }{
		{"responseTime", "responseTime"}, {"time", "responseTime"},
		{"cookie", "cookie"}, {"cookies", "cookie"},
		{"_postman_previewlanguage", "_postman_previewlanguage"}, {"language", "_postman_previewlanguage"},
		{"body", "body"}, {"text", "body"},
		{"header", "header"}, {"headers", "header"},
	} {
		v := g.changed(m.flat)
		switch {
		case v == nil || isNull(v) && g.now == nil:
		case isNull(v) && m.key == "header":
			set(item, "header", definition.NewArray())
		default:
			setOrDrop(item, m.key, v)
		}
	}
	return nil
}

// original puts in what the body says about the request that is answered.
func (g *given) original(item, parent *definition.Value) error {
	if o := g.body["originalRequest"]; o.Is(definition.Object) || o.Is(definition.String) {
		set(item, "originalRequest", o.Clone())
	}
	object := g.changed("requestObject")
	if object == nil && g.body["request"].Is(definition.Object) {
		object = g.body["request"]
	}
	if object.Is(definition.String) && strings.TrimSpace(object.Text) != "" {
		v, err := document.ParseJSON(object.Text, 0, document.Limits{Depth: MaxDepth})
		if err != nil || v.Kind != definition.Object && v.Kind != definition.String {
			return invalid("requestObject must be a JSON object in a string")
		}
		object = &v
		if v.Kind == definition.String {
			object = new(definition.NewObject(v.With("url")))
		}
	}
	if object.Is(definition.Object) {
		if err := g.wholeOriginal(item, parent, object); err != nil {
			return err
		}
	}
	if g.any(callKeys...) {
		ownOriginal(item, parent)
		parts := given{kind: Response, body: map[string]*definition.Value{}, now: g.now}
		for _, key := range callKeys {
			if v := g.body[key]; v != nil {
				parts.body[key] = v
			}
		}
		parts.call(requestOf(item, "originalRequest"))
	}
	return nil
}

func (g *given) wholeOriginal(item, parent, object *definition.Value) error {
	var now *definition.Value
	if g.now != nil {
		o := flatOriginal(item, parent)
		now = &o
		ownOriginal(item, parent)
	}
	whole := newGiven(Request, object, now)
	if err := whole.check(); err != nil {
		return err
	}
	req := requestOf(item, "originalRequest")
	if now == nil && !req.Has("method") {
		set(req, "method", definition.NewString(http.MethodGet))
		set(req, "header", definition.NewArray())
	}
	whole.call(req)
	if a := whole.auth(); a != nil {
		setOrDrop(req, "auth", a)
	}
	whole.description(req)
	if p := whole.changed("protocolProfileBehavior"); p != nil {
		setOrDrop(req, "protocolProfileBehavior", p)
	}
	return nil
}

// ownOriginal gives a response that has none a copy of its request's.
func ownOriginal(item, parent *definition.Value) {
	if r := parent.Get("request"); isNull(item.Get("originalRequest")) && !isNull(r) {
		set(item, "originalRequest", r.Clone())
	}
}

// status puts a response's code and reason in. Of two names for the reason the
// one that says something new wins.
func (g *given) status(item *definition.Value) {
	if c := g.changed("code"); c.Is(definition.Number) {
		set(item, "code", c.Clone())
		if g.body["status"] == nil {
			n, _ := c.Int()
			set(item, "status", definition.NewString(http.StatusText(n)))
		}
	}
	status := g.changed("status")
	if status != nil {
		if status.Is(definition.String) {
			set(item, "status", status.Clone())
		} else if g.now != nil && g.body["responseCode"].Get("name").Str() == "" {
			drop(item, "status")
		}
	}
	rc := g.changed("responseCode")
	if !rc.Is(definition.Object) {
		return
	}
	code, ok := rc.Get("code").Int()
	if ok {
		set(item, "code", definition.NewInt(int64(code)))
	}
	switch name := rc.Get("name"); {
	case status.Is(definition.String):
	case name.Is(definition.String):
		set(item, "status", definition.NewString(name.Text))
	case ok:
		set(item, "status", definition.NewString(http.StatusText(code)))
	}
}
