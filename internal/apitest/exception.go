package apitest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// What Postman's own client asks for and the description lacks.
var undescribed = []string{"/collectionruns", "/context"}

// Statuses that every operation may answer with: the description forgets 401
// and 400 for some; the others belong to what it doesn't know: keys with a
// scope (403), what a file on disk owns (409), conditions (412), limits (411,
// 413, 429), bodies of another type (415), what isn't offered (501).
var everywhere = []int{
	http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden,
	http.StatusConflict, http.StatusLengthRequired, http.StatusPreconditionFailed,
	http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
	http.StatusTooManyRequests, http.StatusNotImplemented,
}

// Operations whose "not found" is declared as 400: there 404 is a violation.
var notFoundIs400 = []string{
	"getCollection", "getEnvironment", "deleteWorkspace", "createCollectionFolder", "createCollectionResponse",
}

// Operations whose body is a document of the user, not an answer about one.
var rawBodies = []string{"getSpecDefinition"}

func excepted(op *operation, status int) bool {
	if status == http.StatusNotFound {
		return !slices.Contains(notFoundIs400, op.ID)
	}
	return slices.Contains(everywhere, status)
}

// oddity reports whether a breach of a schema is one of the schema's own
// faults: headers of a call log are declared as one object where examples have
// a list, and the types of specs end at OpenAPI 3.1.
func oddity(operation string, path []string, keyword string, body *value) bool {
	if operation == "getMockCallLogs" && len(path) >= 4 && path[0] == "call-logs" && path[3] == "headers" {
		return true
	}
	return keyword == "enum" && len(path) > 0 && path[len(path)-1] == "type" && at(body, path).Str() == "OPENAPI:3.2"
}

// at gives the value at a place, nil where there is none.
func at(v *value, path []string) *value {
	for _, step := range path {
		if v.Is(definition.Array) {
			i := 0
			for _, c := range step {
				i = i*10 + int(c-'0')
			}
			if i < 0 || i >= v.Len() {
				return nil
			}
			v = &v.Kids[i]
			continue
		}
		v = v.Get(step)
	}
	return v
}

// userData are the places of examples whose content a user wrote: what is
// below isn't compared, and it may be missing.
var userData = map[string][]string{
	"getCollection": {
		"/collection/item", "/collection/variable", "/collection/auth", "/collection/event", "/collection/events",
		"/collection/protocolProfileBehavior", "/collection/info/description", "/collection/info/fork",
	},
	"getEnvironment":                 {"/environment/values"},
	"patchEnvironment":               {"/environment/values"},
	"patchCollection":                {"/collection/description"},
	"getWorkspaceGlobalVariables":    {"/values"},
	"updateWorkspaceGlobalVariables": {"/values"},
	"createCollectionRequest":        {"/data/method", "/data/headers", "/data/dataMode", "/data/url", "/data/description", "/data/queryParams", "/data/headerData", "/data/rawModeData", "/data/dataOptions"},
	"updateCollectionRequest":        {"/data/dataOptions", "/data/auth"},
	"getCollectionRequest":           {"/data/auth", "/data/dataOptions", "/data/tests", "/data/queryParams/0", "/data/headerData/0", "/data/pathVariables"},
	"getCollectionResponse":          {"/data/headers/0"},
	"updateCollectionResponse":       {"/data/headers/0"},
	"createCollectionFolder":         {"/data/description"},
	"getCollectionFolder":            {"/data/auth", "/data/description"},
	"updateCollectionFolder":         {"/data/auth", "/data/description"},
	"getMocks":                       {"/mocks/0/environment", "/mocks/0/config/delay", "/mocks/0/config/serverResponseId"},
	"getMock":                        {"/mock/environment", "/mock/config/delay"},
	"createMock":                     {"/mock/environment", "/mock/config/delay"},
	"updateMock":                     {"/mock/environment", "/mock/config/delay"},
	"searchPostmanResources":         {"/data/0/description", "/data/0/links/web", "/data/0/method", "/data/0/url", "/data/0/collection", "/meta/nextCursor"},
	"createMockServerResponse":       {"/headers"},
	"updateMockServerResponse":       {"/headers"},
	"getMockServerResponse":          {"/headers"},
	"deleteMockServerResponse":       {"/headers"},
	"getAuthenticatedUser":           {"/operations"},
}

func isUserData(operation, pointer string) bool {
	for _, p := range userData[operation] {
		if pointer == p || strings.HasPrefix(pointer, p+"/") {
			return true
		}
	}
	return false
}
