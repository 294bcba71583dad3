package document

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// folder makes files in a new folder; a value that begins with "->" is a
// symbolic link.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if target, ok := strings.CutPrefix(text, "->"); ok {
			err = os.Symlink(target, path)
		} else {
			err = os.WriteFile(path, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t *testing.T, l *Loader, location string) *File {
	t.Helper()
	f, err := l.Open(context.Background(), location)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func wantError(t *testing.T, err error, code, text string) {
	t.Helper()
	var fe *FileError
	if !errors.As(err, &fe) || fe.Code != code || !strings.Contains(fe.Error(), text) {
		t.Errorf("got error %v, want code %s and text %q", err, code, text)
	}
}

func gzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFollow_RelativeReferences_AreReadOnce(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"p/.git/HEAD": "", "p/api/a.yaml": "b: ../s/b%20c.json", "p/s/b c.json": `{"back": "../api/a.yaml"}`,
	})
	l := NewLoader(Config{})
	a := open(t, l, filepath.Join(dir, "p/api/a.yaml"))
	b, err := l.Follow(context.Background(), a, a.Root.Get("b").Str())
	if err != nil {
		t.Fatal(err)
	}
	back, err := l.Follow(context.Background(), b, b.Root.Get("back").Str())
	if err != nil || back != a {
		t.Errorf("the cycle gave %v, %v, want the first file", back, err)
	}
	if self, err := l.Follow(context.Background(), b, ""); err != nil || self != b {
		t.Errorf("the empty reference gave %v, %v, want the file itself", self, err)
	}
	if got := l.Files(); len(got) != 2 || l.File(1) != a || l.File(2) != b || l.File(3) != nil || l.File(0) != nil {
		t.Errorf("got files %v", got)
	}
	if at := l.Locate(b.Root.Get("back")); at.File != filepath.Join(dir, "p/s/b c.json") || at.Line != 1 || at.Col != 10 {
		t.Errorf("got place %+v", at)
	}
}

func TestFollow_OutsideOfTheRoot_NamesTheFlag(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"out.yaml": "a: 1", "p/mimus.yaml": "", "p/a.yaml": "a: 1", "p/link.yaml": "->../out.yaml", "p/dir": "->..", "p/in.yaml": "->a.yaml",
	})
	l := NewLoader(Config{})
	a := open(t, l, filepath.Join(dir, "p/a.yaml"))
	for _, ref := range []string{"../out.yaml", "link.yaml", "dir/out.yaml", "/etc/passwd", "file:///etc/passwd", "../../../../../../../../etc/passwd", "..%2Fout.yaml", "../missing.yaml", "dir/missing.yaml"} {
		_, err := l.Follow(context.Background(), a, ref)
		wantError(t, err, "reference-outside", "--root")
	}
	if _, err := l.Follow(context.Background(), a, "in.yaml"); err != nil {
		t.Errorf("a link inside of the root: %v", err)
	}
	l = NewLoader(Config{Root: dir})
	a = open(t, l, filepath.Join(dir, "p/a.yaml"))
	if _, err := l.Follow(context.Background(), a, "../out.yaml"); err != nil {
		t.Errorf("inside of the root that was set: %v", err)
	}
}

func TestFindRoot_NoMark_IsTheParentButNeverHome(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"home/.git/x": "", "home/api/v1/a.yaml": "", "home/p/.git/x": "", "home/p/q/r/a.yaml": ""})
	home := filepath.Join(dir, "home")
	for from, want := range map[string]string{
		"home/api/v1": "home/api", "home/api": "home/api", "home": "home", "home/p/q/r": "home/p",
	} {
		if got := findRoot(filepath.Join(dir, from), home); got != filepath.Join(dir, want) {
			t.Errorf("from %s: got %s, want %s", from, got, want)
		}
	}
	if got := findRoot("/", home); got != "/" {
		t.Errorf("from /: got %s", got)
	}
	if got := findRoot("/specs", home); got != "/specs" {
		t.Errorf("from /specs: got %s, want itself", got)
	}
}

func TestFollow_WhatIsNoFile_IsRefused(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"a.yaml": "a: 1", "sub/b.yaml": "", "zero": "->/dev/zero", "bad.json": "{\n\"a\" 1}"})
	l := NewLoader(Config{Root: "/"})
	a := open(t, l, filepath.Join(dir, "a.yaml"))
	for ref, code := range map[string]string{
		"sub": "file-folder", "zero": "file-irregular", "nope.yaml": "file-missing", "sub/b.yaml": "file-empty", "bad.json": "json-invalid",
		"ftp://x/y": "reference-scheme", "//host/x": "reference-scheme",
	} {
		_, err := l.Follow(context.Background(), a, ref)
		wantError(t, err, code, "")
	}
	_, err := l.Follow(context.Background(), a, "nope.yaml")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
}

func TestOpen_Encodings_BecomeUTF8(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{
		"plain": []byte(`{"é":1}`), "bom": []byte("\xEF\xBB\xBF{\"é\":1}"), "be": []byte("\xFE\xFF\x00{\x00\"\x00\xe9\x00\"\x00:\x001\x00}"),
		"le": []byte("\xFF\xFE{\x00\"\x00\xe9\x00\"\x00:\x001\x00}\x00"), "gz": gzipped(t, []byte(`{"é":1}`)),
	}
	l := NewLoader(Config{Files: files})
	for name := range files {
		f := open(t, l, name)
		if f.Text != `{"é":1}` || f.Root.Get("é").Text != "1" {
			t.Errorf("%s: got %q", name, f.Text)
		}
	}
}

func TestOpen_WhatIsNoDocument_IsRefused(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{
		"empty": {}, "blank": []byte(" \n"), "png": []byte("\x89PNG\r\n\x1a\n\x00\x00"), "gz": []byte("\x1f\x8b\x08\x00rubbish....."),
		"bomb": gzipped(t, make([]byte, 2_000_000)), "truncated": []byte(`{"a": [1`),
	}
	l := NewLoader(Config{Files: files, Limits: Limits{Bytes: 1_000_000}})
	for name, code := range map[string]string{
		"empty": "file-empty", "blank": "file-empty", "png": "file-binary", "gz": "file-unreadable", "bomb": "limit-bytes", "truncated": "json-invalid", "other": "file-missing",
	} {
		_, err := l.Open(context.Background(), name)
		wantError(t, err, code, name)
	}
}

func TestOpen_EndlessDevice_IsBounded(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip("no /dev/zero")
	}
	_, err := NewLoader(Config{Limits: Limits{Bytes: 1_000_000}}).Open(context.Background(), "/dev/zero")
	wantError(t, err, "limit-bytes", "1000000")
}

func TestOpen_StandardInput_RefersToTheWorkingFolder(t *testing.T) {
	t.Parallel()
	l := NewLoader(Config{Stdin: strings.NewReader("a: 1")})
	f := open(t, l, "-")
	_, err := l.Follow(context.Background(), f, "none.yaml")
	wantError(t, err, "file-missing", "none.yaml")
	if f.Root.Get("a").Text != "1" {
		t.Errorf("got %+v", f.Root)
	}
}

func TestOpen_CancelledContext_IsToldAndNotRemembered(t *testing.T) {
	t.Parallel()
	l := NewLoader(Config{Files: map[string][]byte{"a": []byte("{}")}})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := l.Open(ctx, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	open(t, l, "a")
}

func TestFollow_InMemory_ReadsNothingElse(t *testing.T) {
	t.Parallel()
	l := NewLoader(Config{AllowRemote: true, Files: map[string][]byte{"api/a.yaml": []byte("a: 1"), "s/b.yaml": []byte("b: 1")}})
	a := open(t, l, "api/a.yaml")
	if b, err := l.Follow(context.Background(), a, "../s/b.yaml"); err != nil || b.Location != "s/b.yaml" {
		t.Errorf("got %v, %v", b, err)
	}
	_, err := l.Follow(context.Background(), a, "../../../etc/passwd")
	wantError(t, err, "file-missing", "etc/passwd")
	_, err = l.Follow(context.Background(), a, "http://127.0.0.1/x")
	wantError(t, err, "reference-remote", "127.0.0.1")
}

func TestFollow_URLs_StayOnTheOriginThatWasTyped(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("b: 1")) }))
	defer other.Close()
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/a.yaml", func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("a: 1")) })
	mux.HandleFunc("/v1/b.yaml", func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("b: 1")) })
	mux.Handle("/v1/away", http.RedirectHandler(other.URL+"/x", http.StatusFound))
	mux.Handle("/v1/same", http.RedirectHandler("/v1/b.yaml", http.StatusFound))
	server := httptest.NewServer(mux)
	defer server.Close()
	ctx := context.Background()

	l := NewLoader(Config{})
	a := open(t, l, server.URL+"/v1/a.yaml")
	b, err := l.Follow(ctx, a, "b.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if same, err := l.Follow(ctx, a, "same"); err != nil || same != b {
		t.Errorf("a redirect on the origin: got %v, %v, want the known file", same, err)
	}
	_, err = l.Follow(ctx, a, other.URL+"/x")
	wantError(t, err, "reference-remote", "--allow-remote-refs")
	_, err = l.Follow(ctx, a, "away")
	wantError(t, err, "reference-remote", "--allow-remote-refs")
	_, err = l.Follow(ctx, a, "missing")
	wantError(t, err, "file-missing", "404")
	_, err = l.Follow(ctx, a, "file:///etc/passwd")
	wantError(t, err, "reference-outside", "")

	l = NewLoader(Config{AllowRemote: true})
	a = open(t, l, server.URL+"/v1/a.yaml")
	for _, ref := range []string{other.URL + "/x", "away"} { // loopback
		_, err = l.Follow(ctx, a, ref)
		wantError(t, err, "reference-private", "private")
	}
	local := open(t, NewLoader(Config{}), filepath.Join(folder(t, map[string]string{"a.yaml": "a: 1"}), "a.yaml"))
	_, err = NewLoader(Config{}).Follow(ctx, local, server.URL+"/v1/a.yaml")
	wantError(t, err, "reference-remote", "--allow-remote-refs")
}

func TestIsPublic_SpecialAddresses_AreNot(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"127.0.0.1": false, "10.1.2.3": false, "192.168.0.1": false, "172.16.0.1": false, "169.254.169.254": false, "0.0.0.0": false, "100.64.0.1": false,
		"::1": false, "fe80::1": false, "fd00::1": false, "::ffff:127.0.0.1": false, "64:ff9b::7f00:1": false, "224.0.0.1": false, "255.255.255.255": false,
		"1.1.1.1": true, "2606:4700::1111": true,
	} {
		if got := isPublic(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: got %v", address, got)
		}
	}
}

func TestFollow_Base_OverridesTheLocation(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"a.yaml": "a: 1", "s/b.yaml": "b: 1", "s/c.yaml": "c: 1"})
	ctx := context.Background()
	l := NewLoader(Config{})
	a := open(t, l, filepath.Join(dir, "a.yaml"))
	a.Base = "https://example.com/api/a.yaml"
	b, err := l.Follow(ctx, a, "s/b.yaml")
	if err != nil || b.Location != filepath.Join(dir, "s/b.yaml") {
		t.Fatalf("beside a published address: got %v, %v, want the local mirror", b, err)
	}
	b.Base = "https://example.com/schemas/b"
	if got, err := l.Follow(ctx, a, "../schemas/b"); err != nil || got != b {
		t.Errorf("a known base: got %v, %v, want the file that names itself so", got, err)
	}
	b.Base = "../s2/b.yaml"
	_, err = l.Follow(ctx, b, "c.yaml")
	wantError(t, err, "file-missing", "s2")
}

func TestDiagnostic_String_LeavesOutWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]Diagnostic{
		"a.yaml:3:5: warning: m; h": {Severity: Warning, File: "a.yaml", Line: 3, Col: 5, Message: "m", Hint: "h"},
		"a.yaml: error: m":          {File: "a.yaml", Message: "m"},
		"info: m":                   {Severity: Info, Message: "m"},
	} {
		if got := d.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	data, err := json.Marshal(Diagnostic{Severity: Warning, Code: "c", File: "f", Line: 1, Col: 2, Message: "m"})
	if want := `{"severity":"warning","code":"c","file":"f","line":1,"column":2,"message":"m"}`; err != nil || string(data) != want {
		t.Errorf("got %s, %v, want %s", data, err, want)
	}
}

func TestPosition_CountsCharactersAndAllLineEnds(t *testing.T) {
	t.Parallel()
	f := &File{Text: "é: x\r\nb\rc\nd"}
	for offset, want := range map[uint32][2]int{0: {1, 1}, 4: {1, 4}, 7: {2, 1}, 9: {3, 1}, 11: {4, 1}, 99: {4, 2}} {
		if line, col := f.Position(offset); line != want[0] || col != want[1] {
			t.Errorf("offset %d: got %d:%d, want %v", offset, line, col, want)
		}
	}
}

func TestPointer_RFC6901(t *testing.T) {
	t.Parallel()
	root, err := ParseJSON(`{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"m~n":8,"/x/{y}":{"get":3}," ":7}`, 0, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for pointer, want := range map[string]string{
		"/foo/0": `"bar"`, "/foo/1": `"baz"`, "/": "0", "/a~1b": "1", "/c%d": "2", "/c%25d": "2", "/m~0n": "8", "#/~1x~1%7By%7D/get": "3", "/%20": "7",
		"/foo/2": "", "/foo/01": "", "/foo/-": "", "/nope": "", "foo": "", "/foo/0/x": "",
	} {
		v, ok := Pointer(&root, pointer)
		if got := ""; ok {
			got = string(v.AppendJSON(nil))
			if got != want {
				t.Errorf("%s: got %s, want %s", pointer, got, want)
			}
		} else if want != "" {
			t.Errorf("%s: not found", pointer)
		}
	}
	if v, ok := Pointer(&root, ""); !ok || v != &root {
		t.Error("the empty pointer is not the root")
	}
}

func TestSniff_GivesTheRootNames(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		`{"openapi":"3.0.0","info":{"title":"x, {y"},"paths":{"/a":[1,{"b":2}]},"tags":[]`: {"openapi", "info", "paths", "tags"},
		"# c\nopenapi: 3.1.0\ninfo:\n  title: x\n\"paths\":\n  /a:\n    get: {}\n":         {"openapi", "info", "paths"},
		"---\nswagger: '2.0'\ndescription: |\n  a: b\n":                                    {"swagger", "description"},
		"{openapi: 3.0.0, info: {title: a}, paths: {}}":                                    {"openapi", "info", "paths"},
		"- a\n- b: c\n": nil, "[{\"a\":1}]": nil, "": nil, "hello world": nil, "\x00\x01": nil,
	} {
		if diff := cmp.Diff(want, Sniff(text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestFile_Position_OfLongLines_IsCountedInSteps(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("aü😀", 50_000)
	f := &File{Text: "first\n" + line + "\nlast"}
	for _, at := range []int{0, 6, 7, 6 + 7*10, 6 + 7*9_999, 6 + 7*10_000 + 1, 6 + 7*49_999, len(f.Text) - 4} {
		start := strings.LastIndexByte(f.Text[:at], '\n') + 1
		wantLine, wantCol := 1+strings.Count(f.Text[:at], "\n"), 1+len([]rune(f.Text[start:at]))
		if line, col := f.Position(uint32(at)); line != wantLine || col != wantCol {
			t.Errorf("offset %d: %d:%d, want %d:%d", at, line, col, wantLine, wantCol)
		}
	}
}

func BenchmarkFile_Position_InOneLine(b *testing.B) {
	f := &File{Text: strings.Repeat("x", 20<<20)}
	for i := range b.N {
		f.Position(uint32(i*7919) % uint32(len(f.Text)))
	}
}
