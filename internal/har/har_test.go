package har

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

var update = flag.Bool("update", false, "write the golden files")

func open(tb testing.TB, text string) (*document.Loader, *document.File) {
	tb.Helper()
	l := document.NewLoader(document.Config{Files: map[string][]byte{"a.har": []byte(text)}})
	f, err := l.Open(context.Background(), "a.har")
	if err != nil {
		tb.Fatal(err)
	}
	return l, f
}

func read(tb testing.TB, text string) (*Archive, []document.Diagnostic) {
	tb.Helper()
	l, f := open(tb, text)
	a, diags, err := Read(context.Background(), l, f)
	if err != nil {
		tb.Fatal(err)
	}
	return a, diags
}

func fixture(tb testing.TB, name string) string {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(fixture(t, name), got); diff != "" {
		t.Errorf("%s differs (-want +got), run with -update where that is right:\n%s", name, diff)
	}
}

// sameModel compares archives without the places they were read from.
var sameModel = cmp.Options{
	cmpopts.IgnoreFields(Archive{}, "Pos"),
	cmpopts.IgnoreFields(Entry{}, "Pos"),
	cmpopts.IgnoreUnexported(Request{}, Entry{}),
	cmp.Comparer(func(a, b []definition.Value) bool { // members have no order
		one, other := definition.NewObject(a...), definition.NewObject(b...)
		return definition.Equal(&one, &other)
	}),
}

func listed(diags []document.Diagnostic) string {
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintf(&b, "%s [%s]\n", d, d.Code)
	}
	return b.String()
}

func TestRead_MixedRecording_IsExplained(t *testing.T) {
	t.Parallel()
	a, diags := read(t, fixture(t, "mixed.har"))
	def, more := a.Definition()
	golden(t, "mixed.diagnostics.txt", listed(diags)+"---\n"+listed(more))

	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n", def.Title, def.Format)
	for _, x := range def.Exchanges {
		fmt.Fprintf(&b, "\n%s | %s | line %d\n", x.Name, x.Place, x.Pos.Line)
		fmt.Fprintf(&b, "  %s %s %s\n  query %v\n  header %v\n", x.Request.Method, x.Request.Base, x.Request.Path, x.Request.Query, x.Request.Header)
		if x.Request.Body != nil {
			fmt.Fprintf(&b, "  body %+v\n", *x.Request.Body)
		}
		fmt.Fprintf(&b, "  → %d %s %s literal=%v\n  header %v\n  %q\n", x.Response.Status, x.Response.Reason, x.Response.Media, x.Response.Literal, x.Response.Header, x.Response.Body)
	}
	golden(t, "mixed.definition.txt", b.String())
}

func TestStrip_MixedRecording_HoldsNoCredentials(t *testing.T) {
	t.Parallel()
	a, _ := read(t, fixture(t, "mixed.har"))
	a.Strip()
	text := string(a.AppendJSON(nil))
	if i := strings.Index(text, "abc"); i >= 0 {
		t.Errorf("a credential is left: …%s…", text[max(0, i-80):min(len(text), i+20)])
	}
	golden(t, "mixed.stripped.har", text)
}

func TestWrite_Mixed_LosesNothing(t *testing.T) {
	t.Parallel()
	text := fixture(t, "mixed.har")
	l, f := open(t, strings.Replace(text, "      \"text\",\n", "", 1)) // what is no entry is left out
	want := f.Root.Clone()
	a, _, err := Read(context.Background(), l, f)
	if err != nil {
		t.Fatal(err)
	}
	roundTrip(t, a, &want)
}

// roundTrip fails where writing and reading gives another model or another
// document.
func roundTrip(t *testing.T, a *Archive, want *definition.Value) {
	t.Helper()
	var b bytes.Buffer
	if err := a.Write(&b); err != nil {
		t.Fatal(err)
	}
	l, f := open(t, b.String())
	if !definition.Equal(&f.Root, want) {
		t.Errorf("the document is not the same:\n%s", cmp.Diff(string(want.AppendIndentedJSON(nil, "", " ")), string(f.Root.AppendIndentedJSON(nil, "", " "))))
	}
	again, _, err := Read(context.Background(), l, f)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.AppendJSON(nil), b.Bytes()) {
		t.Error("writing what was written gives other bytes")
	}
	if diff := cmp.Diff(a, again, sameModel); diff != "" {
		t.Errorf("the model is not the same (-first +again):\n%s", diff)
	}
}

func TestCorpus_Read_LosesNothing(t *testing.T) {
	t.Parallel()
	shared := os.Getenv("MIMUS_SHARED")
	if shared == "" {
		t.Skip("MIMUS_SHARED is not set: it names the folder that holds corpus/har")
	}
	files, err := filepath.Glob(filepath.Join(shared, "corpus", "har", "*.har"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in corpus/har: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			l := document.NewLoader(document.Config{})
			f, err := l.Open(context.Background(), file)
			if err != nil {
				t.Fatal(err)
			}
			want := f.Root.Clone()
			a, diags, err := Read(context.Background(), l, f)
			if err != nil {
				t.Fatal(err)
			}
			roundTrip(t, a, &want)
			def, more := a.Definition()
			t.Logf("%s: %d exchanges\n%s%s", def.Title, len(def.Exchanges), listed(diags), listed(more))
			grouped := 0
			for _, e := range a.Entries {
				if e.Request.preflight() {
					grouped++
				}
			}
			for _, g := range Groups(a.Entries) {
				grouped += len(g.Entries)
				t.Logf("%s %s%s %v", g.Method, g.Base, g.Path, g.Values)
			}
			if grouped != len(a.Entries) {
				t.Errorf("%d of %d entries are in a group", grouped, len(a.Entries))
			}
			a.Strip()
			read(t, string(a.AppendJSON(nil)))
		})
	}
}

func TestRead_BadInput_IsToldWithPlaceAndHint(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"no entries", "{\"log\": {}}", "a.har:1:9: error: the recording has no list of \"entries\""},
		{"entries of another type", "{\"log\": {\"entries\": {}}}", "a.har:1:21: warning: \"entries\" is an object, not an array"},
		{"entry of another type", "{\"log\": {\"entries\": [1]}}", "a.har:1:22: warning: entry 1: the entry is a number"},
		{"date", "{\"log\": {\"entries\": [{\"startedDateTime\": \"now\"}]}}", "a.har:1:42: warning: entry 1: \"startedDateTime\" is no date: \"now\""},
		{"status", "{\"log\": {\"entries\": [{\"response\": {\"status\": true}}]}}", "entry 1: \"status\" is a boolean, not a number"},
		{"base64", "{\"log\": {\"entries\": [{\"response\": {\"content\": {\"encoding\": \"base64\", \"text\": \"!\"}}}]}}", "a.har:1:78: warning: entry 1: the content says that it is base64 and is not"},
		{"encoding", "{\"log\": {\"entries\": [{\"response\": {\"content\": {\"encoding\": \"rot13\"}}}]}}", "the content's encoding \"rot13\" is not known"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, diags := read(t, c.text)
			if got := listed(diags); !strings.Contains(got, c.want) {
				t.Errorf("got\n%swant %s", got, c.want)
			}
			for _, d := range diags {
				if d.Hint == "" || d.Line == 0 {
					t.Errorf("says too little: %+v", d)
				}
			}
		})
	}
}

func TestRead_OtherDocuments_AreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"[]", "{}", `{"log": []}`, `{"openapi": "3.1.0"}`} {
		l, f := open(t, text)
		if _, _, err := Read(context.Background(), l, f); !errors.Is(err, ErrNotArchive) {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

func TestRead_Truncated_IsRefusedWithPlace(t *testing.T) {
	t.Parallel()
	l := document.NewLoader(document.Config{Files: map[string][]byte{"a.har": []byte("{\"log\": {\n\"entries\": [{\"time\"")}})
	_, err := l.Open(context.Background(), "a.har")
	if err == nil || !strings.Contains(err.Error(), "a.har:2:") {
		t.Errorf("got %v", err)
	}
}

func TestRead_ByteOrderMark_IsSkipped(t *testing.T) {
	t.Parallel()
	if a, _ := read(t, "\xEF\xBB\xBF{\"log\": {\"entries\": [{}]}}"); len(a.Entries) != 1 {
		t.Errorf("got %d entries", len(a.Entries))
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`{"log": {"version": "1.2"`: true, "log:\n  version: 1": true, `{"openapi": "3.0.0", "log": {}}`: false, `{"info": {}, "item": []}`: false, `[]`: false,
	} {
		if got := Detect(document.Sniff(text)); got != want {
			t.Errorf("%s: got %v", text, got)
		}
	}
}

func TestBytes_Base64_IsDecodedLeniently(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"aGVsbG8=": "hello", "aGVs\r\nbG8=": "hello", "aGVsbG8": "hello", "aGVs bG8= \n": "hello", "-_8": "\xfb\xff", "": "",
	} {
		got, err := (&Content{Encoding: "base64", Text: text}).Bytes()
		if err != nil || string(got) != want {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
	}
	if got, err := (&Content{Encoding: "base64", Text: "a!"}).Bytes(); err == nil || string(got) != "a!" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestComplete_MadeArchive_HasWhatTheFormatAsksFor(t *testing.T) {
	t.Parallel()
	a := &Archive{Creator: &Tool{Name: "Mimus", Version: "1"}, Entries: []*Entry{{
		Started: "2026-01-31T12:00:00Z", Request: &Request{Method: "GET", URL: "http://localhost/", Header: []Pair{{Name: "X-Empty"}}},
		Response: &Response{Status: 204, Reason: "No Content"},
	}}}
	a.Complete()
	first := string(a.AppendJSON(nil))
	golden(t, "made.har", first)
	a.Complete()
	if again := string(a.AppendJSON(nil)); again != first {
		t.Errorf("completing again changes it:\n%s", cmp.Diff(first, again))
	}
}

func TestCredential_Names(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Authorization", "Cookie", "Set-Cookie", "Proxy-Authorization", "X-Api-Key", "x-auth-token", "x-csrf-token", "x-amz-security-token", "api-key", "my-secret",
		"access_token", "accessToken", "api_key", "apikey", "APIKey", "token", "password", "newPassword", "client_secret", "clientSecret", "signature", "sig", "X-Amz-Signature", "X-Amz-Credential",
		"refresh_token", "PHPSESSID", "sid", "password_confirmation", "Ocp-Apim-Subscription-Key", "idToken",
	} {
		if !Credential(name) {
			t.Errorf("%s is none", name)
		}
	}
	for _, name := range []string{
		"", "key", "id", "tokenize", "nextPageToken", "continuation_token", "token_type", "max_tokens", "Accept", "Content-Type", "author", "secretary", "design", "primary_key", "expires_in", "password_hint", "etag", "session_count", "signature_count",
	} {
		if Credential(name) {
			t.Errorf("%s is one", name)
		}
	}
}

func TestStripURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://a.test/x?b=1":                      "https://a.test/x?b=1",
		"https://a.test/x?b=1&token=s&c":            "https://a.test/x?b=1&token=redacted&c",
		"https://ann:pw@a.test/x":                   "https://redacted@a.test/x",
		"https://a.test/?key=AIzaSyA1234567890abcd": "https://a.test/?key=redacted",
		"https://a.test/?key=name":                  "https://a.test/?key=name",
		"/cb#access_token=s&state=1":                "/cb#access_token=redacted&state=1",
		"https://a.test/?u=https://b.test/@x":       "https://a.test/?u=https://b.test/@x",
		"https://a.test/?token=":                    "https://a.test/?token=",
	} {
		if got := stripURL(in); got != want {
			t.Errorf("%s: got %s", in, got)
		}
	}
}

func TestStripJSON_KeepsTheRestAsWritten(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{ "a" : 1.0, "token":"s\"x" , "b":[{"password":"p"}] }`: `{ "a" : 1.0, "token":"redacted" , "b":[{"password":"redacted"}] }`,
		`{"token": 5, "nextPageToken": "n"}`:                     `{"token": 5, "nextPageToken": "n"}`,
		`[{"x":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"}]`:    `[{"x":"redacted"}]`,
		`{"token": "a"`:                       `{"token": "a"`,
		`{"tokens": ["a", "b"], "secret":""}`: `{"tokens": ["redacted", "redacted"], "secret":""}`,
	} {
		if got, _ := stripJSON(in); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestStrip_Multipart_BlanksFieldsAndKeepsFiles(t *testing.T) {
	t.Parallel()
	text := "--B\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\npw\r\n--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n\r\nhello\r\n--B--\r\n"
	p := &PostData{MimeType: "multipart/form-data; boundary=B", Text: text}
	got := p.saved()
	want := []definition.SavedPart{{Name: "password", Value: "redacted"}, {Name: "f", Value: "a.txt", File: true}}
	if got.Mode != definition.BodyForm || !cmp.Equal(got.Fields, want) {
		t.Errorf("got %+v", got)
	}
	if p.Text != text {
		t.Error("making a definition changed the archive")
	}
}

func TestParseTarget(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://A.test:443/x/%20y?a#f": "https://a.test /x/%20y a",
		"http://a.test":                 "http://a.test / ",
		"http://u:p@a.test:8080?x=1":    "http://a.test:8080 / x=1",
		"http://[::1]:80/a:b":           "http://[::1] /a:b ",
		"/only/path":                    " /only/path ",
		"//a.test/x":                    "http://a.test /x ",
	} {
		got, ok := parseTarget(in)
		if text := got.base + " " + got.path + " " + got.query; !ok || text != want {
			t.Errorf("%s: got %q, %v", in, text, ok)
		}
	}
	for _, in := range []string{"", "x", "http://", "https:/x", "http://a b/", "http:x"} {
		if got, ok := parseTarget(in); ok {
			t.Errorf("%s: got %+v", in, got)
		}
	}
}

// FuzzRead reads anything as a recording, and does with it what can be done.
func FuzzRead(f *testing.F) {
	f.Add([]byte(fixture(f, "mixed.har")))
	f.Add([]byte(`{"log":{"entries":[{"request":{"method":"GET","url":"http://a/b?c=d"},"response":{"status":200,"content":{"text":"e","encoding":"base64"}}}]}}`))
	f.Add([]byte(`{"log":{"version":1.2,"creator":[],"pages":{},"entries":[{"time":"1e9","request":{"postData":{"mimeType":"multipart/form-data; boundary=x","text":"--x\r\n\r\n"}}}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<16 {
			return
		}
		l := document.NewLoader(document.Config{Files: map[string][]byte{"a.har": text}})
		file, err := l.Open(context.Background(), "a.har")
		if err != nil {
			return
		}
		a, diags, err := Read(context.Background(), l, file)
		if err != nil {
			return
		}
		def, more := a.Definition()
		for _, d := range append(diags, more...) {
			if d.Message == "" || d.Code == "" || d.File == "" {
				t.Errorf("diagnostic says too little: %#v", d)
			}
		}
		for _, x := range def.Exchanges {
			if x.Response.Status < 200 || x.Response.Status > 599 || !strings.HasPrefix(x.Request.Path, "/") {
				t.Errorf("exchange %+v", x)
			}
		}
		Groups(a.Entries)
		first := a.AppendJSON(nil)
		again, _ := read(t, string(first))
		if second := again.AppendJSON(nil); !bytes.Equal(first, second) {
			t.Errorf("writing again gives\n%s\nand not\n%s", second, first)
		}
		a.Strip()
		stripped := a.AppendJSON(nil)
		a.Strip()
		if !bytes.Equal(stripped, a.AppendJSON(nil)) {
			t.Error("stripping again changes it")
		}
		a.Complete()
		read(t, string(a.AppendJSON(nil)))
	})
}
