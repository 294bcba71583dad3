package convert

import "github.com/mimus-dev/mimus/internal/postman"

// PostmanSize is about how many bytes a collection's file has, rather more than
// less: large ones are written into one piece of memory that isn't moved.
func PostmanSize(c *postman.Collection) int {
	return 4096 + len(c.Description.String()) + itemsSize(c.Items, 2)
}

func itemsSize(items []*postman.Item, depth int) int {
	const base = 500 // ids, names, brackets
	n := 0
	for _, it := range items {
		n += base + 10*depth + len(it.Description.String()) + requestSize(it.Request, depth)
		for _, e := range it.Examples {
			n += base + 10*depth + requestSize(e.OriginalRequest, depth+2) + fieldsSize(e.Header, depth)
			if e.Body != nil {
				n += textSize(*e.Body)
			}
		}
		n += itemsSize(it.Items, depth+2)
	}
	return n
}

func requestSize(r *postman.Request, depth int) int {
	if r == nil {
		return 0
	}
	n := 300 + 25*depth + len(r.Description.String()) + fieldsSize(r.Header, depth)
	if r.URL != nil {
		n += 2*len(r.URL.Raw) + len(r.URL.Path)*(depth+8) + fieldsSize(r.URL.Query, depth)
		for _, v := range r.URL.Params {
			n += fieldSize(v.Key, v.Text(), v.Description, depth)
		}
	}
	if b := r.Body; b != nil {
		n += 200 + textSize(b.Raw) + fieldsSize(b.URLEncoded, depth) + fieldsSize(b.Form, depth)
	}
	return n
}

func fieldsSize(list []*postman.Field, depth int) int {
	n := 0
	for _, f := range list {
		n += fieldSize(f.Key, f.Value, f.Description, depth)
	}
	return n
}

func fieldSize(key, value string, about *postman.Description, depth int) int {
	return 80 + 8*depth + len(key) + len(value) + len(about.String())*17/16
}

// textSize allows for the quotes and line ends of a body, which are escaped.
func textSize(s string) int { return len(s) + len(s)/5 }
