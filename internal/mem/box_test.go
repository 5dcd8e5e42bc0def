package mem_test

import (
	"fmt"
	"reflect"
	"runtime"
	"testing"

	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/internal/mem"
)

// shape is an interface with a method: its first word is not a type.
type shape interface{ isShape() }

type (
	none    struct{}
	small   struct{ N int8 }
	word    struct{ N int }
	words   struct{ A, B string }
	large   struct{ All [300]int }
	inWord  struct{ Next *int }
	renamed struct {
		_ struct{}
		P *int
	}
	nested    struct{ In inWord }
	ofArray   struct{ A [1]*int }
	function  struct{ F func() int }
	mapping   struct{ M map[string]int }
	channel   struct{ C chan int }
	twoPtrs   struct{ A, B *int }
	onPointer struct{ Name string }
)

func (none) isShape()       {}
func (small) isShape()      {}
func (word) isShape()       {}
func (words) isShape()      {}
func (large) isShape()      {}
func (inWord) isShape()     {}
func (renamed) isShape()    {}
func (nested) isShape()     {}
func (ofArray) isShape()    {}
func (function) isShape()   {}
func (mapping) isShape()    {}
func (channel) isShape()    {}
func (twoPtrs) isShape()    {}
func (*onPointer) isShape() {}

var shapes = []shape{
	none{}, small{-3}, word{1 << 40}, words{"a", "b"}, large{[300]int{299: 7}},
	inWord{new(1)}, inWord{}, renamed{P: new(2)}, renamed{}, nested{inWord{new(3)}}, ofArray{[1]*int{new(4)}},
	function{}, mapping{map[string]int{"a": 1}}, mapping{}, channel{make(chan int)}, twoPtrs{new(5), nil},
	&onPointer{"x"}, (*onPointer)(nil), &none{}, &words{"c", "d"}, &renamed{P: new(6)},
}

func TestBox(t *testing.T) {
	t.Parallel()
	for _, iface := range []reflect.Type{reflect.TypeFor[shape](), reflect.TypeFor[any]()} {
		for _, v := range shapes {
			t.Run(fmt.Sprintf("%v in %v", reflect.TypeOf(v), iface), func(t *testing.T) {
				t.Parallel()
				checkBox(t, iface, reflect.ValueOf(v))
			})
		}
	}
}

// checkBox reads and writes v through the Box of its type, and compares with
// what package reflect does.
func checkBox(t interface{ Errorf(string, ...any) }, iface reflect.Type, v reflect.Value) {
	box := mem.BoxOf(iface, v.Type())
	held := reflect.New(iface)
	if mem.Word(held.UnsafePointer()) != nil {
		t.Errorf("the word of a nil interface is not nil")
	}
	held.Elem().Set(v)
	if mem.Word(held.UnsafePointer()) != box.Word() {
		t.Errorf("the word is another one")
	}
	got := mem.Value(v.Type(), box.Content(held.UnsafePointer()))
	if !reflect.DeepEqual(got.Interface(), v.Interface()) {
		t.Errorf("content: got %v, want %v", got, v)
	}

	stored, own := reflect.New(iface), mem.New(v.Type())
	mem.Value(v.Type(), own).Set(v)
	box.Store(stored.UnsafePointer(), own)
	runtime.GC()
	if elem := stored.Elem().Elem(); elem.Type() != v.Type() || !reflect.DeepEqual(elem.Interface(), v.Interface()) {
		t.Errorf("stored: got %v, want %v", elem, v)
	}
}

// A switch sees what was stored as if the compiler had put it there.
func TestBoxInTypeSwitch(t *testing.T) {
	t.Parallel()
	var s shape
	p := mem.Of(&s)
	mem.BoxOf(reflect.TypeFor[shape](), reflect.TypeFor[words]()).Store(p, mem.Of(&words{"a", "b"}))
	if v, ok := s.(words); !ok || v != (words{"a", "b"}) {
		t.Errorf("got %#v", s)
	}
	one := new(1)
	mem.BoxOf(reflect.TypeFor[shape](), reflect.TypeFor[renamed]()).Store(p, mem.Of(&renamed{P: one}))
	if v, ok := s.(renamed); !ok || v.P != one {
		t.Errorf("got %#v", s)
	}
	pointed := &onPointer{"x"}
	mem.BoxOf(reflect.TypeFor[shape](), reflect.TypeFor[*onPointer]()).Store(p, mem.Of(&pointed))
	if v, ok := s.(*onPointer); !ok || v != pointed {
		t.Errorf("got %#v", s)
	}
}

func TestWordsDiffer(t *testing.T) {
	t.Parallel()
	seen := map[mem.Ptr]reflect.Type{}
	for _, v := range shapes {
		typ := reflect.TypeOf(v)
		box := mem.BoxOf(reflect.TypeFor[shape](), typ)
		if other, ok := seen[box.Word()]; ok && other != typ {
			t.Errorf("%v and %v have the same word", typ, other)
		}
		seen[box.Word()] = typ
	}
}

// What interfaces hold must survive the collector, whichever way it lies there.
func TestBoxAndCollector(t *testing.T) {
	t.Parallel()
	iface := reflect.TypeFor[shape]()
	pair, pointed := mem.BoxOf(iface, reflect.TypeFor[words]()), mem.BoxOf(iface, reflect.TypeFor[inWord]())
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.String(), 1, 30).Draw(t, "texts")
		held := make([]shape, 2*len(texts))
		for i, text := range texts {
			pair.Store(mem.Of(&held[2*i]), mem.Of(&words{A: text, B: text + "!"}))
			pointed.Store(mem.Of(&held[2*i+1]), mem.Of(&inWord{new(i)}))
		}
		runtime.GC()
		for i, text := range texts {
			if held[2*i] != (words{text, text + "!"}) || *held[2*i+1].(inWord).Next != i {
				t.Fatalf("pair %d: got %v, %v", i, held[2*i], held[2*i+1])
			}
		}
	})
}

func FuzzBox(f *testing.F) {
	f.Add("a", int64(1), true)
	f.Fuzz(func(t *testing.T, text string, n int64, inside bool) {
		v := any(words{text, text})
		if inside {
			v = renamed{P: new(int(n))}
		}
		checkBox(t, reflect.TypeFor[shape](), reflect.ValueOf(v))
		checkBox(t, reflect.TypeFor[any](), reflect.ValueOf(word{int(n)}))
	})
}

func BenchmarkBoxStore(b *testing.B) {
	box := mem.BoxOf(reflect.TypeFor[shape](), reflect.TypeFor[words]())
	typ := reflect.TypeFor[words]()
	b.ReportAllocs()
	for b.Loop() {
		var s shape
		box.Store(mem.Of(&s), mem.New(typ))
	}
}
