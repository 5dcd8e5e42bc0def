package mock

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/telestruct/telestruct/internal/match"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/schema"
)

// maxStubs is how many stubs there can be at a time. Each is compared with calls.
const maxStubs = 10_000

// memory is what a mock server knows between calls (spec section 18.1).
type memory struct {
	onlyStubs bool
	optional  sample.OptionalFields
	remember  int // so many calls

	mu        sync.Mutex
	generator *sample.Generator
	stubs     []*stub // the newest last
	stubbed   int     // the weight of the stubs
	calls     []*call // the newest last
	called    int     // the weight of the calls
	forgotten int     // calls
}

// stub is one answer that the server was told.
type stub struct {
	function string
	args     tp.Object
	strict   bool
	left     int64     // calls that it answers; negative for all
	body     tp.Object // of the answer: a tag and its payload
	whole    bool      // nothing is made up around it
}

func (s *stub) weight() int { return weight(s.args) + weight(s.body) }

// call is one call that came.
type call struct {
	function string
	args     tp.Object
	verified bool
}

var errTooManyStubs = fmt.Errorf("there are %d stubs, or 64 MiB of them, which is the most; clear them with fn.clearStubs_ or ClearStubs", maxStubs)

// add adds a stub, which goes before all others.
func (m *memory) add(s *stub) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s.left == 0 {
		return nil
	}
	if len(m.stubs) >= maxStubs || m.stubbed+s.weight() > maxWeight {
		return errTooManyStubs
	}
	m.stubs = append(m.stubs, s)
	m.stubbed += s.weight()
	return nil
}

func (m *memory) clearStubs() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stubs, m.stubbed = nil, 0
}

func (m *memory) clearCalls() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls, m.called, m.forgotten = nil, 0, 0
}

func (m *memory) seed(seed int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.generator.Seed(seed)
}

// errNoStub says that a call matches no stub, and that nothing may be made up.
var errNoStub = errors.New("no stub matches the call")

// answer returns the body of the answer to a call of f, a tag and its payload (spec
// section 18.4).
func (m *memory) answer(f *schema.Function, args tp.Object, mayMakeUp bool) (tp.Object, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.record(&call{function: f.Key, args: args})
	s, err := m.take(f.Key, args)
	switch {
	case err != nil:
		return nil, err
	case s != nil && s.whole:
		return s.body, nil
	case s != nil:
		return m.generator.Result(f, sample.Omit, sample.Given(s.body)), nil
	case m.onlyStubs && !mayMakeUp:
		return nil, errNoStub
	}
	success := tp.Object{{Key: "Ok_", Value: tp.Object{}}}
	return m.generator.Result(f, m.optional, sample.Given(success)), nil
}

// record adds a call, for which older ones may have to be forgotten.
func (m *memory) record(c *call) {
	m.calls = append(m.calls, c)
	m.called += weight(c.args)
	drop := 0
	for len(m.calls)-drop > m.remember || m.called > maxWeight {
		m.called -= weight(m.calls[drop].args)
		drop++
	}
	m.calls = slices.Delete(m.calls, 0, drop)
	m.forgotten += drop
}

// take returns the newest stub that a call matches, and uses it once; nil if there is none.
func (m *memory) take(function string, args tp.Object) (*stub, error) {
	var c match.Comparison
	for i := len(m.stubs) - 1; i >= 0; i-- {
		s := m.stubs[i]
		if c.Strict = s.strict; s.function != function || !c.Match(s.args, args) {
			continue
		}
		if s.left > 0 {
			s.left--
		}
		if s.left == 0 {
			m.stubs = slices.Delete(m.stubs, i, i+1)
			m.stubbed -= s.weight()
		}
		return s, nil
	}
	return nil, c.Err()
}

// count counts the calls that match, and marks them as verified (spec section 18.5).
func (m *memory) count(p *pattern) (found int, err error) {
	c := match.Comparison{Strict: p.strict}
	for _, call := range m.calls {
		if call.function == p.function && c.Match(p.args, call.args) {
			call.verified = true
			found++
		}
	}
	return found, c.Err()
}

// verify compares how often calls came with how often they were wanted.
func (m *memory) verify(p *pattern, wanted Count) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	found, err := m.count(p)
	if err != nil || wanted.allows(found) {
		return err
	}
	return &VerificationError{
		Function: p.function, Args: p.args, Strict: p.strict,
		Wanted: wanted, Found: found,
		Calls: m.recorded(func(*call) bool { return true }), Forgotten: m.forgotten,
	}
}

// verifyNoMore fails when there are calls that no verification was about.
func (m *memory) verifyNoMore() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	rest := m.recorded(func(c *call) bool { return !c.verified })
	if len(rest) == 0 {
		return nil
	}
	return &UnverifiedError{Calls: rest}
}

// all returns all calls.
func (m *memory) all() []Call {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.recorded(func(*call) bool { return true })
}

func (m *memory) recorded(wanted func(*call) bool) []Call {
	list := []Call{}
	for _, c := range m.calls {
		if wanted(c) {
			list = append(list, Call{Function: c.function, Args: c.args, Verified: c.verified})
		}
	}
	return list
}
