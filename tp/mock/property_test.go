package mock_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mock"
	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
)

// everything has every kind of type.
var everything = schema.Document{Name: "all.telepact.yaml", Text: []byte(`
- struct.All:
    flag: boolean
    count!: integer?
    size: number
    name!: string
    raw: bytes
    thing!: any
    list: ["union.One?"]
    map!: {"string": ["struct.All"]}
    self!: struct.All
- union.One:
    - A: {}
    - B:
        all!: struct.All
        raw: bytes?
- fn.all:
    all: struct.All
    call!: _ext.Call_
    pick!: _ext.Select_
  ->:
    - Ok_:
        all: struct.All
        picks!: [_ext.Select_]
        link: fn.all
        stub!: _ext.Stub_
        checks: ["fn.verify_"]
    - ErrorAll:
        one: union.One
`)}

// servers returns mock servers of one schema that make up results in different ways.
func servers(t *testing.T, source mock.Source) *rapid.Generator[*mock.Server] {
	var list []*mock.Server
	for low, optional := range []sample.OptionalFields{sample.Omit, sample.Include, sample.Randomize} {
		list = append(list, newServer(t, source, mock.OptionalFields(optional), mock.Lengths(low, 4-low), mock.Remember(10)))
	}
	return rapid.Custom(func(t *rapid.T) *mock.Server {
		m := rapid.SampledFrom(list).Draw(t, "server")
		m.Seed(rapid.Int64().Draw(t, "seed"))
		return m
	})
}

// Every call is answered with a result that the schema allows: the server validates it.
func TestRandomResultsAreValid(t *testing.T) {
	t.Parallel()
	all := servers(t, mock.Documents(everything))
	rapid.Check(t, func(rt *rapid.T) {
		m := all.Draw(rt, "mock")
		f := m.Schema().Function("fn.all")
		request := drawn(rt, m, "request", func(g *sample.Generator) any {
			return g.Request(f, sample.Randomize, sample.Blueprint{})
		})
		got := exchange(rt, m, request)
		if failures := validate.Response(m.Schema(), f, got.Target, got.Payload, validate.ResponseOptions{}).Failures; got.Target != "Ok_" || len(failures) > 0 {
			rt.Fatalf("%v\nis answered %s %v: %v", request, got.Target, got.Payload, failures)
		}
	})
}

// Whatever stub is accepted, calls that match it get its result with all required fields.
func TestRandomStubsAreAnswered(t *testing.T) {
	t.Parallel()
	m := newServer(t, mock.Documents(everything), mock.OnlyStubs())
	rapid.Check(t, func(rt *rapid.T) {
		m.ClearStubs()
		m.ClearCalls()
		f := m.Schema().Function("fn.all")
		stub := drawn(rt, m, "stub", func(g *sample.Generator) any {
			return g.Value(&schema.Type{Kind: schema.Stub}, f, sample.Randomize, sample.Blueprint{})
		})
		stub = withoutSelections(stub).(tp.Object) // they are about fn.createStub_ here
		created := exchange(rt, m, tp.Object{{Key: "fn.createStub_", Value: tp.Object{{Key: "stub", Value: stub}}}})
		if created.Target != "Ok_" {
			rt.Fatalf("%v is refused: %v", stub, created.Payload)
		}
		request := tp.Object{{Key: stub[0].Key, Value: complete(newGenerator(m, rapid.Int64().Draw(rt, "arguments")), f, stub[0].Value)}}
		got := exchange(rt, m, request)
		if got.Target != "Ok_" {
			rt.Fatalf("%v\nis answered %s %v", request, got.Target, got.Payload)
		}
		verified := exchange(rt, m, tp.Object{{Key: "fn.verify_", Value: tp.Object{{Key: "call", Value: stub[:1]}}}})
		if verified.Target != "Ok_" {
			rt.Fatalf("%v\nis not found: %v", request, verified.Payload)
		}
	})
}

func newGenerator(m *mock.Server, seed int64) *sample.Generator {
	return sample.NewGenerator(m.Schema(), sample.Options{Seed: seed, MaxLength: 3})
}

// drawn makes an object up that messages have room for: some become deeper than they may be.
func drawn(t *rapid.T, m *mock.Server, label string, make func(*sample.Generator) any) tp.Object {
	const most = 50
	return rapid.Custom(func(t *rapid.T) tp.Object {
		return make(newGenerator(m, rapid.Int64().Draw(t, "seed"))).(tp.Object)
	}).Filter(func(o tp.Object) bool { return depth(o) <= most }).Draw(t, label)
}

// depth returns how many lists and objects are in one another.
func depth(v any) int {
	deepest := 0
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			deepest = max(deepest, 1+depth(e))
		}
	case tp.Object:
		for _, m := range v {
			deepest = max(deepest, 1+depth(m.Value))
		}
	}
	return deepest
}

// withoutSelections leaves the members out that are selections.
func withoutSelections(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = withoutSelections(v[i])
		}
	case tp.Object:
		some := tp.Object{}
		for _, m := range v {
			if !strings.HasPrefix(m.Key, "pick") {
				some.Set(m.Key, withoutSelections(m.Value))
			}
		}
		return some
	}
	return v
}

// complete returns arguments with everything that the part of them has; what an any or an
// extension holds is made up anew, and so left as it is in the part.
func complete(g *sample.Generator, f *schema.Function, part any) any {
	whole := g.Request(f, sample.Omit, sample.Given(tp.Object{{Key: f.Key, Value: part}}))[0].Value
	return merged(whole, part)
}

func merged(whole, part any) any {
	switch p := part.(type) {
	case tp.Object:
		w, _ := whole.(tp.Object)
		for _, m := range p {
			if _, isCall := callIn(p); isCall {
				return part
			}
			v, _ := w.Get(m.Key)
			w.Set(m.Key, merged(v, m.Value))
		}
		return w
	case []any:
		w, _ := whole.([]any)
		for i := range p {
			w[i] = merged(w[i], p[i])
		}
		return w
	}
	return part
}

// callIn finds the function in a call.
func callIn(object tp.Object) (string, bool) {
	for _, m := range object {
		if strings.HasPrefix(m.Key, "fn.") {
			return m.Key, true
		}
	}
	return "", false
}

// exchange sends a request body in one of the formats.
func exchange(t *rapid.T, m *mock.Server, request tp.Object) *tp.Message {
	mode := rapid.SampledFrom([]tp.BinaryMode{tp.BinaryOff, tp.BinaryOn}).Draw(t, "mode")
	payload, _ := request[0].Value.(tp.Object)
	answer, err := m.Client(tp.Binary(mode)).Exchange(t.Context(), &tp.Message{Target: request[0].Key, Payload: payload})
	if err != nil {
		t.Fatalf("%v: %v", request, err)
	}
	return answer
}

// Random results go into the Go types of the API, whatever these refuse.
func TestRandomResultsFitGoTypes(t *testing.T) {
	t.Parallel()
	all := servers(t, mock.API(shop()))
	rapid.Check(t, func(rt *rapid.T) {
		m := all.Draw(rt, "mock")
		client := m.Client(tp.Binary(rapid.SampledFrom([]tp.BinaryMode{tp.BinaryOff, tp.BinaryOn}).Draw(rt, "mode")))
		receipt, err := tp.Call[Receipt](rt.Context(), client, &Lookup{ID: 1})
		if err != nil || receipt.Next.Args == nil || receipt.At.IsZero() {
			rt.Fatalf("got %+v, %v", receipt, err)
		}
		if _, err := tp.Follow[Receipt](rt.Context(), client, receipt.Next); err != nil {
			rt.Fatal(err)
		}
	})
}
