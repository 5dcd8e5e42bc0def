package plan_test

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"

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
		var d plan.Decoder
		var before, after runtime.MemStats
		// Slices and maps of all types begin with their pointer.
		to := mem.New(reflect.TypeFor[[4]mem.Ptr]())
		data := []byte(tc.text)
		d.Reset(data, wire.CallLimits())
		runtime.ReadMemStats(&before)
		ok := tc.plan.Decode(&d, to)
		runtime.ReadMemStats(&after)
		if ok == tc.refused {
			t.Errorf("%s: got %v", tc.name, ok)
		}
		if tc.refused && d.LimitError() == nil {
			t.Errorf("%s: was refused for another reason", tc.name)
		}
		// Keys and texts are not counted: they take what they take in the text.
		const base = 256 << 10
		if spent := after.TotalAlloc - before.TotalAlloc; spent > uint64(65*len(data)+base) {
			t.Errorf("%s: %d bytes for %d of text, %d for each", tc.name, spent, len(data), spent/uint64(len(data)))
		}
	}
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
