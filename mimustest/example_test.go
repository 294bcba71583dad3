package mimustest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus"
	"github.com/mimus-dev/mimus/mimustest"
)

// petNames is code to be tested: a client of the API.
func petNames(base string) ([]string, error) {
	res, err := http.Get(base + "/pets?limit=2")
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var pets []struct{ Name string }
	if err := json.NewDecoder(res.Body).Decode(&pets); err != nil {
		return nil, err
	}
	var names []string
	for _, p := range pets {
		names = append(names, p.Name)
	}
	return names, nil
}

// addPet is code with a mistake: the API has no species "unicorn".
func addPet(base, name string) error {
	body := strings.NewReader(`{"name":"` + name + `","species":"unicorn"}`)
	res, err := http.Post(base+"/pets", "application/json", body)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// test runs what would be the body of a test and prints how it fails, so that
// the examples can show it.
func test(body func(t testing.TB)) {
	if failed := failures(body); failed != "" {
		fmt.Println("FAIL")
		fmt.Println(failed)
	}
}

func ExampleStart() {
	test(func(t testing.TB) { // in your code: func TestPetNames(t *testing.T) {
		server := mimustest.Start(t, "../examples/petstore/openapi.yaml", mimustest.With(mimus.WithSeed("1")))

		names, err := petNames(server.URL)
		fmt.Println(names, err)

		for _, c := range server.CallsTo("listPets") {
			fmt.Println(c.Method, c.Path, c.Query.Get("limit"), c.Status)
		}
	})
	// Output:
	// [Luna Rex] <nil>
	// GET /pets 2 200
}

// A call that breaks the contract fails the test.
func ExampleStart_brokenCall() {
	test(func(t testing.TB) { // in your code: func TestAddPet(t *testing.T) {
		server := mimustest.Start(t, "../examples/petstore/openapi.yaml")
		if err := addPet(server.URL, "Sparkle"); err != nil {
			t.Fatal(err)
		}
	})
	// Output:
	// FAIL
	// POST /pets broke the contract of createPet (../examples/petstore/openapi.yaml:90:7) and was answered with 422:
	//   body species
	//     - want: must be equal to one of the allowed values: bird, cat, dog, fish, rabbit
	//     + got:  "unicorn"
	// If the test means it: mimustest.AllowBroken("createPet")
}

func ExampleStartDocument() {
	const document = `
openapi: 3.1.0
paths:
  /time:
    get:
      operationId: now
      responses:
        "200":
          description: The time
          content: {text/plain: {example: "12:00"}}
`
	test(func(t testing.TB) {
		server := mimustest.StartDocument(t, document)
		if _, err := http.Get(server.URL + "/time"); err != nil {
			t.Fatal(err)
		}
		fmt.Println(string(server.Last().ResponseBody))
	})
	// Output: 12:00
}

// A test that sends nonsense on purpose says so.
func ExampleAllowBroken() {
	test(func(t testing.TB) {
		server := mimustest.Start(t, "../examples/petstore/openapi.yaml", mimustest.AllowBroken("createPet"))
		if err := addPet(server.URL, "Sparkle"); err != nil {
			t.Fatal(err)
		}
		fmt.Println(server.Last().Status, len(server.Last().Broken()))
	})
	// Output: 422 1
}

func ExampleServer_Expect() {
	test(func(t testing.TB) {
		server := mimustest.Start(t, "../examples/petstore/openapi.yaml")
		server.Expect("listPets", 2)
		server.Expect("deletePet", 0)
		if _, err := petNames(server.URL); err != nil {
			t.Fatal(err)
		}
	})
	// Output:
	// FAIL
	// calls to listPets:
	//   - want: 2
	//   + got:  1
	// all calls: GET /pets?limit=2 (200)
}

func ExampleServer_Verify() {
	test(func(t testing.TB) {
		server := mimustest.Start(t, "../examples/petstore/openapi.yaml", mimustest.AllowBroken("createPet"))
		if err := addPet(server.URL, "Sparkle"); err != nil {
			t.Fatal(err)
		}
		server.Verify(
			mimustest.Called("createPet").BodyContains(`{"name": "Sparkle", "species": "cat"}`),
			mimustest.Called("deletePet").Never(),
		)
	})
	// Output:
	// FAIL
	// calls to createPet with a body that contains {"name":"Sparkle","species":"cat"}:
	//   - want: at least 1
	//   + got:  0
	// nearest: POST /pets (422)
	//   body species
	//     - want: "cat"
	//     + got:  "unicorn"
	// all calls: POST /pets (422)
}

func ExampleServer_VerifyOrder() {
	test(func(t testing.TB) {
		server := mimustest.Start(t, "../examples/petstore/openapi.yaml", mimustest.AllowBroken("createPet"))
		if _, err := petNames(server.URL); err != nil {
			t.Fatal(err)
		}
		if err := addPet(server.URL, "Sparkle"); err != nil {
			t.Fatal(err)
		}
		server.VerifyOrder(mimustest.Called("createPet"), mimustest.Called("listPets"))
	})
	// Output:
	// FAIL
	// calls to listPets after createPet:
	//   - want: at least 1
	//   + got:  0
	// it was called 1 time in all
	// all calls: GET /pets?limit=2 (200), POST /pets (422)
}

func ExampleServer_VerifyOnly() {
	test(func(t testing.TB) {
		server := mimustest.Start(t, "../examples/petstore/openapi.yaml")
		if _, err := petNames(server.URL); err != nil {
			t.Fatal(err)
		}
		server.VerifyOnly(mimustest.Called("listPets").Query("limit", "2").Times(1))
	})
	// Output:
}
