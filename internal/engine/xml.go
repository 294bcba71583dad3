package engine

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// xmlNames is what the "xml" keywords say of one place (OpenAPI, XML Object).
type xmlNames struct {
	name, namespace, prefix string
	attribute, wrapped      bool
	node                    string // nodeType of 3.2: element, attribute, text, cdata, none
}

func namesOf(s *schema.Schema) xmlNames {
	x := s.XML()
	n := xmlNames{
		name: x.Get("name").Str(), namespace: x.Get("namespace").Str(), prefix: x.Get("prefix").Str(),
		attribute: x.Get("attribute").True(), wrapped: x.Get("wrapped").True(), node: x.Get("nodeType").Str(),
	}
	n.attribute = n.attribute || n.node == "attribute"
	return n
}

func (n xmlNames) tag(fallback string) string {
	name := n.name
	if name == "" {
		name = fallback
	}
	name = xmlName(name)
	if n.prefix != "" {
		return xmlName(n.prefix) + ":" + name
	}
	return name
}

// xmlName makes a text usable as the name of an element.
func xmlName(s string) string {
	ok := s != ""
	for i, r := range s {
		letter := r == '_' || r == ':' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80
		if !letter && (i == 0 || !(r == '-' || r == '.' || r >= '0' && r <= '9')) {
			ok = false
		}
	}
	if ok {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		letter := r == '_' || r == ':' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80
		digit := r == '-' || r == '.' || r >= '0' && r <= '9'
		if i == 0 && !letter {
			b.WriteByte('_')
		}
		if letter || digit {
			b.WriteRune(r)
		} else {
			b.WriteByte('_')
		}
	}
	if b.Len() == 0 {
		return "_"
	}
	return b.String()
}

// appendXML writes a value as an XML document by the "xml" keywords of its
// schema. A root without a name is <xml>, as with Prism.
func appendXML(dst []byte, v *value, s *schema.Schema) []byte {
	n := namesOf(s)
	return appendElement(dst, n.tag("xml"), v, s, n, 0)
}

func appendElement(dst []byte, tag string, v *value, s *schema.Schema, n xmlNames, depth int) []byte {
	if depth > 200 {
		return dst
	}
	dst = append(append(dst, '<'), tag...)
	if n.namespace != "" {
		dst = append(dst, " xmlns"...)
		if n.prefix != "" {
			dst = append(append(dst, ':'), xmlName(n.prefix)...)
		}
		dst = append(dst, `="`...)
		dst = escapeXML(dst, n.namespace)
		dst = append(dst, '"')
	}
	if v.Kind == definition.Object {
		for i := range v.Kids {
			kid := &v.Kids[i]
			m := namesOf(s.Member(kid.Key))
			if !m.attribute {
				continue
			}
			dst = append(append(append(dst, ' '), m.tag(kid.Key)...), `="`...)
			dst = escapeXML(dst, scalarText(kid))
			dst = append(dst, '"')
		}
	}
	if v.Kind == definition.Null {
		return append(dst, "/>"...)
	}
	dst = append(dst, '>')
	dst = appendContent(dst, v, s, n, tag, depth)
	return append(append(append(dst, "</"...), tag...), '>')
}

func appendContent(dst []byte, v *value, s *schema.Schema, n xmlNames, tag string, depth int) []byte {
	switch v.Kind {
	case definition.Object:
		for i := range v.Kids {
			kid := &v.Kids[i]
			member := s.Member(kid.Key)
			m := namesOf(member)
			switch {
			case m.attribute:
			case m.node == "text":
				dst = escapeXML(dst, scalarText(kid))
			case m.node == "cdata":
				dst = append(append(append(dst, "<![CDATA["...), strings.ReplaceAll(scalarText(kid), "]]>", "]]]]><![CDATA[>")...), "]]>"...)
			default:
				dst = appendMember(dst, kid, member, m, depth)
			}
		}
	case definition.Array: // the root is a list
		for i := range v.Kids {
			item := s.Item(i)
			in := namesOf(item)
			name := in.tag(fallbackItem(n, item, tag))
			dst = appendElement(dst, name, &v.Kids[i], item, in, depth+1)
		}
	default:
		dst = escapeXML(dst, scalarText(v))
	}
	return dst
}

func fallbackItem(n xmlNames, item *schema.Schema, tag string) string {
	if l := item.Label(); l != "" {
		return l
	}
	if n.name != "" {
		return n.name
	}
	if tag == "xml" {
		return "item"
	}
	return tag
}

// appendMember writes a property: a list as repeated elements, inside of one
// around them where it is wrapped.
func appendMember(dst []byte, kid *value, s *schema.Schema, n xmlNames, depth int) []byte {
	if kid.Kind != definition.Array {
		if n.node == "none" {
			return appendContent(dst, kid, s, n, kid.Key, depth+1)
		}
		return appendElement(dst, n.tag(kid.Key), kid, s, n, depth+1)
	}
	wrapped := n.wrapped || n.node == "element"
	outer := n.tag(kid.Key)
	if wrapped {
		dst = append(append(append(dst, '<'), outer...), '>')
	}
	for i := range kid.Kids {
		item := s.Item(i)
		in := namesOf(item)
		name := kid.Key
		if in.name == "" && wrapped && n.name != "" {
			name = n.name
		}
		dst = appendElement(dst, in.tag(name), &kid.Kids[i], item, in, depth+1)
	}
	if wrapped {
		dst = append(append(append(dst, "</"...), outer...), '>')
	}
	return dst
}

// escapeXML escapes text; characters that XML can't hold become U+FFFD.
func escapeXML(dst []byte, s string) []byte {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return append(dst, b.Bytes()...)
}

const (
	maxXMLDepth = 200
	maxXMLNodes = 200_000 // elements and attributes of a body
)

// parseXML reads an XML document into the value that the schema describes.
func parseXML(data []byte, s *schema.Schema) (value, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = charsetReader
	r := xmlReader{Decoder: d}
	var root *element
	for {
		t, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && root == nil:
			return value{}, errors.New("there is no element")
		case errors.Is(err, io.EOF):
			return root.value(s), nil
		case err != nil:
			return value{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if root != nil {
				return value{}, errors.New("there is more than one root element")
			}
			if root, err = r.element(t, 0); err != nil {
				return value{}, err
			}
		case xml.CharData:
			if len(bytes.Trim(t, " \t\r\n\ufeff")) > 0 {
				return value{}, errors.New("there is text outside of the root element")
			}
		}
	}
}

// charsetReader reads the character sets that need no tables.
func charsetReader(charset string, r io.Reader) (io.Reader, error) {
	switch strings.ToLower(charset) {
	case "utf-8", "us-ascii":
		return r, nil
	case "iso-8859-1", "latin1":
		data, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		runes := make([]rune, len(data))
		for i, c := range data {
			runes[i] = rune(c)
		}
		return strings.NewReader(string(runes)), nil
	}
	return nil, fmt.Errorf("the character set %q is not supported", charset)
}

// element is an XML element as it was read.
type element struct {
	name  string
	attrs []xml.Attr
	kids  []*element
	text  strings.Builder
}

// xmlReader reads elements and counts what it has read.
type xmlReader struct {
	*xml.Decoder
	nodes int
}

func (r *xmlReader) element(start xml.StartElement, depth int) (*element, error) {
	if depth > maxXMLDepth {
		return nil, errors.New("it is nested too deeply")
	}
	if r.nodes += 1 + len(start.Attr); r.nodes > maxXMLNodes {
		return nil, fmt.Errorf("it has more than %d elements and attributes", maxXMLNodes)
	}
	e := &element{name: start.Name.Local, attrs: start.Attr}
	for {
		t, err := r.Token()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			kid, err := r.element(t, depth+1)
			if err != nil {
				return nil, err
			}
			e.kids = append(e.kids, kid)
		case xml.CharData:
			e.text.Write(t)
		case xml.EndElement:
			return e, nil
		}
	}
}

// value makes of an element what the schema describes.
func (e *element) value(s *schema.Schema) value {
	switch shapeOf(s) {
	case schema.TypeArray:
		out := definition.NewArray()
		for i, k := range e.kids {
			out.Kids = append(out.Kids, k.value(s.Item(i)))
		}
		return out
	case schema.TypeObject:
		return e.object(s)
	}
	if len(e.kids) > 0 && s.Possible()&schema.TypeObject != 0 {
		return e.object(s)
	}
	return s.FromText(strings.TrimSpace(e.text.String()))
}

func (e *element) object(s *schema.Schema) value {
	out := definition.NewObject()
	used := map[string]bool{}
	for _, name := range s.Members() {
		m := s.Member(name)
		n := namesOf(m)
		local := n.name
		if local == "" {
			local = name
		}
		switch {
		case n.attribute:
			for _, a := range e.attrs {
				if a.Name.Local == local {
					out.Kids = append(out.Kids, m.FromText(a.Value).With(name))
				}
			}
			continue
		case n.node == "text" || n.node == "cdata":
			out.Kids = append(out.Kids, m.FromText(strings.TrimSpace(e.text.String())).With(name))
			continue
		}
		if shapeOf(m) == schema.TypeArray {
			if list, ok := e.list(m, n, name, used); ok {
				out.Kids = append(out.Kids, list.With(name))
			}
			continue
		}
		for _, k := range e.kids {
			if k.name == local {
				used[k.name] = true
				out.Kids = append(out.Kids, k.value(m).With(name))
				break
			}
		}
	}
	for _, k := range e.kids {
		if !used[k.name] && !s.HasMember(k.name) {
			used[k.name] = true
			out.Kids = append(out.Kids, k.value(s.Member(k.name)).With(k.name))
		}
	}
	return out
}

// list reads a list of elements, wrapped or not.
func (e *element) list(s *schema.Schema, n xmlNames, name string, used map[string]bool) (value, bool) {
	out := definition.NewArray()
	item := s.Item(0)
	local := namesOf(item).name
	outer := n.name
	if outer == "" {
		outer = name
	}
	if n.wrapped || n.node == "element" {
		for _, k := range e.kids {
			if k.name == outer {
				used[k.name] = true
				for i, x := range k.kids {
					out.Kids = append(out.Kids, x.value(s.Item(i)))
				}
				return out, true
			}
		}
		return out, false
	}
	if local == "" {
		local = outer
	}
	for _, k := range e.kids {
		if k.name == local || k.name == name {
			used[k.name] = true
			out.Kids = append(out.Kids, k.value(s.Item(len(out.Kids))))
		}
	}
	return out, len(out.Kids) > 0
}
