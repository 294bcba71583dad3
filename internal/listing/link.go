package listing

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Link is the value of a Link header (RFC 8288, 3) with the pages next, prev,
// first and last, as far as there are; "" where all items are in this page.
// self is the request's URL without its query, rawQuery the query.
func (p *Plan) Link(page *Page, self, rawQuery string) string {
	if !page.HasMore && !page.HasPrevious {
		return ""
	}
	var b strings.Builder
	for _, rel := range []string{"next", "prev", "first", "last"} {
		if rel == "first" && !page.HasPrevious || rel == "last" && !page.HasMore {
			continue
		}
		target := p.url(page, rel, self, rawQuery)
		if target == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString("<" + target + `>; rel="` + rel + `"`)
	}
	return b.String()
}

// url gives the URL of another page, "" where there is none: the request's own
// with other parameters of paging.
func (p *Plan) url(page *Page, rel, self, rawQuery string) string {
	pg := &p.Paging
	switch {
	case rel == "self":
		return join(self, rawQuery, nil, "", "")
	case pg.Style == StyleNone, rel == "next" && !page.HasMore, rel == "prev" && !page.HasPrevious:
		return ""
	}
	drop := []string{pg.Page, pg.Offset, pg.Token, pg.After}
	if !pg.Front { // since_id bounds all pages
		drop = append(drop, pg.Before)
	}
	switch page.Style {
	case StylePage:
		return join(self, rawQuery, drop, pg.Page, strconv.Itoa(p.number(page, rel)))
	case StyleOffset:
		return join(self, rawQuery, drop, pg.Offset, strconv.Itoa(page.offset(rel)))
	}
	switch rel {
	case "first":
		return join(self, rawQuery, drop, "", "")
	case "next":
		if pg.Token != "" {
			return join(self, rawQuery, drop, pg.Token, page.Next)
		}
		return join(self, rawQuery, drop, pg.After, page.Next)
	case "prev":
		if pg.Token != "" {
			return join(self, rawQuery, drop, pg.Token, page.Previous)
		}
		if pg.Before == "" || pg.Front || page.Previous == "" {
			return ""
		}
		return join(self, rawQuery, drop, pg.Before, page.Previous)
	}
	return ""
}

func (p *Plan) number(page *Page, rel string) int {
	switch rel {
	case "next":
		return page.Number + 1
	case "prev":
		return page.previousNumber()
	case "last":
		return page.Last
	}
	return page.First
}

func (p *Page) offset(rel string) int {
	switch rel {
	case "next":
		return p.Offset + len(p.Rows)
	case "prev":
		return max(min(p.Offset, p.Total)-p.Size, 0)
	case "last":
		return (p.Last - p.First) * p.Size
	}
	return 0
}

// join writes a URL whose query has the parameter set in the place of its old
// value, and is without the others to drop.
func join(self, rawQuery string, drop []string, name, value string) string {
	var b strings.Builder
	b.WriteString(safe(self))
	separator := byte('?')
	add := func(pair string) {
		b.WriteByte(separator)
		b.WriteString(pair)
		separator = '&'
	}
	set := name == ""
	for _, pair := range strings.Split(rawQuery, "&") {
		if pair == "" {
			continue
		}
		key, _, _ := strings.Cut(pair, "=")
		if decoded, err := url.QueryUnescape(key); err == nil {
			key = decoded
		}
		switch {
		case key == name && name != "":
			if !set {
				add(escapeName(name) + "=" + url.QueryEscape(value))
				set = true
			}
		case key != "" && slices.Contains(drop, key):
		default:
			add(safe(pair))
		}
	}
	if !set {
		add(escapeName(name) + "=" + url.QueryEscape(value))
	}
	return b.String()
}

// escapeName escapes a parameter's name, but for the brackets and the dollar
// sign that people read.
func escapeName(name string) string {
	return strings.NewReplacer("%24", "$").Replace(url.QueryEscape(name))
}

// safe escapes what would end a URL in a header field.
func safe(text string) string {
	clean := true
	for i := 0; i < len(text); i++ {
		clean = clean && text[i] > ' ' && text[i] < 0x7f && !strings.ContainsRune(`<>"`, rune(text[i]))
	}
	if clean {
		return text
	}
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if c := text[i]; c > ' ' && c < 0x7f && !strings.ContainsRune(`<>"`, rune(c)) {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return b.String()
}
