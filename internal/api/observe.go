package api

import (
	"net/http"
	"time"
)

// observe has the status of a call noted; what it gives tells of the call, when
// it has been answered.
func (a *API) observe(c *call) (done func()) {
	if a.cfg.Observe == nil {
		return func() {}
	}
	noted := &notedWriter{ResponseWriter: c.w, start: time.Now()}
	c.w = noted
	return func() {
		route, took := "", noted.begun
		if c.route != nil {
			route = c.route.path
		}
		if took == 0 {
			took = time.Since(noted.start)
		}
		a.cfg.Observe(c.Request, route, noted.status, took)
	}
}

// notedWriter notes the status of an answer, and when a stream began: it lasts
// as long as its reader likes.
type notedWriter struct {
	http.ResponseWriter
	start  time.Time
	status int           // 0: none was sent
	begun  time.Duration // of a stream: how long it took to its first item
}

// WriteHeader notes the status.
func (w *notedWriter) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write sends a part of the answer.
func (w *notedWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Flush sends what was written.
func (w *notedWriter) Flush() { _ = w.FlushError() }

// FlushError sends what was written, and tells where it can't.
func (w *notedWriter) FlushError() error {
	if w.begun == 0 {
		w.begun = time.Since(w.start)
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap gives the writer below, for http.ResponseController.
func (w *notedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
