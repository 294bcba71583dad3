// Package api is the management API: the paths, bodies and errors of Postman's
// where Postman has one, and what mimus adds. Its handlers decode, act on the
// store and encode.
package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/hosting"
	"github.com/mimus-dev/mimus/internal/store"
)

// Config is what the API works on.
type Config struct {
	Store *store.Store
	Keys  *access.Keys
	Mocks *hosting.Mocks
	Calls calls.Log
	// Explain tells how a mock that files own would answer; false: it is not one.
	// May be nil.
	Explain func(mock string, req *engine.Request) (engine.Explanation, bool)
	// Ending is closed when the server ends: streams end, too. May be nil.
	Ending <-chan struct{}
	// CallsAge is how long calls are kept; 0: 30 days.
	CallsAge time.Duration
	// NoCalls says that no calls of any mock are kept.
	NoCalls bool
	// NeedKey refuses what comes without a key, from this machine too.
	NeedKey bool
	Version string
	Clear   *access.Clear // is told of keys; may be nil
	Log     *slog.Logger
	Now     func() time.Time
	// Fetch gets a document from a URL, within the rules for calls to the outside.
	Fetch func(ctx context.Context, url string) ([]byte, error)
	// Observe is told of each call that was answered; may be nil. The route is
	// a path template below the API's prefix, "" where there is none; the status
	// is 0 where the answer was broken off. A stream took as long as its first
	// item.
	Observe func(r *http.Request, route string, status int, took time.Duration)
}

// API answers below its prefix, which callers strip.
type API struct {
	cfg     Config
	routes  table
	streams streams
}

// New makes the API.
func New(cfg Config) *API {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	a := &API{cfg: cfg, streams: streams{beat: streamBeat}}
	for _, group := range [][]route{
		a.userRoutes(), a.workspaceRoutes(), a.collectionRoutes(), a.itemRoutes(), a.commentRoutes(), a.environmentRoutes(),
		a.specRoutes(), a.importRoutes(), a.mockRoutes(), a.callRoutes(), a.ownCallRoutes(), a.keyRoutes(), a.searchRoutes(), a.contextRoutes(),
		a.serverRoutes(), a.notOffered(),
	} {
		for _, r := range group {
			a.routes.add(r)
		}
	}
	a.routes.sort()
	return a
}

// maxBody bounds the body of a management call, in bytes.
const maxBody = 64 << 20

// ServeHTTP answers one call; the path is without the API's prefix.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{Request: r, w: w, api: a}
	defer a.observe(c)()
	defer func() {
		if p := recover(); p != nil {
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			a.cfg.Log.Error("a fault of the management API was contained", slog.Any("fault", p), slog.String("stack", string(debug.Stack())))
			c.fail(problem(http.StatusInternalServerError, "internal-server-error", "Internal Server Error", "Internal Server Error"))
		}
	}()
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if err := a.serve(c); err != nil {
		c.fail(err)
	}
}

func (a *API) serve(c *call) error {
	found, params, allowed := a.routes.find(c.Method, c.URL.EscapedPath())
	c.route, c.params = found, params
	if err := a.authenticate(c); err != nil {
		return err
	}
	if found == nil {
		if len(allowed) > 0 {
			c.w.Header().Set("Allow", strings.Join(allowed, ", "))
			return named(http.StatusMethodNotAllowed, "methodNotAllowedError", "This resource takes "+strings.Join(allowed, ", ")+".", nil)
		}
		return named(http.StatusNotFound, "notFound", "Requested resource not found", nil)
	}
	if c.who.Scope < found.scope {
		return problem(http.StatusForbidden, "forbidden", "Forbidden", "This needs a key with the scope "+found.scope.String()+"; this one has "+c.who.Scope.String()+".")
	}
	if c.who.Mock != "" && found.scope > access.Call {
		return problem(http.StatusForbidden, "forbidden", "Forbidden", "This key is for calling one mock only.")
	}
	c.Body = http.MaxBytesReader(c.w, c.Body, maxBody)
	return found.handle(c)
}

// authenticate finds out who calls.
func (a *API) authenticate(c *call) (err error) {
	c.who, err = a.who(c.Request)
	return err
}

// who finds out who sent a request. Where there is no admin key, and none is
// asked for, who comes from this machine is its own user.
func (a *API) who(r *http.Request) (access.Access, error) {
	secret := access.Take(r.Header)
	if secret != "" {
		a.cfg.Clear.Key(r, a.cfg.Now())
	}
	if secret != "" || a.cfg.NeedKey || a.cfg.Keys.Admin() {
		switch who, ok := a.cfg.Keys.Find(secret); {
		case ok:
			return who, nil
		case secret == "" && r.Header.Get("X-Api-Key") == "":
			return who, problem(http.StatusUnauthorized, "unauthorized", "Unauthorized", "An API key must be provided in the request header or query string")
		case a.cfg.Keys.Unsure(secret):
			return who, store.ErrUnavailable
		}
		return access.Access{}, named(http.StatusUnauthorized, "AuthenticationError", "Invalid API Key. Every request requires a valid API Key to be sent.", nil)
	}
	if refusal := access.Local(r); refusal != nil {
		return access.Access{}, problem(refusal.Status, "forbidden", http.StatusText(refusal.Status), refusal.Reason)
	}
	return access.Access{Scope: access.Admin, User: 1}, nil
}

// Guard lets only those through to a handler who have a scope.
func (a *API) Guard(scope access.Scope, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{Request: r, w: w, api: a}
		who, err := a.who(r)
		if err == nil && !who.May(scope, "") {
			err = problem(http.StatusForbidden, "forbidden", "Forbidden", "This needs a key with the scope "+scope.String()+" for all workspaces.")
		}
		if err != nil {
			c.fail(err)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// view runs a function on the store that reads.
func (c *call) view(f func(*store.Tx) error) error { return c.api.cfg.Store.View(c.Context(), f) }

// update runs a function on the store that writes.
func (c *call) update(f func(*store.Tx) error) error {
	return c.api.cfg.Store.Update(c.Context(), c.who.Actor(), f)
}

// asFailure makes an answer of any error.
func asFailure(err error) *Failure {
	var f *Failure
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &tooLarge):
		return problem(http.StatusRequestEntityTooLarge, "payload-too-large", "Payload Too Large", "The body is larger than 64 MB, the limit of the management API.")
	case errors.Is(err, store.ErrNotFound):
		return named(http.StatusNotFound, "instanceNotFoundError", "The specified item does not exist.", nil)
	case storeTrouble(err) != "":
		return named(http.StatusServiceUnavailable, storeUnavailable, storeTrouble(err), nil)
	case errors.Is(err, context.Canceled):
		return problem(499, "cancelled", "Cancelled", "The client went away.")
	}
	return nil
}

// storeTrouble is what is told of an error of the store that will pass; "" of
// another error.
func storeTrouble(err error) string {
	switch {
	case errors.Is(err, store.ErrInDoubt):
		return "The store of the server was lost while this change was being stored: it is not known whether it was. Look before you send it again. GET /_mimus/ready tells more."
	case errors.Is(err, store.ErrUnavailable):
		return "The store of the server can't be reached at the moment. Try again in a few seconds; where this was a change, look first whether it was made. GET /_mimus/ready tells more."
	case errors.Is(err, store.ErrFull):
		return "The disk of the store is full: nothing of this change was stored. Make room on it, then try again."
	}
	return ""
}

// How an operation that can't be done without the store is refused.
const (
	storeUnavailable = "storeUnavailableError"
	storeRetry       = "5" // seconds
)
