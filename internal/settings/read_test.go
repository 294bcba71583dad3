package settings

import (
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
)

// postman is what is always written.
const postman = `"headers":[],"matchBody":false,"matchHeader":false,"matchQueryParams":true,"matchWildcards":true,"delay":null,"serverResponseId":null`

func TestParse_WhatItTakes_IsWrittenInOneFormAndReadBack(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{}`:   `{` + postman + `}`,
		`null`: `{` + postman + `}`,
		`{"seed":null,"pins":null,"cors":null,"delay":null,"bodyLimit":null,"state":null,"validation":null}`: `{` + postman + `}`,
		`{"matchFuzzy":false,"cors":false,"keepBodies":false,"validation":"warn"}`:                           `{` + postman + `,"matchFuzzy":false,"validation":"warn","cors":false,"keepBodies":false}`,
		`{"pins":[{"operation":"a","sequence":[503,{"status":503},{"example":"x"}],"times":2}]}`:             `{` + postman + `,"pins":[{"operation":"a","sequence":[503,503,{"example":"x"}],"times":2}]}`,
		`{"pins":[{"operation":"a","dynamic":true}]}`:                                                        `{` + postman + `,"pins":[{"operation":"a","dynamic":true}]}`,
		`{"faults":[{"kind":"reset"}]}`:                                                                      `{` + postman + `,"faults":[{"kind":"reset","share":1}]}`,
		`{"faults":[{"operation":"a","kind":"timeout","share":0.25,"duration":5}]}`:                          `{` + postman + `,"faults":[{"operation":"a","kind":"timeout","share":0.25,"duration":5}]}`,
		`{"rateLimit":{"requests":5}}`:                                                                       `{` + postman + `,"rateLimit":{"requests":5,"per":"second"}}`,
		`{"overlay":{"overlay":"1.0.0"}}`:                                                                    `{` + postman + `,"overlay":"{\"overlay\":\"1.0.0\"}"}`,
	} {
		s, err := Parse([]byte(in))
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		out := string(s.AppendJSON(nil))
		if out != want {
			t.Errorf("%s is written as\n%s, want\n%s", in, out, want)
		}
		again, err := Parse([]byte(out))
		if err != nil {
			t.Errorf("%s, written as %s, can't be read back: %v", in, out, err)
		} else if twice := string(again.AppendJSON(nil)); twice != out {
			t.Errorf("%s became %s", out, twice)
		}
	}
}

func TestParse_WhatItRefuses_NamesTheMember(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`[]`:                                           "config: ",
		`{`:                                            "config is not valid JSON",
		`{"mathBody":true}`:                            "config.mathBody: there is no such setting; matchBody is meant",
		`{"cors":1}`:                                   "config.cors: ",
		`{"delay":{"duration":-5}}`:                    "config.delay.duration: ",
		`{"delay":{"type":"fixed"}}`:                   "config.delay: ",
		`{"delay":{"type":"normal"}}`:                  "config.delay: ",
		`{"delay":{"type":"range","min":3}}`:           "config.delay.max: ",
		`{"delay":{"preset":"3"}}`:                     "config.delay.preset: ",
		`{"validation":"loud"}`:                        "config.validation: ",
		`{"basePath":"v1"}`:                            "config.basePath: ",
		`{"upstream":"ftp://x"}`:                       "config.upstream: ",
		`{"pins":[{"status":500}]}`:                    "config.pins[0]: it needs an operation",
		`{"pins":[{"operation":"a"}]}`:                 "config.pins[0]: it needs a status",
		`{"faults":[{"kind":"slow"}]}`:                 "config.faults[0].kind: ",
		`{"faults":[{"share":0.5}]}`:                   "config.faults[0]: it needs a kind",
		`{"faults":[{"kind":"reset","share":2}]}`:      "config.faults[0].share: ",
		`{"rateLimit":{"per":"second"}}`:               "config.rateLimit: ",
		`{"pins":[{"operation":"a","sequence":[{}]}]}`: "config.pins[0].sequence[0]: ",
		`{"pins":[{"operation":"a","sequence":[503,{"status":null}]}]}`: "config.pins[0].sequence[1]: ",
		`{"pins":[{"operation":"a","sequence":[99]}]}`:                  "config.pins[0].sequence[0]: ",
	} {
		if _, err := Parse([]byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", in, err, want)
		}
	}
}

func TestParse_SeveralProblems_AreAllTold(t *testing.T) {
	t.Parallel()
	_, err := Parse([]byte(`{"validation":"loud","cors":1,"seed":7}`))
	for _, member := range []string{"config.validation", "config.cors", "config.seed"} {
		if err == nil || !strings.Contains(err.Error(), member) {
			t.Errorf("%s is not told: %v", member, err)
		}
	}
}

func TestPatch_AbsentIsUnchangedAndNullIsTheDefault(t *testing.T) {
	t.Parallel()
	old, err := Parse([]byte(`{"seed":"a","cors":false,"delay":{"preset":"1"},"faults":[{"kind":"empty"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Patch(old, []byte(`{"cors":null,"delay":null,"dynamic":true}`))
	if err != nil {
		t.Fatal(err)
	}
	if s.Seed != "a" || !s.CORS || s.Delay != nil || !s.Dynamic || len(s.Faults) != 1 {
		t.Errorf("got %+v", s)
	}
	if kept, err := Patch(old, []byte(`{"cors":true,"seed":7}`)); err == nil || kept.CORS {
		t.Errorf("a change that can't be read changed something: %+v", kept)
	}
}

func TestEngine_DelaysAndBasePath_AreAsTheEngineTakesThem(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]engine.Config{
		`{"delay":{"type":"fixed","preset":"1"}}`:            {Delay: engine.Delay{Min: 300 * time.Millisecond, Max: 300 * time.Millisecond}},
		`{"delay":{"type":"fixed","preset":"2"}}`:            {Delay: engine.Delay{Min: 100 * time.Millisecond, Max: 100 * time.Millisecond}},
		`{"delay":{"duration":7}}`:                           {Delay: engine.Delay{Min: 7 * time.Millisecond, Max: 7 * time.Millisecond}},
		`{"delay":{"type":"range","min":1,"max":2}}`:         {Delay: engine.Delay{Min: time.Millisecond, Max: 2 * time.Millisecond}},
		`{"delay":{"type":"normal","mean":9,"deviation":3}}`: {Delay: engine.Delay{Mean: 9 * time.Millisecond, Deviation: 3 * time.Millisecond}},
		`{"basePath":"/v1/"}`:                                {BasePath: "/v1"}, // with a slash no saved example would be found
		`{"basePath":"/"}`:                                   {},
	} {
		s, err := Parse([]byte(in))
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got := s.Engine(); got.Delay != want.Delay || got.BasePath != want.BasePath {
			t.Errorf("%s: got %+v %q, want %+v %q", in, got.Delay, got.BasePath, want.Delay, want.BasePath)
		}
	}
}
