package node

// count is on the hot path.

import (
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/engine"
)

// meter counts the calls of mocks, and tells all figures of a node.
type meter struct {
	reg        *prometheus.Registry
	handler    http.Handler
	total      [6][2]prometheus.Counter // by the class of the status, and by whether something declared answered
	took       prometheus.Histogram
	management *managementMeter
}

func newMeter(n *Node) *meter {
	m := &meter{
		reg: prometheus.NewRegistry(),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "mimus_call_duration_seconds", Help: "How long answers took, delays included.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .1, .25, 1, 5},
		}),
		management: newManagementMeter(),
	}
	total := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "mimus_calls_total", Help: "Calls of mock servers, by the class of the status and by whether something declared answered.",
	}, []string{"status", "type"})
	for class := 1; class < len(m.total); class++ { // all from the start: a rate needs a zero to rise from
		status := strconv.Itoa(class) + "xx"
		m.total[class] = [2]prometheus.Counter{total.WithLabelValues(status, calls.Success), total.WithLabelValues(status, calls.Error)}
	}
	m.reg.MustRegister(total, m.took, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		newLogMeter(n.calls.Stats), n.writes, m.management.total, m.management.took, newHealthMeter(n.readiness), buildInfo(n.cfg.Version),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mimus_mocks", Help: "Mock servers that there are.",
		}, func() float64 { return float64(n.mocks.Len()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mimus_mocks_compiled", Help: "Mock servers that are compiled, because they were called lately.",
		}, func() float64 { return float64(n.mocks.Compiled()) }))
	m.handler = promhttp.HandlerFor(m.reg, promhttp.HandlerOpts{})
	return m
}

// buildInfo is always 1; its labels tell what runs.
func buildInfo(version string) prometheus.Collector {
	g := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "mimus_build_info", Help: "What runs: always 1, with the versions of mimus and of Go.",
		ConstLabels: prometheus.Labels{"version": version, "goversion": runtime.Version()},
	})
	g.Set(1)
	return g
}

// count counts an answer, whether its call is kept or not.
func (m *meter) count(res *engine.Response, took time.Duration) {
	class, kind := res.Status/100, 0
	if class < 1 || class >= len(m.total) {
		class = 5
	}
	if res.Mistake != "" {
		kind = 1
	}
	m.total[class][kind].Inc()
	m.took.Observe((took + res.Delay).Seconds())
}
