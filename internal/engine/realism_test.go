package engine

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
)

// shelfDocument has a list whose answers have the header fields.
func shelfDocument(headers string) string {
	return `
openapi: 3.0.3
info: {title: Shelf, version: "1"}
components:
  securitySchemes: {key: {type: apiKey, in: query, name: key}}
  schemas: {Book: {type: object, properties: {id: {type: integer}, title: {type: string}}}}
security: [{}, {key: []}]
paths:
  /books:
    get:
      responses:
        "200":
          description: d
          headers: {` + headers + `}
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Book"}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}
      responses: {"201": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}}
  /books/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        "200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}
        "404":
          description: d
          headers: {` + headers + `}
`
}

func TestGateway_TellsHowManyCallsAreLeft(t *testing.T) {
	t.Parallel()
	num := `schema: {type: integer}`
	cases := []struct {
		name, headers string
		want          map[string]string // after three calls, the last ten seconds after the first at 2030-01-01T00:00:00Z
	}{
		{"nothing is told of the limit", `X-RateLimit-Limit: {` + num + `}, X-RateLimit-Remaining: {` + num + `}, X-RateLimit-Used: {` + num + `}, X-RateLimit-Reset: {` + num + `}`,
			map[string]string{"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "4997", "X-RateLimit-Used": "3", "X-RateLimit-Reset": "1893459600"}},
		{"an example", `X-RateLimit-Limit: {example: 60, ` + num + `}, X-RateLimit-Remaining: {example: 59, ` + num + `}`,
			map[string]string{"X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "57"}},
		{"an example of the schema", `X-Rate-Limit-Limit: {schema: {type: integer, example: 70}}, X-Rate-Limit-Remaining: {` + num + `}`,
			map[string]string{"X-Rate-Limit-Limit": "70", "X-Rate-Limit-Remaining": "67"}},
		{"a default", `X-RateLimit-Limit: {schema: {type: integer, default: 80}}, X-RateLimit-Remaining: {` + num + `}`,
			map[string]string{"X-RateLimit-Limit": "80", "X-RateLimit-Remaining": "77"}},
		{"a maximum", `X-RateLimit-Remaining: {schema: {type: integer, maximum: 90}}`,
			map[string]string{"X-RateLimit-Remaining": "87"}},
		{"the type's maximum", `X-RateLimit-Remaining: {schema: {type: integer, maximum: 2147483647}}`,
			map[string]string{"X-RateLimit-Remaining": "4997"}},
		{"a description with the time", `X-RateLimit-Limit: {description: "Calls per minute.", ` + num + `}, X-RateLimit-Remaining: {` + num + `}, X-RateLimit-Reset: {` + num + `}`,
			map[string]string{"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "4997", "X-RateLimit-Reset": "1893456060"}},
		{"a description with limit and time", `X-RateLimit-Limit: {description: "Limited to 1,200 requests per user every 15 minutes.", ` + num + `}, X-RateLimit-Reset: {` + num + `}`,
			map[string]string{"X-RateLimit-Limit": "1200", "X-RateLimit-Reset": "1893456900"}},
		{"a window in the description", `X-RateLimit-Limit: {description: "The ceiling in a 15-minute window", ` + num + `}, X-RateLimit-Reset: {` + num + `}`,
			map[string]string{"X-RateLimit-Reset": "1893456900"}},
		{"the petstore's", `X-Rate-Limit: {description: calls per hour allowed by the user, schema: {type: integer, format: int32}}`,
			map[string]string{"X-Rate-Limit": "5000"}},
		{"never below none", `X-RateLimit-Limit: {example: 2, ` + num + `}, X-RateLimit-Remaining: {` + num + `}, X-RateLimit-Used: {` + num + `}`,
			map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Used": "2"}},
		{"seconds left, by the draft's name", `RateLimit-Limit: {` + num + `}, RateLimit-Remaining: {` + num + `}, RateLimit-Reset: {` + num + `}`,
			map[string]string{"RateLimit-Limit": "5000", "RateLimit-Remaining": "4997", "RateLimit-Reset": "3590"}},
		{"seconds left, by the example", `X-RateLimit-Reset: {example: 30, ` + num + `}`, map[string]string{"X-RateLimit-Reset": "3590"}},
		{"seconds left, by the description", `X-RateLimit-Reset: {description: "Number of seconds until the window ends", ` + num + `}`, map[string]string{"X-RateLimit-Reset": "3590"}},
		{"seconds left, by the maximum", `X-RateLimit-Reset: {schema: {type: integer, maximum: 3600}}`, map[string]string{"X-RateLimit-Reset": "3590"}},
		{"seconds left, by the name", `X-RateLimit-Reset-After: {schema: {type: number}}`, map[string]string{"X-RateLimit-Reset-After": "3590"}},
		{"Unix time by the description", `RateLimit-Reset: {description: UTC epoch seconds of the end, ` + num + `}`, map[string]string{"RateLimit-Reset": "1893459600"}},
		{"Unix time by the example", `RateLimit-Reset: {example: 1700000000, ` + num + `}`, map[string]string{"RateLimit-Reset": "1893459600"}},
		{"milliseconds", `X-RateLimit-Reset: {example: 1700000000000, schema: {type: integer, format: int64}}`, map[string]string{"X-RateLimit-Reset": "1893459600000"}},
		{"a date-time", `X-RateLimit-Reset: {schema: {type: string, format: date-time}}`, map[string]string{"X-RateLimit-Reset": "2030-01-01T01:00:00Z"}},
		{"an HTTP date", `X-RateLimit-Reset: {example: "Tue, 08 Jul 2025 15:35:40 GMT", schema: {type: string}}`, map[string]string{"X-RateLimit-Reset": "Tue, 01 Jan 2030 01:00:00 GMT"}},
		{"another date", `X-RateLimit-Reset: {example: "2025-07-08 15:35:40 -0700", schema: {type: string}}`, map[string]string{"X-RateLimit-Reset": "2030-01-01 01:00:00 +0000"}},
		{"the draft's", `RateLimit: {schema: {type: string}}, RateLimit-Policy: {schema: {type: string}}`,
			map[string]string{"RateLimit": `"default";r=4997;t=3590`, "RateLimit-Policy": `"default";q=5000;w=3600`}},
		{"the draft's, with a policy", `RateLimit: {example: '"burst";r=9;t=5', schema: {type: string}}, RateLimit-Policy: {example: '"burst";q=10;w=60', schema: {type: string}}`,
			map[string]string{"RateLimit": `"burst";r=7;t=50`, "RateLimit-Policy": `"burst";q=10;w=60`}},
		{"an older draft's", `RateLimit: {example: "limit=100, remaining=50, reset=5", schema: {type: string}}, RateLimit-Policy: {example: "100;w=60", schema: {type: string}}`,
			map[string]string{"RateLimit": "limit=100, remaining=97, reset=50", "RateLimit-Policy": "100;w=60"}},
		{"a limit with its window", `RateLimit-Limit: {example: "100, 100;window=60", schema: {type: string}}, RateLimit-Remaining: {` + num + `}, RateLimit-Reset: {` + num + `}`,
			map[string]string{"RateLimit-Limit": "100, 100;window=60", "RateLimit-Remaining": "97", "RateLimit-Reset": "50"}},
		{"a time in the name", `X-RateLimit-Limit-Minute: {example: 20, ` + num + `}, X-RateLimit-Remaining-Minute: {` + num + `}, X-RateLimit-Limit-Hour: {example: 500, ` + num + `}, X-RateLimit-Remaining-Hour: {` + num + `}`,
			map[string]string{"X-RateLimit-Limit-Minute": "20", "X-RateLimit-Remaining-Minute": "17", "X-RateLimit-Limit-Hour": "500", "X-RateLimit-Remaining-Hour": "497"}},
		{"the same limit twice", `X-RateLimit-Remaining: {` + num + `}, X-RateLimit-Limit-Minute: {` + num + `}, X-RateLimit-Remaining-Hour: {` + num + `}`,
			map[string]string{"X-RateLimit-Remaining": "4997", "X-RateLimit-Remaining-Hour": "4997"}},
		{"what the schema doesn't take stays", `X-RateLimit-Remaining: {schema: {type: integer, enum: [7]}}, X-RateLimit-Limit: {schema: {type: integer, minimum: 9000, maximum: 9000}}`,
			map[string]string{"X-RateLimit-Remaining": "7", "X-RateLimit-Limit": "9000"}},
		{"what tells of something else stays", `Retry-After: {example: 30, ` + num + `}, X-RateLimit-Bucket: {example: abc, schema: {type: string}}, Last-Reached-Rate-Limit: {example: 3, ` + num + `}`,
			map[string]string{"Retry-After": "30", "X-RateLimit-Bucket": "abc", "Last-Reached-Rate-Limit": "3"}},
	}
	for _, c := range cases {
		clock := newHandClock()
		m := mockOf(t, shelfDocument(c.headers), Config{Now: clock.now})
		var res *Response
		for i := range 3 {
			if i > 0 {
				clock.forward(5 * time.Second)
			}
			res = ask(m, sent{target: "/books"})
		}
		for name, want := range c.want {
			if got := res.Get(http.CanonicalHeaderKey(name)); got != want {
				t.Errorf("%s: %s is %q, want %q", c.name, name, got, want)
			}
		}
	}
}

const countedFields = `X-RateLimit-Remaining: {example: 100, schema: {type: integer}}, X-RateLimit-Limit: {example: 100, schema: {type: integer}}`

func TestGateway_CountsTheCallsOfACaller(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	m := mockOf(t, shelfDocument(countedFields), Config{Now: clock.now})
	for i, c := range []struct {
		call  sent
		later time.Duration
		want  string
	}{
		{sent{target: "/books"}, 0, "99"},
		{sent{target: "/books"}, 0, "98"},
		{sent{target: "/books", header: []string{"Authorization: Bearer a"}}, 0, "99"},
		{sent{target: "/books?key=b"}, 0, "99"},
		{sent{target: "/books?key=b"}, 0, "98"},
		{sent{target: "/books?key=c"}, 0, "99"},
		{sent{target: "/books", header: []string{"X-Mimus-Session: s"}}, 0, "99"},
		{sent{target: "/books"}, 0, "97"},
		{sent{target: "POST /books", header: []string{"Content-Type: application/json"}, body: `{"title":"x"}`}, 0, ""}, // counts, and tells nothing
		{sent{target: "/books"}, 0, "95"},
		{sent{target: "/books/987654321"}, 0, "94"}, // a declared error
		{sent{target: "/books", header: []string{"Prefer: state=off"}}, 0, "100"},
		{sent{target: "/books"}, time.Hour - 1, "93"},
		{sent{target: "/books"}, 1, "99"},
		{sent{target: "/books?key=b"}, 0, "99"},
	} {
		clock.forward(c.later)
		if res := ask(m, c.call); res.Get("X-Ratelimit-Remaining") != c.want {
			t.Errorf("call %d, %s: %q are left, want %q", i, c.call.target, res.Get("X-Ratelimit-Remaining"), c.want)
		}
	}
}

func TestGateway_ExplainingCountsNothing(t *testing.T) {
	t.Parallel()
	m := mockOf(t, shelfDocument(countedFields+`, X-Request-Id: {schema: {type: string}}`), Config{})
	told := func() (string, string) {
		res := &Response{}
		m.run(requestOf(sent{target: "/books"}), res, explaining)
		return res.Get("X-Ratelimit-Remaining"), res.Get("X-Request-Id")
	}
	for _, want := range []string{"99", "98"} {
		left, id := told()
		again, same := told()
		res := ask(m, sent{target: "/books"})
		if left != want || again != want || res.Get("X-Ratelimit-Remaining") != want || id != same || id != res.Get("X-Request-Id") {
			t.Errorf("explained are %s and %s with %s and %s, sent %s with %s; want %s", left, again, id, same, res.Get("X-Ratelimit-Remaining"), res.Get("X-Request-Id"), want)
		}
	}
}

func TestGateway_CallersAreBounded(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	m := mockOf(t, shelfDocument(countedFields+`, X-Request-Id: {schema: {type: string}}`), Config{Now: clock.now})
	g := newGateway(m)
	p := policy{100, time.Hour}
	for i := range maxAccounts + 50 {
		g.count(account{caller{session: strconv.Itoa(i)}, p}, clock.now(), true)
		g.number(strconv.Itoa(i), true)
	}
	if len(g.windows) > maxAccounts+1 || len(g.answers) > maxAccounts+1 {
		t.Errorf("%d callers and %d sessions are counted, want at most %d", len(g.windows), len(g.answers), maxAccounts+1)
	}
	if w := g.count(account{caller{session: "new"}, p}, clock.now(), true); w.calls != 51 {
		t.Errorf("one more caller has made %d calls, want those of 51 together", w.calls)
	}
	clock.forward(time.Hour)
	if w := g.count(account{caller{session: "new"}, p}, clock.now(), true); w.calls != 1 || len(g.windows) != 1 {
		t.Errorf("after the windows a caller has made %d calls, and %d are counted; want 1 and 1", w.calls, len(g.windows))
	}
}

func TestGateway_IDsAreUniqueOfTheirFormAndTheSameAgain(t *testing.T) {
	t.Parallel()
	const uuid = `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`
	for _, c := range []struct{ name, field, declared, want string }{
		{"a text", "X-Request-Id", `schema: {type: string}`, uuid},
		{"no schema", "Request-Id", `required: true`, uuid},
		{"a UUID", "X-Correlation-Id", `schema: {type: string, format: uuid}`, uuid},
		{"a UUID that is shown", "X-Request-ID", `example: 7f2c1a52-8a53-4f0e-8a4e-2f1b7e0a9c11, schema: {type: string}`, uuid},
		{"a UUID in capitals", "x-amzn-requestid", `example: 7F2C1A52-8A53-4F0E-8A4E-2F1B7E0A9C11, schema: {type: string}`, `^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$`},
		{"a prefix", "Request-Id", `example: req_Ab3kJ09xYz1234, schema: {type: string}`, `^req_[0-9a-zA-Z]{14}$`},
		{"hexadecimal", "X-Request-Id", `example: 0af7651916cd43dd8448eb211c80319c, schema: {type: string}`, `^[0-9a-f]{32}$`},
		{"parts", "X-GitHub-Request-Id", `example: "E4A1:2B3C:1F00A:2D4E5:65A1", schema: {type: string}`, `^[0-9A-F]{4}:[0-9A-F]{4}:[0-9A-F]{5}:[0-9A-F]{5}:[0-9A-F]{4}$`},
		{"a word", "X-Request-Id", `example: some-request, schema: {type: string}`, uuid},
		{"a short one", "X-Request-Id", `example: abc123, schema: {type: string}`, uuid},
		{"a pattern", "X-Request-Id", `schema: {type: string, pattern: "^rq-[0-9a-f]{20}$"}`, `^rq-[0-9a-f]{20}$`},
		{"a length", "X-Request-Id", `schema: {type: string, maxLength: 12, minLength: 8}`, `^.{8,12}$`},
		{"a number", "X-Request-Id", `schema: {type: integer, format: int32}`, `^[1-9][0-9]{8}$`},
		{"a number that is shown", "X-Request-Id", `example: 123456789012345, schema: {type: integer}`, `^[1-9][0-9]{14}$`},
		{"a trace", "X-Trace-Id", `schema: {type: string}`, uuid},
	} {
		doc := shelfDocument(c.field + `: {` + c.declared + `}, X-Other-Id: {example: stays, schema: {type: string}}`)
		first, second, other := mockOf(t, doc, Config{}), mockOf(t, doc, Config{}), mockOf(t, doc, Config{Seed: "other"})
		form, seen := regexp.MustCompile(c.want), map[string]bool{}
		for i := range 200 {
			res := ask(first, sent{target: "/books"})
			id := res.Get(http.CanonicalHeaderKey(c.field))
			if !form.MatchString(id) || seen[id] {
				t.Fatalf("%s: id %d is %q; want another that matches %s", c.name, i, id, c.want)
			}
			if again := ask(second, sent{target: "/books"}).Get(http.CanonicalHeaderKey(c.field)); again != id {
				t.Fatalf("%s: id %d is %q, and %q the second time", c.name, i, id, again)
			}
			if o := ask(other, sent{target: "/books"}).Get(http.CanonicalHeaderKey(c.field)); o == id {
				t.Fatalf("%s: id %d is %q for another seed, too", c.name, i, id)
			}
			if res.Get("X-Other-Id") != "stays" {
				t.Fatalf("%s: another id is touched: %q", c.name, res.Get("X-Other-Id"))
			}
			seen[id] = true
		}
	}
}

func TestGateway_IDsOfASessionDoNotHangOnOthers(t *testing.T) {
	t.Parallel()
	doc := shelfDocument(`X-Request-Id: {schema: {type: string}}`)
	ids := func(m *Mock, noise bool) []string {
		var out []string
		for range 5 {
			if noise {
				ask(m, sent{target: "/books"})
			}
			out = append(out, ask(m, sent{target: "/books", header: []string{"X-Mimus-Session: a"}}).Get("X-Request-Id"))
		}
		return out
	}
	if a, b := ids(mockOf(t, doc, Config{}), false), ids(mockOf(t, doc, Config{}), true); strings.Join(a, " ") != strings.Join(b, " ") {
		t.Errorf("ids are %v, and with calls of another session %v", a, b)
	}
	m := mockOf(t, doc, Config{})
	if a, b := ids(m, false)[0], ask(m, sent{target: "/books"}).Get("X-Request-Id"); a == b {
		t.Errorf("two sessions have the id %s", a)
	}
}

func TestGateway_TheCallersOwnIDIsEchoed(t *testing.T) {
	t.Parallel()
	headers := `X-Request-Id: {schema: {type: string}}, X-Correlation-Id: {schema: {type: string, format: uuid}}, Request-Id: {schema: {type: string}}`
	m := mockOf(t, shelfDocument(headers), Config{})
	const uuid = "7f2c1a52-8a53-4f0e-8a4e-2f1b7e0a9c11"
	for _, c := range []struct {
		name, field, sent string
		echoed            bool
	}{
		{"a text", "X-Request-Id", "mine", true},
		{"a UUID", "X-Correlation-Id", uuid, true},
		{"not of the form", "X-Correlation-Id", "mine", false},
		{"the server's own", "Request-Id", "mine", false},
		{"an empty one", "X-Request-Id", "", false},
		{"a long one", "X-Request-Id", strings.Repeat("x", 256), false},
	} {
		res := ask(m, sent{target: "/books", header: []string{c.field + ": " + c.sent}})
		if got := res.Get(c.field); (got == c.sent) != c.echoed || got == "" {
			t.Errorf("%s: %s is %q, sent was %q; echoed should be %t", c.name, c.field, got, c.sent, c.echoed)
		}
	}
}

func TestGateway_ARepeatedAnswerIsACallOfItsOwn(t *testing.T) {
	t.Parallel()
	doc := strings.Replace(shelfDocument(countedFields), `responses: {"201": {description: d,`, `responses: {"201": {description: d, headers: {`+countedFields+`, Request-Id: {schema: {type: string}}},`, 1)
	m := mockOf(t, doc, Config{})
	call := sent{target: "POST /books", header: []string{"Content-Type: application/json", "Idempotency-Key: k"}, body: `{"title":"x"}`}
	first, second := ask(m, call), ask(m, call)
	if second.Get("Idempotent-Replayed") != "true" || text(first) != text(second) {
		t.Fatalf("the answer isn't repeated: %s, %s", first.Body, second.Body)
	}
	if first.Get("X-Ratelimit-Remaining") != "99" || second.Get("X-Ratelimit-Remaining") != "98" || first.Get("Request-Id") == second.Get("Request-Id") {
		t.Errorf("left are %s, then %s; the ids are %s and %s", first.Get("X-Ratelimit-Remaining"), second.Get("X-Ratelimit-Remaining"), first.Get("Request-Id"), second.Get("Request-Id"))
	}
}

func TestGateway_AnAnswerWithoutTheFieldsStaysSo(t *testing.T) {
	t.Parallel()
	m := mockOf(t, shelfDocument(countedFields+`, X-Request-Id: {schema: {type: string}}`), Config{})
	x := keyed(t, m, sent{target: "/books", header: []string{"X-Request-Id: mine"}})
	x.problem(409, "CONFLICT", "Conflict", "A problem document has no header fields of the contract.")
	before := len(x.res.Fields)
	newGateway(m).tell(x, x.op.usual)
	if len(x.res.Fields) != before {
		t.Errorf("fields are told that the answer doesn't have: %v", x.res.Fields)
	}
}

func TestGateway_CallsAtOnceAreAllCounted(t *testing.T) {
	t.Parallel()
	m := mockOf(t, shelfDocument(countedFields+`, X-Request-Id: {schema: {type: string}}`), Config{})
	var mu sync.Mutex
	left, ids := map[string]bool{}, map[string]bool{}
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			res := ask(m, sent{target: "/books"})
			mu.Lock()
			defer mu.Unlock()
			left[res.Get("X-Ratelimit-Remaining")], ids[res.Get("X-Request-Id")] = true, true
		})
	}
	wg.Wait()
	if len(left) != 50 || len(ids) != 50 || !left["50"] {
		t.Errorf("of 50 calls %d counts and %d ids differ", len(left), len(ids))
	}
}

func TestDescribedPolicy(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]policy{
		"":                                       {},
		"The number of allowed requests":         {},
		"UTC epoch seconds":                      {},
		"seconds until the window ends":          {},
		"requests left in the current hour":      {0, time.Hour},
		"calls per hour allowed by the user":     {0, time.Hour},
		"100 requests/minute":                    {100, time.Minute},
		"up to 5,000 calls an hour":              {5000, time.Hour},
		"10 per second per IP":                   {10, time.Second},
		"At most 300 requests every 5 minutes.":  {300, 5 * time.Minute},
		"1000 calls per day, 10 of them at once": {1000, day},
		"in a rolling 60 second window":          {0, time.Minute},
		"resets after 60 seconds":                {},
		"9 per 99999999999 days":                 {},
	} {
		if got := describedPolicy(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func FuzzQuotaTexts(f *testing.F) {
	f.Add(`"burst";q=10;w=60`, "100 requests per 5 minutes")
	f.Add("limit=100, remaining=50, reset=5", "in a 15-minute window")
	f.Fuzz(func(t *testing.T, shown, described string) {
		p := shownPolicy(shown)
		p.take(describedPolicy(described))
		if p.limit < 0 || p.limit > maxLimit || p.period < 0 || p.period > maxPeriod {
			t.Errorf("%q and %q give %v", shown, described, p)
		}
		src := idSource(1)
		if id := likeID(shown, &src); id != "" && len(id) != len(shown) {
			t.Errorf("%q is the shape of %q", shown, id)
		}
		h := &header{name: "Ratelimit", def: &definition.Header{Name: "RateLimit"}, fixed: []string{shown}}
		q := quotaField{header: h, kind: quotaState}
		q.readDraft()
	})
}
