package document

import (
	"context"
	"errors"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Parse reads a text that is JSON or YAML. A text that begins with { or [ is
// read as JSON; where it is none but YAML (comments, trailing commas, names
// without quotes), it is read as that with a warning. The name is that of the
// file in the diagnostics. The error is a *[SyntaxError].
func Parse(text, name string, file uint16, lim Limits) (definition.Value, []Diagnostic, error) {
	return parse(context.Background(), text, name, file, lim.withDefaults())
}

func parse(ctx context.Context, text, name string, file uint16, lim Limits) (definition.Value, []Diagnostic, error) {
	start := strings.TrimLeft(text, " \t\r\n")
	if start == "" {
		return definition.Value{}, nil, newSyntaxError(text, 0, codeYAML, "the text is empty", "")
	}
	if start[0] != '{' && start[0] != '[' {
		return parseYAML(ctx, text, name, file, lim)
	}
	dups := &duplicates{}
	v, err := parseJSON(ctx, text, file, lim, dups)
	if err == nil {
		f := &File{Text: text}
		return v, dups.diagnostics(name, f.Position), nil
	}
	var broken *SyntaxError
	if !errors.As(err, &broken) || broken.limit() {
		return definition.Value{}, nil, err
	}
	v, warnings, yamlErr := parseYAML(ctx, text, name, file, lim)
	if yamlErr != nil {
		return definition.Value{}, nil, err
	}
	w := Diagnostic{Severity: Warning, Code: "json-syntax", File: name, Line: broken.Line, Col: broken.Col,
		Message: "the file is no JSON and read as YAML: " + broken.Message, Hint: broken.Hint}
	return v, append([]Diagnostic{w}, warnings...), nil
}
