package mirror

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"testing"
	"time"

	"github.com/telestruct/telestruct/reflectschema"
)

type (
	onlyPointers *onlyPointers
	private      struct {
		name string `tp:"name"`
	}
	page[T any] struct {
		Items []T `tp:"items"`
	}
	embedding struct {
		*point
	}
	twice struct {
		point
		Other int `tp:"x?"`
	}
	misspelt struct {
		A int `tp:"a,omitempty"`
		B int `tp:"?!"`
		C int `tp:""`
	}
	several struct {
		Wait chan int        `tp:"wait"`
		Call func()          `tp:"call!"`
		Read io.Reader       `tp:"read"`
		Rate complex128      `tp:"rate"`
		Keys map[point]int   `tp:"keys"`
		Bool map[bool]int    `tp:"bool"`
		Any  map[any]int     `tp:"any"`
		Loop *onlyPointers   `tp:"loop"`
		Deep [][2]chan int   `tp:"deep"`
		In   one[chan<- int] `tp:"in"`
	}
)

func TestTypesThatAreNoModels(t *testing.T) {
	t.Parallel()
	const leaveOut = "; leave the field out with `tp:\"-\"`\n"
	for _, tc := range []struct {
		of   reflect.Type
		want string
	}{
		{reflect.TypeFor[func()](), "func(): func() cannot be sent; leave the field out with `tp:\"-\"`"},
		{reflect.TypeOf(private{name: ""}), `mirror.private.name: tag "name" on a field that is not exported; export the field, or remove the tag`},
		{reflect.TypeFor[embedding](), "mirror.embedding.point: an embedded pointer cannot be flattened: nothing says whether there is a point; embed mirror.point, or give the field a name and a tag"},
		{reflect.TypeFor[twice](), `mirror.twice.Other: another field has the key "x" already; rename one of them`},
		{reflect.TypeFor[misspelt](), "mirror.misspelt.A: malformed tag \"a,omitempty\"; write name, name!, name? or name!?\n" +
			"mirror.misspelt.B: malformed tag \"?!\"; write name, name!, name? or name!?\n" +
			"mirror.misspelt.C: malformed tag \"\"; write name, name!, name? or name!?"},
		{reflect.TypeFor[several](), "mirror.several.Wait: chan int cannot be sent" + leaveOut +
			"mirror.several.Call: func() cannot be sent" + leaveOut +
			"mirror.several.Read: io.Reader may hold anything, and nothing says what to read; use any, or a struct that has a field for each type\n" +
			"mirror.several.Rate: complex128 cannot be sent" + leaveOut +
			"mirror.several.Keys: keys of the type mirror.point cannot be sent; use a string, an integer, or a type with the methods MarshalText and UnmarshalText\n" +
			"mirror.several.Bool: keys of the type bool cannot be sent; use a string, an integer, or a type with the methods MarshalText and UnmarshalText\n" +
			"mirror.several.Any: keys of the type interface {} cannot be sent; use a string, an integer, or a type with the methods MarshalText and UnmarshalText\n" +
			"mirror.several.Loop: *mirror.onlyPointers leads to nothing but pointers; use a struct that has the pointer\n" +
			"mirror.several.Deep: chan int cannot be sent" + leaveOut +
			"mirror.one[chan<- int].Field: chan<- int cannot be sent; leave the field out with `tp:\"-\"`"},
	} {
		t.Run(tc.of.String(), func(t *testing.T) {
			t.Parallel()
			_, err := goTypeOf(tc.of)
			sameError(t, tc.want, err)
			var problem *reflectschema.Problem
			if !errors.As(err, &problem) {
				t.Errorf("%T is no problem", err)
			}
		})
	}
}

func TestTypeName(t *testing.T) {
	t.Parallel()
	for want, of := range map[string]reflect.Type{
		"zoo": reflect.TypeFor[zoo](), "page": reflect.TypeFor[page[zoo]](), "map[string]int": reflect.TypeFor[map[string]int](),
	} {
		g, err := goTypeOf(of)
		if err != nil {
			t.Fatal(err)
		}
		sameText(t, "name", want, g.typeName())
	}
}

func TestGoTypesAreMadeOnce(t *testing.T) {
	t.Parallel()
	if first, second := goTypeFor[zoo](t), goTypeFor[zoo](t); first != second {
		t.Error("there are two")
	}
}

// Types that are flat are compared in one go, so that it matters which are.
func TestFlat(t *testing.T) {
	t.Parallel()
	flat := []reflect.Type{
		reflect.TypeFor[zooPoint](), reflect.TypeFor[zooPlace](), reflect.TypeFor[[3]string](), reflect.TypeFor[time.Time](),
		reflect.TypeFor[zooColor](), reflect.TypeFor[reflectschema.Optional[zooPoint]](), reflect.TypeFor[Value](), reflect.TypeFor[struct{}](),
	}
	others := []reflect.Type{
		reflect.TypeFor[zoo](), reflect.TypeFor[[]int](), reflect.TypeFor[*int](), reflect.TypeFor[any](), reflect.TypeFor[[1][]int](),
		reflect.TypeFor[map[string]int](), reflect.TypeFor[zooSet](), reflect.TypeFor[json.RawMessage](), reflect.TypeFor[node1](),
		reflect.TypeFor[reflectschema.Optional[*int]](), reflect.TypeFor[atoms](),
	}
	for i, of := range append(flat, others...) {
		g, err := goTypeOf(of)
		if err != nil {
			t.Fatal(err)
		}
		if g.shape.about().flat != (i < len(flat)) {
			t.Errorf("%v: flat is %v", of, g.shape.about().flat)
		}
	}
}

// Maps of all kinds of elements become values and back; that of the zoo has few of them.
func TestMapsOfKinds(t *testing.T) {
	t.Parallel()
	type maps struct {
		Bool    map[string]bool          `tp:"bool"`
		Int16   map[string]int16         `tp:"int16"`
		Float32 map[string]float32       `tp:"float32"`
		Span    map[string]time.Duration `tp:"span"`
		Int     map[string]uint          `tp:"int"`
		Map     map[string]map[int]int   `tp:"map"`
		Slice   map[string][]string      `tp:"slice"`
		Any     map[string]any           `tp:"any"`
		Array   map[string][2]int        `tp:"array"`
		Named   map[named]named          `tp:"named"`
	}
	v := maps{
		map[string]bool{"a": true}, map[string]int16{"a": -2}, map[string]float32{"a": 0.5}, map[string]time.Duration{"a": 9},
		map[string]uint{"a": 7}, map[string]map[int]int{"a": {1: 2}}, map[string][]string{"a": {"b"}}, map[string]any{"a": nil},
		map[string][2]int{"a": {1, 2}}, map[named]named{"a": "b"},
	}
	tree := treeOf(t, v)
	sameText(t, "tree", `{"Map":{"any":{"Map":{"a":"Null"}},"array":{"Map":{"a":{"List":[{"Int":1},{"Int":2}]}}},"bool":{"Map":{"a":{"Bool":true}}},`+
		`"float32":{"Map":{"a":{"Float":0.5}}},"int":{"Map":{"a":{"Int":7}}},"int16":{"Map":{"a":{"Int":-2}}},"map":{"Map":{"a":{"Map":{"1":{"Int":2}}}}},`+
		`"named":{"Map":{"a":{"Str":"b"}}},"slice":{"Map":{"a":{"List":[{"Str":"b"}]}}},"span":{"Map":{"a":{"Int":9}}}}}`, tree.String())
	sameText(t, "read", tree.String(), readText[maps](t, tree.String(), true))
}
