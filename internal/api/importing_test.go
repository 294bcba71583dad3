package api

import (
	"archive/zip"
	"bytes"
	"mime/multipart"
	"strings"
	"testing"
)

// form is a body of multipart/form-data with a file.
func form(t *testing.T, kind string, file []byte) (body, media string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if kind != "" {
		if err := w.WriteField("type", kind); err != nil {
			t.Fatal(err)
		}
	}
	f, err := w.CreateFormFile("input", "a.zip")
	if err == nil {
		_, err = f.Write(file)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

func zipped(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err == nil {
			_, err = f.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestImport_EveryWay_MakesACollectionAndALinkedSpec(t *testing.T) {
	t.Parallel()
	root := "openapi: 3.1.0\ninfo: {title: Many, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: OK, content: {application/json: {schema: {$ref: 'lib/a.yaml#/A'}}}}}}}}\n"
	archive, archiveType := form(t, "file", zipped(t, "api/lib/a.yaml", "A: {type: string}\n", "api/openapi.yaml", root, "readme.md", "hi"))
	plain, plainType := form(t, "file", []byte(petSpec))
	for name, x := range map[string]struct {
		body   any
		media  string
		title  string
		kind   string
		amount int
	}{
		"json":    {object{"type": "json", "input": object{"openapi": "3.2.0", "info": object{"title": "J", "version": "1"}, "paths": object{"/a": object{"get": object{"responses": object{}}}}}}, "application/json", "J", "OPENAPI:3.2", 1},
		"string":  {object{"type": "string", "input": petSpec, "options": object{"folderStrategy": "Tags", "optimizeConversion": false}}, "application/json", "Pets", "OPENAPI:3.0", 1},
		"swagger": {object{"type": "string", "input": `{"swagger": "2.0", "info": {"title": "Old", "version": "1"}, "paths": {}}`}, "application/json", "Old", "OPENAPI:2.0", 1},
		"file":    {plain, plainType, "Pets", "OPENAPI:3.0", 1},
		"archive": {archive, archiveType, "Many", "OPENAPI:3.1", 2},
	} {
		c := start(t)
		a := c.do("POST", "/import/openapi", x.body, "Content-Type", x.media, "X-Mimus-Import", "true").want(200)
		id := a.text("collections", 0, "id")
		if a.text("collections", 0, "name") != x.title || a.text("collections", 0, "uid") != "1-"+id {
			t.Errorf("%s: %s", name, a.body)
		}
		linked := c.do("GET", "/collections/"+id+"/generations/spec", nil).want(200)
		spec := linked.text("specs", 0, "id")
		if linked.text("specs", 0, "state") != "in-sync" || linked.text("specs", 0, "name") != x.title {
			t.Errorf("%s: %s", name, linked.body)
		}
		if got := c.do("GET", "/specs/"+spec, nil).want(200).text("type"); got != x.kind {
			t.Errorf("%s: the type is %s", name, got)
		}
		if n := len(c.do("GET", "/specs/"+spec+"/files", nil).want(200).at("files").([]any)); n != x.amount {
			t.Errorf("%s: %d files, want %d", name, n, x.amount)
		}
		c.do("PUT", "/collections/"+id+"/synchronizations?specId="+spec, nil).want(202)
	}
}

func TestImport_WhatIsWrong_IsRefusedAndStoresNothing(t *testing.T) {
	t.Parallel()
	c := start(t)
	for _, x := range []struct {
		body    any
		message string
	}{
		{object{"input": "x"}, "The request body is missing a value for the type parameter. Check your request and try again."},
		{object{"type": "string"}, "The request body is missing a value for the input parameter. Check your request and try again."},
		{object{"type": "url", "input": "x"}, "The request body has invalid values for the type parameter. Value must be one of file, string, json"},
		{object{"type": 1, "input": "x"}, "The request body has invalid values for the type parameter. Value must be one of file, string, json"},
		{object{"type": "json", "input": "x"}, "For the type json the input has to be an object."},
		{object{"type": "string", "input": object{}}, "For the type string the input has to be a text."},
		{object{"type": "string", "input": "openapi: 4.0.0"}, "Unsupported OpenAPI version: 4.0.0. Versions 2.0, 3.0, 3.1 and 3.2 are supported"},
		{object{"type": "string", "input": "swagger: 1.2"}, "Unsupported OpenAPI version: 1.2. Versions 2.0, 3.0, 3.1 and 3.2 are supported"},
		{object{"type": "string", "input": "a: 1"}, "The input is no OpenAPI definition: it has neither openapi nor swagger."},
		{object{"type": "string", "input": petSpec, "options": object{"folderStrategy": "x"}}, "Option `folderStrategy` is invalid. Should be one of: paths, tags"},
	} {
		if got := c.do("POST", "/import/openapi", x.body).want(400).text("error", "message"); got != x.message {
			t.Errorf("%v: %q", x.body, got)
		}
	}
	c.do("POST", "/import/openapi", "").want(400)
	c.do("POST", "/import/openapi?workspace=none", object{"type": "string", "input": petSpec}).want(400)
	for kind, file := range map[string][]byte{
		"":       []byte(petSpec),
		"string": []byte(petSpec),
		"file":   zipped(t, "../a.yaml", petSpec),
	} {
		body, media := form(t, kind, file)
		c.do("POST", "/import/openapi", body, "Content-Type", media, "X-Mimus-Import", "true").want(400)
	}
	for _, file := range [][]byte{nil, zipped(t, "a.yaml", "x: 1"), []byte("PK\x03\x04broken"), zipped(t, "a.yaml", petSpec, "a.yaml", petSpec), zipped(t, "a.yaml", petSpec, "b.yaml", strings.Repeat("x", maxSpecFile))} {
		body, media := form(t, "file", file)
		c.do("POST", "/import/openapi", body, "Content-Type", media, "X-Mimus-Import", "true").want(400)
	}
	c.do("POST", "/import/openapi", "x", "Content-Type", "multipart/form-data", "X-Mimus-Import", "true").want(400)
	if n := len(c.do("GET", "/specs", nil).at("specs").([]any)) + len(c.do("GET", "/collections", nil).at("collections").([]any)); n != 0 {
		t.Errorf("%d things were stored", n)
	}
}
