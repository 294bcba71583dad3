package har

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// Bytes gives the body: what is in base64 is decoded, be it broken into lines,
// without padding or of the alphabet for URLs. Where it can't be decoded the
// bytes are those of the text, and the error says why. A nil content is empty.
func (c *Content) Bytes() ([]byte, error) {
	if c == nil {
		return nil, nil
	}
	switch encoding := strings.ToLower(strings.TrimSpace(c.Encoding)); encoding {
	case "", "utf-8", "utf8", "identity", "text":
		return []byte(c.Text), nil
	case "base64":
		data, err := decodeBase64(c.Text)
		if err != nil {
			return []byte(c.Text), fmt.Errorf("the content says that it is base64 and is not: %w", err)
		}
		return data, nil
	default:
		return []byte(c.Text), fmt.Errorf("the content's encoding %q is not known", short(encoding))
	}
}

// encoded reports whether the text is something other than the body itself.
func (c *Content) encoded() bool {
	return c != nil && strings.EqualFold(strings.TrimSpace(c.Encoding), "base64")
}

// set puts a body in the place of the content's, in the same encoding.
func (c *Content) set(body []byte) {
	c.Text = string(body)
	if c.encoded() {
		c.Text = base64.StdEncoding.EncodeToString(body)
	}
	if c.Size > 0 {
		c.Size = len(body)
	}
}

func decodeBase64(text string) ([]byte, error) {
	if data, err := base64.StdEncoding.DecodeString(text); err == nil { // which ignores line ends
		return data, nil
	}
	plain := strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\r', '\n':
			return -1
		case '-':
			return '+'
		case '_':
			return '/'
		}
		return r
	}, text)
	return base64.RawStdEncoding.DecodeString(strings.TrimRight(plain, "="))
}

// encoding is what a few recorders say of a request's body, which the format
// has no member for.
func (p *PostData) encoding() string {
	for i := range p.Extra {
		if k := p.Extra[i].Key; k == "encoding" || k == "_encoding" {
			return p.Extra[i].Str()
		}
	}
	return ""
}

// Bytes gives the body of a request as its text has it, decoded where an
// "encoding" beside it says base64. A form that has fields only gives none.
func (p *PostData) Bytes() []byte {
	if p == nil {
		return nil
	}
	if strings.EqualFold(p.encoding(), "base64") {
		if data, err := decodeBase64(p.Text); err == nil {
			return data
		}
	}
	return []byte(p.Text)
}
