package plan_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

type (
	// well contains itself in every way there is.
	well struct {
		Leaf    *bool                          `tp:"leaf!"`
		Raw     []byte                         `tp:"raw!"`
		Pointer *well                          `tp:"pointer!"`
		Maybe   reflectschema.Optional[*well]  `tp:"maybe!?"`
		List    []well                         `tp:"list!"`
		Kin     []*well                        `tp:"kin!"`
		Map     map[string]well                `tp:"map!"`
		Union   shaft                          `tp:"union!"`
		Link    *reflectschema.Link[wellCalls] `tp:"link!"`
		Any     any                            `tp:"any!"`
	}
	wellCalls struct {
		Well well `tp:"well"`
	}
	wellMessage struct {
		Top well `tp:"top"`
	}

	shaft interface{ shaft() }
	rope  struct {
		Well *well `tp:"well!"`
	}
	ladder struct {
		Up shaft `tp:"up!"`
	}
)

func (rope) shaft()    {}
func (*ladder) shaft() {}

// wells are the two judges of wellMessage, as arguments and as a result.
type wells struct {
	schema *schema.Schema
	fn     *schema.Function
	plan   *plan.Struct
}

func newWells(t *testing.T) wells {
	t.Helper()
	b := reflectschema.NewBuilder()
	b.Union(reflectschema.UnionOf[shaft](rope{}, &ladder{}))
	b.Function(reflectschema.Function{Name: "fn.dig", Args: reflect.TypeFor[wellMessage](), Result: reflect.TypeFor[wellMessage]()})
	b.Function(reflectschema.Function{Name: "fn.well", Args: reflect.TypeFor[wellCalls](), Result: reflect.TypeFor[struct{}]()})
	model, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	s, err := schema.New("", model.Definitions)
	if err != nil {
		t.Fatal(err)
	}
	return wells{s, s.Function("fn.dig"), model.Functions["fn.dig"].Result}
}

// written is what the plan says of a result.
func (w wells) written(v *wellMessage) (text string, ok bool) {
	var e plan.Encoder
	ok = e.EncodeResult(w.plan, "Ok_", mem.Of(v))
	return string(e.Buf), ok
}

// failures is what the validator says of a result.
func (w wells) failures(v *wellMessage) []validate.Failure {
	return validate.Response(w.schema, w.fn, "Ok_", plan.Tree(w.plan, mem.Of(v)), validate.ResponseOptions{}).Failures
}

// read is what both say of a request; the validator's answer is the second.
func (w wells) read(payload string, l wire.Limits) (plans, trees bool) {
	text := []byte(`[{},{"fn.dig":` + payload + `}]`)
	var d plan.Decoder
	d.Reset(text, l)
	_, _, ok := d.Begin()
	plans = ok && w.plan.Decode(&d, mem.Of(new(wellMessage))) && d.Finish()
	msg, err := wire.DecodeMessage(text, l)
	trees = err == nil && len(validate.Request(w.schema, w.fn, msg.Payload).Failures) == 0
	return plans, trees
}

// deepening is a way to put a well into a well.
type deepening struct {
	name string
	into func(well) well
	// empty and leaf are how many levels there may be at most around a well
	// without fields, and around one with a value.
	empty, leaf int
}

func deepenings() []deepening {
	return []deepening{
		{"pointer", func(w well) well { return well{Pointer: &w} }, 997, 996},
		{"optional", func(w well) well { return well{Maybe: reflectschema.Some(&w)} }, 997, 996},
		{"list", func(w well) well { return well{List: []well{w}} }, 498, 498},
		{"list of pointers", func(w well) well { return well{Kin: []*well{nil, &w}} }, 498, 498},
		{"map", func(w well) well { return well{Map: map[string]well{"a": w}} }, 498, 498},
		{"union", func(w well) well { return well{Union: rope{&w}} }, 332, 332},
		{"union by pointer", func(w well) well { return well{Union: &ladder{&ladder{rope{&w}}}} }, 142, 142},
		{"link", func(w well) well { return well{Link: new(reflectschema.LinkTo(&wellCalls{w}))} }, 332, 332},
		{"any of a list", func(w well) well { return well{Any: []any{inAny(w)}} }, 996, 996},
		{"any of a map", func(w well) well { return well{Any: map[string]any{"a": inAny(w)}} }, 996, 996},
		{"any of a map of a list", func(w well) well { return well{Any: map[string][]any{"a": {inAny(w)}}} }, 498, 498},
	}
}

// inAny is what stands for w inside an any.
func inAny(w well) any {
	switch {
	case w.Any != nil:
		return w.Any
	case w.Leaf != nil:
		return *w.Leaf
	}
	return map[string]any{}
}

func (d deepening) dig(levels int, inner well) *wellMessage {
	for range levels {
		inner = d.into(inner)
	}
	return &wellMessage{inner}
}

// Plan and validator count the same steps: each takes what the other takes, to
// the last level.
func TestNestingOfResults(t *testing.T) {
	t.Parallel()
	w := newWells(t)
	for _, d := range deepenings() {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			for _, inner := range []struct {
				name string
				well well
				most int
			}{{"empty", well{}, d.empty}, {"leaf", well{Leaf: new(true)}, d.leaf}} {
				w.checkAllowed(t, inner.name, d.dig(inner.most, inner.well))
				w.checkRefused(t, inner.name, d.dig(inner.most+1, inner.well))
				w.checkRefused(t, inner.name, d.dig(3*inner.most, inner.well))
			}
		})
	}
}

func (w wells) checkAllowed(t *testing.T, name string, v *wellMessage) {
	t.Helper()
	text, ok := w.written(v)
	if failures := w.failures(v); !ok || len(failures) > 0 {
		t.Fatalf("%s: the plan writes it: %v; the validator: %v", name, ok, failures)
	}
	tree, err := wire.AppendValue(nil, plan.Tree(w.plan, mem.Of(v)))
	if err != nil || string(tree) != text {
		t.Errorf("%s: the tree is another one, with error %v", name, err)
	}
}

func (w wells) checkRefused(t *testing.T, name string, v *wellMessage) {
	t.Helper()
	if _, ok := w.written(v); ok {
		t.Errorf("%s: the plan writes what is too deep", name)
	}
	if failures := w.failures(v); len(failures) != 1 {
		t.Errorf("%s: the validator says %v", name, failures)
	}
}

// One level more is refused by whatever stands there, even if it is nothing.
func TestNestingOfLastLevel(t *testing.T) {
	t.Parallel()
	w := newWells(t)
	pointer := deepenings()[0]
	for _, tc := range []struct {
		name   string
		inner  well
		levels int
	}{
		{"empty list", well{List: []well{}}, 996},
		{"list", well{List: []well{{}}}, 995},
		{"list of null", well{Kin: []*well{nil}}, 995},
		{"empty map", well{Map: map[string]well{}}, 996},
		{"map", well{Map: map[string]well{"a": {}}}, 995},
		{"empty variant", well{Union: rope{}}, 996},
		{"null", well{Maybe: reflectschema.Null[*well]()}, 996},
		{"bytes", well{Raw: []byte{1}}, 996},
		{"link", well{Link: new(reflectschema.LinkTo(&wellCalls{}))}, 994},
		{"scalar any", well{Any: 1}, 996},
		{"empty any", well{Any: map[string]any{}}, 996},
		{"any of null", well{Any: []any{nil}}, 995},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w.checkAllowed(t, "allowed", pointer.dig(tc.levels, tc.inner))
			w.checkRefused(t, "beyond", pointer.dig(tc.levels+1, tc.inner))
		})
	}
}

// A value that contains itself is refused, and soon, by however many ways it
// does so.
func TestNestingWithoutEnd(t *testing.T) {
	t.Parallel()
	w := newWells(t)
	for _, tc := range []struct {
		name  string
		close func(w *well)
	}{
		{"pointer", func(w *well) { w.Pointer = w }},
		{"optional", func(w *well) { w.Maybe = reflectschema.Some(w) }},
		{"list", func(w *well) { w.Kin = []*well{w, w, nil, w} }},
		{"list of values", func(w *well) { w.List = make([]well, 2); w.List[0] = *w; w.List[1] = *w }},
		{"map", func(w *well) { w.Map = map[string]well{}; w.Map["a"] = *w; w.Map["b"] = *w }},
		{"union", func(w *well) { w.Union = rope{w} }},
		{"union of itself", func(w *well) { up := &ladder{}; up.Up = up; w.Union = up }},
		{"link", func(w *well) {
			calls := &wellCalls{}
			calls.Well.Link = new(reflectschema.LinkTo(calls))
			w.Link = calls.Well.Link
		}},
		{"all ways", func(w *well) {
			w.Leaf, w.Raw, w.Pointer, w.Maybe, w.Kin = new(true), []byte{1}, w, reflectschema.Some(w), []*well{w, w}
			w.Union = rope{w}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var v wellMessage
			tc.close(&v.Top)
			w.checkRefused(t, tc.name, &v)
			const why = "the value is nested 1000 levels deep, or contains itself"
			if reason, _ := w.failures(&v)[0].Data.Get("reason"); reason != why {
				t.Errorf("the validator says %v", w.failures(&v))
			}
			if _, err := wire.AppendValue(nil, plan.Tree(w.plan, mem.Of(&v))); err == nil {
				t.Error("has a tree that can be written")
			}
			if tree := plan.Base64(w.plan, mem.Of(&v)); tree != nil {
				t.Errorf("has coercion tree %v", tree)
			}
		})
	}
}

// What is no value tree because it contains itself has no place in an any, as
// anything else that is none.
func TestNestingWithoutEndInAny(t *testing.T) {
	t.Parallel()
	w := newWells(t)
	list, object, tree := make([]any, 2), map[string]any{}, wire.Object{{Key: "a"}, {Key: "b"}}
	list[0], list[1], object["a"], object["b"] = list, list, object, object
	tree[0].Value, tree[1].Value = tree, tree
	for _, v := range []any{list, object, tree} {
		message := &wellMessage{well{Any: v}}
		w.checkRefused(t, reflect.TypeOf(v).String(), message)
	}
}

// An encoder that met the limit counts from the beginning again.
func TestNestingIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWells(t)
	for _, d := range deepenings() {
		var e plan.Encoder
		for range 2 {
			e.Buf = e.Buf[:0]
			if e.EncodeResult(w.plan, "Ok_", mem.Of(d.dig(d.leaf+1, well{Leaf: new(true)}))) {
				t.Errorf("%s: was written", d.name)
			}
			e.Buf = e.Buf[:0]
			if !e.EncodeResult(w.plan, "Ok_", mem.Of(d.dig(d.leaf, well{Leaf: new(true)}))) {
				t.Errorf("%s: was refused afterwards", d.name)
			}
		}
	}
}

// Readers have a limit of their own, which both obey to the last level.
func TestNestingOfRequests(t *testing.T) {
	t.Parallel()
	w := newWells(t)
	for _, d := range deepenings() {
		for _, inner := range []well{{}, {Leaf: new(true)}} {
			var got []bool
			for levels := range 70 {
				text, ok := w.written(d.dig(levels, inner))
				if !ok {
					t.Fatalf("%s: %d levels were not written", d.name, levels)
				}
				plans, trees := w.read(text, wire.CallLimits())
				if plans != trees {
					t.Errorf("%s: the plan reads %d levels: %v; the validator: %v", d.name, levels, plans, trees)
				}
				if len(got) == 0 || got[len(got)-1] != plans {
					got = append(got, plans)
				}
			}
			if diff := cmp.Diff([]bool{true, false}, got); diff != "" {
				t.Errorf("%s: changes of what is read (-want +got):\n%s", d.name, diff)
			}
		}
	}
}
