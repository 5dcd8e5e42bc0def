package mirror

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/reflectschema"
)

// readText reads the field of a model from text, and returns the tree that it has then, or what
// is wrong.
func readText[T any](t *testing.T, text string, strict bool) string {
	t.Helper()
	var v one[T]
	if err := goTypeFor[one[T]](t).read(mem.Of(&v), Null(), Map(map[string]Value{"f": parse(t, text)}), strict); err != nil {
		return err.sentence()
	}
	return treeText(t, v.Field)
}

// readers has what reads a field of some type.
var readers = map[string]func(*testing.T, string, bool) string{
	"bool": readText[bool], "int": readText[int], "int8": readText[int8], "uint": readText[uint], "float64": readText[float64],
	"float32": readText[float32], "string": readText[named], "bytes": readText[[]byte], "time": readText[time.Time],
	"addr": readText[netip.Addr], "any": readText[any], "doc": readText[json.RawMessage], "loud": readText[loud], "broken": readText[mute],
	"list": readText[[]int], "array": readText[[2]int], "map": readText[map[string]int], "byID": readText[map[int8]int],
	"byUint": readText[map[uint8]int], "byName": readText[map[named]int], "byAddr": readText[map[netip.Addr]int],
	"point": readText[point], "pointer": readText[*int], "optional": readText[reflectschema.Optional[int]], "tree": readText[Value],
	"writeOnly": readText[writeOnly], "atoms": readText[atoms], "none": readText[[0]int],
}

func TestReadKinds(t *testing.T) {
	t.Parallel()
	cases := []struct{ of, text, want string }{
		{"bool", `{"Bool":true}`, `{"Bool":true}`},
		{"bool", `{"Str":"TRUE"}`, `{"Bool":true}`},
		{"bool", `{"Str":"1"}`, `{"Bool":true}`},
		{"bool", `{"Str":"False"}`, `{"Bool":false}`},
		{"bool", `{"Str":"0"}`, `{"Bool":false}`},
		{"bool", `{"Str":"yes"}`, `f: this must be a boolean, and is Str "yes"`},
		{"bool", `{"Int":1}`, `f: this must be a boolean, and is Int 1`},
		{"bool", `"Null"`, `f: this must be a boolean, and is Null`},
		{"int", `{"Float":3.0}`, `{"Int":3}`},
		{"int", `{"Float":3.5}`, `f: this must be an integer, and is Float 3.5`},
		{"int", `{"Float":9.3e18}`, `f: this must be an integer, and is Float 9.3e+18`},
		{"int", `{"Str":"-80"}`, `{"Int":-80}`},
		{"int", `{"Str":""}`, `f: this must be an integer, and is Str ""`},
		{"int", `{"Str":"80 "}`, `f: this must be an integer, and is Str "80 "`},
		{"int", `{"Bool":true}`, `f: this must be an integer, and is Bool true`},
		{"int", `{"Str":"` + strings.Repeat("x", 50) + `"}`, `f: this must be an integer, and is Str "` + strings.Repeat("x", 40) + `"…`},
		{"int8", `{"Int":128}`, `f: the number must fit int8, and is 128`},
		{"int8", `{"Str":"-128"}`, `{"Int":-128}`},
		{"uint", `{"Int":-1}`, `f: the number must fit uint, and is -1`},
		{"uint", `{"Int":9223372036854775807}`, `{"Int":9223372036854775807}`},
		{"uint", `{"List":[]}`, `f: this must be an integer, and is List`},
		{"float64", `{"Int":2}`, `{"Float":2.0}`},
		{"float64", `{"Str":"-1.5e1"}`, `{"Float":-15.0}`},
		{"float64", `{"Str":"inf"}`, `f: this must be a number, and is Str "inf"`},
		{"float64", `{"Str":"0x1p4"}`, `f: this must be a number, and is Str "0x1p4"`},
		{"float64", `{"Str":"1e999"}`, `f: this must be a number, and is Str "1e999"`},
		{"float32", `{"Float":0.1}`, `{"Float":0.1}`},
		{"float32", `{"Float":1e39}`, `f: the number must fit float32, and is 1e+39`},
		{"float32", `"Null"`, `f: this must be a number, and is Null`},
		{"string", `{"Int":1}`, `f: this must be a string, and is Int 1`},
		{"bytes", `{"Str":"AAE="}`, `{"Str":"AAE="}`},
		{"bytes", `{"Str":"!"}`, `f: this must be bytes in base64, and is Str "!"`},
		{"bytes", `"Null"`, `f: this must be bytes in base64, and is Null`},
		{"time", `{"Str":"2026-01-02T03:04:05Z"}`, `{"Str":"2026-01-02T03:04:05Z"}`},
		{"time", `{"Str":"noon"}`, `f: parsing time "noon" as "2006-01-02T15:04:05Z07:00": cannot parse "noon" as "2006"`},
		{"time", `"Null"`, `f: this must be what time.Time is read from, and is Null`},
		{"addr", `{"Str":"127.0.0.1"}`, `{"Str":"127.0.0.1"}`},
		{"addr", `{"Int":1}`, `f: this must be a string, and is Int 1`},
		{"any", `{"List":[{"Map":{"a":"Null"}},{"Submodel":1},{"Float":1.0},{"Int":1},{"Str":"a"},{"Bool":true}]}`,
			`{"List":[{"Map":{"a":"Null"}},{"Submodel":1},{"Float":1.0},{"Int":1},{"Str":"a"},{"Bool":true}]}`},
		{"doc", `{"Map":{"a":{"List":[{"Int":1}]}}}`, `{"Map":{"a":{"List":[{"Int":1}]}}}`},
		{"doc", `"Null"`, `"Null"`},
		{"loud", `{"Str":"a"}`, `f: a method of the type has panicked`},
		{"broken", `{"Str":"a"}`, `f: it is broken`},
		{"writeOnly", `{"Str":"a"}`, `f: mirror.writeOnly cannot be read, it has no method for that`},
		{"atoms", `{"Str":" a  b "}`, `{"Str":"a b"}`},
		{"list", `{"List":[{"Int":1},{"Str":"x"}]}`, `f[1]: this must be an integer, and is Str "x"`},
		{"list", `"Null"`, `f: this must be a list, and is Null`},
		{"array", `{"List":[{"Int":1},{"Str":"2"}]}`, `{"List":[{"Int":1},{"Int":2}]}`},
		{"array", `{"List":[{"Int":1}]}`, `f: this must be a list of 2 elements, and is List`},
		{"none", `{"List":[]}`, `{"List":[]}`},
		{"map", `{"Map":{"a":{"Int":1}}}`, `{"Map":{"a":{"Int":1}}}`},
		{"map", `{"Map":{"a":"Null"}}`, `f.a: this must be an integer, and is Null`},
		{"map", `"Null"`, `f: this must be a map, and is Null`},
		{"byID", `{"Map":{"-7":{"Int":1}}}`, `{"Map":{"-7":{"Int":1}}}`},
		{"byID", `{"Map":{"128":{"Int":1}}}`, `f["128"]: the key must be an integer that fits int8`},
		{"byUint", `{"Map":{"7":{"Int":1}}}`, `{"Map":{"7":{"Int":1}}}`},
		{"byUint", `{"Map":{"a":{"Int":1}}}`, `f.a: the key must be an integer that fits uint8`},
		{"byName", `{"Map":{"a":{"Int":1}}}`, `{"Map":{"a":{"Int":1}}}`},
		{"byAddr", `{"Map":{"127.0.0.1":{"Int":1}}}`, `{"Map":{"127.0.0.1":{"Int":1}}}`},
		{"point", `{"Map":{"x":{"Int":1},"z":"Null"}}`, `{"Map":{"x":{"Int":1},"y":{"Int":0}}}`},
		{"point", `{"Map":{"x":{"Int":1},"y":"Null"}}`, `f.y: this must be an integer, and is Null`},
		{"point", `"Null"`, `f: this must be a map, and is Null`},
		{"pointer", `"Null"`, `"Null"`},
		{"pointer", `{"Int":1}`, `{"Int":1}`},
		{"optional", `"Null"`, `"Null"`},
		{"optional", `{"Int":1}`, `{"Int":1}`},
		{"tree", `{"List":[{"Submodel":1}]}`, `{"List":[{"Submodel":1}]}`},
	}
	for _, tc := range cases {
		t.Run(tc.of+tc.text, func(t *testing.T) {
			t.Parallel()
			sameText(t, "read", tc.want, readers[tc.of](t, tc.text, false))
		})
	}
}

func TestReadStrict(t *testing.T) {
	t.Parallel()
	for of, text := range map[string]string{"bool": `{"Str":"true"}`, "int": `{"Str":"1"}`, "float64": `{"Str":"1"}`} {
		if got := readers[of](t, text, true); !strings.HasPrefix(got, "f: this must be ") {
			t.Errorf("%s %s: %s", of, text, got)
		}
	}
	sameText(t, "Int for a float", `{"Float":2.0}`, readers["float64"](t, `{"Int":2}`, true))
	sameText(t, "Float for an integer", `{"Int":2}`, readers["int"](t, `{"Float":2}`, true))
}

func TestReadMarks(t *testing.T) {
	t.Parallel()
	g := goTypeFor[marked](t)
	v := marked{Left: new(int), Opt: reflectschema.Some(1), Gone: []int{1}, NilList: map[string]int{"a": 1}, NilRaw: []byte{1}, List: []int{1}}
	old := treeOf(t, v)
	ops := []Op{Remove(Path{Key("left")}), Remove(Path{Key("opt")}), Remove(Path{Key("gone")}), Remove(Path{Key("list")}),
		Set(Path{Key("nilList")}, Null()), Set(Path{Key("nilRaw")}, Null())}
	new, err := Apply(old, ops)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.read(mem.Of(&v), old, new, true); err != nil {
		t.Fatal(err)
	}
	if v.Left != nil || !v.Opt.IsAbsent() || v.Gone != nil || v.NilList != nil || v.NilRaw != nil || v.List != nil {
		t.Errorf("got %+v", v)
	}
}

// What is not sent stays with the elements that stay.
func TestReadKeepsHidden(t *testing.T) {
	t.Parallel()
	type record struct {
		ID   int `tp:"id"`
		note string
	}
	v := one[[]record]{[]record{{1, "one"}, {2, "two"}, {3, "three"}}}
	old := treeOf(t, v)
	new, err := Apply(old, []Op{RemoveAt(Path{Key("f")}, 0), Set(Path{Key("f"), Index(0), Key("id")}, Int(7)), Insert(Path{Key("f")}, 2, Map(nil))})
	if err != nil {
		t.Fatal(err)
	}
	if err := goTypeFor[one[[]record]](t).read(mem.Of(&v), old, new, true); err != nil {
		t.Fatal(err)
	}
	for i, want := range []record{{7, "one"}, {3, "two"}, {0, "three"}} {
		if v.Field[i] != want {
			t.Errorf("element %d is %v", i, v.Field[i])
		}
	}
	old = treeOf(t, v)
	if new, err = Apply(old, []Op{Insert(Path{Key("f")}, 1, Map(nil))}); err != nil {
		t.Fatal(err)
	}
	if err := goTypeFor[one[[]record]](t).read(mem.Of(&v), old, new, true); err != nil || v.Field[2].note != "two" || v.Field[1].note != "" {
		t.Errorf("got %v, %v", v, err)
	}
}

func TestReadLimits(t *testing.T) {
	t.Parallel()
	type large struct {
		All [1 << 16]int64 `tp:"-"`
	}
	values := make([]Value, 1000)
	for i := range values {
		values[i] = Map(nil)
	}
	var lists one[[]large]
	var maps one[map[string]large]
	var pointers one[[]*large]
	entries := map[string]Value{}
	for i := range values {
		entries[string(rune('a'+i))] = values[i]
	}
	const want = "this takes more than 256 MiB"
	for name, err := range map[string]*Error{
		"list":     goTypeFor[one[[]large]](t).read(mem.Of(&lists), Null(), Map(map[string]Value{"f": List(values...)}), true),
		"pointers": goTypeFor[one[[]*large]](t).read(mem.Of(&pointers), Null(), Map(map[string]Value{"f": List(values...)}), true),
		"map":      goTypeFor[one[map[string]large]](t).read(mem.Of(&maps), Null(), Map(map[string]Value{"f": Map(entries)}), true),
	} {
		if err == nil || err.Code != TooLarge || err.Reason != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	deep, nodes := Int(1), Null()
	for range maxNesting + 1 {
		deep, nodes = List(deep), Map(map[string]Value{"next": nodes})
	}
	for name, got := range map[string]string{
		"any": readText[any](t, deep.String(), true), "doc": readText[json.RawMessage](t, deep.String(), true),
		"tree": readText[Value](t, deep.String(), true), "nodes": readText[*node1](t, nodes.String(), true),
	} {
		if !strings.HasSuffix(got, "lists and maps are nested deeper than 60 levels") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
