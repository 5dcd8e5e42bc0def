package mock

import (
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/sample"
)

// Option configures a [Server]; it is given to [New].
type Option func(*settings)

// settings is what the options of one server add up to.
type settings struct {
	seed      int64
	onlyStubs bool
	optional  sample.OptionalFields
	low, high int
	remember  int
	reporter  Reporter
	client    []tp.ClientOption
	server    []tp.Option
}

func newSettings(options []Option) *settings {
	s := &settings{optional: sample.Randomize, high: 3, remember: 10_000, reporter: silent{}}
	for _, o := range options {
		if o != nil {
			o(s)
		}
	}
	return s
}

// Seed sets where the random values begin. Default 0, which is the same as 1.
func Seed(seed int64) Option { return func(s *settings) { s.seed = seed } }

// OnlyStubs answers calls that match no stub with ErrorNoMatchingStub_ instead of a random
// result.
func OnlyStubs() Option { return func(s *settings) { s.onlyStubs = true } }

// OptionalFields says whether random results have optional fields: sample.Omit for none,
// sample.Include for all, and sample.Randomize, the default, for some.
func OptionalFields(o sample.OptionalFields) Option {
	return func(s *settings) { s.optional = o }
}

// Lengths bounds the length of random lists and objects: it is at least low, and less
// than high unless both are equal. Default 0 and 3.
func Lengths(low, high int) Option { return func(s *settings) { s.low, s.high = low, high } }

// Remember sets how many calls are kept for verifications; the oldest are forgotten first.
// Default 10,000; zero or less is the default. Of calls with large arguments fewer are
// kept: they take 64 MiB at most.
func Remember(calls int) Option {
	return func(s *settings) {
		if calls > 0 {
			s.remember = calls
		}
	}
}

// Reporter is told of failures: a *testing.T is one.
type Reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

// Report makes every error that this package's functions return about the server fail a
// test as well, so that tests need not look at them:
//
//	m, err := mock.New(source, mock.Report(t))
//	mock.Stub(m, &Greet{}, &Greeting{})
func Report(t Reporter) Option {
	return func(s *settings) {
		if t != nil {
			s.reporter = t
		}
	}
}

// silent is the reporter of servers without one.
type silent struct{}

func (silent) Helper()               {}
func (silent) Errorf(string, ...any) {}

// Types gives what a client needs to write the Go types of stubs and verifications:
// tp.Types for the unions in them, tp.Uses for functions that are not named after their
// arguments. [API] has it all by itself. Clients of [Server.Client] get the same options.
func Types(options ...tp.ClientOption) Option {
	return func(s *settings) { s.client = append(s.client, options...) }
}

// With gives the server options like those of any API: observers, middleware, limits,
// [tp.OnFailure], or an authentication other than the default, to which all valid
// credentials will do.
func With(options ...tp.Option) Option {
	return func(s *settings) { s.server = append(s.server, options...) }
}
