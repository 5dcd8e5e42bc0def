package mock

import (
	"fmt"
	"slices"
	"strings"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
)

// pattern is what calls are compared with.
type pattern struct {
	function string
	args     tp.Object
	strict   bool
}

// MatchOption says which calls a stub or a verification is about.
type MatchOption struct {
	apply func(*matching)
}

func (o MatchOption) applyStub(s *stubbing)       { o.applyTo(&s.matching) }
func (o MatchOption) applyVerify(v *verification) { o.applyTo(&v.matching) }

func (o MatchOption) applyTo(m *matching) {
	if o.apply != nil {
		o.apply(m)
	}
}

// matching is what the match options of one stub or verification add up to.
type matching struct {
	strict bool
	name   string
	only   []string // fields; nil for all
}

// Strictly wants arguments that are equal to the given ones.
func Strictly() MatchOption {
	return MatchOption{func(m *matching) { m.strict = true }}
}

// Only wants some of the given arguments to match: the fields with these wire names.
// Others do not matter, whatever they are.
func Only(fields ...string) MatchOption {
	return MatchOption{func(m *matching) { m.only = append([]string{}, fields...) }}
}

// Named gives the function's wire name, such as "fn.greet", where the type of the
// arguments does not.
func Named(function string) MatchOption {
	return MatchOption{func(m *matching) { m.name = function }}
}

// pattern returns the pattern of arguments, a pointer to a struct.
func (m *Server) pattern(args any, o matching) (*pattern, error) {
	var call []tp.CallOption
	if o.name != "" {
		call = append(call, tp.Name(o.name))
	}
	message, err := m.writer.RequestMessage(args, call...)
	if err != nil {
		return nil, err
	}
	s, name := m.Schema(), message.Target
	if s.Function(name) == nil {
		return nil, fmt.Errorf("the schema has no function %s for a %T; say which one it is for with mock.Named, or with tp.Uses in mock.Types", name, args)
	}
	p := &pattern{function: name, args: tp.Object{}, strict: o.strict}
	if message.Payload != nil {
		p.args = message.Payload
	}
	failures := validate.Value(s, &schema.Type{Kind: schema.Call}, nil, tp.Object{{Key: name, Value: p.args}})
	if len(failures) == 0 && o.only != nil {
		p.args, err = only(p.args, o.only)
	}
	if len(failures) > 0 {
		err = invalid(name, failures)
	}
	return p, err
}

// only returns the members with these keys.
func only(args tp.Object, keys []string) (tp.Object, error) {
	some := tp.Object{}
	for _, key := range keys {
		v, ok := args.Get(key)
		if !ok {
			return nil, fmt.Errorf("mock.Only names %q, which the arguments do not have; they have %s", key, keysOf(args))
		}
		some.Set(key, v)
	}
	return some, nil
}

func keysOf(object tp.Object) string {
	keys := make([]string, len(object))
	for i, m := range object {
		keys[i] = m.Key
	}
	slices.Sort(keys)
	if len(keys) == 0 {
		return "none"
	}
	return strings.Join(keys, ", ")
}
