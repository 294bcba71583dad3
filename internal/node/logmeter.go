package node

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/mimus-dev/mimus/internal/calls"
)

// logMeter tells how the log of calls is.
type logMeter struct {
	stats func() calls.Stats
	parts []logFigure
}

type logFigure struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
	of   func(calls.Stats) int64
}

func newLogMeter(stats func() calls.Stats) *logMeter {
	m := &logMeter{stats: stats}
	add := func(name, help string, kind prometheus.ValueType, of func(calls.Stats) int64) {
		m.parts = append(m.parts, logFigure{prometheus.NewDesc(name, help, nil, nil), kind, of})
	}
	add("mimus_calls_stored_total", "Calls that were kept in the log.", prometheus.CounterValue, func(s calls.Stats) int64 { return s.Stored })
	add("mimus_calls_lost_total", "Calls that could not be kept in the log.", prometheus.CounterValue, func(s calls.Stats) int64 { return s.Lost })
	add("mimus_calls_waiting", "Calls in memory that are to be stored.", prometheus.GaugeValue, func(s calls.Stats) int64 { return s.Waiting })
	add("mimus_calls_spooled", "Calls on disk that are to be stored.", prometheus.GaugeValue, func(s calls.Stats) int64 { return s.Spooled })
	add("mimus_spool_bytes", "What the calls on disk take.", prometheus.GaugeValue, func(s calls.Stats) int64 { return s.SpoolBytes })
	add("mimus_spool_limit_bytes", "What the calls on disk may take.", prometheus.GaugeValue, func(s calls.Stats) int64 { return s.SpoolLimit })
	return m
}

// Describe tells the names.
func (m *logMeter) Describe(c chan<- *prometheus.Desc) {
	for _, p := range m.parts {
		c <- p.desc
	}
}

// Collect tells the figures.
func (m *logMeter) Collect(c chan<- prometheus.Metric) {
	s := m.stats()
	for _, p := range m.parts {
		c <- prometheus.MustNewConstMetric(p.desc, p.kind, float64(p.of(s)))
	}
}

// newWriteMeter is the time of writes to the store.
func newWriteMeter() prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "mimus_store_write_seconds", Help: "How long a batch of calls took to be stored.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
	})
}
