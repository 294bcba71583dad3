package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/store"
)

// responseBody is what creates and changes a server response; what is absent
// is nil.
type responseBody struct {
	Name       *string           `json:"name"`
	StatusCode *int              `json:"statusCode"`
	Headers    *[]responseHeader `json:"headers"`
	Language   *string           `json:"language"`
	Body       *string           `json:"body"`
}

type responseHeader struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func (c *call) responseBody() (*responseBody, error) {
	var body struct {
		ServerResponse *responseBody `json:"serverResponse"`
	}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if body.ServerResponse == nil {
		return nil, missing("serverResponse")
	}
	return body.ServerResponse, nil
}

// apply puts a body into a server response; what is absent is left as it is.
func (b *responseBody) apply(s *store.ServerResponse) error {
	if b.Name != nil {
		if *b.Name == "" || len(*b.Name) > maxName {
			return invalid("name", "The name has to have 1 to 1024 bytes.")
		}
		s.Name = *b.Name
	}
	if b.StatusCode != nil {
		if *b.StatusCode < 500 || *b.StatusCode > 599 {
			return invalid("statusCode", "A server response has a status of 500 to 599.")
		}
		s.Status = *b.StatusCode
	}
	if b.Headers != nil {
		for _, h := range *b.Headers {
			if h.Key == "" || strings.ContainsAny(h.Key, " \t\r\n:") || strings.ContainsAny(h.Value, "\r\n\x00") {
				return invalid("headers", "A header needs a key without spaces or colons, and a value without line breaks.")
			}
		}
		data, err := json.Marshal(*b.Headers)
		if err != nil {
			return err
		}
		s.Headers = data
	}
	if b.Language != nil {
		switch *b.Language {
		case "", "text", "javascript", "json", "html", "xml":
		default:
			return invalid("language", "The language has to be text, javascript, json, html or xml.")
		}
		s.Language = *b.Language
	}
	if b.Body != nil {
		if len(*b.Body) > 10<<20 {
			return invalid("body", "The body is larger than 10 MB.")
		}
		s.Body = *b.Body
	}
	return nil
}

func showResponse(s *store.ServerResponse) object {
	language := s.Language
	if language == "" {
		language = "text"
	}
	return object{
		"id": s.ID, "name": s.Name, "statusCode": s.Status, "headers": json.RawMessage(s.Headers), "language": language, "body": s.Body,
		"createdAt": isoTime(s.Created), "updatedAt": isoTime(s.Updated),
		"createdBy": strconv.FormatInt(s.CreatedBy, 10), "updatedBy": strconv.FormatInt(s.UpdatedBy, 10), "mock": s.Mock,
	}
}

// mockOfResponses reads the mock of a call's path; these operations have an
// error of their own where there is none.
func (c *call) mockOfResponses(t *store.Tx) (store.Mock, error) {
	m, err := c.readMock(t)
	var f *Failure
	if errors.As(err, &f) && f.Status == http.StatusNotFound {
		return m, &Failure{http.StatusNotFound, object{"error": object{
			"name": "mockNotFoundError", "header": "Unable to find mock", "message": "Please refresh and try again.",
		}}}
	}
	return m, err
}

func (c *call) readResponse(t *store.Tx) (s store.ServerResponse, m store.Mock, err error) {
	if m, err = c.mockOfResponses(t); err != nil {
		return s, m, err
	}
	s, err = t.ServerResponse(m.ID, c.id("serverResponseId"))
	if errors.Is(err, store.ErrNotFound) {
		err = &Failure{http.StatusNotFound, object{"error": object{
			"name": "serverResponseNotFoundError", "header": "Unable to find mock server response",
			"message": "We could not find the mock server response you are looking for.",
		}}}
	}
	return s, m, err
}

// serverResponses lists them without headers and bodies.
func (a *API) serverResponses(c *call) error {
	views := []object{}
	err := c.view(func(t *store.Tx) error {
		m, err := c.mockOfResponses(t)
		if err != nil {
			return err
		}
		list, err := t.ServerResponses(m.ID)
		for i := range list {
			v := showResponse(&list[i])
			for _, name := range [...]string{"headers", "language", "body", "mock"} {
				delete(v, name)
			}
			views = append(views, v)
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, views)
}

func (a *API) serverResponse(c *call) error {
	var s store.ServerResponse
	err := c.view(func(t *store.Tx) (err error) {
		s, _, err = c.readResponse(t)
		return err
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, showResponse(&s))
}

func (a *API) createServerResponse(c *call) error {
	b, err := c.responseBody()
	if err != nil {
		return err
	}
	switch {
	case b.Name == nil:
		return missing("name")
	case b.StatusCode == nil:
		return missing("statusCode")
	}
	s := store.ServerResponse{ID: store.NewID(), Headers: []byte("[]")}
	if err := b.apply(&s); err != nil {
		return err
	}
	err = c.update(func(t *store.Tx) error {
		m, err := c.mockOfResponses(t)
		if err != nil {
			return err
		}
		if err := owned(m.File); err != nil {
			return err
		}
		s.Mock = m.ID
		return t.CreateServerResponse(&s)
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, showResponse(&s))
}

func (a *API) updateServerResponse(c *call) error {
	b, err := c.responseBody()
	if err != nil {
		return err
	}
	if *b == (responseBody{}) {
		return missing("name", "statusCode", "headers", "language", "body")
	}
	var s store.ServerResponse
	err = c.update(func(t *store.Tx) error {
		var m store.Mock
		if s, m, err = c.readResponse(t); err != nil {
			return err
		}
		if err := owned(m.File); err != nil {
			return err
		}
		if err := b.apply(&s); err != nil {
			return err
		}
		return t.UpdateServerResponse(&s)
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, showResponse(&s))
}

func (a *API) deleteServerResponse(c *call) error {
	var s store.ServerResponse
	err := c.update(func(t *store.Tx) error {
		found, m, err := c.readResponse(t)
		if err != nil {
			return err
		}
		if err := owned(m.File); err != nil {
			return err
		}
		s = found
		return t.DeleteServerResponse(m.ID, s.ID)
	})
	if err != nil {
		return err
	}
	v := showResponse(&s)
	delete(v, "mock")
	return c.json(http.StatusOK, v)
}
