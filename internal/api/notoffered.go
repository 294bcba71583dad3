package api

import (
	"net/http"
	"strings"

	"github.com/mimus-dev/mimus/internal/access"
)

// absence is a part of Postman's API that isn't offered.
type absence struct {
	subject    string // with its verb: "Monitors are"
	why        string
	operations []string // "METHOD /path"
}

// notOffered answers what isn't offered with 501, so that a client learns that
// it is this server that lacks it, not its own path that is wrong.
func (a *API) notOffered() []route {
	var routes []route
	for i := range absences {
		for _, operation := range absences[i].operations {
			method, path, _ := strings.Cut(operation, " ")
			routes = append(routes, route{method: method, path: path, scope: access.None, handle: absences[i].handle})
		}
	}
	return routes
}

func (b *absence) handle(*call) error {
	return problem(http.StatusNotImplemented, "not-implemented", "Not Implemented", b.subject+" not offered by Mimus: "+b.why+".")
}
