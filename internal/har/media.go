package har

import (
	"mime"
	"strings"
)

// plainMedia is a media type in lower case without its parameters.
func plainMedia(media string) string {
	media, _, _ = strings.Cut(media, ";")
	return strings.ToLower(strings.TrimSpace(media))
}

func jsonMedia(media string) bool {
	media = plainMedia(media)
	return media == "application/json" || media == "text/json" || strings.HasSuffix(media, "+json")
}

// boundaryOf is the boundary of a multipart media type, "" where it has none.
func boundaryOf(media string) string {
	_, params, _ := mime.ParseMediaType(media)
	return params["boundary"]
}

// disposition gives the names of a part of a multipart form by its header.
func disposition(header string) (name, file string) {
	for line := range strings.Lines(header) {
		key, value, _ := strings.Cut(line, ":")
		if !strings.EqualFold(strings.TrimSpace(key), "Content-Disposition") {
			continue
		}
		if _, params, err := mime.ParseMediaType(strings.TrimSpace(value)); err == nil {
			return params["name"], params["filename"]
		}
	}
	return "", ""
}

// inUTF8 gives a media type that says that the text is UTF-8: a recording has
// its texts decoded, whatever they came in.
func inUTF8(media string) string {
	start, _, _ := strings.Cut(media, ";")
	at := strings.Index(strings.ToLower(media), "charset=")
	if at < len(start) || at < 0 {
		return media
	}
	end := strings.IndexByte(media[at:], ';')
	if end < 0 {
		return media[:at] + "charset=utf-8"
	}
	return media[:at] + "charset=utf-8" + media[at+end:]
}
