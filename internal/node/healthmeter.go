package node

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"
)

// healthMeter tells whether the node can do its work; it looks once for each
// reading of the metrics.
type healthMeter struct {
	look                   func(context.Context) readiness
	ready, storeUp, behind *prometheus.Desc
}

func newHealthMeter(look func(context.Context) readiness) *healthMeter {
	desc := func(name, help string) *prometheus.Desc { return prometheus.NewDesc(name, help, nil, nil) }
	return &healthMeter{
		look:    look,
		ready:   desc("mimus_ready", "1 where the node can do its work, else 0; /_mimus/ready says why."),
		storeUp: desc("mimus_store_up", "1 where the store answers, else 0."),
		behind:  desc("mimus_changes_behind_seconds", "How long ago the node last knew that it had seen all changes of other nodes."),
	}
}

// Describe tells the names.
func (m *healthMeter) Describe(c chan<- *prometheus.Desc) {
	c <- m.ready
	c <- m.storeUp
	c <- m.behind
}

// Collect tells the figures.
func (m *healthMeter) Collect(c chan<- prometheus.Metric) {
	r := m.look(context.Background()) // it bounds itself
	gauge := func(d *prometheus.Desc, v float64) { c <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v) }
	gauge(m.ready, oneIf(r.Ready))
	gauge(m.storeUp, oneIf(r.Checks.Store.OK))
	gauge(m.behind, r.Checks.Changes.Behind)
}

func oneIf(ok bool) float64 {
	if ok {
		return 1
	}
	return 0
}
