package api

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// searchFilter is one condition on what is found.
type searchFilter struct {
	field  string
	values []string // any of them; true and false for what is a boolean
	not    bool
}

// maxFilterValues bounds the values of all filters together.
const maxFilterValues = 10_000

// filterFields are what can be filtered by, and whether it is a boolean.
var filterFields = map[string]bool{
	"privateNetwork": true, "publisherIsVerified": true, "isGitConnected": true,
	"visibility": false, "workspaceId": false, "collectionId": false, "tags": false, "method": false, "requestId": false,
	"specificationId": false, "flowId": false, "documentId": false, "environmentId": false, "createdBy": false,
	"organizationId": false, "teamId": false, "type": false,
}

// readFilters reads {"$and": [{field: {operator: value}}]}.
func (q *searchQuery) readFilters() error {
	if len(q.Filters) == 0 || bytes.Equal(q.Filters, []byte("null")) {
		return nil
	}
	var body struct {
		And *[]map[string]map[string]json.RawMessage `json:"$and"`
	}
	if err := json.Unmarshal(q.Filters, &body); err != nil {
		return searchFault("/filters must be an object with a list $and of conditions, each {field: {operator: value}}")
	}
	if body.And == nil {
		return searchFault("/filters must have required property '$and'")
	}
	count := 0
	for _, condition := range *body.And {
		if len(condition) != 1 {
			return searchFault("/filters/$and: each condition must have exactly one field")
		}
		for field, operators := range condition {
			if _, ok := filterFields[field]; !ok {
				return searchFault("/filters/$and: there is no field " + field)
			}
			if len(operators) != 1 {
				return searchFault("/filters/$and: " + field + " must have exactly one operator")
			}
			for operator, value := range operators {
				f, err := readFilter(field, operator, value)
				if err != nil {
					return err
				}
				if count += len(f.values); count > maxFilterValues {
					return searchFault("/filters: there are too many values")
				}
				q.filters = append(q.filters, f)
			}
		}
	}
	return q.checkCombinations()
}

func readFilter(field, operator string, value json.RawMessage) (searchFilter, error) {
	f := searchFilter{field: field, not: operator == "$ne" || operator == "$nin"}
	several := operator == "$in" || operator == "$nin"
	oneOnly := filterFields[field] || field == "visibility"
	if operator != "$eq" && operator != "$ne" && (!several || oneOnly) {
		return f, searchFault("/filters/$and: " + field + " has no operator " + operator)
	}
	switch {
	case filterFields[field]:
		var on *bool
		if json.Unmarshal(value, &on) != nil || on == nil {
			return f, searchFault("/filters/$and: " + field + " must be boolean")
		}
		f.values = []string{map[bool]string{true: "true", false: "false"}[*on]}
	case several:
		var list []*string
		if json.Unmarshal(value, &list) != nil || list == nil || slices.Contains(list, nil) {
			return f, searchFault("/filters/$and: " + field + " " + operator + " must be a list of strings")
		}
		for _, s := range list {
			f.values = append(f.values, plainID(*s))
		}
	default:
		var text *string
		if json.Unmarshal(value, &text) != nil || text == nil {
			return f, searchFault("/filters/$and: " + field + " must be string")
		}
		f.values = []string{plainID(*text)}
	}
	if field == "visibility" && !slices.Contains([]string{"internal", "public", "partner"}, f.values[0]) {
		return f, searchFault("/filters/$and: visibility must be equal to one of the allowed values: internal, public, partner")
	}
	return f, nil
}

// checkCombinations refuses what can't be true at once.
func (q *searchQuery) checkCombinations() error {
	for _, f := range q.filters {
		if f.field == "visibility" && !f.not && f.values[0] == "internal" && *q.Ownership == "external" {
			return searchFault("ownership=external cannot be combined with visibility=internal")
		}
		if f.field == "privateNetwork" && f.not == (f.values[0] == "false") && *q.Ownership != "organization" {
			return searchFault("privateNetwork=true can only be used with ownership=organization")
		}
	}
	return nil
}

// traits are what filters see of an element, by field. A field that isn't
// there equals nothing.
type traits map[string][]string

// pass reports whether all filters let an element through.
func (q *searchQuery) pass(has traits) bool {
	for _, f := range q.filters {
		equal := slices.ContainsFunc(has[f.field], func(v string) bool {
			return slices.ContainsFunc(f.values, func(want string) bool { return strings.EqualFold(v, want) })
		})
		if equal == f.not {
			return false
		}
	}
	return true
}
