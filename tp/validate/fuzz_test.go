package validate_test

import (
	"math"
	"testing"

	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// FuzzRequest validates decoded texts as every kind of input. Whatever comes
// out has to fit into a message.
func FuzzRequest(f *testing.F) {
	f.Add([]byte(valid))
	f.Add([]byte(`{"sample!": {"stub!": {"fn.check": {}, "->": 1, "x": {}}, "call!": {}}}`))
	f.Add([]byte(`{"->": {"Ok_": [1, "sample!"]}, "struct.Book": ["title"]}`))
	f.Add([]byte(`{"@select_": {"->": null}, "@trace": 1, "x": 1e999}`))
	s := newLibrary(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := wire.DecodeJSON(text, wire.CallLimits())
		if err != nil {
			return
		}
		for _, fn := range s.Functions() {
			writable(t, validate.Request(s, fn, v).Failures)
			writable(t, validate.Response(s, fn, "Ok_", v, validate.ResponseOptions{Binary: true}).Failures)
			writable(t, validate.Selection(s, fn, v))
			if o, ok := v.(wire.Object); ok {
				writable(t, validate.RequestHeaders(s, fn, o))
				writable(t, validate.ResponseHeaders(s, fn, o))
				validate.ApplySelection(fn, "Ok_", v, o)
			}
		}
	})
}

// FuzzTree validates trees that no decoder would make.
func FuzzTree(f *testing.F) {
	f.Add([]byte("{\x03sample!{\x04data!b"))
	f.Add([]byte{'{', 2, 0xff, 'n', '[', 3, 'N', 'I', 'x'})
	f.Add([]byte{'[', 1, '[', 1, '{', 1, 'a', 'o', '#'})
	s := newLibrary(f)
	check := s.Function("fn.check")
	sample := check.Args.Field("sample!").Type
	f.Fuzz(func(t *testing.T, program []byte) {
		v := (&builder{program: program}).tree(0)
		failures := validate.Value(s, sample, check, v)
		writable(t, failures)
		if len(failures) > 0 {
			return
		}
		if _, err := wire.AppendValue(nil, v); err != nil {
			t.Errorf("a valid tree cannot be written: %v", err)
		}
	})
}

func writable(t *testing.T, failures []validate.Failure) {
	t.Helper()
	if len(failures) > validate.MaxFailures {
		t.Errorf("got %d failures", len(failures))
	}
	for _, f := range failures {
		if _, err := wire.AppendValue(nil, f.Case()); err != nil {
			t.Errorf("%v: %v", f, err)
		}
		if f.String() == "" {
			t.Error("a failure has no text")
		}
	}
}

// builder makes a tree of each byte sequence: a byte says what comes next.
type builder struct {
	program []byte
}

func (b *builder) next() byte {
	if len(b.program) == 0 {
		return 0
	}
	c := b.program[0]
	b.program = b.program[1:]
	return c
}

func (b *builder) key() string {
	names := []string{"flag!", "count!", "ratio!", "name!", "thing!", "data!", "names!", "fn.lend", "->", "Ok_", "shelf!", "Empty"}
	c := b.next()
	if int(c) < len(names) {
		return names[c]
	}
	return string([]byte{c})
}

func (b *builder) tree(depth int) any {
	c := b.next()
	switch {
	case depth > 100:
		return nil
	case c == '[':
		list := make([]any, b.next()%4)
		for i := range list {
			list[i] = b.tree(depth + 1)
		}
		return list
	case c == '{':
		object := make(wire.Object, b.next()%32)
		for i := range object {
			object[i] = wire.Member{Key: b.key(), Value: b.tree(depth + 1)}
		}
		return object
	}
	leaves := []any{
		nil, true, int64(c), float64(c) / 3, math.NaN(), math.Inf(1), "text", string([]byte{c}), []byte{c},
		wire.Number("1e999"), wire.Number([]byte{c}), int(c), struct{}{}, map[string]any{}, []string{"a"}, "AA==",
	}
	return leaves[int(c)%len(leaves)]
}
