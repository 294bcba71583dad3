package hosting

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/outbound"
)

// maxUpstream bounds the answer of an upstream, in bytes.
const maxUpstream = 10 << 20

// upstream asks the API at a URL.
func (m *Mocks) upstream(base string) func(engine.Forward) (engine.Forwarded, error) {
	base = strings.TrimSuffix(base, "/")
	return func(f engine.Forward) (engine.Forwarded, error) {
		url := base + f.Path
		if f.RawQuery != "" {
			url += "?" + f.RawQuery
		}
		req, err := http.NewRequestWithContext(f.Context, f.Method, url, bytes.NewReader(f.Body))
		if err != nil {
			return engine.Forwarded{}, err
		}
		req.Header = f.Header.Clone()
		outbound.Strip(req.Header)
		req.Header.Del("Accept-Encoding") // the transport asks for what it can read
		res, err := m.cfg.Client.Do(req)
		if err != nil {
			return engine.Forwarded{}, err
		}
		defer func() { _ = res.Body.Close() }()
		body, err := io.ReadAll(io.LimitReader(res.Body, maxUpstream+1))
		if err != nil {
			return engine.Forwarded{}, err
		}
		if len(body) > maxUpstream {
			return engine.Forwarded{}, fmt.Errorf("its answer is larger than %d MB", maxUpstream>>20)
		}
		outbound.Strip(res.Header)
		res.Header.Del("Content-Length")
		for name := range res.Header {
			if strings.HasPrefix(name, "Access-Control-") {
				res.Header.Del(name) // the mock has its own
			}
		}
		return engine.Forwarded{Status: res.StatusCode, Header: res.Header, Body: body}, nil
	}
}
