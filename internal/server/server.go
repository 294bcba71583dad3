package server

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
)

// readTime bounds the reading of one document.
const readTime = 10 * time.Second

// Mount is a document that is served under a prefix. It is replaced whole when
// its source changes.
type Mount struct {
	Source Source
	Prefix string // "" or "/name"
	Config engine.Config
	ID     string // of the mock, as the management knows it
	// Settings are those of the mock as the management shows them, JSON.
	Settings []byte
	Found    bool // among others, by a folder or a glob: it may be left out when it can't be read

	mock    atomic.Pointer[engine.Mock]
	loaded  atomic.Pointer[Loaded]
	handler Handler
}

// Load reads the source and puts the mock in place. On an error the mock that
// is there goes on.
func (m *Mount) Load(ctx context.Context) (*Loaded, error) {
	loaded, err := m.Source.Load(ctx)
	if err != nil {
		return loaded, err
	}
	if !loaded.Serves() && m.mock.Load() != nil {
		return loaded, ErrNoOperations
	}
	cfg := m.Config
	if old := m.mock.Load(); old != nil {
		cfg.Carry = old.State()
	}
	m.mock.Store(loaded.Compile(cfg))
	loaded.Collection, loaded.Recording = nil, nil // they hold on to the whole document
	m.loaded.Store(loaded)
	return loaded, nil
}

// Mock is the mock that is served now; nil before the first Load.
func (m *Mount) Mock() *engine.Mock { return m.mock.Load() }

// Loaded is what was read last.
func (m *Mount) Loaded() *Loaded { return m.loaded.Load() }

// Config are the settings of a server.
type Config struct {
	Addr      string // host:port; port 0 picks one
	TLSCert   string
	TLSKey    string
	Callbacks CallbackPolicy
	Log       *slog.Logger // errors and reloads
	Calls     CallLog      // one line a call; may be nil

	// Hosted are mocks beside the mounts; may be nil.
	Hosted Hosted
	// Manage answers below /_mimus; may be nil.
	Manage http.Handler
	// AdminAddr is a listener of its own for the management; "" none.
	AdminAddr string
	// AdminHost is the only host that the management answers to; "" any that is
	// no mock's.
	AdminHost string
	// Observe is told of each answer of a mount, before it is written; may be nil.
	Observe func(m *Mount, r *http.Request, req *engine.Request, res *engine.Response, took time.Duration)
	// Wrap is put around all that is answered, once; may be nil.
	Wrap func(http.Handler) http.Handler
	// Reloaded is told that a mount was loaded again; may be nil.
	Reloaded func()
	// Body is put in the place of a request's body before a mount reads it; may be nil.
	Body func(m *Mount, r *http.Request)
}

// Hosted are mocks that are found by the host or the path of a request.
type Hosted interface {
	// Serve answers a request that is for one of them; false: it is for none.
	// With others, a path that could be one of them, but is not, is left to the
	// mounts.
	Serve(w http.ResponseWriter, r *http.Request, path string, others bool) bool
	// Has reports whether a host is a mock's.
	Has(host string) bool
}

// CallLog takes what happened in one call. The response must not be kept.
type CallLog interface {
	Call(r *http.Request, res *engine.Response, took time.Duration)
}

// Server serves mounts on one listener.
type Server struct {
	cfg    Config
	mounts []*Mount // longest prefix first
	http   *http.Server
	ln     net.Listener
	admin  *http.Server // nil: the management is on the one listener
	adminL net.Listener
	root   bool // a mount is at /
	out    *Outbound
	done   chan error
	once   sync.Once
}

// New makes a server of mounts that were loaded.
func New(cfg Config, mounts []*Mount) *Server {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{cfg: cfg, done: make(chan error, 2)}
	s.mounts = append(s.mounts, mounts...)
	sort.SliceStable(s.mounts, func(i, j int) bool { return len(s.mounts[i].Prefix) > len(s.mounts[j].Prefix) })
	s.out = NewOutbound(cfg.Callbacks, cfg.Log)
	for _, m := range s.mounts {
		s.root = s.root || m.Prefix == ""
		m.handler = Handler{
			Mock: m.mock.Load, Prefix: m.Prefix, LowerCase: true, Done: s.called, Callbacks: s.out.Send,
		}
		if cfg.Manage != nil && cfg.AdminAddr == "" {
			m.handler.Sandbox = SandboxActive
		}
		if cfg.Observe != nil {
			m.handler.Before = func(r *http.Request, req *engine.Request, res *engine.Response, took time.Duration) {
				cfg.Observe(m, r, req, res, took)
			}
		}
	}
	wrap := cfg.Wrap
	if wrap == nil {
		wrap = func(h http.Handler) http.Handler { return h }
	}
	s.http = newHTTP(wrap(s), cfg.Log)
	if cfg.AdminAddr != "" {
		s.admin = newHTTP(wrap(http.HandlerFunc(s.serveAdmin)), cfg.Log)
	}
	return s
}

func newHTTP(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 20 * time.Second,
		ReadTimeout:       5 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    1 << 20,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// Listen opens the listener.
func (s *Server) Listen() error {
	ln, err := net.Listen("tcp", s.cfg.Addr)
	if err != nil {
		return listenError(s.cfg.Addr, err)
	}
	s.ln = ln
	s.out.Own(ln.Addr())
	if s.admin == nil {
		return nil
	}
	if s.adminL, err = net.Listen("tcp", s.cfg.AdminAddr); err != nil {
		_ = ln.Close()
		return listenError(s.cfg.AdminAddr, err)
	}
	s.out.Own(s.adminL.Addr())
	return nil
}

// Listeners are the addresses that are listened on.
func (s *Server) Listeners() []net.Addr {
	if s.adminL == nil {
		return []net.Addr{s.ln.Addr()}
	}
	return []net.Addr{s.ln.Addr(), s.adminL.Addr()}
}

// Addr is the address that is listened on.
func (s *Server) Addr() *net.TCPAddr { return s.ln.Addr().(*net.TCPAddr) }

// URL is where the server is reached from this machine.
func (s *Server) URL() string { return s.urlOf(s.Addr()) }

// AdminURL is where the management is reached from this machine.
func (s *Server) AdminURL() string {
	if s.adminL == nil {
		return s.URL()
	}
	return s.urlOf(s.adminL.Addr().(*net.TCPAddr))
}

func (s *Server) urlOf(a *net.TCPAddr) string {
	scheme := "http"
	if s.cfg.TLSCert != "" {
		scheme = "https"
	}
	host := a.IP.String()
	if a.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + "://" + net.JoinHostPort(host, strconv.Itoa(a.Port))
}

// Serve begins to serve; it returns at once. Wait tells how it ended.
func (s *Server) Serve() error {
	if s.cfg.TLSCert != "" || s.cfg.TLSKey != "" {
		cert, err := tls.LoadX509KeyPair(s.cfg.TLSCert, s.cfg.TLSKey)
		if err != nil {
			return fmt.Errorf("TLS certificate %s with key %s: %w", s.cfg.TLSCert, s.cfg.TLSKey, err)
		}
		s.http.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	}
	s.out.Start()
	if s.admin != nil {
		s.admin.TLSConfig = s.http.TLSConfig
		go func() { s.done <- s.accept(s.admin, s.adminL) }()
	}
	go func() { s.done <- s.accept(s.http, s.ln) }()
	return nil
}

// accept serves a listener until the server ends.
func (s *Server) accept(h *http.Server, ln net.Listener) error {
	var err error
	if h.TLSConfig != nil {
		err = h.ServeTLS(ln, "", "")
	} else {
		err = h.Serve(ln)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// Wait blocks until serving has ended.
func (s *Server) Wait() error { return <-s.done }

// Shutdown stops: no new calls, the running ones end, callbacks are given a
// moment.
func (s *Server) Shutdown(ctx context.Context) error {
	var err error
	s.once.Do(func() {
		err = s.http.Shutdown(ctx)
		if err != nil {
			_ = s.http.Close()
		}
		if s.admin != nil {
			if s.admin.Shutdown(ctx) != nil {
				_ = s.admin.Close()
			}
		}
		s.out.Stop(ctx)
	})
	return err
}

// ServeHTTP finds the mount of a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, _ := target(r)
	switch {
	case isManagement(path) && s.managesAt(r):
		s.manage(w, r, path)
		return
	case isManagement(path) && s.admin != nil:
		s.manageElsewhere(w, r, path)
		return
	}
	if s.cfg.Hosted != nil && s.cfg.Hosted.Serve(w, r, path, s.root) {
		return
	}
	for _, m := range s.mounts {
		if p := m.Prefix; strings.HasPrefix(path, p) && (len(path) == len(p) || p == "" || path[len(p)] == '/') {
			if s.cfg.Body != nil {
				s.cfg.Body(m, r)
			}
			m.handler.ServeHTTP(w, r)
			return
		}
	}
	s.noMount(w, r, path)
}

// serveAdmin answers on the listener of the management.
func (s *Server) serveAdmin(w http.ResponseWriter, r *http.Request) {
	path, _ := target(r)
	if !isManagement(path) {
		nothing(w)
		return
	}
	s.manage(w, r, path)
}

// manageElsewhere answers below /_mimus where the management has a listener of
// its own: whoever asks here only hears that the server is up.
func (s *Server) manageElsewhere(w http.ResponseWriter, r *http.Request, path string) {
	if path == "/_mimus/health" {
		s.manage(w, r, path)
		return
	}
	notFound(w, "The management of this server has a listener of its own, which --admin-addr names; here, only /_mimus/health answers.")
}

// managesAt reports whether the management answers to a request on the common
// listener: not at a mock's host, which must not share its origin's rights.
func (s *Server) managesAt(r *http.Request) bool {
	switch {
	case s.admin != nil:
		return false
	case s.cfg.AdminHost != "":
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		return strings.EqualFold(strings.TrimSuffix(host, "."), s.cfg.AdminHost)
	}
	return s.cfg.Hosted == nil || !s.cfg.Hosted.Has(r.Host)
}

// reserved is the prefix of what is not a mock.
const reserved = "/_mimus"

func isManagement(path string) bool {
	return strings.HasPrefix(path, reserved) && (len(path) == len(reserved) || path[len(reserved)] == '/')
}

func nothing(w http.ResponseWriter) {
	notFound(w, "There is nothing at this address; /_mimus/health is.")
}

// notFound answers in the shape of the management's errors. The message has
// nothing that JSON escapes.
func notFound(w http.ResponseWriter, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(w, `{"error":{"name":"notFound","message":"`+message+`"}}`+"\n")
}

func (s *Server) manage(w http.ResponseWriter, r *http.Request, path string) {
	if path != "/_mimus/health" {
		if s.cfg.Manage != nil {
			s.cfg.Manage.ServeHTTP(w, r)
			return
		}
		nothing(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	type mountHealth struct {
		Path       string `json:"path"`
		Operations int    `json:"operations"`
		Panics     int64  `json:"panics"`
	}
	health := struct {
		Status string        `json:"status"`
		Mocks  []mountHealth `json:"mocks"`
	}{Status: "ok", Mocks: []mountHealth{}}
	for _, m := range s.mounts {
		p := m.Prefix
		if p == "" {
			p = "/"
		}
		health.Mocks = append(health.Mocks, mountHealth{p, m.Mock().Operations(), m.Mock().Panics()})
	}
	_ = json.NewEncoder(w).Encode(health)
}

// noMount answers a request outside of all mounts.
func (s *Server) noMount(w http.ResponseWriter, r *http.Request, path string) {
	if len(s.mounts) == 0 {
		notFound(w, "There is no mock at this address. Mocks are at /m/<id or slug>/…; GET /_mimus/api/mocks lists them.")
		return
	}
	var names []string
	for _, m := range s.mounts {
		names = append(names, m.Prefix)
	}
	sort.Strings(names)
	problem := map[string]any{
		"type": "https://stoplight.io/prism/errors#NO_PATH_MATCHED_ERROR", "title": "Route not resolved, no path matched", "status": 404,
		"detail": fmt.Sprintf("No mock is mounted at %.200s; there are %s.", path, strings.Join(names, ", ")),
	}
	start := time.Now()
	body, _ := json.Marshal(problem) // texts and numbers always marshal
	res := engine.Response{Status: 404, Body: body, Responder: "mounts"}
	res.Set("Content-Type", []string{"application/problem+json"})
	res.Set("Access-Control-Allow-Origin", []string{"*"})
	write(w, r, &res, true)
	s.called(r, nil, &res, time.Since(start))
}

func (s *Server) called(r *http.Request, _ *engine.Request, res *engine.Response, took time.Duration) {
	if res.Fault != "" {
		s.cfg.Log.Error("a fault was contained", slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.String("fault", res.Fault))
	}
	if s.cfg.Calls != nil {
		s.cfg.Calls.Call(r, res, took)
	}
}

// listenError says plainly why an address can't be listened on.
func listenError(addr string, err error) error {
	if strings.Contains(err.Error(), "address already in use") {
		_, port, _ := net.SplitHostPort(addr)
		who := holder(port)
		if who != "" {
			who = " by " + who
		}
		return fmt.Errorf("port %s is taken%s; choose another with --port, or 0 to have one picked", port, who)
	}
	if errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("%s can't be listened on: it needs more rights; ports from 1024 don't", addr)
	}
	return fmt.Errorf("%s can't be listened on: %w", addr, err)
}
