package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"

	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/server"
	"github.com/mimus-dev/mimus/internal/store"
)

// getSpecDiagnostics tells what is wrong with the files of a spec. Nothing
// outside of them is read.
func (a *API) getSpecDiagnostics(c *call) error {
	var s store.Spec
	var files []store.SpecFile
	err := c.view(func(t *store.Tx) (err error) {
		s, files, err = c.specContents(t)
		return err
	})
	if err != nil {
		return err
	}
	list := []object{}
	for _, d := range diagnose(c.Context(), &s, files) {
		list = append(list, object{
			"severity": d.Severity.String(), "code": d.Code, "file": d.File, "line": d.Line, "column": d.Col, "message": d.Message, "hint": d.Hint,
		})
	}
	return c.json(http.StatusOK, object{"diagnostics": list})
}

func diagnose(ctx context.Context, s *store.Spec, files []store.SpecFile) []document.Diagnostic {
	if !mockable(s.Type) {
		return diagnoseOther(s, files)
	}
	loaded, err := loadSpec(ctx, files)
	if err != nil {
		return []document.Diagnostic{asDiagnostic(err, files)}
	}
	mock := loaded.Compile(engine.Config{})
	list := loaded.Diagnostics
	if d, differs := otherVersion(s, loaded); differs {
		list = append(list, d)
	}
	for _, e := range mock.CheckExamples(ctx) {
		at := loaded.Locate(e.Value)
		list = append(list, document.Diagnostic{
			Severity: document.Warning, Code: "invalid-example", File: at.File, Line: at.Line, Col: at.Col, Message: e.Message,
			Hint: "correct the example or its schema; it is served as it is",
		})
	}
	return list
}

func asDiagnostic(err error, files []store.SpecFile) document.Diagnostic {
	var unread *document.FileError
	if errors.As(err, &unread) {
		return unread.Diagnostic
	}
	d := document.Diagnostic{Severity: document.Error, Code: "unreadable", Message: err.Error()}
	if root := rootOf(files); root != nil {
		d.File = root.Path
	}
	return d
}

// otherVersion tells where a document says that it is of another version than
// its spec.
func otherVersion(s *store.Spec, loaded *server.Loaded) (document.Diagnostic, bool) {
	version := loaded.Definition.Format
	if i := strings.LastIndexByte(version, ' '); i >= 0 {
		version = version[i+1:]
	}
	is := openAPIType(version)
	return document.Diagnostic{
		Severity: document.Warning, Code: "other-version", File: loaded.Name, Line: 1, Col: 1,
		Message: fmt.Sprintf("the document is %s, the specification's type is %s", is, s.Type),
		Hint:    "it is served as what it says that it is",
	}, is != "" && is != s.Type
}

// diagnoseOther looks at what is kept and not served.
func diagnoseOther(s *store.Spec, files []store.SpecFile) []document.Diagnostic {
	var list []document.Diagnostic
	for i := range files {
		f := &files[i]
		if ext := strings.ToLower(path.Ext(f.Path)); ext != ".json" && ext != ".yaml" && ext != ".yml" {
			continue
		}
		_, found, err := document.Parse(string(f.Content), f.Path, 0, document.Limits{})
		list = append(list, found...)
		var wrong *document.SyntaxError
		if errors.As(err, &wrong) {
			list = append(list, document.Diagnostic{
				Severity: document.Error, Code: wrong.Code, File: f.Path, Line: wrong.Line, Col: wrong.Col, Message: wrong.Message, Hint: wrong.Hint,
			})
		}
	}
	return append(list, document.Diagnostic{
		Severity: document.Info, Code: "not-served", Message: specFamily(s.Type) + " specifications are kept; there are no mocks of them",
		Hint: "mocks are made of OpenAPI specifications and of collections",
	})
}

// loadSpec reads the OpenAPI document of a spec, and nothing but its files.
func loadSpec(ctx context.Context, files []store.SpecFile) (*server.Loaded, error) {
	root := rootOf(files)
	if root == nil {
		return nil, errors.New("the specification has no root file")
	}
	loaded, err := server.Source{Location: root.Path, Files: contents(files)}.Load(ctx)
	if err != nil {
		return nil, err
	}
	if loaded.FromCollection || loaded.Recording != nil {
		return nil, errors.New(root.Path + " is no OpenAPI document")
	}
	return loaded, nil
}
