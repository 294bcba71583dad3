package mimus_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/mimus-dev/mimus"
)

func ExampleOpen() {
	mock, err := mimus.Open(context.Background(), "examples/petstore/openapi.yaml", mimus.WithSeed("1"))
	if err != nil {
		log.Fatal(err)
	}
	server := httptest.NewServer(mock)
	defer server.Close()

	res, err := http.Get(server.URL + "/pets/1")
	if err != nil {
		log.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	fmt.Println(res.Status)
	fmt.Println(string(body))
	// Output:
	// 200 OK
	// {"id":1,"name":"Luna","species":"cat","status":"available","price":120.5,"bornOn":"2023-04-18","tags":["calm","indoor"],"createdAt":"2024-01-09T08:30:00Z"}
}

func ExampleParse() {
	const document = `
openapi: 3.1.0
info: {title: Clock, version: "1"}
paths:
  /time:
    get:
      parameters:
        - {name: zone, in: query, required: true, schema: {enum: [UTC, CET]}}
      responses:
        "200":
          description: The time
          content:
            application/json:
              schema: {type: object, properties: {now: {type: string, format: date-time}}}
`
	mock, err := mimus.Parse(context.Background(), "clock.yaml", []byte(document))
	if err != nil {
		log.Fatal(err)
	}
	for _, target := range []string{"/time?zone=UTC", "/time?zone=Mars"} {
		rec := httptest.NewRecorder()
		mock.ServeHTTP(rec, httptest.NewRequest("GET", target, nil))
		fmt.Println(rec.Code, rec.Header().Get("Content-Type"))
	}
	// Output:
	// 200 application/json
	// 422 application/problem+json
}

func ExampleMock_Operations() {
	mock, err := mimus.Open(context.Background(), "examples/petstore/openapi.yaml")
	if err != nil {
		log.Fatal(err)
	}
	for _, op := range mock.Operations()[:3] {
		fmt.Println(op.Method, op.Path, op.ID)
	}
	// Output:
	// GET /pets listPets
	// POST /pets createPet
	// GET /pets/{petId} getPet
}
