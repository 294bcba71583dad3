package api

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/store"
)

func (a *API) searchRoutes() []route {
	return append([]route{{method: "POST", path: "/search", scope: access.View, handle: a.search}}, a.runRoutes()...)
}

const (
	searchRows     = 10
	maxSearchRows  = 25
	maxSearchTime  = 5 * time.Second
	maxSearchFound = 10_000
	maxSearchText  = 512 // characters
)

// elementTypes are what can be searched for. Of documents and flows there are
// none; mocks, folders and responses aren't in the contract.
var elementTypes = []string{
	"requests", "collections", "workspaces", "environments", "documents", "flows", "specs", "mocks", "folders", "responses",
}

// searchQuery is what is searched for.
type searchQuery struct {
	Q           *string         `json:"q"`
	ElementType string          `json:"elementType"`
	Ownership   *string         `json:"ownership"`
	Filters     json.RawMessage `json:"filters"`

	words   []string // of Q, in lower case
	filters []searchFilter
	limit   int
	from    int
}

// search finds what has all words of a text in its name, its description or its
// address; those whose name is like the text come first.
func (a *API) search(c *call) error {
	q, err := c.searchQuery()
	if err != nil {
		return err
	}
	s := &finder{call: c, query: q}
	if *q.Ownership != "external" {
		err = c.view(func(t *store.Tx) error {
			s.begin(a.cfg.Now().Add(maxSearchTime))
			return s.find(t)
		})
	}
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, s.answer())
}

func (s *finder) answer() object {
	slices.SortStableFunc(s.found, func(a, b hit) int {
		return cmp.Or(a.rank-b.rank, strings.Compare(a.name, b.name)) // what is made at once is in no order else
	})
	from := min(s.query.from, len(s.found))
	to := min(from+s.query.limit, len(s.found))
	rows := []object{}
	for _, h := range s.found[from:to] {
		rows = append(rows, h.row)
	}
	meta := object{"q": *s.query.Q, "total": len(s.found)}
	if to < len(s.found) {
		meta["nextCursor"] = base64.StdEncoding.EncodeToString([]byte(`{"from":` + strconv.Itoa(to) + `}`))
	}
	if s.partial {
		meta["partial"] = true
	}
	return object{"data": rows, "meta": meta}
}

func searchFault(detail string) *Failure {
	return problem(http.StatusBadRequest, "bad-request", "Bad Request", detail)
}

// searchQuery reads and checks what is searched for.
func (c *call) searchQuery() (*searchQuery, error) {
	q := &searchQuery{limit: searchRows}
	if err := c.decode(q); err != nil {
		return nil, err
	}
	if q.ElementType == "" {
		return nil, searchFault("body must have required property 'elementType'")
	}
	if !slices.Contains(elementTypes, q.ElementType) {
		return nil, searchFault("/elementType must be equal to one of the allowed values: " + strings.Join(elementTypes, ", "))
	}
	if q.Ownership == nil {
		q.Ownership = new("organization")
	}
	switch *q.Ownership {
	case "organization", "external", "all":
	default:
		return nil, searchFault("/ownership must be equal to one of the allowed values: organization, external, all")
	}
	if q.Q == nil {
		q.Q = new("")
	}
	if utf8.RuneCountInString(*q.Q) > maxSearchText {
		return nil, searchFault(fmt.Sprintf("/q must NOT have more than %d characters", maxSearchText))
	}
	q.words = strings.Fields(strings.ToLower(*q.Q))
	if err := q.readFilters(); err != nil {
		return nil, err
	}
	if err := q.readPage(c); err != nil {
		return nil, err
	}
	return q, nil
}

func (q *searchQuery) readPage(c *call) error {
	if text := c.query("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxSearchRows {
			return searchFault(fmt.Sprintf("querystring/limit must be a whole number from 1 to %d", maxSearchRows))
		}
		q.limit = n
	}
	text := c.query("cursor")
	if text == "" {
		text = c.query("nextCursor") // as Postman's own client sends it
	}
	if text == "" {
		return nil
	}
	var at struct{ From *int }
	plain, err := base64.StdEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(plain, &at) != nil || at.From == nil || *at.From < 0 {
		return searchFault("querystring/cursor is not valid")
	}
	q.from = *at.From
	return nil
}
