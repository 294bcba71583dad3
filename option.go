package mimus

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/saved"
	"github.com/mimus-dev/mimus/internal/server"
)

// Option is a setting of a [Mock], for [Open] and [Parse]. Of two that set the
// same thing the later one counts.
type Option func(*settings)

type settings struct {
	source    server.Source
	engine    engine.Config
	callbacks server.CallbackPolicy
	strict    bool
	log       *slog.Logger
	observers []func(Call)
	err       error // the first setting that can't be
}

func (s *settings) refuse(format string, args ...any) {
	if s.err == nil {
		s.err = fmt.Errorf(format, args...)
	}
}

const (
	maxDelay         = 5 * time.Minute
	maxWorld         = 1_000_000
	defaultBodyLimit = 10 << 20
)

// WithSeed sets the text that all generated values come from: the same seed,
// document and request give the same answer on every machine. The default, and
// the meaning of "", is "mimus".
func WithSeed(seed string) Option { return func(s *settings) { s.engine.Seed = seed } }

// Validation tells what becomes of a request that breaks the contract.
type Validation uint8

// The ways of validation.
const (
	Strict Validation = iota // it is answered with the error that the contract declares for it
	Warn                     // it is answered normally; the header sl-violations and [Call.Violations] report it
	Off                      // requests are not checked
)

// WithValidation sets what becomes of a request that breaks the contract. The
// default is Strict.
func WithValidation(v Validation) Option {
	return func(s *settings) {
		switch v {
		case Strict:
			s.engine.Validation = engine.Strict
		case Warn:
			s.engine.Validation = engine.Warn
		case Off:
			s.engine.Validation = engine.Off
		default:
			s.refuse("WithValidation(%d): there are Strict, Warn and Off", v)
		}
	}
}

// WithDynamic generates varied answers from the schemas instead of serving
// examples: values all over their ranges, arrays of 1 to 5 items. They follow
// from the seed and the request. By default examples are served, and plain
// values are generated where there is none.
func WithDynamic() Option { return func(s *settings) { s.engine.Dynamic = true } }

// WithIgnoreExamples generates answers as if the document had no examples. By
// default examples are served.
func WithIgnoreExamples() Option { return func(s *settings) { s.engine.IgnoreExamples = true } }

// WithState has resources live, or not: what is written can be read back. By
// default they live where a document is opened alone, without saved examples
// and not by [WithContract].
func WithState(on bool) Option {
	return func(s *settings) {
		s.engine.State = engine.LivingOff
		if on {
			s.engine.State = engine.LivingOn
		}
	}
}

// WithWorld sets how many items of each resource at the top are there at the
// start, from 0 to 1,000,000; those below another have 3 to 10 each. The default
// is 25.
func WithWorld(items int) Option {
	return func(s *settings) {
		if items < 0 || items > maxWorld {
			s.refuse("WithWorld(%d): the number is from 0 to %d", items, maxWorld)
		}
		if s.engine.Resources.World = items; items == 0 {
			s.engine.Resources.World = -1
		}
	}
}

// WithEpoch sets when the world at the start was: all its times lie around
// it. What is written has the time of the clock.
func WithEpoch(at time.Time) Option {
	return func(s *settings) { s.engine.Resources.Epoch = at.UTC() }
}

// WithErrors answers 500 where the mock's own answer breaks the contract, as an
// example that doesn't fit its schema does. By default it is served as it is.
func WithErrors() Option { return func(s *settings) { s.engine.Errors = true } }

// WithBasePath sets the path that stands before all paths of the document, and
// is required then: "/v2". By default the paths of the document's servers may
// be there or not.
func WithBasePath(path string) Option { return func(s *settings) { s.engine.BasePath = path } }

// WithDelay holds each answer back for a time between least and most, which
// the seed and the request choose; the same bounds twice make it constant. Both
// are from 0 to 5 minutes. The default is 0. The request header
// x-mock-response-delay overrides it for one call.
func WithDelay(least, most time.Duration) Option {
	return func(s *settings) {
		if least < 0 || most < least || most > maxDelay {
			s.refuse("WithDelay(%s, %s): both are from 0 to %s, the smaller first", least, most, maxDelay)
		}
		s.engine.Delay = engine.Delay{Min: least, Max: most}
	}
}

// WithoutCORS leaves out the header fields that let web pages of any origin
// call the mock. By default they are sent.
func WithoutCORS() Option { return func(s *settings) { s.engine.NoCORS = true } }

// WithEnvironment reads the variables of a Postman environment from a file.
// They stand over those of the collection. The default is none.
func WithEnvironment(file string) Option { return func(s *settings) { s.source.Environment = file } }

// WithExamples lays the saved examples of collections over a document: requests
// are checked by its contract, then saved examples answer, then the contract.
func WithExamples(collections ...string) Option {
	return func(s *settings) { s.source.Examples = append(s.source.Examples, collections...) }
}

// WithContract serves a collection by the contract that is inferred from it, as
// if it were a document. By default its saved examples answer, and nothing is
// checked.
func WithContract() Option { return func(s *settings) { s.source.Contract = true } }

// Matching tells how saved examples match requests. The zero value is the
// default, which is Postman's.
type Matching struct {
	Body         bool     // request bodies must be equal
	Headers      []string // the values of these headers must be equal
	IgnoreQuery  bool     // query parameters don't count
	NoWildcards  bool     // unresolved variables and :name in a path match nothing but themselves
	NoFuzzyPaths bool     // a path that is close by edit distance doesn't match
}

// WithMatching sets how saved examples match requests.
func WithMatching(m Matching) Option {
	return func(s *settings) {
		s.engine.Matching = saved.Config{
			Body: m.Body, Header: len(m.Headers) > 0, Headers: m.Headers,
			NoQuery: m.IgnoreQuery, NoWildcards: m.NoWildcards, NoFuzzy: m.NoFuzzyPaths,
		}
	}
}

// WithRoot sets the folder that references to files must stay inside of. The
// default is the nearest folder upwards from the document that holds .git or
// mimus.yaml, else the parent of the document's folder.
func WithRoot(dir string) Option { return func(s *settings) { s.source.Root = dir } }

// WithRemoteRefs follows references to URLs of any public host. By default only
// those of the host that the document itself was read from are followed.
func WithRemoteRefs() Option { return func(s *settings) { s.source.AllowRemote = true } }

// WithStrictDocument makes [Open] refuse a document that has any error. By
// default what is sound is served.
func WithStrictDocument() Option { return func(s *settings) { s.strict = true } }

// WithBodyLimit sets the size of the largest request body, in bytes, before and
// after decompression; a larger one is answered with 413. It is at least 1. The
// default is 10 MiB.
func WithBodyLimit(bytes int64) Option {
	return func(s *settings) {
		if bytes < 1 {
			s.refuse("WithBodyLimit(%d): a body limit is 1 byte or more", bytes)
		}
		s.engine.BodyLimit = bytes
	}
}

// CallbackPolicy tells where the callbacks of operations may go.
type CallbackPolicy uint8

// The policies. The address that a request came in at is never called.
const (
	CallbacksLocal CallbackPolicy = iota // to loopback addresses of this machine
	CallbacksAny                         // also to public addresses
	CallbacksOff                         // nowhere: none are made
)

// WithCallbacks sets where the callbacks that operations declare may go. They
// are sent after the answer, until [Mock.Close]. The default is CallbacksLocal.
func WithCallbacks(policy CallbackPolicy) Option {
	return func(s *settings) {
		switch policy {
		case CallbacksLocal:
			s.callbacks = server.CallbacksLocal
		case CallbacksAny:
			s.callbacks = server.CallbacksAny
		case CallbacksOff:
			s.callbacks = server.CallbacksOff
		default:
			s.refuse("WithCallbacks(%d): there are CallbacksLocal, CallbacksAny and CallbacksOff", policy)
		}
	}
}

// WithLogger tells a logger what became of callbacks, and contained faults. By
// default nothing is logged.
func WithLogger(log *slog.Logger) Option { return func(s *settings) { s.log = log } }

// WithObserver shows each call to f as soon as its answer is decided, before it
// is held back by a delay and before its first byte is sent: once a client has
// an answer, f has returned. Calls that run at the same time are shown at the
// same time. Several observers see each call in the order they were given.
func WithObserver(f func(Call)) Option {
	return func(s *settings) { s.observers = append(s.observers, f) }
}
