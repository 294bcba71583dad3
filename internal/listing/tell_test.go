package listing

import "testing"

func TestTell_Members_GetWhatThePageIs(t *testing.T) {
	t.Parallel()
	const self = "https://api.test/pets"
	page := `{"page":` + integer + `,"per_page":{"type":"integer","default":4}}`
	offset := `{"limit":{"type":"integer","default":4},"offset":` + integer + `}`
	ids := `{"starting_after":` + text + `,"limit":{"type":"integer","default":4}}`
	after := `{"after":` + text + `,"before":` + text + `,"limit":{"type":"integer","default":4}}`
	token := `{"cursor":` + text + `,"limit":{"type":"integer","default":4}}`
	uri := `{"type":"string","format":"uri"}`
	orNull := `{"type":["string","null"],"format":"uri"}`
	flag := `{"type":"boolean"}`
	for _, c := range []struct{ params, extra, query, body, want string }{
		{page, `"meta":{"properties":{"total":` + integer + `,"page":` + integer + `,"per_page":` + integer + `,"total_pages":` + integer + `}}`, "page=2", `{"data":[]}`,
			`{"data":[],"meta":{"total":10,"page":2,"per_page":4,"total_pages":3}}`},
		{page, `"total_count":` + integer + `,"incomplete_results":` + flag, "", `{"incomplete_results":true,"data":[],"total_count":7}`,
			`{"incomplete_results":false,"data":[],"total_count":10}`},
		{page, `"count":` + integer + `,"next":` + orNull + `,"previous":` + orNull, "page=3&x=1", `{"count":1,"next":"u","previous":null}`,
			`{"count":10,"next":null,"previous":"https://api.test/pets?page=2&x=1"}`},
		{page, `"count":` + integer + `,"total":{"type":"string","format":"uint64"}`, "page=3", `{}`, `{"count":2,"total":"10"}`},
		{page, `"links":{"properties":{"self":` + uri + `,"first":` + uri + `,"prev":` + uri + `,"next":` + uri + `,"last":` + uri + `}}`, "page=3&page=1", `{"links":{"next":"x"}}`,
			`{"links":{"self":"https://api.test/pets?page=3&page=1","first":"https://api.test/pets?page=1","prev":"https://api.test/pets?page=2","last":"https://api.test/pets?page=3"}}`},
		{page, `"_links":{"properties":{"next":{"properties":{"href":` + text + `}},"prev":{"properties":{"href":` + text + `}}}}`, "", `{"_links":{"prev":{"href":"x"}}}`,
			`{"_links":{"next":{"href":"https://api.test/pets?page=2"}}}`},
		{page, `"links":{"type":"array","items":{"properties":{"rel":` + text + `,"href":` + text + `}}}`, "page=3", `{}`,
			`{"links":[{"rel":"self","href":"https://api.test/pets?page=3"},{"rel":"first","href":"https://api.test/pets?page=1"},{"rel":"prev","href":"https://api.test/pets?page=2"},{"rel":"last","href":"https://api.test/pets?page=3"}]}`},
		{page, `"next_page_uri":{"type":["string","null"],"format":"uri","examples":["/x?Page=1"]},"start":` + integer + `,"end":` + integer, "page=2", `{}`,
			`{"next_page_uri":"/pets?page=3","start":4,"end":7}`},
		{page, `"number":` + integer + `,"page":{"properties":{"number":` + integer + `,"size":` + integer + `,"totalElements":` + integer + `,"totalPages":` + integer + `}},"last":` + flag + `,"first":` + flag + `,"empty":` + flag, "", `{}`,
			`{"page":{"number":1,"size":4,"totalElements":10,"totalPages":3},"last":false,"first":true,"empty":false}`},
		{page, `"next_page":{"type":["integer","null"]},"prev_page":{"type":["integer","null"]}`, "page=3", `{}`, `{"next_page":null,"prev_page":2}`},
		{page, `"page_count":{"type":"integer","description":"The number of items returned on this page"},"pagination":{"properties":{"pageCount":` + integer + `,"itemCount":` + integer + `}}`, "page=3", `{}`,
			`{"page_count":2,"pagination":{"pageCount":3,"itemCount":10}}`},
		{offset, `"limit":` + integer + `,"offset":` + integer + `,"has_more":` + flag + `,"from":` + integer + `,"to":` + integer, "offset=8", `{}`,
			`{"limit":4,"offset":8,"has_more":false,"from":9,"to":10}`},
		{ids, `"has_more":` + flag + `,"first_id":` + text + `,"last_id":` + text + `,"url":{"type":"string","pattern":"^/v1/pets"}`, "", `{}`,
			`{"has_more":true,"first_id":"1","last_id":"4","url":"/pets"}`},
		{after, `"page":{"required":["endCursor"],"properties":{"endCursor":{"type":["string","null"],"description":"an opaque cursor"},"hasNextPage":` + flag + `,"hasPrevPage":` + flag + `,"total":` + integer + `}}`, "limit=0&after=", `{}`,
			`{"page":{"endCursor":"MWEsMCwzLDQsNSwz","hasNextPage":true,"hasPrevPage":false,"total":10}}`},
		{token, `"response_metadata":{"required":["next_cursor"],"properties":{"next_cursor":` + text + `}}`, "limit=50", `{"response_metadata":{"next_cursor":"x"}}`,
			`{"response_metadata":{"next_cursor":""}}`},
		{token, `"next_cursor":` + text, "limit=50", `{"data":[],"next_cursor":"x"}`, `{"data":[]}`},
		{token, `"next":{"type":["string","null"],"description":"Cursor of the next page"}`, "limit=50", `{"next":"x"}`, `{"next":null}`},
		{`{"offset":` + text + `,"limit":` + integer + `}`, `"next_page":{"type":["object","null"],"properties":{"offset":` + text + `,"path":` + text + `,"uri":` + uri + `}}`, "limit=4", `{"next_page":{"offset":"x"}}`,
			`{"next_page":{"offset":"MWEsMCwzLDQsNSwz","path":"/pets?limit=4&offset=MWEsMCwzLDQsNSwz","uri":"https://api.test/pets?limit=4&offset=MWEsMCwzLDQsNSwz"}}`},
		{`{"offset":` + text + `,"limit":` + integer + `}`, `"next_page":{"type":["object","null"],"properties":{"offset":` + text + `}}`, "limit=40", `{"next_page":{"offset":"x"}}`,
			`{"next_page":null}`},
		{ids, `"pages":{"properties":{"next":{"anyOf":[{"type":"object","properties":{"per_page":` + integer + `,"starting_after":{"type":["string","null"]}}},{"type":"null"}]}}}`, "limit=40", `{}`, `{"pages":{"next":null}}`},
		{`{}`, `"total":` + integer + `,"has_more":` + flag, "", `{}`, `{"total":10,"has_more":false}`},
		{page, `"description":` + text, "", `{"description":"stays"}`, `{"description":"stays"}`},
	} {
		p := plan(t, c.params, c.extra)
		_, page := selectPage(t, p, rows(t, 10), c.query)
		body := parse(t, c.body)
		p.Tell(body, &page, self, c.query)
		if got := string(body.AppendJSON(nil)); got != c.want {
			t.Errorf("%s ?%s\n got %s\nwant %s", c.extra, c.query, got, c.want)
		}
	}
}

func TestLink_OtherPages_HaveURLs(t *testing.T) {
	t.Parallel()
	page := `{"page":` + integer + `,"per_page":{"type":"integer","default":4}}`
	for _, c := range []struct{ params, query, want string }{
		{page, "", `<https://api.test/pets?page=2>; rel="next", <https://api.test/pets?page=3>; rel="last"`},
		{page, "per_page=3&page=2&q=a%20b", `<https://api.test/pets?per_page=3&page=3&q=a%20b>; rel="next", <https://api.test/pets?per_page=3&page=1&q=a%20b>; rel="prev", <https://api.test/pets?per_page=3&page=1&q=a%20b>; rel="first", <https://api.test/pets?per_page=3&page=4&q=a%20b>; rel="last"`},
		{page, "page=99", `<https://api.test/pets?page=3>; rel="prev", <https://api.test/pets?page=1>; rel="first"`},
		{page, "per_page=50", ""},
		{`{}`, "", ""},
		{`{"limit":{"type":"integer","default":4},"offset":` + integer + `}`, "offset=4", `<https://api.test/pets?offset=8>; rel="next", <https://api.test/pets?offset=0>; rel="prev", <https://api.test/pets?offset=0>; rel="first", <https://api.test/pets?offset=8>; rel="last"`},
		{`{"starting_after":` + text + `,"ending_before":` + text + `,"limit":{"type":"integer","default":4}}`, "starting_after=4", `<https://api.test/pets?starting_after=8>; rel="next", <https://api.test/pets?ending_before=5>; rel="prev", <https://api.test/pets>; rel="first"`},
		{`{"page":` + integer + `,"cursor":` + text + `,"limit":{"type":"integer","default":4}}`, "page=2&cursor=", `<https://api.test/pets?page=3>; rel="next", <https://api.test/pets?page=1>; rel="prev", <https://api.test/pets?page=1>; rel="first", <https://api.test/pets?page=3>; rel="last"`},
		{page, `x=<">`, `<https://api.test/pets?x=%3C%22%3E&page=2>; rel="next", <https://api.test/pets?x=%3C%22%3E&page=3>; rel="last"`},
	} {
		p := plan(t, c.params, "")
		_, got := selectPage(t, p, rows(t, 10), c.query)
		if link := p.Link(&got, "https://api.test/pets", c.query); link != c.want {
			t.Errorf("?%s\n got %s\nwant %s", c.query, link, c.want)
		}
	}
}
