package hosting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/store"
)

// serve answers a call.
func (b *built) serve(w http.ResponseWriter, r *http.Request, prefix string, now time.Time) {
	secret := access.Take(r.Header)
	if secret != "" {
		b.owner.cfg.Clear.Key(r, now)
	}
	preflight := r.Method == http.MethodOptions && r.Header["Access-Control-Request-Method"] != nil
	if b.row.Private && !preflight && !b.admits(secret) {
		if b.owner.cfg.Keys.Unsure(secret) {
			w.Header().Set("Retry-After", retryAfter)
			b.refuse(w, r, prefix, http.StatusServiceUnavailable, "mockUnavailableError", "The mock is not ready",
				"The store of the server can't be reached at the moment, so this key can't be looked up; try again in a few seconds.")
			return
		}
		b.refuse(w, r, prefix, http.StatusUnauthorized, "invalidCredentialsError", "Invalid credentials",
			"This mock server is private: send a key that may call it in the header x-api-key.")
		return
	}
	if b.gone != "" {
		b.refuse(w, r, prefix, http.StatusForbidden, "mockDeactivatedError", "Mock server deactivated",
			"The "+b.gone+" of this mock server was deleted. Give it another one, or delete it.")
		return
	}
	if b.limiter != nil && !preflight {
		if over := b.limit(w, now); over != "" {
			b.refuse(w, r, prefix, http.StatusTooManyRequests, "rateLimitError", "Rate limit exceeded", over)
			return
		}
	}
	if b.kept {
		calls.CaptureBody(r, b.keep.Bodies)
	}
	b.handler.ServeAt(w, r, prefix)
}

// admits reports whether a key may call this mock.
func (b *built) admits(secret string) bool {
	if secret == "" {
		return false
	}
	who, ok := b.owner.cfg.Keys.Find(secret)
	return ok && who.Scope >= access.Call &&
		(who.Workspace == "" || who.Workspace == b.row.Workspace) && (who.Mock == "" || who.Mock == b.row.ID)
}

// refuse answers a call that is not let in, and keeps it in the log.
func (b *built) refuse(w http.ResponseWriter, r *http.Request, prefix string, status int, name, header, message string) {
	req := engine.Request{Method: r.Method, Path: strings.TrimPrefix(r.URL.EscapedPath(), prefix), RawQuery: r.URL.RawQuery}
	res := engine.Response{Status: status, Responder: "access", Mistake: message}
	if count := b.owner.cfg.Count; count != nil {
		count(&res, 0)
	}
	if answered := b.owner.cfg.Answered; answered != nil {
		answered(r.Context(), b.row.ID, &req, &res)
	}
	if log := b.owner.cfg.Calls; b.kept && log != nil {
		log.Add(calls.Of(b.row.ID, calls.Keep{Redact: b.keep.Redact}, r, &req, &res, 0, b.owner.cfg.Now()))
	}
	refuse(w, status, name, header, message)
}

// limit counts a call against the rate limit and tells where it stands; of one
// that is over it, it says so.
func (b *built) limit(w http.ResponseWriter, now time.Time) (over string) {
	l := b.settings.RateLimit
	allowed := b.limiter.AllowN(now, 1)
	left := max(0, int(b.limiter.TokensAt(now)))
	reset := 0
	if missing := float64(b.limiter.Burst()) - b.limiter.TokensAt(now); missing > 0 {
		reset = int(math.Ceil(missing / float64(b.limiter.Limit())))
	}
	h := w.Header()
	window := int(l.Per.Seconds())
	h.Set("RateLimit-Policy", fmt.Sprintf(`"default";q=%d;w=%d`, l.Requests, window))
	h.Set("RateLimit", fmt.Sprintf(`"default";r=%d;t=%d`, left, reset))
	h.Set("RateLimit-Limit", strconv.Itoa(l.Requests))
	h.Set("RateLimit-Remaining", strconv.Itoa(left))
	h.Set("RateLimit-Reset", strconv.Itoa(reset))
	if allowed {
		return ""
	}
	wait := int(math.Ceil((1 - b.limiter.TokensAt(now)) / float64(b.limiter.Limit())))
	h.Set("Retry-After", strconv.Itoa(max(wait, 1)))
	return fmt.Sprintf("This mock server takes %d calls in %s; try again in %d s.", l.Requests, l.Per, max(wait, 1))
}

// before hands a call over to the log, before its answer is written: who has
// the answer finds the call.
func (b *built) before(r *http.Request, req *engine.Request, res *engine.Response, took time.Duration) {
	if res.Fault != "" {
		b.owner.cfg.Log.Error("a fault was contained", slog.String("mock", b.row.ID), slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.String("fault", res.Fault))
	}
	if count := b.owner.cfg.Count; count != nil {
		count(res, took)
	}
	if answered := b.owner.cfg.Answered; answered != nil {
		answered(r.Context(), b.row.ID, req, res)
	}
	if log := b.owner.cfg.Calls; b.kept && log != nil {
		log.Add(calls.Of(b.row.ID, b.keep, r, req, res, took, b.owner.cfg.Now()))
	}
}

// refuse answers before a definition was chosen, in Postman's shape.
func refuse(w http.ResponseWriter, status int, name, header, message string) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Content-Security-Policy", sandbox)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]string{"name": name, "header": header, "message": message}})
}

// sandbox takes an answer's rights on the origin of the management away.
const sandbox = "sandbox allow-scripts allow-forms"

func unknown(w http.ResponseWriter) {
	refuse(w, http.StatusNotFound, "mockNotFoundError", "Unable to find mock", "There is no mock server at this address; GET /_mimus/api/mocks lists those that there are.")
}

// retryAfter is when to call again while the store is out of reach, in seconds.
const retryAfter = "5"

// unavailable answers for a mock that can't be built.
func (m *Mocks) unavailable(w http.ResponseWriter, err error) {
	var unusable *UnusableError
	switch {
	case errors.Is(err, store.ErrNotFound):
		unknown(w)
	case errors.As(err, &unusable):
		refuse(w, http.StatusInternalServerError, "mockUnusableError", "The mock can't be made", "What the mock server is made of can't be served: "+err.Error())
	default:
		if !errors.Is(err, store.ErrUnavailable) && !errors.Is(err, context.Canceled) { // that is told once, not with each call
			m.cfg.Log.Error("a mock could not be built", slog.String("error", err.Error()))
		}
		w.Header().Set("Retry-After", retryAfter)
		refuse(w, http.StatusServiceUnavailable, "mockUnavailableError", "The mock is not ready", "The store of the server can't be reached at the moment; try again in a few seconds.")
	}
}
