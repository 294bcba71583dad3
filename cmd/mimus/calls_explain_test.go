package main

import (
	"strings"
	"testing"
)

const explainedMiss = `{"call":{"id":"c2","at":"2026-01-31T12:00:00.000Z","mock":"m1","method":"GET","path":"/pest","status":404,"type":"error","name":"no route","duration":0.1},
"explanation":{"changed":true,"note":"Credentials are not kept.","recorded":{"status":404,"steps":[
 {"responder":"route","why":"no operation has this path"},{"responder":"problem","answered":true,"why":"NO_PATH_MATCHED_ERROR"}]},
"now":{"status":200,"responder":"contract","operation":"listPets","steps":[
 {"responder":"route","answered":false,"why":"the operation is listPets\u001b[2J","candidates":[{"operation":"getPet","why":"it has another path"}]},
 {"responder":"contract","answered":true,"why":"the first example"}],
"nearest":[{"method":"GET","path":"/pets","differs":"\"pest\" would have to be \"pets\"","changes":[{"in":"path","op":"set","have":"/pest","want":"/pets"},{"in":"query","name":"limit","op":"remove","have":"x"},{"in":"body","name":"/age","op":"set","want":5}]},
 {"name":"a cat","example":"Pets / a cat","method":"GET","path":"/pets/1","status":200,"score":40,"failed":"the path"}]}}}`

const explainedText = `GET /pest  404 0.10ms  no route

   route    no operation has this path
 → problem  NO_PATH_MATCHED_ERROR

Now the mock would do otherwise: 200 of contract, listPets

   route     the operation is listPets?[2J
               getPet: it has another path
 → contract  the first example

Nearest:
   GET /pets: "pest" would have to be "pets"
      set the path to /pets, in place of /pest
      remove query limit, in place of x
      set body /age to 5
   GET /pets/1, example a cat: the path

Credentials are not kept.
`

func TestCalls_Explain_ReadsTopDown(t *testing.T) {
	t.Parallel()
	f := startFake(t, &fakeServer{mocks: twoMocks, calls: petCalls()})
	for _, args := range [][]string{{"c2"}, {"last", "--status", "404"}, {"c2", "--mock", "petstore"}} {
		out, errs, code := mimus(t, append([]string{"calls", "--server", f.url, "--explain"}, args...)...)
		_, rest, _ := strings.Cut(out, " GET ") // the time, and the mock where there are several
		if "GET "+rest != explainedText || code != exitOK {
			t.Errorf("%v ended with %d and printed\n%s%s\nwant\n%s", args, code, out, errs, explainedText)
		}
	}
	out, _, _ := mimus(t, "calls", "--server", f.url, "--explain", "c2", "--json")
	if strings.Count(out, "\n") != 1 || !strings.Contains(out, `"explanation":{"changed":true`) {
		t.Errorf("as JSON: %s", out)
	}
}

func TestCalls_Explain_WithoutCalls(t *testing.T) {
	t.Parallel()
	f := startFake(t, &fakeServer{mocks: onePet})
	_, errs, code := mimus(t, "calls", "--server", f.url, "--explain", "last")
	if code != exitError || errs != "mimus: there are no calls yet\n" {
		t.Errorf("it ended with %d and printed %s", code, errs)
	}
}
