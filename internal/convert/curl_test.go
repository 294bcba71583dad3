package convert

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/postman"
)

func TestToCurl_Shop_Golden(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "way-back", "shop.json"))
	if err != nil {
		t.Fatal(err)
	}
	got := ToCurl(readCollection(t, string(text)), CurlOptions{Variables: []definition.Variable{{Name: "format", Value: "pdf"}}})
	golden(t, "shop.curl.sh", got)
	if strings.Contains(string(got), "secret-token") {
		t.Error("the commands have the value of a secret variable")
	}
}

// shellArguments runs the commands in a shell where curl prints its arguments,
// one a line, and gives them by command.
func shellArguments(t *testing.T, script []byte, env ...string) [][]string {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no POSIX shell: quoting is not checked")
	}
	cmd := exec.Command(sh, "-eu")
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdin = strings.NewReader("curl() { printf '%s\\001' \"$@\"; printf '\\002'; }\n" + string(script))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s\n%s", err, out, script)
	}
	var all [][]string
	for call := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x02"), "\x02") {
		all = append(all, strings.Split(strings.TrimSuffix(call, "\x01"), "\x01"))
	}
	return all
}

func TestToCurl_Arguments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, request string
		want          []string
	}{
		{"get", `{"url": "{{base}}/a?q=x y&n=1#top"}`, []string{"https://h.example/v1/a?q=x%20y&n=1"}},
		{"path variable", `{"url": {"raw": "{{base}}/a/:id", "host": ["{{base}}"], "path": ["a", ":id"], "variable": [{"key": "id", "value": "1/2"}]}}`, []string{"https://h.example/v1/a/1%2F2"}},
		{"variable without a value", `{"url": "{{base}}/a/:id/{{other}}/{third}"}`, []string{"https://h.example/v1/a/ID/OTHER/THIRD"}},
		{"head", `{"method": "HEAD", "url": "{{base}}"}`, []string{"--head", "https://h.example/v1"}},
		{"headers", `{"url": "{{base}}", "header": [{"key": "A", "value": "it's \"{{id}}\" $HOME ` + "`x`" + `"}, {"key": "B", "value": ""}, {"key": "C", "value": "c", "disabled": true}]}`,
			[]string{"https://h.example/v1", "-H", "A: it's \"ID\" $HOME `x`", "-H", "B;"}},
		{"raw", `{"method": "POST", "url": "{{base}}", "body": {"mode": "raw", "raw": "{\"a\": {{id}}}\n", "options": {"raw": {"language": "json"}}}}`,
			[]string{"https://h.example/v1", "-H", "Content-Type: application/json", "--data-raw", "{\"a\": ID}\n"}},
		{"form", `{"method": "PUT", "url": "{{base}}", "body": {"mode": "urlencoded", "urlencoded": [{"key": "a=b", "value": "c&d"}]}}`,
			[]string{"-X", "PUT", "https://h.example/v1", "--data-urlencode", "a%3Db=c&d"}},
		{"multipart", `{"method": "POST", "url": "{{base}}", "body": {"mode": "formdata", "formdata": [{"key": "a", "value": "@b;type=c"}, {"key": "f", "type": "file", "src": ["x.png", "y\".png"]}, {"key": "j", "value": "{\"k\": 1}", "contentType": "application/json"}]}}`,
			[]string{"https://h.example/v1", "--form-string", "a=@b;type=c", "-F", `f=@"x.png"`, "-F", `f=@"y\".png"`, "-F", `j="{\"k\": 1}";type=application/json`}},
		{"graphql", `{"method": "POST", "url": "{{base}}", "body": {"mode": "graphql", "graphql": {"query": "{a}", "variables": "{\"b\": 1}"}}}`,
			[]string{"https://h.example/v1", "-H", "Content-Type: application/json", "--data-raw", `{"query":"{a}","variables":{"b":1}}`}},
		{"file", `{"method": "POST", "url": "{{base}}", "body": {"mode": "file", "file": {"src": "a b.bin"}}}`,
			[]string{"https://h.example/v1", "-H", "Content-Type: application/octet-stream", "--data-binary", "@a b.bin"}},
		{"basic", `{"url": "{{base}}", "auth": {"type": "basic", "basic": {"username": "ann", "password": "p'w"}}}`, []string{"https://h.example/v1", "-u", "ann:p'w"}},
		{"digest", `{"url": "{{base}}", "auth": {"type": "digest", "digest": {"username": "ann", "password": "x"}}}`, []string{"https://h.example/v1", "--digest", "-u", "ann:x"}},
		{"bearer", `{"url": "{{base}}", "auth": {"type": "bearer", "bearer": {"token": "abc"}}}`, []string{"https://h.example/v1", "-H", "Authorization: Bearer abc"}},
		{"key in the query", `{"url": "{{base}}/a?b=c", "auth": {"type": "apikey", "apikey": {"key": "k", "value": "v&", "in": "query"}}}`, []string{"https://h.example/v1/a?b=c&k=v%26"}},
		{"aws", `{"url": "{{base}}", "auth": {"type": "awsv4", "awsv4": {"accessKey": "a", "secretKey": "s", "region": "eu", "service": "s3"}}}`,
			[]string{"https://h.example/v1", "--aws-sigv4", "aws:amz:eu:s3", "-u", "a:s"}},
		{"no host", `{"url": {"path": ["todos"]}}`, []string{"http://localhost:4010/todos"}},
		{"a host that looks like an option", `{"url": "-o/etc/x"}`, []string{"--url", "-o/etc/x"}},
		{"a method of the shell", `{"url": "{{base}}", "method": "$(X)|&"}`, []string{"https://h.example/v1"}},
		{"a method with marks", `{"url": "{{base}}", "method": "A&B|` + "`C`" + `"}`, []string{"-X", "A&B|`C`", "https://h.example/v1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			script := ToCurl(readCollection(t, collectionOf(c.request)), CurlOptions{Base: "http://localhost:4010"})
			got := shellArguments(t, script, "id=ID", "other=OTHER", "third=THIRD")
			if len(got) != 1 || strings.Join(got[0], "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got\n%q\nwant\n%q", got, c.want)
			}
		})
	}
}

func TestToCurl_NamesAreComments(t *testing.T) {
	t.Parallel()
	c := readCollection(t, `{"info": {"name": "c\nexit 7"}, "item": [{"name": "f\nexit 8", "item": [{"name": "r\r\nexit 9", "request": "{{base}}/x"}]}]}`)
	if got := shellArguments(t, ToCurl(c, CurlOptions{}), "base=B"); len(got) != 1 || got[0][0] != "B/x" {
		t.Errorf("got %q", got)
	}
}

func TestCorpusToCurl(t *testing.T) {
	t.Parallel()
	for _, path := range corpusCollections(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			c := openCollection(t, path)
			script := ToCurl(c, CurlOptions{})
			var env []string
			for line := range strings.Lines(string(script)) {
				if name, ok := strings.CutSuffix(strings.TrimPrefix(line, "#   "), "=…\n"); ok && strings.HasPrefix(line, "#   ") {
					env = append(env, name+"=x")
				}
			}
			want := requestsOf(c.Items)
			if want == 0 {
				return
			}
			if got := len(shellArguments(t, script, env...)); got != want {
				t.Errorf("%d commands for %d requests", got, want)
			}
		})
	}
}

func requestsOf(list []*postman.Item) (n int) {
	for _, it := range list {
		if n += requestsOf(it.Items); !it.Folder && it.Request != nil && it.Request.URL != nil && it.Request.URL.Base() != "" {
			n++
		}
	}
	return n
}
