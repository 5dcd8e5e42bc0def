package mock

import (
	"github.com/telestruct/telestruct/tp"
)

// Verify checks how often the server was called with arguments that match args: at least
// once, unless a [Count] says otherwise.
//
//	err := mock.Verify(m, &Greet{Subject: "Ada"}, mock.Exactly(2))
//
// Nil args, as [Any] returns them, match every call of the function. Calls that match are
// verified from then on, for [NoMoreCalls]. The error is a [*VerificationError], whose
// text says what came instead; or, as with [Stub], that args are not what the schema says.
func Verify[A any](m *Server, args *A, options ...VerifyOption) error {
	m.reporter.Helper()
	return m.report(m.verifyArgs(args, options))
}

// NoMoreCalls checks that every call since the last [Server.ClearCalls] was verified. The
// error is an [*UnverifiedError] with the others.
func NoMoreCalls(m *Server) error {
	m.reporter.Helper()
	return m.report(m.memory.verifyNoMore())
}

// VerifyOption configures one verification: a [Count] or a [MatchOption].
type VerifyOption interface {
	applyVerify(*verification)
}

// verification is what the options of one verification add up to.
type verification struct {
	matching
	count Count
}

func (c Count) applyVerify(v *verification) { v.count = c }

func (m *Server) verifyArgs(args any, options []VerifyOption) error {
	v := verification{count: AtLeast(1)}
	for _, option := range options {
		if option != nil {
			option.applyVerify(&v)
		}
	}
	p, err := m.pattern(args, v.matching)
	if err != nil {
		return err
	}
	return m.memory.verify(p, v.count)
}

// Call is one call that the server answered.
type Call struct {
	// Function is the wire name.
	Function string
	// Args are the arguments, with raw bytes where the schema says bytes. They must not be
	// changed.
	Args tp.Object
	// Verified says that a verification was about the call.
	Verified bool
}

// Calls returns the calls since the last [Server.ClearCalls], the oldest first, without
// those of the control functions. See [Remember].
func (m *Server) Calls() []Call { return m.memory.all() }

// CallsOf returns the arguments of all calls of the function that takes an A, the oldest
// first. It fails like [Verify] for types that are not those of the function, and for
// arguments that they do not hold.
func CallsOf[A any](m *Server, options ...MatchOption) ([]*A, error) {
	m.reporter.Helper()
	list, err := callsOf[A](m, options)
	return list, m.report(err)
}

func callsOf[A any](m *Server, options []MatchOption) ([]*A, error) {
	var o matching
	for _, option := range options {
		option.applyTo(&o)
	}
	p, err := m.pattern(Any[A](), o)
	if err != nil {
		return nil, err
	}
	list := []*A{}
	for _, c := range m.Calls() {
		if c.Function != p.function {
			continue
		}
		args := new(A)
		if err := m.writer.ReadRequest(&tp.Message{Target: c.Function, Payload: c.Args}, args); err != nil {
			return nil, err
		}
		list = append(list, args)
	}
	return list, nil
}

// tree returns the call as an _ext.Call_.
func (c Call) tree() tp.Object {
	return tp.Object{{Key: c.Function, Value: c.Args}}
}

func treesOf(calls []Call) []any {
	list := make([]any, len(calls))
	for i, c := range calls {
		list[i] = c.tree()
	}
	return list
}
