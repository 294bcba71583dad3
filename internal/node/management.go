package node

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/mimus-dev/mimus/internal/tracing"
)

// managementMeter counts the calls of the management API.
type managementMeter struct {
	total *prometheus.CounterVec
	took  *prometheus.HistogramVec
}

func newManagementMeter() *managementMeter {
	return &managementMeter{
		total: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "mimus_management_requests_total", Help: "Calls of the management API, by the template of their path.",
		}, []string{"route", "method", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "mimus_management_duration_seconds", Help: "How long answers of the management API took.",
			Buckets: []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route", "method"}),
	}
}

// observe counts a call, and names its span. What has no route is one series,
// whatever was asked for.
func (m *managementMeter) observe(r *http.Request, route string, status int, took time.Duration) {
	method := "other"
	switch r.Method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		method = r.Method
	}
	if route == "" {
		route = "none"
	} else {
		route = apiPrefix + route
		tracing.Routed(r.Context(), route)
	}
	code := "none"
	if status > 0 {
		code = strconv.Itoa(status)
	}
	m.total.WithLabelValues(route, method, code).Inc()
	m.took.WithLabelValues(route, method).Observe(took.Seconds())
}
