package verify

import (
	"strings"
	"testing"
	"time"
)

func TestParse_ProblemsSayWhereAndWhatToDo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ data, want string }{
		{``, `a verification has to be JSON: 1:1: the text is empty`},
		{`{"calls":`, `a verification has to be JSON: 1:10: `},
		{`[]`, `a verification has to be an object; put the list under calls: {"calls": [...]}`},
		{`7`, `it has to be an object`},
		{`{}`, `calls: there are none, so that nothing would be verified`},
		{`{"calls":[]}`, `calls: there are none`},
		{`{"calls":{}}`, `calls: it has to be a list of at most 100 calls`},
		{`{"call":[]}`, `call: there is no such member; calls is meant, perhaps`},
		{`{"zzzzzzzz":[]}`, `zzzzzzzz: there is no such member; there are calls, order, only, session, since`},
		{`{"calls":[7]}`, `calls[0]: it has to be an object`},
		{`{"calls":[{},{"methode":"GET"}]}`, `calls[1].methode: there is no such member; method is meant, perhaps`},
		{`{"calls":[{"header":{}}]}`, `calls[0].header: there is no such member; headers is meant, perhaps`},
		{`{"calls":[{"method":7}]}`, `calls[0].method: it has to be a text`},
		{`{"calls":[{"path":"orders"}]}`, `calls[0].path: it has to be a path such as /orders, a template such as /orders/{id}, or {"matches": "a regular expression"}`},
		{`{"calls":[{"path":"/orders?size=2"}]}`, `calls[0].path: it has no query; write /orders here, and size=2 under query`},
		{`{"calls":[{"path":{"match":"a"}}]}`, `calls[0].path.match: there is no such member; matches is meant, perhaps`},
		{`{"calls":[{"path":{}}]}`, `calls[0].path: it needs matches`},
		{`{"calls":[{"path":{"matches":"("}}]}`, `calls[0].path.matches: it has to be a regular expression of RE2`},
		{`{"calls":[{"path":{"matches":"(?=a)"}}]}`, "calls[0].path.matches: it has to be a regular expression of RE2, which knows no lookaround and no backreferences: invalid or unsupported Perl syntax: `(?=`"},
		{`{"calls":[{"status":"2x"}]}`, `calls[0].status: it has to be a status such as 201, or "2xx"`},
		{`{"calls":[{"status":2}]}`, `calls[0].status: it has to be`},
		{`{"calls":[{"status":600}]}`, `calls[0].status: it has to be`},
		{`{"calls":[{"query":["a"]}]}`, `calls[0].query: it has to be an object`},
		{`{"calls":[{"query":{"a":["b"]}}]}`, `calls[0].query.a: it has to be a text, {"matches": "a regular expression"}, or null for none`},
		{`{"calls":[{"headers":{"a":{"equals":"b"}}}]}`, `calls[0].headers.a.equals: there is no such member; there are matches`},
		{`{"calls":[{"body":"text"}]}`, `calls[0].body: it has to be an object such as {"contains": {"total": 4}}`},
		{`{"calls":[{"body":{}}]}`, `calls[0].body: it is empty`},
		{`{"calls":[{"body":{"equal":1}}]}`, `calls[0].body.equal: there is no such member; equals is meant, perhaps`},
		{`{"calls":[{"body":{"contains":"a"}}]}`, `calls[0].body.contains: it has to be JSON that is a part of the body; a text is looked for with text`},
		{`{"calls":[{"body":{"text":""}}]}`, `calls[0].body.text: it has to be a text`},
		{`{"calls":[{"body":{"schema":7}}]}`, `calls[0].body.schema: a schema has to be an object, true or false`},
		{`{"calls":[{"body":{"schema":{"type":"strng"}}}]}`, `calls[0].body.schema.type: "strng" is no type; there are null, boolean`},
		{`{"calls":[{"body":{"schema":{"properties":{"a":{"items":[{}]}}}}}]}`, `calls[0].body.schema.properties.a.items: a list of schemas for the first items is called prefixItems`},
		{`{"calls":[{"body":{"schema":{"allOf":{}}}}]}`, `calls[0].body.schema.allOf: it has to be a list of schemas`},
		{`{"calls":[{"body":{"schema":{"pattern":"("}}}]}`, `calls[0].body.schema.pattern: it has to be a regular expression`},
		{`{"calls":[{"body":{"schema":{"required":"a"}}}]}`, `calls[0].body.schema.required: it has to be a list of names`},
		{`{"calls":[{"body":{"schema":{"minimum":"1"}}}]}`, `calls[0].body.schema.minimum: it has to be a number`},
		{`{"calls":[{"body":{"schema":{"$ref":"#/$defs/a"}}}]}`, `calls[0].body.schema.$ref: "#/$defs/a" is not found; a reference leads to a place in the schema itself`},
		{`{"calls":[{"body":{"schema":{"$ref":"other.json"}}}]}`, `calls[0].body.schema.$ref: "other.json" is not found`},
		{`{"calls":[{"body":{"schema":{"$ref":"#/x","x":{"type":"no"}}}}]}`, `"no" is no type`},
		{`{"calls":[{"contract":"yes"}]}`, `calls[0].contract: it has to be true or false`},
		{`{"calls":[{"times":-1}]}`, `calls[0].times: it has to be a whole number from 0 to 100000`},
		{`{"calls":[{"times":1.5}]}`, `calls[0].times: it has to be a whole number`},
		{`{"calls":[{"times":"2"}]}`, `calls[0].times: it has to be a number of calls, or {"atLeast": 1, "atMost": 3}; 0 is never`},
		{`{"calls":[{"times":{}}]}`, `calls[0].times: it needs atLeast, atMost or both`},
		{`{"calls":[{"times":{"atleast":1}}]}`, `calls[0].times.atleast: there is no such member; atLeast is meant, perhaps`},
		{`{"calls":[{"times":{"atLeast":3,"atMost":1}}]}`, `calls[0].times: atMost is below atLeast`},
		{`{"calls":[{}],"order":"random"}`, `order: it has to be "any", "relative"`},
		{`{"calls":[{}],"only":"yes"}`, `only: it has to be true or false`},
		{`{"calls":[{}],"session":7}`, `session: it has to be a text`},
		{`{"calls":[{}],"since":"yesterday"}`, `since: it has to be a time such as 2026-01-31T12:00:00Z, or the id of the last call`},
	} {
		_, err := Parse([]byte(c.data))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n got:  %v\n want: %s", c.data, err, c.want)
		}
	}
}

func TestParse_TellsAllProblems(t *testing.T) {
	t.Parallel()
	_, err := Parse([]byte(`{"calls":[{"times":-1,"methd":"GET"}],"order":"none"}`))
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("three problems: %v", err)
	}
	_, err = Parse([]byte(`{"calls":[` + strings.Repeat(`7,`, 90) + `7]}`))
	if err == nil || strings.Count(err.Error(), "\n") != maxProblems-1 {
		t.Errorf("more problems than anybody reads: %v", err)
	}
}

func TestParse_Since(t *testing.T) {
	t.Parallel()
	v, err := Parse([]byte(`{"only":true,"session":"s","since":"2026-01-31T12:00:00.5+01:00"}`))
	if err != nil || !v.Since.Equal(time.Date(2026, 1, 31, 11, 0, 0, 5e8, time.UTC)) || v.Session != "s" || v.After != "" {
		t.Errorf("a time: %+v, %v", v, err)
	}
	v, err = Parse([]byte(`{"only":true,"since":"000649c1c2a3e4f-00000001-0123456789ab"}`))
	if err == nil {
		t.Errorf("an id of another length: %+v", v)
	}
	v, err = Parse([]byte(`{"only":true,"since":"0649c1c2a3e4f-00000001-0123456789ab"}`))
	if err != nil || v.After != "0649c1c2a3e4f-00000001-0123456789ab" || !v.Since.IsZero() {
		t.Errorf("an id: %+v, %v", v, err)
	}
}

func TestParse_NullIsAbsent(t *testing.T) {
	t.Parallel()
	v, err := Parse([]byte(`{"calls":[{"method":null,"times":null,"body":null}],"order":null,"since":null}`))
	if err != nil || len(v.Calls) != 1 || v.Order != Any {
		t.Errorf("%+v, %v", v, err)
	}
}

// A schema may refer to itself, also without an end.
func TestParse_RecursiveSchemas(t *testing.T) {
	t.Parallel()
	call := called(`POST /a 200 {"next":{"next":{"next":7}}}`)
	for schema, want := range map[string]bool{
		`{"type":"object","properties":{"next":{"$ref":"#"}}}`:                                              false,
		`{"properties":{"next":{"$ref":"#"}}}`:                                                              true,
		`{"$ref":"#/definitions/node","definitions":{"node":{"properties":{"next":{"type":"object"}}}}}`:    true,
		`{"$ref":"#/x/y","x":{"y":{"properties":{"next":{"$ref":"#/x/z"}}},"z":{"required":["previous"]}}}`: false,
		`{"$ref":"#"}`: true,
	} {
		if r := judge(t, `{"calls":[{"body":{"schema":`+schema+`}}]}`, call); r.Verified != want {
			t.Errorf("%s: %s %v", schema, messages(r), r)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`{"calls":[{"name":"n","method":"POST","path":"/a/{b}","operation":"GET /c","status":"2xx","query":{"a":{"matches":"b"},"c":null},"headers":{"d":"e"},"times":2}],"order":"strict","only":true,"session":"s","since":"2026-01-31T12:00:00Z"}`,
		`{"calls":[{"body":{"equals":{"a":[1]},"contains":{"b":[{}]},"schema":{"$ref":"#/$defs/a","$defs":{"a":{"type":"object"}}},"text":"t","matches":"m"},"contract":true,"times":{"atLeast":1,"atMost":3}}],"order":"relative"}`,
		`{"calls":[{"body":{"schema":{"$ref":"#","patternProperties":{"^a":{"not":{}}},"prefixItems":[true]}}}]}`,
		`[]`, `{`, `null`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := Parse(data)
		if err != nil {
			if len(v.Calls) > 0 || err.Error() == "" {
				t.Fatalf("an error with a value or without a text: %v, %q", v, err)
			}
			return
		}
		j := New(v)
		for _, c := range []*Call{
			called(`POST /a/1?a=b 201 {"a":[1,{"b":2}],"c":"x"}`), called("GET /c 404"), called("PUT / 200 text"),
		} {
			j.Add(c)
		}
		if r := j.Result(); r.Verified != (len(r.Failures) == 0) {
			t.Fatalf("%+v", r)
		}
	})
}
