// Package template fills the {{…}} holes of saved answers as Postman's mock
// servers do: with the variables of collections and environments, with what a
// wildcard of the path captured, with Postman's dynamic variables
// ({{$randomInt}}) and with parts of the request ({{$body 'user.name'}}).
//
// Parse resolves everything that is known before a request arrives; what is left
// is filled in by Append. In a text of JSON, a value is written so that the text
// stays JSON wherever it is put.
//
// Every random value is a pure function of the Input and of the hole's place.
package template
