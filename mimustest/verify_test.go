package mimustest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mimus-dev/mimus"
	"github.com/mimus-dev/mimus/mimustest"
)

const (
	rex  = `{"name":"Rex","species":"dog","tags":["calm","old"]}`
	luna = `{"name":"Luna","species":"cat"}`
)

// shopped makes some calls: a list, two pets, and the first pet.
func shopped(t testing.TB, opts ...mimustest.Option) *mimustest.Server {
	t.Helper()
	s := mimustest.Start(t, petstore, opts...)
	send(t, s, "GET", "/pets?limit=2", "", "X-Trace: abc")
	send(t, s, "POST", "/pets", rex)
	send(t, s, "POST", "/v1/pets", luna)
	send(t, s, "GET", "/pets/1", "")
	return s
}

const all = "all calls: GET /pets?limit=2 (200), POST /pets (201), POST /v1/pets (201), GET /pets/1 (200)"

func TestVerify_Counts(t *testing.T) {
	t.Parallel()
	pet := mimustest.Called("createPet")
	for name, c := range map[string]struct {
		want  mimustest.Want
		fails string // what was wanted; "" it is verified
	}{
		"called":                    {pet, ""},
		"not called":                {mimustest.Called("deletePet"), "at least 1"},
		"exactly":                   {pet.Times(2), ""},
		"too few":                   {pet.Times(3), "3"},
		"too many":                  {pet.Times(1), "1"},
		"at least":                  {pet.AtLeast(2), ""},
		"at least, too few":         {pet.AtLeast(3), "at least 3"},
		"at most":                   {pet.AtMost(2), ""},
		"at most, none":             {mimustest.Called("deletePet").AtMost(2), ""},
		"at most, too many":         {pet.AtMost(1), "at most 1"},
		"between":                   {pet.AtLeast(1).AtMost(3), ""},
		"between, the other order":  {pet.AtMost(3).AtLeast(1), ""},
		"between, too few":          {pet.AtLeast(3).AtMost(4), "3 to 4"},
		"never":                     {mimustest.Called("deletePet").Never(), ""},
		"never, and called":         {pet.Never(), "0"},
		"by method and path":        {mimustest.Called("POST /pets").Times(2), ""},
		"by a path with a base":     {mimustest.Called("POST /v1/pets").Times(1), ""},
		"by template":               {mimustest.Called("GET /pets/{petId}").Times(1), ""},
		"by path":                   {mimustest.Called("GET /pets/1").Times(1), ""},
		"by a path never called":    {mimustest.Called("GET /pets/2").Never(), ""},
		"a status":                  {pet.Status(201).Times(2), ""},
		"another status":            {pet.Status(422).Never(), ""},
		"a parameter":               {mimustest.Called("listPets").Query("limit", "2"), ""},
		"another value":             {mimustest.Called("listPets").Query("limit", "3").Never(), ""},
		"two parameters":            {mimustest.Called("listPets").Query("limit", "2").Query("offset", "1").Never(), ""},
		"a header":                  {mimustest.Called("listPets").Header("x-trace", "abc"), ""},
		"another header":            {mimustest.Called("listPets").Header("X-Trace", "abd").Never(), ""},
		"a body":                    {pet.Body(`{"species": "dog", "tags": ["calm", "old"], "name": "Rex"}`).Times(1), ""},
		"a body as bytes":           {pet.Body([]byte(luna)).Times(1), ""},
		"a body as raw JSON":        {pet.Body(json.RawMessage(luna)).Times(1), ""},
		"a body of a value":         {pet.Body(map[string]any{"name": "Luna", "species": "cat"}).Times(1), ""},
		"a body of a struct":        {pet.Body(struct{ name string }{}).Never(), ""},
		"part of a body":            {pet.BodyContains(`{"tags": ["old"]}`).Times(1), ""},
		"part of a body of a value": {pet.BodyContains(map[string]any{"species": "cat"}).Times(1), ""},
		"part of a text":            {pet.BodyContains(`"Luna" ,`).Never(), ""},
		"part of a text that is in": {pet.BodyContains(`"name":"Lu`).Times(1), ""},
		"a schema":                  {pet.BodySchema(`{"required": ["tags"]}`).Times(1), ""},
		"a schema in YAML":          {pet.BodySchema("properties:\n  species: {const: cat}\n").Times(1), ""},
		"all together":              {pet.Status(201).Header("Content-Type", "application/json").BodyContains(rex).BodySchema(`{"type":"object"}`).Times(1), ""},
	} {
		got := failures(func(ft testing.TB) { shopped(ft).Verify(c.want) })
		if (got == "") != (c.fails == "") || !strings.Contains(got, "  - want: "+c.fails) && c.fails != "" {
			t.Errorf("%s: %q, want a failure with %q", name, got, c.fails)
		}
	}
}

func TestVerify_TellsWhatDiffers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		verify func(*mimustest.Server)
		want   string
	}{
		{func(s *mimustest.Server) { s.Verify(mimustest.Called("createPet").Times(3)) }, `
calls to createPet:
  - want: 3
  + got:  2
` + all},
		{func(s *mimustest.Server) {
			s.Verify(mimustest.Called("createPet").Status(201).BodyContains(`{"name":"Rex","species":"cat","age":3}`))
		}, `
calls to createPet with status 201, a body that contains {"name":"Rex","species":"cat","age":3}:
  - want: at least 1
  + got:  0
nearest: POST /pets (201)
  body species
    - want: "cat"
    + got:  "dog"
  body age
    - want: 3
    + got:  nothing
nearest: POST /v1/pets (201)
  body name
    - want: "Rex"
    + got:  "Luna"
  body age
    - want: 3
    + got:  nothing
` + all},
		{func(s *mimustest.Server) {
			s.Verify(mimustest.Called("listPets").Query("limit", "3").Header("Authorization", "Bearer s3cret"))
		}, `
calls to listPets with query limit=3, header authorization=Bearer …:
  - want: at least 1
  + got:  0
nearest: GET /pets?limit=2 (200)
  query limit
    - want: 3
    + got:  2
  header authorization
    - want: Bearer …
    + got:  nothing
` + all},
		{func(s *mimustest.Server) {
			s.Verify(mimustest.Called("createPet").BodySchema(`{"properties":{"name":{"type":"integer"}}}`))
		}, `
calls to createPet with a body that fits a schema:
  - want: at least 1
  + got:  0
nearest: POST /pets (201)
  body name
    - want: must be integer
    + got:  "Rex"
nearest: POST /v1/pets (201)
  body name
    - want: must be integer
    + got:  "Luna"
` + all},
		{func(s *mimustest.Server) { s.Verify(mimustest.Called("GET /pet/1")) }, `
calls to GET /pet/1:
  - want: at least 1
  + got:  0
nearest: GET /pets/1 (200)
  path
    - want: /pet/1
    + got:  /pets/1
` + all},
		{func(s *mimustest.Server) {
			s.VerifyOrder(mimustest.Called("createPet"), mimustest.Called("listPets"))
		}, `
calls to listPets after createPet:
  - want: at least 1
  + got:  0
it was called 1 time in all
` + all},
		{func(s *mimustest.Server) {
			s.VerifyOrder(mimustest.Called("listPets"), mimustest.Called("createPet").Times(3), mimustest.Called("getPet"))
		}, `
calls to createPet after listPets:
  - want: 3
  + got:  2
` + all},
		{func(s *mimustest.Server) { s.VerifyOnly(mimustest.Called("createPet"), mimustest.Called("getPet")) }, `
calls that are not wanted:
  - want: 0
  + got:  1
` + all},
		{func(s *mimustest.Server) {
			s.Verify(mimustest.Called("deletePet").Never(), mimustest.Called("createPet").Times(2), mimustest.Called("listPets").Never())
		}, `
calls to listPets:
  - want: 0
  + got:  1
` + all},
	} {
		got := failures(func(ft testing.TB) { c.verify(shopped(ft)) })
		if diff := cmp.Diff(strings.TrimPrefix(c.want, "\n"), got); diff != "" {
			t.Errorf("the failure differs (-want +got):\n%s", diff)
		}
	}
}

func TestVerifyOrder_LetsOthersComeInBetween(t *testing.T) {
	t.Parallel()
	got := failures(func(ft testing.TB) {
		shopped(ft).VerifyOrder(mimustest.Called("listPets"), mimustest.Called("createPet").BodyContains(luna), mimustest.Called("deletePet").Never(), mimustest.Called("getPet"))
	})
	if got != "" {
		t.Error(got)
	}
}

func TestVerifyOnly_TakesEachCallOnce(t *testing.T) {
	t.Parallel()
	got := failures(func(ft testing.TB) {
		mimustest.Start(ft, petstore).VerifyOnly()
		shopped(ft).VerifyOnly(mimustest.Called("listPets"), mimustest.Called("createPet").Times(2), mimustest.Called("GET /pets/{petId}"))
	})
	if got != "" {
		t.Error(got)
	}
}

// A call that is allowed to break the contract can be verified as any other.
func TestVerify_CallsThatNoOperationTakes(t *testing.T) {
	t.Parallel()
	got := failures(func(ft testing.TB) {
		s := mimustest.Start(ft, petstore, mimustest.AllowBroken())
		send(ft, s, "GET", "/nowhere", "")
		s.VerifyOnly(mimustest.Called("GET /nowhere").Status(404).Times(1))
	})
	if got != "" {
		t.Error(got)
	}
}

func TestVerify_BodiesBeyondTheLimit(t *testing.T) {
	t.Parallel()
	got := failures(func(ft testing.TB) {
		s := mimustest.Start(ft, petstore, mimustest.AllowBroken(), mimustest.With(mimus.WithBodyLimit(10)))
		send(ft, s, "POST", "/pets", rex)
		s.Verify(mimustest.Called("createPet").BodyContains(`{"name":"Bo"}`).Never())
	})
	if !strings.Contains(got, "of 1 more it can't be told: its body was not kept whole") {
		t.Errorf("a verdict on a body that isn't known: %q", got)
	}
}

func TestVerify_MistakesFailTheTest(t *testing.T) {
	t.Parallel()
	pet := mimustest.Called("createPet")
	for _, c := range []struct {
		verify func(*mimustest.Server)
		want   string
	}{
		{func(s *mimustest.Server) { s.Verify() }, `nothing is verified`},
		{func(s *mimustest.Server) { s.VerifyOrder() }, `nothing is verified`},
		{func(s *mimustest.Server) { s.Verify(mimustest.Called("").Never()) }, `an operation needs a name`},
		{func(s *mimustest.Server) { s.Verify(mimustest.Called("makePet").Never()) }, `there is no operation "makePet" in Petstore`},
		{func(s *mimustest.Server) { s.Verify(pet.Times(-1)) }, `createPet can't be verified: no number of calls is -1`},
		{func(s *mimustest.Server) { s.Verify(pet.AtLeast(3).AtMost(2)) }, `no number of calls is 3 to 2`},
		{func(s *mimustest.Server) { s.Verify(pet.Status(9).Never()) }, `9 is no status of HTTP`},
		{func(s *mimustest.Server) { s.Verify(pet.BodySchema("{").Never()) }, `can't be verified: `},
		{func(s *mimustest.Server) { s.Verify(pet.BodySchema("type: strng").Never()) }, `schema.type: "strng" is no type`},
		{func(s *mimustest.Server) { s.Verify(pet.Body(func() {}).Never()) }, `the body is not to be had as JSON: json: unsupported type`},
		{func(s *mimustest.Server) { s.Verify(pet.BodyContains(make(chan int)).Never()) }, `the part of the body is not to be had as JSON`},
	} {
		got := failures(func(ft testing.TB) { c.verify(shopped(ft)) })
		if !strings.Contains(got, c.want) {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// A want is a value: what is made of one leaves it as it was.
func TestWant_IsNotChanged(t *testing.T) {
	t.Parallel()
	got := failures(func(ft testing.TB) {
		s := shopped(ft)
		list := mimustest.Called("listPets").Query("limit", "2")
		_ = list.Query("limit", "3").Header("X-Trace", "none").Never()
		s.Verify(list, list.Header("X-Trace", "abc"), list.Times(1))

		several := list.Query("limit", "2").Query("limit", "2").Header("X-Trace", "abc").Header("X-Trace", "abc").Header("X-Trace", "abc")
		right := several.Query("limit", "2").Header("X-Trace", "abc")
		_ = several.Query("limit", "3").Header("X-Trace", "none")
		s.Verify(right)
	})
	if got != "" {
		t.Error(got)
	}
}
