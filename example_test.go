package mimus_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/mimus-dev/mimus"
)

func ExampleOpen() {
	mock, err := mimus.Open(context.Background(), "examples/petstore/openapi.yaml", mimus.WithSeed("1"))
	if err != nil {
		log.Fatal(err)
	}
	defer mock.Close()
	server := httptest.NewServer(mock) // or http.ListenAndServe("127.0.0.1:4010", mock)
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

// The error of a document that can't be read has its place.
func ExampleOpen_error() {
	_, err := mimus.Open(context.Background(), "examples/petstore/petstore.yaml")
	fmt.Println(err)

	_, err = mimus.Parse(context.Background(), "broken.yaml", []byte("openapi: 3.1.0\npaths: [\n"))
	var at *mimus.SourceError
	if errors.As(err, &at) {
		fmt.Println(at.File, "line", at.Line, "column", at.Column)
	}
	// Output:
	// examples/petstore/petstore.yaml: error: there is no such file; there are examples/petstore/openapi.yaml
	// broken.yaml line 2 column 1
}

const clock = `
openapi: 3.1.0
info: {title: Clock, version: "1"}
paths:
  /time:
    get:
      operationId: now
      parameters:
        - {name: zone, in: query, required: true, schema: {enum: [UTC, CET]}}
      responses:
        "200":
          description: The time
          content:
            application/json:
              schema: {type: object, properties: {now: {type: string, format: date-time}}}
`

func ExampleParse() {
	mock, err := mimus.Parse(context.Background(), "clock.yaml", []byte(clock))
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

// A Mock below other handlers.
func ExampleMock_ServeHTTP() {
	mock, err := mimus.Parse(context.Background(), "clock.yaml", []byte(clock))
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/clock/", http.StripPrefix("/clock", mock))

	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, httptest.NewRequest("GET", "/clock/time?zone=CET", nil))
	fmt.Println(rec.Code)
	// Output: 200
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

// What is wrong in a document keeps the rest of it from nothing.
func ExampleMock_Diagnostics() {
	document := clock + `
        "400": {$ref: '#/components/responses/NoSuchZone'}
`
	mock, err := mimus.Parse(context.Background(), "clock.yaml", []byte(document))
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range mock.Diagnostics() {
		fmt.Println(d.Severity, d.File, d.Line, d.Code)
	}
	// Output: error clock.yaml 17 reference-not-found
}

// Answers on a slow line, and requests that break the contract let through.
func ExampleOption() {
	mock, err := mimus.Parse(context.Background(), "clock.yaml", []byte(clock),
		mimus.WithValidation(mimus.Warn),
		mimus.WithDelay(10*time.Millisecond, 20*time.Millisecond),
		mimus.WithBasePath("/v2"),
	)
	if err != nil {
		log.Fatal(err)
	}
	rec := httptest.NewRecorder()
	mock.ServeHTTP(rec, httptest.NewRequest("GET", "/v2/time", nil))
	fmt.Println(rec.Code)
	fmt.Println(rec.Header().Get("sl-violations"))
	// Output:
	// 200
	// [{"location":["request","query"],"severity":"Error","code":"required","message":"must have required property 'zone'"}]
}

func ExampleWithObserver() {
	mock, err := mimus.Parse(context.Background(), "clock.yaml", []byte(clock), mimus.WithObserver(func(c mimus.Call) {
		fmt.Println(c.Method, c.Path, c.Status, c.Operation)
		for _, v := range c.Broken() {
			fmt.Println(strings.Join(v.Location, " "), v.Message)
		}
	}))
	if err != nil {
		log.Fatal(err)
	}
	mock.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/time?zone=Mars", nil))
	// Output:
	// GET /time 422 now
	// query zone must be equal to one of the allowed values: UTC, CET
}
