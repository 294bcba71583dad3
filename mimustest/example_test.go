package mimustest_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/mimus-dev/mimus"
	"github.com/mimus-dev/mimus/mimustest"
)

// petNames is the code under test: a client of the API.
func petNames(base string) error {
	res, err := http.Get(base + "/pets")
	if err != nil {
		return err
	}
	return res.Body.Close()
}

func ExampleStart() {
	// func TestPetNames(t *testing.T) {
	var t testing.TB = exampleT{}
	server := mimustest.Start(t, "../examples/petstore/openapi.yaml", mimustest.With(mimus.WithSeed("1")))
	server.Expect("listPets", 1)
	if err := petNames(server.URL); err != nil {
		t.Fatal(err)
	}
	for _, c := range server.Calls() {
		fmt.Println(c.Method, c.Path, c.Status, c.Operation)
	}
	// Output: GET /pets 200 listPets
}

// exampleT stands for the *testing.T that a test gets.
type exampleT struct{ testing.TB }

func (exampleT) Helper()        {}
func (exampleT) Cleanup(func()) {}
