package conditional

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

var modified = time.Date(1994, time.October, 29, 19, 43, 31, 999, time.UTC)

const (
	before = "Sat, 29 Oct 1994 19:43:30 GMT"
	at     = "Sat, 29 Oct 1994 19:43:31 GMT"
	after  = "Sat, 29 Oct 1994 19:43:32 GMT"
)

// fields makes a header of lines "Name: value".
func fields(lines ...string) http.Header {
	h := http.Header{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ":")
		h.Add(name, strings.TrimPrefix(value, " "))
	}
	return h
}

func TestCheck(t *testing.T) {
	t.Parallel()
	var (
		there  = State{Exists: true, ETag: `"a"`, Modified: modified}
		weakly = State{Exists: true, ETag: `W/"a"`, Modified: modified}
		bare   = State{Exists: true}
		absent = State{ETag: `"a"`, Modified: modified}
		comma  = State{Exists: true, ETag: `"x,y"`}
	)
	const get, head, put, del = http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete
	for _, c := range []struct {
		name   string
		method string
		state  State
		lines  []string
		want   Verdict
	}{
		{"no condition", get, there, nil, Proceed},

		{"If-Match, same", put, there, []string{`If-Match: "a"`}, Proceed},
		{"If-Match, other", put, there, []string{`If-Match: "b"`}, Failed},
		{"If-Match, other, of a read", get, there, []string{`If-Match: "b"`}, Failed},
		{"If-Match, one of a list", put, there, []string{`If-Match: "b", "a"`}, Proceed},
		{"If-Match, on another line", put, there, []string{`If-Match: "b"`, `If-Match: "a"`}, Proceed},
		{"If-Match, weak tag of the client", put, there, []string{`If-Match: W/"a"`}, Failed},
		{"If-Match, weak tag of the resource", put, weakly, []string{`If-Match: "a"`}, Failed},
		{"If-Match, both weak", put, weakly, []string{`If-Match: W/"a"`}, Failed},
		{"If-Match, weak then strong", put, there, []string{`If-Match: W/"a", "a"`}, Proceed},
		{"If-Match, star", put, there, []string{`If-Match: *`}, Proceed},
		{"If-Match, star, no tag known", put, bare, []string{`If-Match: *`}, Proceed},
		{"If-Match, star, nothing there", put, absent, []string{`If-Match: *`}, Failed},
		{"If-Match, nothing there", del, absent, []string{`If-Match: "a"`}, Failed},
		{"If-Match, no tag known", put, bare, []string{`If-Match: "a"`}, Failed},
		{"If-Match, no tag known, empty tag", put, bare, []string{`If-Match: ""`}, Failed},
		{"If-Match, without quotes", put, there, []string{`If-Match: a`}, Failed},
		{"If-Match, empty", put, there, []string{`If-Match: `}, Failed},
		{"If-Match, star in a list", put, there, []string{`If-Match: *, "b"`}, Failed},
		{"If-Match, star in quotes", put, there, []string{`If-Match: "*"`}, Failed},

		{"commas in a tag", put, comma, []string{`If-Match: "x,y"`}, Proceed},
		{"commas in a tag after another", put, comma, []string{`If-Match: "x","x,y"`}, Proceed},
		{"a tag is no part of another", put, State{Exists: true, ETag: `"y"`}, []string{`If-Match: "x,"y","z"`}, Failed},
		{"empty elements", put, there, []string{"If-Match: ,, \t,\"b\",,\t\"a\" ,"}, Proceed},
		{"no space", put, there, []string{`If-Match: "b","a","c"`}, Proceed},
		{"malformed before a tag", put, there, []string{`If-Match: b, "a"`}, Proceed},
		{"space in quotes before a tag", put, there, []string{`If-Match: "b, c", "a"`}, Proceed},
		{"two tags without a comma", put, there, []string{`If-Match: "a" "b"`}, Failed},
		{"quote that nothing closes", put, there, []string{`If-Match: "a`}, Failed},
		{"w/ in lower case", get, there, []string{`If-None-Match: w/"a"`}, Proceed},
		{"case counts", put, there, []string{`If-Match: "A"`}, Failed},
		{"bytes above ASCII", put, State{Exists: true, ETag: "\"\xe9\""}, []string{"If-Match: \"\xe9\""}, Proceed},
		{"control characters", put, State{Exists: true, ETag: "\"\x7f\""}, []string{"If-Match: \"\x7f\""}, Failed},
		{"empty tag", put, State{Exists: true, ETag: `""`}, []string{`If-Match: ""`}, Proceed},

		{"If-Unmodified-Since, before", put, there, []string{"If-Unmodified-Since: " + before}, Failed},
		{"If-Unmodified-Since, of a read", get, there, []string{"If-Unmodified-Since: " + before}, Failed},
		{"If-Unmodified-Since, same second", put, there, []string{"If-Unmodified-Since: " + at}, Proceed},
		{"If-Unmodified-Since, after", put, there, []string{"If-Unmodified-Since: " + after}, Proceed},
		{"If-Unmodified-Since, no date", put, there, []string{"If-Unmodified-Since: yesterday"}, Proceed},
		{"If-Unmodified-Since, two dates", put, there, []string{"If-Unmodified-Since: " + before, "If-Unmodified-Since: " + before}, Proceed},
		{"If-Unmodified-Since, list", put, there, []string{"If-Unmodified-Since: " + before + ", " + before}, Proceed},
		{"If-Unmodified-Since, change unknown", put, bare, []string{"If-Unmodified-Since: " + before}, Proceed},
		{"If-Unmodified-Since, nothing there", put, absent, []string{"If-Unmodified-Since: " + before}, Proceed},
		{"If-Unmodified-Since, RFC 850", put, there, []string{"If-Unmodified-Since: Saturday, 29-Oct-94 19:43:30 GMT"}, Failed},
		{"If-Unmodified-Since, RFC 850, another zone", put, there, []string{"If-Unmodified-Since: Saturday, 29-Oct-94 19:43:30 EST"}, Proceed},
		{"If-Unmodified-Since, asctime", put, there, []string{"If-Unmodified-Since: Sat Oct 29 19:43:30 1994"}, Failed},
		{"If-Match decides before If-Unmodified-Since", put, there, []string{`If-Match: "a"`, "If-Unmodified-Since: " + before}, Proceed},
		{"If-Match fails in spite of If-Unmodified-Since", put, there, []string{`If-Match: "b"`, "If-Unmodified-Since: " + after}, Failed},

		{"If-None-Match, same", get, there, []string{`If-None-Match: "a"`}, NotModified},
		{"If-None-Match, same, HEAD", head, there, []string{`If-None-Match: "a"`}, NotModified},
		{"If-None-Match, same, of a write", put, there, []string{`If-None-Match: "a"`}, Failed},
		{"If-None-Match, other", get, there, []string{`If-None-Match: "b"`}, Proceed},
		{"If-None-Match, weak tag of the client", get, there, []string{`If-None-Match: W/"a"`}, NotModified},
		{"If-None-Match, weak tag of the resource", get, weakly, []string{`If-None-Match: "a"`}, NotModified},
		{"If-None-Match, both weak, in a list", get, weakly, []string{`If-None-Match: "b", W/"a"`}, NotModified},
		{"If-None-Match, star, creates", put, absent, []string{`If-None-Match: *`}, Proceed},
		{"If-None-Match, star, would overwrite", put, there, []string{`If-None-Match: *`}, Failed},
		{"If-None-Match, star, over lines", put, there, []string{`If-None-Match: `, "If-None-Match: \t* ,"}, Failed},
		{"If-None-Match, star, of a read", get, bare, []string{`If-None-Match: *`}, NotModified},
		{"If-None-Match, nothing there", get, absent, []string{`If-None-Match: "a"`}, Proceed},
		{"If-None-Match, malformed", get, there, []string{`If-None-Match: a`}, Proceed},
		{"If-None-Match, DELETE", del, there, []string{`If-None-Match: "a"`}, Failed},
		{"If-None-Match, method in lower case", "get", there, []string{`If-None-Match: "a"`}, Failed},

		{"If-Modified-Since, before", get, there, []string{"If-Modified-Since: " + before}, Proceed},
		{"If-Modified-Since, same second", get, there, []string{"If-Modified-Since: " + at}, NotModified},
		{"If-Modified-Since, after", head, there, []string{"If-Modified-Since: " + after}, NotModified},
		{"If-Modified-Since, space around", get, there, []string{"If-Modified-Since:  " + at + " "}, NotModified},
		{"If-Modified-Since, of a write", put, there, []string{"If-Modified-Since: " + at}, Proceed},
		{"If-Modified-Since, no date", get, there, []string{"If-Modified-Since: 2024-01-01T00:00:00Z"}, Proceed},
		{"If-Modified-Since, change unknown", get, bare, []string{"If-Modified-Since: " + after}, Proceed},
		{"If-Modified-Since, nothing there", get, absent, []string{"If-Modified-Since: " + after}, Proceed},
		{"If-None-Match decides, changed", get, there, []string{`If-None-Match: "b"`, "If-Modified-Since: " + after}, Proceed},
		{"If-None-Match decides, same", get, there, []string{`If-None-Match: "a"`, "If-Modified-Since: " + before}, NotModified},
		{"If-None-Match decides, malformed", get, there, []string{`If-None-Match: a`, "If-Modified-Since: " + after}, Proceed},

		{"If-Match holds, If-None-Match too", get, there, []string{`If-Match: "a"`, `If-None-Match: "a"`}, NotModified},
		{"If-Match holds, If-Modified-Since too", get, there, []string{`If-Match: "a"`, "If-Modified-Since: " + after}, NotModified},
		{"If-Match fails first", get, there, []string{`If-Match: "b"`, `If-None-Match: "a"`}, Failed},
		{"If-Unmodified-Since holds, If-None-Match too", put, there, []string{"If-Unmodified-Since: " + after, `If-None-Match: "a"`}, Failed},

		{"OPTIONS selects nothing", http.MethodOptions, there, []string{`If-Match: "b"`}, Proceed},
		{"TRACE selects nothing", http.MethodTrace, there, []string{`If-None-Match: "a"`}, Proceed},
		{"CONNECT selects nothing", http.MethodConnect, there, []string{`If-None-Match: *`}, Proceed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Check(c.method, fields(c.lines...), c.state); got != c.want {
				t.Errorf("%s with %q: verdict %d, want %d", c.method, c.lines, got, c.want)
			}
		})
	}
}

func TestETag(t *testing.T) {
	t.Parallel()
	// The first bytes of the SHA-256 of "" and "abc" (FIPS 180-4), so that the
	// tags of one version are the tags of the next.
	for body, want := range map[string]string{"": `"47DEQpj8HBSa-_TI"`, "abc": `"ungWv48Bz-pBQUDe"`} {
		got := ETag([]byte(body))
		if got != want {
			t.Errorf("the tag of %q is %s, want %s", body, got, want)
		}
		s := State{Exists: true, ETag: got}
		if Check(http.MethodPut, fields("If-Match: "+got), s) != Proceed {
			t.Errorf("%s doesn't match itself", got)
		}
	}
}

func TestCheck_Unconditional_AllocatesNothing(t *testing.T) {
	h := fields("Accept: */*", "User-Agent: x", "Host: y")
	tagged := fields(`If-None-Match: W/"b", "a"`)
	s := State{Exists: true, ETag: `"a"`, Modified: modified}
	if n := testing.AllocsPerRun(100, func() {
		Check(http.MethodGet, h, s)
		Check(http.MethodGet, nil, s)
		Check(http.MethodGet, tagged, s)
	}); n != 0 {
		t.Errorf("checks without dates allocate %v times", n)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(`"a", W/"b,c", *`, `"a"`, before)
	f.Add(`"a`, `W/"a"`, after)
	f.Add(`,W/,`, ``, `x`)
	f.Fuzz(func(t *testing.T, tags, current, date string) {
		h := http.Header{"If-None-Match": {tags}, "If-Unmodified-Since": {date}}
		s := State{Exists: true, ETag: current, Modified: modified}
		if Check(http.MethodPut, h, s) == NotModified {
			t.Error("a write isn't answered with 304")
		}
		if Check(http.MethodPut, http.Header{"If-Match": {tags}}, s) == Proceed &&
			Check(http.MethodGet, http.Header{"If-None-Match": {tags}}, s) != NotModified {
			t.Error("what matches strongly matches weakly")
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	s := State{Exists: true, ETag: `"a"`, Modified: modified}
	for name, h := range map[string]http.Header{
		"none": fields("Accept: */*", "User-Agent: x"),
		"tag":  fields(`If-None-Match: "b", "a"`),
		"date": fields("If-Modified-Since: " + before),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Check(http.MethodGet, h, s)
			}
		})
	}
}

func BenchmarkETag(b *testing.B) {
	body := make([]byte, 4096)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		ETag(body)
	}
}
