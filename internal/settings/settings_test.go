package settings

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mimus-dev/mimus/internal/engine"
)

func TestParse_WhatIsWritten_IsReadAgain(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{}`,
		`{"headers":["a"],"matchBody":true,"matchHeader":true,"matchQueryParams":false,"matchWildcards":false,"matchFuzzy":false}`,
		`{"delay":{"type":"fixed","preset":"1"}}`,
		`{"delay":{"duration":140000}}`,
		`{"delay":{"type":"range","min":1,"max":2},"seed":"s","validation":"warn","dynamic":true,"errors":true,"cors":false}`,
		`{"delay":{"type":"normal","mean":100,"deviation":10},"ignoreExamples":true,"basePath":"/v1","bodyLimit":10,"contract":true,"state":"off","sessions":"on"}`,
		`{"pins":[{"operation":"GET /a","status":404,"times":2},{"operation":"b","sequence":[503,{"example":"x"},{"dynamic":true}]}]}`,
		`{"faults":[{"kind":"error","share":0.25,"status":503},{"operation":"b","kind":"timeout","duration":100}],"rateLimit":{"requests":5,"per":"hour","burst":7}}`,
		`{"upstream":"https://api.example.com/v1","keepBodies":false,"overlay":{"overlay":"1.0.0","actions":[]},"serverResponseId":"x"}`,
	} {
		first, err := Parse([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		again, err := Parse(first.AppendJSON(nil))
		if err != nil {
			t.Errorf("%s, written as %s: %v", text, first.AppendJSON(nil), err)
		}
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("%s (-first +again)\n%s", text, diff)
		}
	}
}

func TestAppendJSON_PostmansMembersAreAlwaysThere(t *testing.T) {
	t.Parallel()
	s := Default()
	want := `{"headers":[],"matchBody":false,"matchHeader":false,"matchQueryParams":true,"matchWildcards":true,"delay":null,"serverResponseId":null}`
	if got := string(s.AppendJSON(nil)); got != want {
		t.Errorf("the default is %s, want %s", got, want)
	}
}

func TestPatch_WhatIsAbsentIsUnchanged_NullIsTheDefault(t *testing.T) {
	t.Parallel()
	old, err := Parse([]byte(`{"matchBody":true,"matchFuzzy":false,"seed":"s","delay":{"duration":5}}`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Patch(old, []byte(`{"seed":"t","matchFuzzy":null,"delay":null}`))
	if err != nil || !s.MatchBody || s.Seed != "t" || !s.MatchFuzzy || s.Delay != nil {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestParse_AMistake_IsNamed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`[]`:                        "config: it has to be an object",
		`{"matchbody":true}`:        "config.matchbody: there is no such setting; matchBody is meant, perhaps",
		`{"matchBody":"yes"}`:       "config.matchBody: it has to be true or false",
		`{"headers":"a"}`:           "config.headers: it has to be a list",
		`{"headers":[1]}`:           "config.headers[0]: it has to be a text",
		`{"delay":{"duration":-5}}`: "config.delay.duration: it has to be a whole number from 0",
		`{"delay":{}}`:              "config.delay: it needs a duration",
		`{"delay":{"type":"slow"}}`: "config.delay.type: it has to be fixed or range or normal",
		`{"delay":{"preset":"3"}}`:  "config.delay.preset: it has to be 1 or 2",
		`{"delay":{"type":"range","min":5,"max":1}}`:  "config.delay.max: it is below min",
		`{"validation":"loose"}`:                      "config.validation: it has to be strict or warn or off",
		`{"pins":[{"status":200}]}`:                   "config.pins[0]: it needs an operation",
		`{"pins":[{"operation":"a"}]}`:                "config.pins[0]: it needs a status",
		`{"pins":[{"operation":"a","status":99}]}`:    "config.pins[0].status: it has to be a whole number from 100 to 599",
		`{"pins":[{"operation":"a","sequence":[1]}]}`: "config.pins[0].sequence[0]",
		`{"faults":[{}]}`:                             "config.faults[0]: it needs a kind",
		`{"faults":[{"kind":"error","share":2}]}`:     "config.faults[0].share: it has to be a number from 0 to 1",
		`{"rateLimit":{"per":"day"}}`:                 "config.rateLimit.per",
		`{"rateLimit":{}}`:                            "config.rateLimit: it needs requests",
		`{"upstream":"ftp://x"}`:                      "config.upstream: it has to be a URL",
		`{"basePath":"v1"}`:                           "config.basePath: it has to be a path",
		`{"bodyLimit":0}`:                             "config.bodyLimit",
		`{"overlay":5}`:                               "config.overlay",
		`{"a":`:                                       "config is not valid JSON",
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	_, err := Parse([]byte(`{"matchBody":1,"seed":2}`))
	if err == nil || !strings.Contains(err.Error(), "matchBody") || !strings.Contains(err.Error(), "seed") {
		t.Errorf("two mistakes are told as %v", err)
	}
}

func TestEngine_SaysTheSame(t *testing.T) {
	t.Parallel()
	s, err := Parse([]byte(`{"matchQueryParams":false,"validation":"off","delay":{"type":"fixed","preset":"2"},
		"pins":[{"operation":"a","sequence":[503,200],"times":1}],"faults":[{"kind":"reset","share":0.5}],"cors":false}`))
	if err != nil {
		t.Fatal(err)
	}
	cfg := s.Engine()
	if !cfg.Matching.NoQuery || cfg.Validation != engine.Off || cfg.Delay.Max != 100*time.Millisecond || !cfg.NoCORS {
		t.Errorf("%+v", cfg)
	}
	if len(cfg.Pins) != 1 || cfg.Pins[0].Times != 1 || len(cfg.Pins[0].Sequence) != 2 || len(cfg.Faults) != 1 || cfg.Faults[0].Kind != engine.FaultReset {
		t.Errorf("%+v", cfg)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"pins":[{"operation":"a","sequence":[503]}],"delay":{"type":"range","min":1,"max":2}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(data)
		if err != nil {
			return
		}
		again, err := Parse(s.AppendJSON(nil))
		if err != nil {
			t.Fatalf("%s is written as %s: %v", data, s.AppendJSON(nil), err)
		}
		if diff := cmp.Diff(s, again); diff != "" {
			t.Error(diff)
		}
	})
}
