package verify

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// called makes a call of a text: "POST /orders?size=2 201 {"total":3}".
func called(text string) *Call {
	method, rest, _ := strings.Cut(text, " ")
	target, rest, _ := strings.Cut(rest, " ")
	status, body, _ := strings.Cut(rest, " ")
	c := &Call{Method: method, Body: body, Status: 200, Hidden: "redacted"}
	c.Path, c.Query, _ = strings.Cut(target, "?")
	if n, err := strconv.Atoi(status); err == nil {
		c.Status = n
	}
	return c
}

// fields are the header fields of a call, their names in lower case.
func fields(pairs ...string) func(string) []string {
	return func(name string) (out []string) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				out = append(out, pairs[i+1])
			}
		}
		return out
	}
}

func judge(t *testing.T, verification string, list ...*Call) Result {
	t.Helper()
	v, err := Parse([]byte(verification))
	if err != nil {
		t.Fatalf("%s: %v", verification, err)
	}
	j := New(v)
	for _, c := range list {
		j.Add(c)
	}
	return j.Result()
}

func messages(r Result) string {
	var out []string
	for i := range r.Failures {
		out = append(out, r.Failures[i].Message)
	}
	return strings.Join(out, "\n")
}

// Each member of a matcher takes a call, or tells what differs.
func TestMatcher_Members(t *testing.T) {
	t.Parallel()
	call := func() *Call {
		c := called(`POST /orders/7?size=2&size=3&empty= 201 {"id":7,"total":3,"lines":[{"sku":"a","n":1},{"sku":"b","n":2},{"sku":"c","n":3}],"note":null}`)
		c.Operation, c.Route = "createOrder", "/orders/{orderId}"
		c.Header = fields("x-trace", "abc", "x-many", "one", "x-many", "two", "authorization", "Bearer s3cret")
		return c
	}
	for _, c := range []struct {
		matcher string
		differs string // "" it takes the call
	}{
		{`{}`, ``},
		{`{"method":"POST"}`, ``},
		{`{"method":"post"}`, ``},
		{`{"method":"GET"}`, `method is POST, wanted GET`},
		{`{"path":"/orders/7"}`, ``},
		{`{"path":"/orders/%37"}`, ``},
		{`{"path":"/orders/{id}"}`, ``},
		{`{"path":"/orders/{id}x"}`, `path is /orders/7, wanted /orders/{id}x`},
		{`{"path":"/{kind}s/{id}"}`, ``},
		{`{"path":"/orders"}`, `path is /orders/7, wanted /orders`},
		{`{"path":"/order/7"}`, `path is /orders/7, wanted /order/7`},
		{`{"path":{"matches":"^/orders/\\d+$"}}`, ``},
		{`{"path":{"matches":"^/orders$"}}`, `path is /orders/7, wanted a match of ^/orders$`},
		{`{"operation":"createOrder"}`, ``},
		{`{"operation":"POST /orders/{orderId}"}`, ``},
		{`{"operation":"POST /orders/{id}"}`, `operation is POST /orders/{orderId}, wanted POST /orders/{id}`},
		{`{"operation":"POST /orders/7"}`, ``},
		{`{"operation":"PUT /orders/{orderId}"}`, `operation is POST /orders/{orderId}, wanted PUT /orders/{orderId}`},
		{`{"operation":"PUT /orders/7"}`, `method is POST, wanted PUT`},
		{`{"status":201}`, ``},
		{`{"status":"201"}`, ``},
		{`{"status":"2xx"}`, ``},
		{`{"status":"4XX"}`, `status is 201, wanted 4xx`},
		{`{"status":200}`, `status is 201, wanted 200`},
		{`{"query":{"size":"2"}}`, ``},
		{`{"query":{"size":3}}`, ``},
		{`{"query":{"size":"4"}}`, `query/size is 2, 3, wanted 4`},
		{`{"query":{"size":{"matches":"^[0-9]$"}}}`, ``},
		{`{"query":{"size":{"matches":"^x"}}}`, `query/size is 2, 3, wanted a match of ^x`},
		{`{"query":{"empty":""}}`, ``},
		{`{"query":{"page":null}}`, ``},
		{`{"query":{"size":null}}`, `query/size is 2, 3, wanted none`},
		{`{"query":{"page":"1"}}`, `query/page is missing, wanted 1`},
		{`{"headers":{"X-Trace":"abc"}}`, ``},
		{`{"headers":{"X-Many":"two"}}`, ``},
		{`{"headers":{"X-Trace":"abd"}}`, `header/x-trace is abc, wanted abd`},
		{`{"headers":{"X-Trace":{"matches":"b"}}}`, ``},
		{`{"headers":{"X-Other":null}}`, ``},
		{`{"headers":{"X-Trace":null}}`, `header/x-trace is abc, wanted none`},
		{`{"headers":{"Authorization":"Bearer other"}}`, `header/authorization is Bearer …, wanted Bearer …`},
		{`{"body":{"equals":{"id":7.0,"note":null,"total":3,"lines":[{"n":1,"sku":"a"},{"sku":"b","n":2},{"sku":"c","n":3}]}}}`, ``},
		{`{"body":{"equals":{"id":7,"total":4,"lines":[]}}}`, `body/total is 3, wanted 4; body/lines/0 is {"sku":"a","n":1}, wanted none; body/lines/1 is {"sku":"b","n":2}, wanted none; body/lines/2 is {"sku":"c","n":3}, wanted none; body/note is null, wanted none`},
		{`{"body":{"equals":null}}`, `body is {"id":7,"total":3,"lines":[{"sku":"a","n":1},{"sku":"b","n":2},{"sku":"c","n":3}],"note":null}, wanted null`},
		{`{"body":{"contains":{"total":3}}}`, ``},
		{`{"body":{"contains":{"note":null}}}`, ``},
		{`{"body":{"contains":{"total":4,"paid":true}}}`, `body/total is 3, wanted 4; body/paid is missing, wanted true`},
		{`{"body":{"contains":{"lines":[{"sku":"a"},{"sku":"c"}]}}}`, ``},
		{`{"body":{"contains":{"lines":[]}}}`, ``},
		{`{"body":{"contains":{"lines":[{"sku":"c"},{"sku":"a"}]}}}`, `body/lines is [{"sku":"a","n":1},{"sku":"b","n":2},{"sku":"c","n":3}], wanted an item {"sku":"a"} after {"sku":"c"}`},
		{`{"body":{"contains":{"lines":[{"sku":"a"},{"sku":"x"},{"sku":"c"}]}}}`, `body/lines/1/sku is "b", wanted "x"`},
		{`{"body":{"schema":{"type":"object","required":["total"]}}}`, ``},
		{`{"body":{"schema":{"properties":{"total":{"type":"string"},"lines":{"items":{"$ref":"#/$defs/line"}}},"$defs":{"line":{"required":["price"]}}}}}`,
			`body/total is 3, must be string; body/lines/0 is {"sku":"a","n":1}, must have required property 'price'; body/lines/1 is {"sku":"b","n":2}, must have required property 'price'; body/lines/2 is {"sku":"c","n":3}, must have required property 'price'`},
		{`{"body":{"text":"\"total\":3"}}`, ``},
		{`{"body":{"text":"total: 3"}}`, `body is {"id":7,"total":3,"lines":[{"sku":"a","n":1},{"sku":"b","n":2},{"sku":"c","n":3}],"note":null}, wanted a text with "total: 3"`},
		{`{"body":{"matches":"\"total\":\\d"}}`, ``},
		{`{"body":{"matches":"^total"}}`, `body is {"id":7,"total":3,"lines":[{"sku":"a","n":1},{"sku":"b","n":2},{"sku":"c","n":3}],"note":null}, wanted a match of ^total`},
		{`{"body":{"text":"total","contains":{"id":8}}}`, `body/id is 7, wanted 8`},
		{`{"contract":true}`, ``},
		{`{"contract":false}`, `contract is kept, wanted broken`},
	} {
		r := judge(t, `{"calls":[`+c.matcher+`]}`, call())
		got := ""
		if !r.Verified {
			if len(r.Failures) != 1 || len(r.Failures[0].Nearest) != 1 {
				t.Errorf("%s: %+v", c.matcher, r.Failures)
				continue
			}
			var all []string
			for _, d := range r.Failures[0].Nearest[0].Differs {
				all = append(all, d.String())
			}
			got = strings.Join(all, "; ")
		}
		if got != c.differs {
			t.Errorf("%s\n got:  %s\n want: %s", c.matcher, got, c.differs)
		}
	}
}

// Where the log knows no template, the path has to tell.
func TestMatcher_OperationWithoutARoute(t *testing.T) {
	t.Parallel()
	c := called("POST /orders/7")
	c.Operation = "createOrder"
	if r := judge(t, `{"calls":[{"operation":"POST /orders/{any}"},{"operation":"createOrder"},{"operation":"post /orders/7"},{"operation":"POST /orders","times":0}]}`, c); !r.Verified {
		t.Error(messages(r))
	}
}

func TestMatcher_Contract(t *testing.T) {
	t.Parallel()
	broken := called("POST /orders")
	broken.Broken = func() string { return "body total must be integer" }
	if r := judge(t, `{"calls":[{"contract":false},{"contract":true,"times":0}]}`, broken); !r.Verified {
		t.Error(messages(r))
	}
	r := judge(t, `{"calls":[{"contract":true}]}`, broken)
	if got := r.Failures[0].Nearest[0].Differs[0].String(); got != "contract is broken: body total must be integer, wanted kept" {
		t.Error(got)
	}
}

func TestMatcher_BodiesThatAreNoJSON(t *testing.T) {
	t.Parallel()
	form := called("POST /login 200 user=ann&role=a&role=b")
	form.Header = fields("content-type", "application/x-www-form-urlencoded; charset=utf-8")
	for _, c := range []struct {
		call    *Call
		body    string
		differs string
	}{
		{called("POST /a 200 hello world"), `{"equals":"hello world"}`, ""},
		{called("POST /a 200 hello world"), `{"equals":"hello"}`, `body is hello world, wanted hello`},
		{called(`POST /a 200 "hello"`), `{"equals":"hello"}`, ""},
		{called("POST /a 200 hello world"), `{"equals":{"a":1}}`, `body is hello world, wanted {"a":1}`},
		{called("POST /a 200 hello world"), `{"contains":{"a":1}}`, `body is hello world, wanted JSON with {"a":1}`},
		{called("POST /a 200 hello world"), `{"schema":{}}`, `body is hello world, wanted JSON that fits the schema`},
		{called("POST /a 200"), `{"equals":{"a":1}}`, `body is missing, wanted {"a":1}`},
		{called("POST /a 200"), `{"equals":""}`, ""},
		{called("POST /a 200 x"), `{"equals":""}`, `body is x, wanted ""`},
		{form, `{"contains":{"user":"ann"}}`, ""},
		{form, `{"equals":{"role":["a","b"],"user":"ann"}}`, ""},
		{form, `{"contains":{"user":"bob"}}`, `body/user is "ann", wanted "bob"`},
	} {
		r := judge(t, `{"calls":[{"body":`+c.body+`}]}`, c.call)
		got := ""
		if !r.Verified {
			got = r.Failures[0].Nearest[0].Differs[0].String()
		}
		if got != c.differs {
			t.Errorf("%s, %s:\n got:  %s\n want: %s", c.call.Body, c.body, got, c.differs)
		}
	}
}

func TestJudge_Counts(t *testing.T) {
	t.Parallel()
	const order = `"method":"POST","path":"/orders"`
	for _, c := range []struct {
		times string // of calls to POST /orders
		n     int
		fails string
	}{
		{``, 0, `POST /orders was called 0 times, wanted at least 1`},
		{``, 1, ``},
		{``, 9, ``},
		{`,"times":2`, 1, `POST /orders was called 1 time, wanted 2`},
		{`,"times":2`, 2, ``},
		{`,"times":2`, 3, `POST /orders was called 3 times, wanted 2`},
		{`,"times":0`, 0, ``},
		{`,"times":0`, 1, `POST /orders was called 1 time, wanted 0`},
		{`,"times":{"atLeast":2}`, 1, `POST /orders was called 1 time, wanted at least 2`},
		{`,"times":{"atLeast":2}`, 2, ``},
		{`,"times":{"atMost":2}`, 0, ``},
		{`,"times":{"atMost":2}`, 3, `POST /orders was called 3 times, wanted at most 2`},
		{`,"times":{"atLeast":1,"atMost":3}`, 3, ``},
		{`,"times":{"atLeast":1,"atMost":3}`, 4, `POST /orders was called 4 times, wanted 1 to 3`},
		{`,"times":2,"name":"the order is placed"`, 1, `the order is placed was called 1 time, wanted 2`},
	} {
		var list []*Call
		for range c.n {
			list = append(list, called("POST /orders"), called("GET /orders"))
		}
		r := judge(t, `{"calls":[{`+order+c.times+`}]}`, list...)
		if messages(r) != c.fails || r.Verified != (c.fails == "") || r.Checked != 2*c.n {
			t.Errorf("%d calls, %s: %+v\n want: %s", c.n, c.times, r, c.fails)
		}
	}
}

// What can't be told is told so; where it makes no difference, nothing is said.
func TestJudge_WhatWasNotKept(t *testing.T) {
	t.Parallel()
	cut := func() *Call {
		c := called(`POST /orders 201 {"total":3,`)
		c.Cut = true
		c.Header = fields("authorization", "redacted", "x-a", "1")
		return c
	}
	packed := cut()
	packed.Cut, packed.Header = false, fields("content-encoding", "gzip")
	whole := called(`POST /orders 201 {"total":3}`)
	const cutShort = "of 1 more it can't be told: its body was not kept whole"
	for _, c := range []struct {
		verification string
		list         []*Call
		fails        string
	}{
		{`{"calls":[{"path":"/orders","body":{"contains":{"total":3}}}]}`, []*Call{cut()}, `/orders with a body that contains {"total":3} was called 0 times, wanted at least 1; ` + cutShort},
		{`{"calls":[{"name":"it","body":{"text":"total"},"times":0}]}`, []*Call{cut()}, `it was called 0 times, wanted 0; ` + cutShort},
		{`{"calls":[{"name":"it","body":{"text":"total"}}]}`, []*Call{cut(), whole}, ``},
		{`{"calls":[{"name":"it","body":{"text":"total"},"times":1}]}`, []*Call{cut(), whole}, `it was called 1 time, wanted 1; ` + cutShort},
		{`{"calls":[{"name":"it","body":{"text":"total"},"times":0},{}]}`, []*Call{whole, cut()}, `it was called 1 time, wanted 0; ` + cutShort},
		{`{"calls":[{"name":"it","status":200,"body":{"text":"total"},"times":0}]}`, []*Call{cut()}, ``},
		{`{"calls":[{"name":"it","body":{"text":"total"},"times":0}]}`, []*Call{packed}, `it was called 0 times, wanted 0; of 1 more it can't be told: its body is compressed (gzip)`},
		{`{"calls":[{"name":"it","headers":{"authorization":"Bearer x"}}]}`, []*Call{cut()}, `it was called 0 times, wanted at least 1; of 1 more it can't be told: the value of its header authorization was not kept`},
		{`{"calls":[{"headers":{"authorization":{"matches":"."}}}]}`, []*Call{cut()}, ``},
		{`{"calls":[{"headers":{"authorization":null},"times":0}]}`, []*Call{cut()}, ``},
		{`{"only":true,"calls":[{"name":"it","body":{"text":"total"}}]}`, []*Call{cut(), whole}, `whether all calls are wanted can't be told: its body was not kept whole`},
		{`{"order":"relative","calls":[{},{"name":"it","body":{"text":"total"},"times":1}]}`, []*Call{whole, whole, cut()}, `it was called 2 times, wanted 1; ` + cutShort},
	} {
		if got := messages(judge(t, c.verification, c.list...)); got != c.fails {
			t.Errorf("%s\n got:  %s\n want: %s", c.verification, got, c.fails)
		}
	}
}

func TestJudge_TellsTheNearestCalls(t *testing.T) {
	t.Parallel()
	var list []*Call
	for i, text := range []string{
		"GET /health", "POST /orders 422 {}", "PUT /orders", `POST /orders 201 {"total":4}`, "POST /order", "POST /v1/orders", "POST /orders 201 {}", "GET /a/b/c/d",
	} {
		c := called(text)
		c.ID = strconv.Itoa(i)
		list = append(list, c)
	}
	r := judge(t, `{"calls":[{"method":"POST","path":"/orders","status":201,"body":{"contains":{"total":3}}}]}`, list...)
	var got []string
	for _, n := range r.Failures[0].Nearest {
		got = append(got, n.ID)
	}
	if !slices.Equal(got, []string{"3", "6", "1"}) {
		t.Errorf("the nearest are %v", got)
	}
	far := judge(t, `{"calls":[{"operation":"createOrder"}]}`, list...)
	if n := far.Failures[0].Nearest; len(n) > 0 {
		t.Errorf("calls that have nothing in common are near: %v", n)
	}
	many := judge(t, `{"calls":[{"times":2}]}`, list...)
	if n := many.Failures[0].Nearest; len(n) != 3 || n[0].ID != "2" || len(n[0].Differs) > 0 {
		t.Errorf("the calls that are too many: %v", n)
	}
}

// Of a call to something else it is no news that its body differs.
func TestJudge_AnotherOperation_TellsNothingOfTheBody(t *testing.T) {
	t.Parallel()
	r := judge(t, `{"calls":[{"method":"POST","path":"/orders","status":201,"body":{"contains":{"total":3}}}]}`, called(`PUT /orders 200 {"total":4}`))
	if n := r.Failures[0].Nearest; len(n) != 1 || len(n[0].Differs) != 1 || n[0].Differs[0].String() != "method is PUT, wanted POST" {
		t.Errorf("%v", n)
	}
}

func TestJudge_BoundsWhatItTells(t *testing.T) {
	t.Parallel()
	var want, got []string
	for i := range 50 {
		want = append(want, strconv.Itoa(i))
		got = append(got, strconv.Itoa(-i-1))
	}
	call := called("POST / 200 [" + strings.Join(got, ",") + "]")
	r := judge(t, `{"calls":[{"body":{"equals":[`+strings.Join(want, ",")+`]}}]}`, call, call, call, call)
	if n := r.Failures[0].Nearest; len(n) != 3 || len(n[0].Differs) != 10 {
		t.Errorf("%d calls with %d differences", len(n), len(n[0].Differs))
	}
	r = judge(t, `{"calls":[{"status":201,"body":{"equals":[`+strings.Join(want, ",")+`],"text":"x","matches":"y"}}]}`, call)
	if n := r.Failures[0].Nearest; len(n) != 1 || len(n[0].Differs) != 10 {
		t.Errorf("differences of all kinds: %v", n)
	}
	long := called("POST /" + strings.Repeat("a", 10_000) + " 200 " + strings.Repeat("b", 10_000))
	r = judge(t, `{"calls":[{"body":{"text":"c"}}]}`, long)
	if text, _ := json.Marshal(r); len(text) > 2000 {
		t.Errorf("the result has %d bytes", len(text))
	}
}

func TestResult_JSON(t *testing.T) {
	t.Parallel()
	c := called(`POST /orders?a=b 201 {"total":3}`)
	c.ID = "x"
	r := judge(t, `{"calls":[{"name":"order","path":"/orders","body":{"contains":{"total":4}},"times":{"atLeast":1,"atMost":2}}]}`, c)
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
  "verified": false,
  "failures": [
    {
      "call": 0,
      "name": "order",
      "message": "order was called 0 times, wanted 1 to 2",
      "wanted": {
        "atLeast": 1,
        "atMost": 2
      },
      "got": 0,
      "nearest": [
        {
          "id": "x",
          "method": "POST",
          "path": "/orders",
          "query": "a=b",
          "status": 201,
          "differs": [
            "body/total is 3, wanted 4"
          ]
        }
      ]
    }
  ],
  "checked": 1
}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if text, _ := json.Marshal(judge(t, `{"only":true}`)); string(text) != `{"verified":true,"failures":[],"checked":0}` {
		t.Errorf("where all is well: %s", text)
	}
}
