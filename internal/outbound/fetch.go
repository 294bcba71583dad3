package outbound

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// fetchTimeout bounds getting one document, redirects and body included.
const fetchTimeout = 10 * time.Second

// Fetch gets the document at an http or https URL. It refuses one of more than
// limit bytes, counted after decompression. Errors name the URL without
// credentials, query and fragment; one for an address that must not be called
// is a *[Refusal] (errors.As).
func (c *Caller) Fetch(ctx context.Context, rawURL string, limit int64) ([]byte, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, errors.New("the URL can't be read: give an http or https URL") // the cause quotes it
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, fmt.Errorf("%s can't be fetched: give an http or https URL", shown(u))
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("%s can't be fetched: give an http or https URL", shown(u))
	}
	req.Header.Set("User-Agent", "mimus")
	req.Header.Set("Accept", "application/json, application/yaml;q=0.9, */*;q=0.5")
	res, err := c.Client(fetchTimeout).Do(req) // its transport asks for gzip and undoes it
	if err != nil {
		return nil, &fetchError{shown(u), err}
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s can't be fetched: the server answers %d %s", shown(u), res.StatusCode, http.StatusText(res.StatusCode))
	}
	if res.ContentLength > limit {
		return nil, tooLarge(u, limit)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err != nil {
		return nil, &fetchError{shown(u), err}
	}
	if int64(len(body)) > limit {
		return nil, tooLarge(u, limit)
	}
	return body, nil
}

func tooLarge(u *url.URL, limit int64) error {
	return fmt.Errorf("%s can't be fetched: it has more than the %d bytes that are allowed", shown(u), limit)
}

// shown is a URL without what may be secret.
func shown(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}

// fetchError keeps the cause for errors.As but not its text, which quotes the
// URL.
type fetchError struct {
	url   string
	cause error
}

func (e *fetchError) Error() string {
	return fmt.Sprintf("%s can't be fetched: %s", e.url, reason(e.cause))
}

func (e *fetchError) Unwrap() error { return e.cause }
