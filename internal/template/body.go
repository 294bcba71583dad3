package template

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// bodyView is a request's body, read when the first hole asks for it and once
// only, however many holes there are.
type bodyView struct {
	done bool
	raw  []byte
	root *node      // of a body of JSON, else nil
	form url.Values // of an urlencoded body, else nil
}

func (v *bodyView) read(in *Input) {
	if v.done {
		return
	}
	v.done = true
	if in.Body != nil {
		v.raw = in.Body()
	}
	if json.Valid(v.raw) {
		v.root = &node{raw: v.raw}
		return
	}
	const urlencoded = "application/x-www-form-urlencoded"
	media := urlencoded
	if in.Header != nil {
		if value, ok := in.Header("Content-Type"); ok {
			media = strings.ToLower(strings.TrimSpace(value))
		}
	}
	if strings.HasPrefix(media, urlencoded) {
		// A pair that can't be read is left out, the others count.
		v.form, _ = url.ParseQuery(strings.TrimSpace(string(v.raw)))
	}
}

// node is a value of a body of JSON. Its members are found when one is asked
// for.
type node struct {
	raw     json.RawMessage
	opened  bool
	members map[string]*node
	text    []byte // what plain gives
}

// member is an object's member or, by its index from 0, an array's element, or
// nil. The last of members with the same name counts.
func (n *node) member(key string) *node {
	if !n.opened {
		n.open()
	}
	return n.members[key]
}

func (n *node) open() {
	n.opened = true
	switch value := bytes.TrimLeft(n.raw, " \t\r\n"); {
	case len(value) == 0:
	case value[0] == '{':
		var object map[string]json.RawMessage
		if json.Unmarshal(value, &object) != nil {
			return
		}
		n.members = make(map[string]*node, len(object))
		for name, raw := range object {
			n.members[name] = &node{raw: raw}
		}
	case value[0] == '[':
		var array []json.RawMessage
		if json.Unmarshal(value, &array) != nil {
			return
		}
		n.members = make(map[string]*node, len(array))
		for i, raw := range array {
			n.members[strconv.Itoa(i)] = &node{raw: raw}
		}
	}
}

// plain is a string without its quotes, and anything else as JSON without white
// space.
func (n *node) plain() []byte {
	if n.text != nil {
		return n.text
	}
	value := bytes.TrimSpace(n.raw)
	if len(value) > 0 && value[0] == '"' {
		var s string
		if json.Unmarshal(value, &s) == nil {
			n.text = []byte(s)
			return n.text
		}
	}
	var b bytes.Buffer
	if json.Compact(&b, value) == nil {
		value = b.Bytes()
	}
	n.text = value
	return value
}
