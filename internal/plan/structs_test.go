package plan_test

import (
	"fmt"
	"math"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"weak"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/allocs"
	"github.com/telestruct/telestruct/internal/bench/shapes"
	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

type account struct {
	ID    int64    `tp:"id"`
	Name  string   `tp:"name"`
	Email *string  `tp:"email!"`
	Tags  []string `tp:"tags!"`
	Raw   []byte   `tp:"raw!"`
	Extra any      `tp:"extra!"`
	Open  bool     `tp:"open"`
}

func TestStructDecode(t *testing.T) {
	t.Parallel()
	checkDecode(t, structOf[account](), reflect.TypeFor[account](), []valueCase{
		{`{"id":1,"name":"a","open":true}`, account{ID: 1, Name: "a", Open: true}},
		{`{"open":true,"name":"a","id":1}`, account{ID: 1, Name: "a", Open: true}},
		{` { "id" : 1 , "name" : "a" , "open" : true } `, account{ID: 1, Name: "a", Open: true}},
		{`{"\u0069d":1,"na\u006de":"a","open":true}`, account{ID: 1, Name: "a", Open: true}},
		{`{"id":1,"name":"a","email!":"e","tags!":[],"raw!":"","extra!":1,"open":false}`,
			account{1, "a", new("e"), []string{}, []byte{}, int64(1), false}},
		{`{"id":1,"name":"a","extra!":[null],"open":false,"tags!":["x"]}`,
			account{ID: 1, Name: "a", Tags: []string{"x"}, Extra: []any{nil}}},

		{`{}`, nil},
		{`{"id":1,"name":"a"}`, nil},
		{`{"name":"a","open":true}`, nil},
		{`{"id":1,"name":"a","email!":"e","tags!":[],"raw!":"","extra!":1}`, nil},
		{`{"id":1,"name":"a","open":true,"other":1}`, nil},
		{`{"id":1,"name":"a","open":true,"Name":"b"}`, nil},
		{`{"id":1,"name":"a","open":true,"email":"e"}`, nil},
		{`{"id":1,"name":"a","open":true,"open!":true}`, nil},
		{`{"id":1,"id":1,"name":"a","open":true}`, nil},
		{`{"id":1,"name":"a","open":true,"id":1}`, nil},
		{`{"id":1,"name":"a","open":true,"\u0069d":1}`, nil},
		{`{"id":null,"name":"a","open":true}`, nil},
		{`{"id":1,"name":"a","email!":null,"open":true}`, nil},
		{`{"id":1,"name":"a","tags!":null,"open":true}`, nil},
		{`{"id":1,"name":"a","extra!":null,"open":true}`, nil},
		{`{"id":1,"name":"a","open":true,}`, nil},
		{`{"id":1 "name":"a","open":true}`, nil},
		{`{"id" 1,"name":"a","open":true}`, nil},
		{`{"id":1,"name":"a","open":true`, nil},
		{`{1:1}`, nil},
		{`[]`, nil},
		{`null`, nil},
		{``, nil},
	})
}

func TestStructWithoutFields(t *testing.T) {
	t.Parallel()
	p := structOf[struct{}]()
	checkDecode(t, p, reflect.TypeFor[struct{}](), []valueCase{
		{`{}`, struct{}{}}, {` { } `, struct{}{}}, {`{"a":1}`, nil}, {`null`, nil},
	})
	if got := mustEncode(t, p, mem.Of(&struct{}{})); got != "{}" {
		t.Errorf("got %s", got)
	}
}

// Required fields are counted for structs of any size.
func TestStructOfManyFields(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 63, 64, 65, 128, 129, 300} {
		typ := reflect.ArrayOf(size, reflect.TypeFor[int]())
		p := plan.NewStruct(typ, "struct.Wide")
		fields := make([]plan.Field, size)
		members := make([]string, size)
		for i := range fields {
			name := fmt.Sprintf("f%d", i)
			fields[i] = plan.Field{Name: name, Offset: uintptr(i) * reflect.TypeFor[int]().Size(), Plan: plan.Int(reflect.TypeFor[int]())}
			members[i] = fmt.Sprintf(`"%s":%d`, name, i)
		}
		p.SetFields(fields)
		to := reflect.New(typ)
		all := "{" + strings.Join(members, ",") + "}"
		if !decode(p, all, to.UnsafePointer()) {
			t.Errorf("%d fields: refused", size)
		}
		if got := mustEncode(t, p, to.UnsafePointer()); got != all {
			t.Errorf("%d fields: were written as %s", size, got)
		}
		for i := range members {
			without := append(append([]string{}, members[:i]...), members[i+1:]...)
			if decode(p, "{"+strings.Join(without, ",")+"}", mem.New(typ)) {
				t.Errorf("%d fields: accepted without field %d", size, i)
			}
			if decode(p, "{"+strings.Join(append(without, members[i], members[i]), ",")+"}", mem.New(typ)) {
				t.Errorf("%d fields: accepted with field %d twice", size, i)
			}
		}
	}
}

func TestStructEncode(t *testing.T) {
	t.Parallel()
	p := structOf[account]()
	for _, tc := range []struct {
		v    account
		want string
	}{
		{account{ID: 1, Name: "a"}, `{"id":1,"name":"a","open":false}`},
		{account{1, "a", new(""), []string{}, []byte{}, "x", true},
			`{"id":1,"name":"a","email!":"","tags!":[],"raw!":"","extra!":"x","open":true}`},
	} {
		if got := mustEncode(t, p, mem.Of(&tc.v)); got != tc.want {
			t.Errorf("got %s, want %s", got, tc.want)
		}
		if got := mustText(t, plan.Tree(p, mem.Of(&tc.v))); got != tc.want {
			t.Errorf("got tree %s, want %s", got, tc.want)
		}
	}
	if got, ok := encode(p, mem.Of(&account{Extra: math.NaN()})); ok {
		t.Errorf("NaN was written as %s", got)
	}
}

func TestStructFields(t *testing.T) {
	t.Parallel()
	var names []string
	for _, f := range structOf[account]().Fields() {
		names = append(names, f.Name)
	}
	want := []string{"id", "name", "email!", "tags!", "raw!", "extra!", "open"}
	if !cmp.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}

// node can contain itself.
type node struct {
	Value int     `tp:"value"`
	Left  *node   `tp:"left!"`
	Right *node   `tp:"right!"`
	More  []*node `tp:"more!"`
}

func TestRecursiveStruct(t *testing.T) {
	t.Parallel()
	p := structOf[node]()
	const text = `{"value":1,"left!":{"value":2},"more!":[{"value":3,"right!":{"value":4}},null]}`
	var got node
	if !decode(p, text, mem.Of(&got)) {
		t.Fatal("refused")
	}
	want := node{Value: 1, Left: &node{Value: 2}, More: []*node{{Value: 3, Right: &node{Value: 4}}, nil}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("value differs (-want +got):\n%s", diff)
	}
	if again := mustEncode(t, p, mem.Of(&got)); again != text {
		t.Errorf("was written as %s", again)
	}
}

func TestValueThatContainsItself(t *testing.T) {
	t.Parallel()
	p := structOf[node]()
	v := &node{}
	v.Left, v.Right, v.More = v, v, []*node{v, v}
	if _, ok := encode(p, mem.Of(v)); ok {
		t.Error("was written")
	}
	if _, err := wire.AppendValue(nil, plan.Tree(p, mem.Of(v))); err == nil {
		t.Error("has a tree")
	}
	if tree := plan.Base64(p, mem.Of(v)); tree != nil {
		t.Errorf("has coercion tree %v", tree)
	}
	// An encoder that failed can be used for another value.
	var e plan.Encoder
	e.Encode(p, mem.Of(v))
	e.Buf = e.Buf[:0]
	if !e.Encode(p, mem.Of(&node{})) || string(e.Buf) != `{"value":0}` {
		t.Errorf("got %s afterwards", e.Buf)
	}
}

func TestLongListIsNoNesting(t *testing.T) {
	t.Parallel()
	v := &node{}
	for range 5000 {
		v.More = append(v.More, &node{})
	}
	if _, ok := encode(structOf[node](), mem.Of(v)); !ok {
		t.Error("5000 siblings were refused")
	}
}

// Plans serve all requests at the same time.
func TestPlansAreConcurrent(t *testing.T) {
	t.Parallel()
	p := structOf[shapes.OrderMessage]()
	want := mustEncode(t, p, mem.Of(shapes.Medium()))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				var v shapes.OrderMessage
				ok := decode(p, want, mem.Of(&v))
				got, encoded := encode(p, mem.Of(&v))
				if tree := plan.Base64(p, mem.Of(&v)); !ok || !encoded || got != want || tree != nil {
					t.Errorf("got %s, %v, %v", got, ok, tree)
				}
			}
		})
	}
	group.Wait()
}

func TestCodecAllocations(t *testing.T) {
	in := structOf[shapes.GreetRequest]()
	text := []byte(`{"subject":"Telepact"}`)
	var d plan.Decoder
	var e plan.Encoder
	var v shapes.GreetRequest
	got := allocs.Objects(1, func() {
		d.Reset(text, wire.CallLimits())
		e.Buf = e.Buf[:0]
		if !in.Decode(&d, mem.Of(&v)) || !e.Encode(in, mem.Of(&v)) {
			t.Error("refused")
		}
	})
	if got != 1 {
		t.Errorf("%v allocations, want one for the string", got)
	}
}

// A plan keeps no table of field names in memory: a server may tell of a large one.
func TestTablesAreNotKept(t *testing.T) {
	type point struct {
		X int `tp:"x"`
		Y int `tp:"y"`
	}
	p := structOf[point]()
	encode := func(names ...string) (text string, table weak.Pointer[wire.Fields]) {
		e := plan.Encoder{Format: wire.MessagePack, Fields: wire.NewFields(names)}
		if !e.Encode(p, mem.Of(&point{1, 2})) {
			t.Fatalf("no encoding with %q", names)
		}
		return string(e.Buf), weak.Make(e.Fields)
	}
	for _, tc := range []struct {
		names []string
		want  string
	}{
		{[]string{"x", "y"}, "\x82\x00\x01\x01\x02"},
		{[]string{"a", "x", "y"}, "\x82\x01\x01\x02\x02"},
		{nil, "\x82\xa1x\x01\xa1y\x02"},
		{[]string{"x", "y"}, "\x82\x00\x01\x01\x02"},
	} {
		text, table := encode(tc.names...)
		if text != tc.want {
			t.Errorf("%q: got %x, want %x", tc.names, text, tc.want)
		}
		for range 5 { // a stopped goroutine may hold for a while what it does not need
			runtime.GC()
		}
		if table.Value() != nil {
			t.Errorf("the table of %q is kept", tc.names)
		}
	}
	runtime.KeepAlive(p)
}
