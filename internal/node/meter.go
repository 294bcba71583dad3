package node

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/mimus-dev/mimus/internal/calls"
)

// meter counts the calls that go to the log.
type meter struct {
	calls.Log
	handler http.Handler
	total   *prometheus.CounterVec
	took    prometheus.Histogram
}

func newMeter(n *Node) *meter {
	reg := prometheus.NewRegistry()
	m := &meter{
		Log: n.calls,
		total: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "mimus_calls_total", Help: "Calls of mock servers, by the class of the status and by whether something declared answered.",
		}, []string{"status", "type"}),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "mimus_call_duration_seconds", Help: "How long answers took, delays included.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .1, .25, 1, 5},
		}),
	}
	reg.MustRegister(m.total, m.took, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		newLogMeter(n.calls.Stats), n.writes,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mimus_mocks", Help: "Mock servers that there are.",
		}, func() float64 { return float64(n.mocks.Len()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mimus_mocks_compiled", Help: "Mock servers that are compiled, because they were called lately.",
		}, func() float64 { return float64(n.mocks.Compiled()) }))
	m.handler = promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
	return m
}

// Add counts a call and hands it on.
func (m *meter) Add(c *calls.Record) {
	m.total.WithLabelValues(strconv.Itoa(c.Status/100)+"xx", c.Type).Inc()
	m.took.Observe(c.Took.Seconds())
	m.Log.Add(c)
}

// readyTime bounds the question whether the store answers.
const readyTime = 2 * time.Second

// ready tells whether the node can do its work, and why not.
func (n *Node) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	status, answer := http.StatusOK, map[string]any{"ready": true, "mocks": n.mocks.Len(), "callsLost": n.calls.Stats().Lost}
	if _, err := n.store.Seq(ctx); err != nil {
		status = http.StatusServiceUnavailable
		answer["ready"], answer["reason"] = false, "the store can't be reached: "+err.Error()
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}
