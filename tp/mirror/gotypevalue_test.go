package mirror

import (
	"encoding/json"
	"errors"
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/reflectschema"
)

// one is a model with one field.
type one[T any] struct {
	Field T `tp:"f"`
}

// treeText returns the tree of v, or what is wrong with v.
func treeText[T any](t *testing.T, v T) string {
	t.Helper()
	tree, err := goTypeFor[one[T]](t).value(mem.Of(&one[T]{v}))
	if err != nil {
		return err.sentence()
	}
	field, _ := tree.Get("f")
	return field.String()
}

type (
	named    string
	numbered int8
	point    struct {
		X int `tp:"x"`
		Y int `tp:"y!"`
	}
	marked struct {
		Left    *int                          `tp:"left!"`
		Nil     *int                          `tp:"nil?"`
		Opt     reflectschema.Optional[int]   `tp:"opt!?"`
		List    []int                         `tp:"list"`
		Gone    []int                         `tp:"gone!"`
		NilList map[string]int                `tp:"nilList?"`
		Any     any                           `tp:"any"`
		Raw     []byte                        `tp:"raw"`
		NilRaw  []byte                        `tp:"nilRaw?"`
		In      []reflectschema.Optional[int] `tp:"in"`
	}
)

// mute does not marshal, loud panics when it does.
type (
	mute  struct{}
	loud  struct{ Text string }
	node1 struct {
		Next *node1 `tp:"next"`
	}
	writeOnly struct{}
	atoms     struct{ list []string }
)

func (mute) MarshalText() ([]byte, error)        { return nil, errors.New("it is broken") }
func (*mute) UnmarshalText([]byte) error         { return errors.New("it is broken") }
func (loud) MarshalJSON() ([]byte, error)        { panic("boo") }
func (*loud) UnmarshalJSON([]byte) error         { panic("boo") }
func (writeOnly) MarshalText() ([]byte, error)   { return []byte("x"), nil }
func (a atoms) MarshalText() ([]byte, error)     { return []byte(strings.Join(a.list, " ")), nil }
func (a *atoms) UnmarshalText(text []byte) error { a.list = strings.Fields(string(text)); return nil }
func (n numbered) MarshalText() ([]byte, error)  { return []byte("always the same"), nil }
func (n *numbered) UnmarshalText(_ []byte) error { return nil }

func TestValueOfKinds(t *testing.T) {
	t.Parallel()
	seven := 7
	loop := &node1{}
	loop.Next = loop
	for want, got := range map[string]string{
		`{"Bool":true}`:                         treeText(t, true),
		`{"Int":-128}`:                          treeText(t, int8(-128)),
		`{"Int":9223372036854775807}`:           treeText(t, uint64(math.MaxInt64)),
		`{"Int":1500}`:                          treeText(t, 1500*time.Nanosecond),
		`{"Float":0.1}`:                         treeText(t, float32(0.1)),
		`{"Float":2.0}`:                         treeText(t, 2.0),
		`{"Str":"é"}`:                           treeText(t, named("é")),
		`{"Str":"AAH/"}`:                        treeText(t, []byte{0, 1, 255}),
		`{"Str":""}`:                            treeText(t, []byte(nil)),
		`{"List":[{"Int":0},{"Int":1}]}`:        treeText(t, [2]byte{0, 1}),
		`{"List":[]}`:                           treeText[[]int](t, nil),
		`{"Map":{}}`:                            treeText[map[string]int](t, nil),
		`"Null"`:                                treeText[*int](t, nil),
		`{"Int":7}`:                             treeText(t, &seven),
		`{"Map":{"-3":{"Int":1}}}`:              treeText(t, map[int]int{-3: 1}),
		`{"Map":{"3":{"Int":1}}}`:               treeText(t, map[uint8]int{3: 1}),
		`{"Map":{"a":{"Int":1}}}`:               treeText(t, map[named]int{"a": 1}),
		`{"Map":{"127.0.0.1":{"Int":1}}}`:       treeText(t, map[netip.Addr]int{netip.MustParseAddr("127.0.0.1"): 1}),
		`{"Map":{"x":{"Int":1},"y":{"Int":2}}}`: treeText(t, point{1, 2}),
		`{"Str":"2026-01-02T03:04:05Z"}`:        treeText(t, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)),
		`{"Map":{"a":{"List":[{"Float":1e+300},"Null",{"Bool":false}]}}}`:                    treeText(t, json.RawMessage(`{"a":[1e300,null,false]}`)),
		`{"Map":{"a":{"List":[{"Int":1},{"Map":{"x":{"Int":0},"y":{"Int":0}}},{"Int":2}]}}}`: treeText[any](t, map[string]any{"a": []any{int64(1), point{}, uint8(2)}}),
		`{"Submodel":3}`: treeText(t, Submodel(3)),

		`f: an integer must be below 2^63, and is 9223372036854775808`: treeText(t, uint64(1<<63)),
		`f: a float must be finite, and is NaN`:                        treeText(t, math.NaN()),
		`f: a float must be finite, and is -Inf`:                       treeText(t, float32(math.Inf(-1))),
		`f[1]: a string must be valid UTF-8`:                           treeText(t, []string{"", "\xff"}),
		"f[\"\\xff\"]: a key must be valid UTF-8":                      treeText(t, map[string]int{"\xff": 1}),
		`f.a[0]: a float must be finite, and is +Inf`:                  treeText[any](t, map[string]any{"a": []any{math.Inf(1)}}),
		`f: it is broken`:                                                                treeText(t, mute{}),
		`f: a method of the type has panicked`:                                           treeText(t, loud{}),
		`f: two keys of the map are both written "always the same"`:                      treeText(t, map[numbered]int{1: 1, 2: 2}),
		`f: chan int: chan int cannot be sent; leave the field out with ` + "`tp:\"-\"`": treeText[any](t, make(chan int)),
		`f: a number must fit 64 bits, and is 1e999`:                                     treeText(t, json.RawMessage("1e999")),
	} {
		sameText(t, "tree", want, got)
	}
	if text := treeText(t, loop); !strings.HasSuffix(text, "next: lists and maps are nested deeper than 60 levels") {
		t.Errorf("a cycle: %s", text)
	}
}

func TestValueOfMarks(t *testing.T) {
	t.Parallel()
	sameText(t, "zero", `{"Map":{"any":"Null","in":{"List":[]},"list":{"List":[]},"nil":"Null","nilList":"Null","nilRaw":"Null","raw":{"Str":""}}}`,
		treeOf(t, marked{}).String())
	v := marked{Left: new(int), Opt: reflectschema.Null[int](), Gone: []int{}, NilList: map[string]int{}, NilRaw: []byte{},
		In: []reflectschema.Optional[int]{{}, reflectschema.Some(1)}}
	sameText(t, "values", `{"Map":{"any":"Null","gone":{"List":[]},"in":{"List":["Null",{"Int":1}]},"left":{"Int":0},"list":{"List":[]},`+
		`"nil":"Null","nilList":{"Map":{}},"nilRaw":{"Str":""},"opt":"Null","raw":{"Str":""}}}`, treeOf(t, v).String())
}

// What cannot be sent changes neither side.
func TestRefreshFails(t *testing.T) {
	t.Parallel()
	g := goTypeFor[zoo](t)
	fill := func() *zoo {
		return &zoo{Points: []zooPoint{{X: 1}, {X: 2}}, Words: map[string]string{"a": "b"}, Next: &zoo{Tags: []string{"a"}},
			Boxes: map[string]*zooPoint{"a": {}}, Any: []any{"a"}, Rest: make([]zoo, 2)}
	}
	loop := map[string]any{}
	loop["loop"] = []any{loop}
	for want, change := range map[string]func(*zoo){
		"tree: a float must be finite, and is NaN":           func(z *zoo) { z.Tree = Float(math.NaN()) },
		"next.tags[1]: a string must be valid UTF-8":         func(z *zoo) { z.Next.Tags = append(z.Next.Tags, "\xff") },
		"next.tags[0]: a string must be valid UTF-8":         func(z *zoo) { z.Next.Tags[0] = "\xff" },
		"words.a: a string must be valid UTF-8":              func(z *zoo) { z.Words["a"] = "\xff" },
		"words.b: a string must be valid UTF-8":              func(z *zoo) { z.Words["b"] = "\xff" },
		"any[0]: a float must be finite, and is +Inf":        func(z *zoo) { z.Any.([]any)[0] = math.Inf(1) },
		"any: a float must be finite, and is +Inf":           func(z *zoo) { z.Any = math.Inf(1) },
		"rest[1].double: a float must be finite, and is NaN": func(z *zoo) { z.Rest = append(z.Rest, zoo{}); z.Rest[1].Double = math.NaN() },
		"rest[2].double: a float must be finite, and is NaN": func(z *zoo) { z.Rest = append(z.Rest, zoo{Double: math.NaN()}) },
		"doc: what it marshals to is no JSON":                func(z *zoo) { z.Doc = json.RawMessage("{") },
	} {
		base, work, after := fill(), fill(), fill()
		known := treeOf(t, *base)
		work.Points[0].X, work.Boxes["a"].Y, work.Rest[0].Name = 9, 9, "x"
		change(work)
		if _, err := g.refresh(known, mem.Of(base), mem.Of(work)); err == nil || err.sentence() != want {
			t.Errorf("want %s, got %v", want, err)
		}
		if !treeOf(t, *base).Equal(treeOf(t, *after)) {
			t.Errorf("%s: base has changed", want)
		}
		g.restore(mem.Of(work), mem.Of(base))
		if !treeOf(t, *work).Equal(known) {
			t.Errorf("%s: work is not restored", want)
		}
	}
	base, work := fill(), fill()
	work.Any = loop
	if _, err := g.refresh(treeOf(t, *base), mem.Of(base), mem.Of(work)); err == nil || err.Code != TooLarge {
		t.Errorf("a cycle: %v", err)
	}
	g.restore(mem.Of(work), mem.Of(base))
	work.Next.Next = work.Next
	if _, err := g.refresh(treeOf(t, *base), mem.Of(base), mem.Of(work)); err == nil || err.Code != TooLarge {
		t.Errorf("a cycle: %v", err)
	}
}
