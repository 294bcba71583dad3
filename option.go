package mimus

import (
	"log/slog"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/server"
)

// Option is a setting of a Mock.
type Option func(*settings)

type settings struct {
	source    server.Source
	engine    engine.Config
	callbacks server.CallbackPolicy
	log       *slog.Logger
	observer  func(Call)
}

// Validation tells what becomes of a request that breaks the contract.
type Validation int

// The ways of validation. Strict is the default.
const (
	Strict Validation = iota // it is answered with the error that the contract declares for it
	Warn                     // it is answered normally; the header sl-violations reports
	Off                      // requests are not looked at
)

// WithSeed sets the text that all generated values come from. The default is
// "mimus".
func WithSeed(seed string) Option { return func(s *settings) { s.engine.Seed = seed } }

// WithValidation sets what becomes of a request that breaks the contract.
func WithValidation(v Validation) Option {
	return func(s *settings) {
		switch v {
		case Warn:
			s.engine.Validation = engine.Warn
		case Off:
			s.engine.Validation = engine.Off
		default:
			s.engine.Validation = engine.Strict
		}
	}
}

// WithDynamic generates varied answers instead of serving examples.
func WithDynamic() Option { return func(s *settings) { s.engine.Dynamic = true } }

// WithIgnoreExamples generates stable answers from the schemas even where the
// document has examples.
func WithIgnoreExamples() Option { return func(s *settings) { s.engine.IgnoreExamples = true } }

// WithErrors answers 500 where the mock's own answer breaks the contract, as
// an example can that doesn't fit its schema.
func WithErrors() Option { return func(s *settings) { s.engine.Errors = true } }

// WithBasePath sets the base path of all operations. It replaces the paths of
// the document's servers, which are optional, and is required.
func WithBasePath(path string) Option { return func(s *settings) { s.engine.BasePath = path } }

// WithDelay holds each answer back for a time between least and most, which
// the seed and the request choose.
func WithDelay(least, most time.Duration) Option {
	return func(s *settings) { s.engine.Delay = engine.Delay{Min: least, Max: max(least, most)} }
}

// WithoutCORS leaves out the header fields that let web pages of any origin
// call the mock.
func WithoutCORS() Option { return func(s *settings) { s.engine.NoCORS = true } }

// WithRoot sets the folder that references must stay inside. The default is
// the nearest folder upwards with .git or mimus.yaml, else the parent of the
// document's folder.
func WithRoot(dir string) Option { return func(s *settings) { s.source.Root = dir } }

// WithRemoteRefs follows references to URLs of any origin. Those of the origin
// that the document itself was read from are always followed.
func WithRemoteRefs() Option { return func(s *settings) { s.source.AllowRemote = true } }

// WithStrictDocument makes Open fail on a document that has any error. By
// default what is sound is served, and Diagnostics tells the rest.
func WithStrictDocument() Option { return func(s *settings) { s.source.Strict = true } }

// WithBodyLimit sets the largest request body in bytes, before and after
// decompression. The default is 10 MiB.
func WithBodyLimit(bytes int64) Option { return func(s *settings) { s.engine.BodyLimit = bytes } }

// WithCallbacks makes the callbacks that operations declare: after the answer,
// to addresses of this machine only. Without it none is made.
func WithCallbacks() Option {
	return func(s *settings) { s.engine.Callbacks, s.callbacks = true, server.CallbacksLocal }
}

// WithLogger tells problems of callbacks and contained faults to a logger. By
// default they are not logged.
func WithLogger(l *slog.Logger) Option { return func(s *settings) { s.log = l } }

// WithObserver calls f with each call when it has been answered, before the
// answer is written: once a client has the answer, f has returned. Calls that
// run at the same time are observed at the same time.
func WithObserver(f func(Call)) Option { return func(s *settings) { s.observer = f } }
