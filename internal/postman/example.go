package postman

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// StatusCode is the status that the saved response is sent with, from 200 to
// 599: its code, else that of its status text. It is 0 where there is none.
func (e *Example) StatusCode() int {
	code, _ := e.status()
	return code
}

// status gives the status code of a saved response, 0 with the reason where it
// has none that can be sent.
func (e *Example) status() (code int, why string) {
	switch {
	case e.Code >= 200 && e.Code <= 599:
		return e.Code, ""
	case e.Code != 0:
		return 0, fmt.Sprintf("the status %d", e.Code)
	}
	text := strings.TrimSpace(e.Status)
	if first, _, _ := strings.Cut(text, " "); len(first) == 3 {
		if n, ok := number(first); ok && n >= 200 && n <= 599 {
			return n, ""
		}
	}
	for n := 200; n < 600; n++ {
		if t := http.StatusText(n); t != "" && strings.EqualFold(t, text) {
			return n, ""
		}
	}
	if text == "" {
		return 0, "no status"
	}
	return 0, fmt.Sprintf("the status %q, which is no HTTP status", text)
}

// Binary gives the bytes of the stream that stands in the place of a body: a
// Buffer of Node as JSON has it, or base64. The error tells what is wrong with
// it.
func (e *Example) Binary() ([]byte, error) {
	data := e.Stream
	if data.Is(definition.Object) {
		data = data.Get("data")
	}
	if !data.Is(definition.Array) {
		out, err := base64.StdEncoding.DecodeString(data.Str())
		if err != nil {
			return nil, fmt.Errorf("the binary body is no base64: %w", err)
		}
		return out, nil
	}
	out := make([]byte, 0, len(data.Kids))
	for i := range data.Kids {
		n, ok := data.Kids[i].Int()
		if !ok || n < 0 || n > 255 {
			return nil, fmt.Errorf("entry %d of the binary body is no byte", i+1)
		}
		out = append(out, byte(n))
	}
	return out, nil
}

// LanguageMedia gives the media type of a raw body's language, which is also
// how a saved response without Content-Type is shown; "" for one that is not
// known.
func LanguageMedia(language string) string {
	switch language {
	case "json":
		return "application/json"
	case "xml":
		return "application/xml"
	case "html":
		return "text/html"
	case "javascript":
		return "application/javascript"
	case "text":
		return "text/plain"
	default:
		return ""
	}
}
