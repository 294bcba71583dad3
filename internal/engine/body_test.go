package engine

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const bodiesDocument = `
openapi: 3.1.0
paths:
  /form:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, required: [id], properties: {id: {type: integer}, tags: {type: array, items: {type: string}}, csv: {type: array, items: {type: integer}}, deep: {type: object, properties: {a: {type: integer}}}, json: {type: object, properties: {b: {type: boolean}}}, strict: {type: string}}}
            encoding: {csv: {style: form, explode: false}, deep: {style: deepObject}, json: {contentType: application/json}, strict: {allowReserved: false, style: form}}
      responses: {"200": {description: d}}
  /parts:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, required: [id], properties: {id: {type: integer}, file: {type: string, format: binary}, tags: {type: array, items: {type: string}}, meta: {type: object, required: [a], properties: {a: {type: integer}}}}}
      responses: {"200": {description: d}}
  /xml:
    post:
      requestBody:
        content:
          application/xml:
            schema: {type: object, required: [id, tag], properties: {id: {type: integer, xml: {attribute: true}}, name: {type: string, xml: {name: label}}, tag: {type: array, minItems: 2, xml: {name: tags, wrapped: true}, items: {type: string, xml: {name: tag}}}}}
      responses: {"200": {description: d}}
  /text: {post: {requestBody: {content: {text/plain: {schema: {type: string, maxLength: 3}}}}, responses: {"200": {description: d}}}}
  /lines: {post: {requestBody: {content: {application/x-ndjson: {itemSchema: {type: object, required: [a]}}}}, responses: {"200": {description: d}}}}
  /seq: {post: {requestBody: {content: {application/json-seq: {itemSchema: {type: object, required: [a]}}}}, responses: {"200": {description: d}}}}
  /bytes: {post: {requestBody: {content: {application/octet-stream: {schema: {type: string, format: binary}}}}, responses: {"200": {description: d}}}}
  /items: {post: {requestBody: {content: {multipart/mixed: {itemSchema: {type: object, required: [a]}}}}, responses: {"200": {description: d}}}}
  /any: {post: {requestBody: {content: {"*/*": {schema: {type: object}}}}, responses: {"200": {description: d}}}}
  /vendor: {post: {requestBody: {content: {application/vnd.x+json: {schema: {type: object}}}}, responses: {"200": {description: d}}}}
`

func TestBody_EveryFormIsReadAndChecked(t *testing.T) {
	t.Parallel()
	m := mockOf(t, bodiesDocument, Config{})
	const form, mp = "application/x-www-form-urlencoded", "multipart/form-data; boundary=B"
	part := func(name, extra, body string) string {
		return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"" + extra + "\r\n\r\n" + body + "\r\n"
	}
	cases := []struct {
		path, typ, body, bad string // bad: what the refusal says; "" for none
	}{
		{"/form", form, "id=1&tags=a&tags=b&csv=1,2&deep[a]=3&json=%7B%22b%22%3Atrue%7D", ""}, {"/form", form, "tags=a", "must have required property 'id'"}, {"/form", form, "id=x", "body property id must be integer"},
		{"/form", form, "id=1&csv=1,x", "csv.1 must be integer"}, {"/form", form, "id=1&deep[a]=x", "deep.a must be integer"}, {"/form", form, "id=1&json=%7B%22b%22%3A1%7D", "json.b must be boolean"}, {"/form", form, "id=%zz", "percent-encoded"},
		{"/form", form, "id=1&strict=a/b", "Reserved characters"}, {"/form", form, "id=1&strict=a%2Fb", ""}, {"/form", form, "id=1&extra=2", ""},
		{"/parts", mp, part("id", "", "1") + part("file", `; filename="f"`, "\x00\xff") + part("tags", "", "a") + part("tags", "", "b") + part("meta", "", `{"a":1}`) + "--B--\r\n", ""},
		{"/parts", mp, part("id", "", "x") + "--B--\r\n", "body property id must be integer"}, {"/parts", mp, part("id", "", "1") + part("meta", "", `{}`) + "--B--\r\n", "must have required property 'a'"},
		{"/parts", "multipart/form-data", "x", "no boundary"}, {"/parts", mp, "nothing", "must be multipart/form-data"}, {"/parts", mp, part("id", "", "1"), "must be multipart/form-data"},
		{"/xml", "application/xml", `<x id="1"><label>n</label><tags><tag>a</tag><tag>b</tag></tags></x>`, ""}, {"/xml", "application/xml", `<x id="y"><tags><tag>a</tag><tag>b</tag></tags></x>`, "body property id must be integer"},
		{"/xml", "application/xml", `<x id="1"><tags><tag>a</tag></tags></x>`, "must NOT have fewer than 2 items"}, {"/xml", "application/xml", `<x`, "must be XML"}, {"/xml", "application/xml", ``, ""},
		{"/xml", "application/xml", `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x id="1">&e;</x>`, "must be XML"},
		{"/text", "text/plain", "abc", ""}, {"/text", "text/plain; charset=utf-8", "abcd", "must NOT have more than 3 characters"}, {"/text", "text/plain", "\xff", "UTF-8"},
		{"/lines", "application/x-ndjson", "{\"a\":1}\n{\"a\":2}\n", ""}, {"/lines", "application/x-ndjson", "{\"a\":1}\n{}\n", "must have required property 'a'"}, {"/lines", "application/x-ndjson", "{", "must be JSON"},
		{"/lines", "application/x-ndjson", strings.Repeat("{\"a\":1}\n", 500_001), "must not have more values in all"}, {"/lines", "application/x-ndjson", "\n\n{\"a\":1}", ""}, {"/seq", "application/json-seq", "\x1e{\n\"a\":1}\n\x1e{\"a\":2}\n", ""}, {"/seq", "application/json-seq", "\x1e{\n}\n", "must have required property 'a'"}, {"/seq", "application/json-seq", "{\"a\":1}\n{\"a\":2}", ""},
		{"/form", form, strings.Repeat("x=1&", 10_001) + "id=1", "must not have more than 10000 names and values"}, {"/form", form, "id=1&%zz=1", "percent-encoded UTF-8"}, {"/form", form, "id=1&n=%ff", "percent-encoded UTF-8"}, {"/form", form, "id=1&n=\xff", "percent-encoded UTF-8"}, {"/form", form, "id=1&deep[a]=1&deep[a][b]=1", "must be written as name[property]=value"},
		{"/xml", "application/xml", `<x id="1"/><x id="2"/>`, "more than one root"}, {"/xml", "application/xml", `<x id="1"/>y`, "text outside"}, {"/xml", "application/xml", "\ufeff" + `<x id="1"><tags><tag>a</tag><tag>b</tag></tags></x>`, ""}, {"/xml", "application/xml", "<x>" + strings.Repeat("<y/>", 200_001) + "</x>", "more than 200000 elements"}, {"/xml", "application/xml", strings.Repeat("<x>", 10_000), "nested too deeply"},
		{"/items", "multipart/mixed; boundary=B", "--B\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n--B--\r\n", ""}, {"/items", "multipart/mixed; boundary=B", "--B\r\nContent-Type: application/json\r\n\r\n{}\r\n--B--\r\n", "must have required property 'a'"},
		{"/any", "application/json", "[" + strings.Repeat("[],", 1_000_000) + "[]]", "must be JSON"},
		{"/bytes", "application/octet-stream", "\x00\xff", ""}, {"/any", "application/json", "{}", ""}, {"/any", "application/json", "[]", "must be object"}, {"/vendor", "application/json", "{}", ""}, {"/vendor", "application/json", "1", "must be object"},
		{"/vendor", "application/json", "\xef\xbb\xbf{}", "must be JSON"}, {"/vendor", "application/json", strings.Repeat("[", 100_000), "must be JSON"}, {"/vendor", "application/json", `{"a":1e999999}`, ""},
	}
	for _, c := range cases {
		res := ask(m, sent{"POST " + c.path, []string{"Content-Type: " + c.typ}, c.body})
		if c.bad == "" && res.Status != 200 || c.bad != "" && (res.Status != 422 || !strings.Contains(text(res), c.bad)) {
			t.Errorf("%s %s %.60q: %d %s, want %q", c.path, c.typ, c.body, res.Status, text(res), c.bad)
		}
	}
}

// Violations are told, but not a million of them.
func TestBody_ViolationsAreBounded(t *testing.T) {
	t.Parallel()
	m := mockOf(t, bodiesDocument, Config{})
	res := ask(m, sent{"POST /lines", []string{"Content-Type: application/x-ndjson"}, strings.Repeat("{}\n", 100_000)})
	if res.Status != 422 || strings.Count(text(res), "required property") != maxFound {
		t.Errorf("%d, %d violations", res.Status, strings.Count(text(res), "required property"))
	}
}

// A body of many different names takes time in proportion to its length.
func TestBody_ManyDifferentNamesAreNoBurden(t *testing.T) {
	t.Parallel()
	m := mockOf(t, bodiesDocument, Config{})
	var xml, form strings.Builder
	names := 150_000
	if testing.Short() {
		names = 40_000 // the race detector makes each one dear
	}
	for i := range names {
		fmt.Fprintf(&xml, "<n%d/>", i)
	}
	for i := range 9_000 {
		fmt.Fprintf(&form, "&n%d=1", i)
	}
	start := time.Now()
	for _, s := range []sent{
		{"POST /xml", []string{"Content-Type: application/xml"}, `<x id="1"><tags><tag>a</tag><tag>b</tag></tags>` + xml.String() + "</x>"},
		{"POST /form", []string{"Content-Type: application/x-www-form-urlencoded"}, "id=1" + form.String()},
	} {
		if res := ask(m, s); res.Status != 200 {
			t.Errorf("%s: %d %.300s", s.target, res.Status, text(res))
		}
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}

// What is written by the "xml" keywords is read back by them.
func TestXML_ReadsBackWhatItWrites(t *testing.T) {
	t.Parallel()
	const schema = `{type: object, xml: {name: pet, namespace: "https://e.example/ns", prefix: p}, required: [id, name, tags, loose, owner, note], properties: {
		id: {type: integer, xml: {attribute: true}}, name: {type: string, xml: {name: label, prefix: p}}, good: {type: boolean},
		tags: {type: array, minItems: 2, xml: {name: tags, wrapped: true}, items: {type: string, xml: {name: tag}}}, plain: {type: array, minItems: 1, xml: {wrapped: true}, items: {type: integer}}, loose: {type: array, minItems: 2, items: {type: integer}},
		named: {type: array, minItems: 2, items: {type: integer, xml: {name: number}}}, owner: {type: object, required: [since], properties: {since: {type: integer, xml: {attribute: true, name: from}}, city: {type: string}}}, note: {type: string}}}`
	m := mockOf(t, `{openapi: 3.0.0, paths: {/x: {post: {requestBody: {content: {application/xml: {schema: &s `+schema+`}}}, responses: {"200": {description: d, content: {application/json: {schema: *s}, application/xml: {schema: *s}}}}}}}}`, Config{Dynamic: true})
	media := func(typ string) string {
		return text(ask(m, sent{target: "POST /x", header: []string{"Accept: " + typ, "Prefer: dynamic=true"}}))
	}
	written := []byte(media("application/xml"))
	op := m.ops[0]
	v, err := parseXML(written, op.bodies[0].schema)
	if err != nil {
		t.Fatal(err)
	}
	if found := op.bodies[0].schema.Validate(&v, requestDirection, 5); len(found) > 0 {
		t.Errorf("%s\nreads as %s\nwhich breaks the schema: %v", written, v.AppendJSON(nil), found)
	}
	if again := appendXML(nil, &v, op.bodies[0].schema); string(again) != string(written) {
		t.Errorf("written %s\nagain   %s", written, again)
	}
}

func TestXML_ForeignTextIsReadOrRefused(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]string{
		`<?xml version="1.0" encoding="iso-8859-1"?><a>` + "\xe9" + `</a>`: `"é"`, `<?xml version="1.0" encoding="utf-16"?><a/>`: "!", `<a>` + "\xff" + `</a>`: "!", `<a><![CDATA[<x>]]></a>`: `"<x>"`, `<a>&amp;&#233;</a>`: `"&é"`, `<a>&x;</a>`: "!", `<a><b></a>`: "!", ``: "!", `<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a>1</a>`: `"1"`,
	} {
		v, err := parseXML([]byte(document), nil)
		if got := string(v.AppendJSON(nil)); want == "!" && err == nil || want != "!" && (err != nil || got != want) {
			t.Errorf("%q: %s %v, want %s", document, got, err, want)
		}
	}
}

// FuzzBody sends anything as anything: it is answered with a success or a
// refusal.
func FuzzBody(f *testing.F) {
	m := mockOf(f, bodiesDocument, Config{})
	for _, seed := range []struct{ path, typ, body string }{
		{"form", "application/x-www-form-urlencoded", "id=1&deep[a]=1"}, {"parts", "multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n1\r\n--B--"},
		{"xml", "application/xml", `<x id="1"><tags><tag>a</tag></tags></x>`}, {"lines", "application/x-ndjson", "{}\n"}, {"any", "application/json", `{"a":[1,2]}`}, {"text", "text/plain", "abc"},
	} {
		f.Add(seed.path, seed.typ, seed.body)
	}
	f.Fuzz(func(t *testing.T, path, typ, body string) {
		if strings.ContainsAny(path, "/?%") {
			return
		}
		res := ask(m, sent{"POST /" + path, []string{"Content-Type: " + typ}, body})
		if res.Fault != "" || res.Status != 200 && (res.Status < 400 || res.Status > 499) {
			t.Errorf("status %d, fault %s", res.Status, res.Fault)
		}
	})
}
