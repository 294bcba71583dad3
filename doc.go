// Package mimus turns the description of an API into a server that behaves
// like the API. Open reads an OpenAPI document and gives a Mock, which is an
// http.Handler: it checks each request against the contract and answers with
// what the contract declares, from its examples or made from its schemas. The
// same document, seed and request give the same answer on every machine.
//
// Package mimustest starts a Mock for one test.
package mimus
