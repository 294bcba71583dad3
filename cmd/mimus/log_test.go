package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
)

func printCall(form, level, target string, res *engine.Response) (out, problems string) {
	var o, p bytes.Buffer
	l := newLog(form, level, &o, &p)
	if calls := l.calls(); calls != nil {
		r := httptest.NewRequest("GET", "/", nil)
		r.RequestURI = target
		calls.Call(r, res, 1500*time.Microsecond)
	}
	l.Warn("files can't be watched", slog.String("error", "too many"))
	l.close()
	return o.String(), p.String()
}

func TestLog_Call_IsOneLineForPeople(t *testing.T) {
	res := &engine.Response{Status: 200, Operation: "listPets", Trace: []engine.TraceLine{{Responder: "contract", Why: "the first example"}}}
	out, problems := printCall("text", "info", "/pets?limit=2", res)
	if !regexp.MustCompile(`^\d\d:\d\d:\d\d GET /pets\?limit=2  200 1\.50ms  listPets: the first example\n$`).MatchString(out) {
		t.Errorf("printed %q", out)
	}
	if !regexp.MustCompile(`^\d\d:\d\d:\d\d warning: files can't be watched: too many\n$`).MatchString(problems) {
		t.Errorf("a problem was printed as %q", problems)
	}
}

func TestLog_Call_CannotForgeLinesOrControlTheTerminal(t *testing.T) {
	res := &engine.Response{Status: 404, Trace: []engine.TraceLine{{Why: "no /a\x1b[2J\nReady: http://evil"}}}
	out, _ := printCall("text", "info", "/a\x1b[2J\u009b2J"+strings.Repeat("x", 5000), res)
	if strings.Count(out, "\n") != 1 || strings.ContainsAny(out, "\x1b\u009b") {
		t.Errorf("printed %q", out)
	}
	if len(out) > 3*maxLogged {
		t.Errorf("the line has %d bytes", len(out))
	}
}

func TestLog_JSON_IsOneObjectALine(t *testing.T) {
	res := &engine.Response{Status: 200, Operation: `a"b`, Trace: []engine.TraceLine{{Why: "x\ny"}}}
	out, problems := printCall("json", "info", "/pets", res)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 || problems != "" {
		t.Fatalf("printed %q and %q", out, problems)
	}
	for _, line := range lines {
		var got map[string]any
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	if !strings.Contains(lines[0], `"operation":"a\"b","answered":"x\ny"`) {
		t.Errorf("printed %s", lines[0])
	}
}

func TestLog_Level_LeavesOutCallsThenProblems(t *testing.T) {
	res := &engine.Response{Status: 200}
	if out, problems := printCall("text", "warn", "/", res); out != "" || problems == "" {
		t.Errorf("warn printed %q and %q", out, problems)
	}
	if out, problems := printCall("text", "silent", "/", res); out != "" || problems != "" {
		t.Errorf("silent printed %q and %q", out, problems)
	}
}

func TestLog_BrokenRequest_TellsTheFirstViolation(t *testing.T) {
	found := []engine.Violation{
		{Side: "request", Severity: "Warning", Location: []string{"query", "old"}, Message: "is deprecated"},
		{Side: "request", Severity: "Error", Location: []string{"body", "name"}, Message: "must be string"},
	}
	declared := &engine.Response{Status: 422, Operation: "createPet", Found: found, Trace: []engine.TraceLine{{Why: "the first example"}}}
	if out, _ := printCall("text", "info", "/pets", declared); !strings.HasSuffix(out, "createPet: the first example; request body.name must be string (and 1 more)\n") {
		t.Errorf("printed %q", out)
	}
	problem := &engine.Response{Status: 422, Responder: "problem", Found: found[1:], Trace: []engine.TraceLine{{Why: "UNPROCESSABLE_ENTITY: Your request is not valid."}}}
	if out, _ := printCall("text", "info", "/pets", problem); !strings.HasSuffix(out, "UNPROCESSABLE_ENTITY; request body.name must be string\n") {
		t.Errorf("printed %q", out)
	}
}

// What the log of calls leaves out is printed nowhere either.
func TestCall_PrintsNothingSecret(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"text", "json"} {
		var out bytes.Buffer
		l := newLog(form, "info", &out, io.Discard)
		l.redact = []string{"token"}
		r := httptest.NewRequest("GET", "/a%2Fmimus_SECRET/b?x-api-key=SECRET&TOKEN=SECRET&k=mimus%5FSECRET&a=b", nil)
		l.calls().Call(r, &engine.Response{Status: 404, Trace: []engine.TraceLine{{Why: "no mimus_SECRET", Answered: true}}}, 0)
		l.close()
		if text := out.String(); strings.Contains(text, "SECRET") || !strings.Contains(text, "a=b") || !strings.Contains(text, "/b?") {
			t.Errorf("%s: %s", form, text)
		}
	}
}
