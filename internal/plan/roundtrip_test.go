package plan_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/internal/bench/shapes"
	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

// everything has a field of each plan.
type everything struct {
	Bool     bool              `tp:"bool"`
	Int8     int8              `tp:"int8"`
	Uint64   uint64            `tp:"uint64"`
	Float32  float32           `tp:"float32"`
	Float64  float64           `tp:"float64"`
	String   string            `tp:"string"`
	Bytes    []byte            `tp:"bytes"`
	Any      any               `tp:"any"`
	Time     time.Time         `tp:"time"`
	Int      *int              `tp:"int?"`
	List     []*string         `tp:"list"`
	Lists    [][]float64       `tp:"lists!"`
	Map      map[string][]byte `tp:"map!"`
	Union    expression        `tp:"union!"`
	Link     link              `tp:"link"`
	Optional maybe[string]     `tp:"optional!"`
	Inner    *everything       `tp:"inner!"`
	Account  *account          `tp:"account!"`
}

func everythingPlan() plan.Plan {
	u, _ := expressionPlans()
	return planOf[everything](map[reflect.Type]plan.Plan{
		reflect.TypeFor[expression]():    u,
		reflect.TypeFor[time.Time]():     plan.Text(reflect.TypeFor[time.Time]()),
		reflect.TypeFor[link]():          linkPlan(),
		reflect.TypeFor[maybe[string]](): maybePlan[string](plan.String(nil)),
	})
}

func anyEverything(depth int) *rapid.Generator[*everything] {
	return rapid.Custom(func(t *rapid.T) *everything {
		v := &everything{
			Bool:    rapid.Bool().Draw(t, "bool"),
			Int8:    rapid.Int8().Draw(t, "int8"),
			Uint64:  rapid.Uint64Max(math.MaxInt64).Draw(t, "uint64"),
			Float32: rapid.Float32Range(-math.MaxFloat32, math.MaxFloat32).Draw(t, "float32"),
			Float64: rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64).Draw(t, "float64"),
			String:  rapid.String().Draw(t, "string"),
			Bytes:   rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"),
			Any:     rapid.SampledFrom([]any{true, int64(1), 2.0, "a", []any{nil}, map[string]any{"a": 1.5}}).Draw(t, "any"),
			Time:    time.Unix(rapid.Int64Range(0, 1<<32).Draw(t, "time"), 0).UTC(),
			Int:     rapid.Ptr(rapid.Int(), true).Draw(t, "int"),
			List:    rapid.SliceOf(rapid.Ptr(rapid.String(), true)).Draw(t, "list"),
			Lists:   rapid.SliceOf(rapid.SliceOf(rapid.Float64Range(-1, 1))).Draw(t, "lists"),
			Map:     rapid.MapOf(rapid.String(), rapid.SliceOf(rapid.Byte())).Draw(t, "map"),
			Union:   anyExpression(depth).Draw(t, "union"),
			Link:    link{&save{Name: rapid.String().Draw(t, "link")}},
		}
		if v.Optional.State = rapid.Uint8Max(2).Draw(t, "state"); v.Optional.State == 2 {
			v.Optional.Value = rapid.String().Draw(t, "optional")
		}
		if depth > 0 {
			v.Inner = anyEverything(depth-1).Draw(t, "inner")
		}
		return v
	})
}

func anyExpression(depth int) *rapid.Generator[expression] {
	return rapid.Custom(func(t *rapid.T) expression {
		switch rapid.IntRange(0, 2+min(depth, 1)).Draw(t, "variant") {
		case 0:
			return constant{Value: rapid.Float64Range(-1e9, 1e9).Draw(t, "value"), Unit: rapid.Ptr(rapid.String(), true).Draw(t, "unit")}
		case 1:
			return variable{Name: new(rapid.String().Draw(t, "name"))}
		case 2:
			return nothing{}
		}
		inner := anyExpression(depth - 1)
		return &sum{inner.Draw(t, "left"), inner.Draw(t, "right"), rapid.SliceOfN(inner, 1, 3).Draw(t, "more")}
	})
}

// A value comes back as it was, through bytes of every format and through trees.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	p := everythingPlan()
	rapid.Check(t, func(t *rapid.T) {
		v := anyEverything(2).Draw(t, "value")
		text, ok := encode(p, mem.Of(v))
		if !ok {
			t.Fatalf("refused after %s", text)
		}
		checkSame(t, "bytes", v, func(to *everything) bool { return decode(p, text, mem.Of(to)) })
		tree := plan.Tree(p, mem.Of(v))
		checkSame(t, "tree", v, func(to *everything) bool { return plan.FromTree(p, tree, mem.Of(to)) })
		for _, f := range []wire.Format{wire.MessagePack, wire.CBOR} {
			data, ok := encodeBinary(p, f, mem.Of(v))
			if !ok {
				t.Fatalf("refused after %x", data)
			}
			checkSame(t, f.String(), v, func(to *everything) bool { return decodeBinary(p, f, data, mem.Of(to)) })
		}
	})
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func checkSame[T any](t fataler, road string, want *T, read func(*T) bool) {
	t.Helper()
	var got T
	if !read(&got) {
		t.Fatalf("%s: refused", road)
	}
	// cmp.Diff takes twice as long for each level of lists.
	if reflect.DeepEqual(want, &got) {
		return
	}
	if diff := cmp.Diff(want, &got, cmp.AllowUnexported(variable{})); diff != "" {
		t.Fatalf("%s: value differs (-want +got):\n%s", road, diff)
	}
}

// FuzzDecode checks that what a plan accepts is JSON, and comes back as it was.
func FuzzDecode(f *testing.F) {
	p := everythingPlan()
	sample := everything{Any: 1, Link: link{&save{}}, Union: &sum{nothing{}, constant{}, nil}, Lists: [][]float64{{0.5}}}
	text, _ := encode(p, mem.Of(&sample))
	f.Add([]byte(text))
	for _, text := range []string{`{}`, `{"bool":true}`, `[]`, `{"union!":{"Nothing":{}}}`, `{"inner!":{}}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var v everything
		if !decode(p, string(data), mem.Of(&v)) {
			return
		}
		if _, err := wire.DecodeJSON(data, wire.Limits{}); err != nil {
			t.Fatalf("was accepted: %v", err)
		}
		text, ok := encode(p, mem.Of(&v))
		if !ok {
			// Only time.Time reads texts that it does not write.
			if _, err := v.Time.MarshalText(); err == nil {
				t.Fatalf("was read but not written: %s", data)
			}
			return
		}
		checkSame(t, "bytes", &v, func(to *everything) bool { return decode(p, text, mem.Of(to)) })
		tree := plan.Tree(p, mem.Of(&v))
		checkSame(t, "tree", &v, func(to *everything) bool { return plan.FromTree(p, tree, mem.Of(to)) })
	})
}

// FuzzShapes holds plans to encoding/json: what a plan accepts, encoding/json
// reads as the same value, from either's text.
func FuzzShapes(f *testing.F) {
	p := structOf[shapes.OrderMessage]()
	text, _ := encode(p, mem.Of(shapes.Medium()))
	f.Add([]byte(text))
	f.Add([]byte(`{"order":{"id":1,"status":"","customer":{"id":1,"name":"","email":"","vip":false,` +
		`"address":{"street":"","city":"","zip":"","country":""}},"items":[],"tags":{}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var v shapes.OrderMessage
		if !decode(p, string(data), mem.Of(&v)) {
			return
		}
		checkSame(t, "same text", &v, func(to *shapes.OrderMessage) bool { return json.Unmarshal(data, to) == nil })
		again, ok := encode(p, mem.Of(&v))
		if !ok {
			t.Fatal("was read but not written")
		}
		checkSame(t, "own text", &v, func(to *shapes.OrderMessage) bool { return json.Unmarshal([]byte(again), to) == nil })
	})
}

func TestShapesAreReadAsByStd(t *testing.T) {
	t.Parallel()
	checkShape(t, shapes.Tiny())
	greeting := shapes.Greet(*shapes.Tiny())
	checkShape(t, &greeting)
	checkShape(t, shapes.Medium())
	checkShape(t, shapes.Large())
}

func checkShape[T any](t *testing.T, v *T) {
	t.Helper()
	p := structOf[T]()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	checkSame(t, "std to plan", v, func(to *T) bool { return decode(p, string(text), mem.Of(to)) })
	own := mustEncode(t, p, mem.Of(v))
	checkSame(t, "plan to std", v, func(to *T) bool { return json.Unmarshal([]byte(own), to) == nil })
}
