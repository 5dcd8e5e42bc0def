package plan_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/internal/allocs"
	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

// large is a struct of 2 KB that {} stands for.
type large struct {
	Columns [128]struct{ A, B *string }
}

// distinct returns n members with different keys.
func distinct(n int, value string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"%x":%s,`, i, value)
	}
	return b.String() + `"":` + value
}

// TestMemory must not be parallel: it counts what the process allocates. The
// elements of hostile texts are as short as they can be.
func TestMemory(t *testing.T) {
	const elements = 40_000
	typ := reflect.TypeFor[large]()
	wide := plan.NewStruct(typ, "struct.large")
	choice := plan.NewUnion(reflect.TypeFor[any](), "union.choice")
	choice.SetVariants([]plan.Variant{{Tag: "A", Type: typ, Struct: wide}})
	call := plan.NewLink(0)
	call.SetTarget("f", wide)
	pointer := plan.Pointer(reflect.TypeFor[*large](), wide)
	maps := plan.Map(reflect.TypeFor[map[string]large](), wide)
	smallMaps := plan.Map(reflect.TypeFor[map[string]string](), plan.String(nil))
	optional := plan.Optional(0, typ.Size(), wide)
	list := func(t reflect.Type, elem plan.Plan) plan.Plan { return plan.List(reflect.SliceOf(t), elem) }
	repeat := func(elem string) string { return "[" + strings.Repeat(elem+",", elements) + elem + "]" }
	for _, tc := range []struct {
		name    string
		plan    plan.Plan
		text    string
		refused bool
	}{
		{"list of structs", list(typ, wide), repeat("{}"), true},
		{"list of pointers", list(reflect.PointerTo(typ), pointer), repeat("{}"), true},
		{"list of optionals", list(reflect.TypeFor[struct {
			V large
			S uint8
		}](), optional), repeat("{}"), true},
		{"list of unions", list(reflect.TypeFor[any](), choice), repeat(`{"A":{}}`), true},
		{"list of links", list(reflect.TypeFor[link](), call), repeat(`{"f":{}}`), true},
		{"lists of one", list(reflect.SliceOf(typ), list(typ, wide)), repeat("[{}]"), true},
		{"map of structs", maps, "{" + distinct(elements, "{}") + "}", true},
		{"maps of one", list(reflect.TypeFor[map[string]large](), maps), repeat(`{"":{}}`), true},
		{"small maps of one", list(reflect.TypeFor[map[string]string](), smallMaps), repeat(`{"":""}`), false},
		{"one small map", smallMaps, "{" + distinct(elements, `""`) + "}", false},
		{"any", plan.Any(), repeat(`{"":{}}`), false},
		{"list of any", list(reflect.TypeFor[any](), plan.Any()), repeat(`{"":{}}`), false},
		{"any of lists", plan.Any(), repeat(`[]`), false},
		{"few structs", list(typ, wide), "[" + strings.Repeat("{},", 20) + "{}]", false},
	} {
		tree, err := wire.DecodeJSON([]byte(tc.text), wire.CallLimits())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []wire.Format{wire.JSON, wire.MessagePack, wire.CBOR} {
			data := []byte(tc.text)
			if f != wire.JSON {
				if data, err = f.AppendValue(nil, tree, nil); err != nil {
					t.Fatal(err)
				}
			}
			// Keys and texts are not counted: they take what they take in the text.
			most := uint64(65*len(data) + 256<<10)
			ok, spent, limit := measured(most, tc.plan, f, data)
			// What is short in JSON is shorter in binary, and sooner too much.
			if ok && tc.refused || !ok && !tc.refused && f == wire.JSON {
				t.Errorf("%s in %v: got %v", tc.name, f, ok)
			}
			if !ok && limit == nil {
				t.Errorf("%s in %v: was refused for another reason", tc.name, f)
			}
			if spent > most {
				t.Errorf("%s in %v: %d bytes for %d, %d for each", tc.name, f, spent, len(data), spent/uint64(len(data)))
			}
		}
	}
}

// measured decodes data and returns whether that went well, what was allocated, which should
// be no more than most, and the error of the limit on memory.
func measured(most uint64, p plan.Plan, f wire.Format, data []byte) (ok bool, spent uint64, limit error) {
	spent = allocs.Bytes(most, func() {
		// Slices and maps of all types begin with their pointer.
		to := mem.New(reflect.TypeFor[[4]mem.Ptr]())
		if f == wire.JSON {
			var d plan.Decoder
			d.Reset(data, wire.CallLimits())
			ok, limit = p.Decode(&d, to), d.LimitError()
			return
		}
		var d plan.BinaryDecoder
		d.Reset(data, f, nil, wire.CallLimits())
		ok, limit = p.DecodeBinary(&d, to), d.LimitError()
	})
	return ok, spent, limit
}

// What a limit refuses depends on the text's size alone.
func TestExpansionLimit(t *testing.T) {
	t.Parallel()
	p := plan.List(reflect.TypeFor[[]large](), plan.NewStruct(reflect.TypeFor[large](), ""))
	text := "[" + strings.Repeat("{},", 999) + "{}]"
	for _, tc := range []struct {
		spaces, expansion int
		ok                bool
	}{
		{0, 64, false},
		{100_000, 64, true},
		{0, 2000, true},
	} {
		var d plan.Decoder
		d.Reset([]byte(text+strings.Repeat(" ", tc.spaces)), wire.Limits{Expansion: tc.expansion})
		if ok := p.Decode(&d, mem.Of(new([]large))); ok != tc.ok || (d.LimitError() == nil) != tc.ok {
			t.Errorf("%+v: got %v, %v", tc, ok, d.LimitError())
		}
	}
}
