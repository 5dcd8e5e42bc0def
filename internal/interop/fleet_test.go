package interop

import (
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// Fleet is the model that is mirrored between the libraries. It has a field for each kind of
// value, and lists and maps of them.
type Fleet struct {
	Name   string                          `tp:"name"`
	Load   float64                         `tp:"load"`
	Miles  int64                           `tp:"miles"`
	Open   bool                            `tp:"open"`
	Remark *string                         `tp:"remark?"`
	Tags   []string                        `tp:"tags"`
	Levels []float64                       `tp:"levels"`
	Counts map[string]int64                `tp:"counts"`
	Trucks []Truck                         `tp:"trucks"`
	Places map[string]Truck                `tp:"places"`
	Plan   map[string]map[string][]float64 `tp:"plan"`
	// Done is what no random change is about: clients tell with it how far they are.
	Done map[string]int64 `tp:"done"`
}

// Truck is part of a fleet.
type Truck struct {
	ID     int64             `tp:"id"`
	Driver string            `tp:"driver"`
	Weight *float64          `tp:"weight?"`
	Stops  []int64           `tp:"stops"`
	Notes  map[string]string `tp:"notes"`
}

// forbiddenName is the one that a fleet must not have.
const forbiddenName = "Flying Dutchman"

// Validate refuses the forbidden name.
func (f *Fleet) Validate() error {
	if f.Name == forbiddenName {
		return errors.New("no fleet may be called " + forbiddenName)
	}
	return nil
}

const (
	many = 16 // elements of a list
	few  = 4  // elements of lists and maps that hold more than one thing each
)

// changes are random changes of a fleet, the same ones for the same seed. Those of fleet.py are
// of the same kinds.
type changes struct{ *rand.Rand }

func newChanges(seed uint64) changes { return changes{rand.New(rand.NewPCG(seed, seed))} }

// oneOf returns one of the values.
func oneOf[T any](c changes, values ...T) T { return values[c.IntN(len(values))] }

func (c changes) text() string {
	var b strings.Builder
	for range c.IntN(5) {
		b.WriteString(oneOf(c, "a", "B", "7", "ß", "日本", "𝄞", "\u2028", `"`, `\`, "\n", "\x00", "</b>", "/", "."))
	}
	return b.String()
}

// number returns a float of at most 16 digits: the library reads some with 17 as the next one.
func (c changes) number() float64 {
	return oneOf(c, 0, math.Copysign(0, -1), 1, -2, 0.1, 1e21, 1e-7, math.SmallestNonzeroFloat64, math.MaxFloat64,
		1<<53, -(1 << 63), math.Round(c.NormFloat64()*1e6)/1e3)
}

func (c changes) integer() int64 {
	return oneOf(c, 0, 1, -1, 127, 128, -33, 1<<31, 1<<53+1, math.MaxInt64, math.MinInt64, c.Int64N(1<<41)-1<<40)
}

func (c changes) numbers() []float64 {
	numbers := make([]float64, c.IntN(4))
	for i := range numbers {
		numbers[i] = c.number()
	}
	return numbers
}

// perhaps returns what makes returns, or nil.
func perhaps[T any](c changes, makeOne func() T) *T {
	if c.IntN(10) < 3 {
		return nil
	}
	one := makeOne()
	return &one
}

func (c changes) truck() Truck {
	return Truck{ID: c.integer(), Driver: c.text(), Weight: perhaps(c, c.number), Stops: []int64{c.integer()}}
}

// drive changes a truck.
func (c changes) drive(t Truck) Truck {
	switch c.IntN(5) {
	case 0:
		t.ID = c.integer()
	case 1:
		t.Driver = c.text()
	case 2:
		t.Weight = perhaps(c, c.number)
	case 3:
		t.Stops = editList(c, t.Stops, many, c.integer, nil)
	case 4:
		t.Notes = editMap(c, t.Notes, c.text, nil)
	}
	return t
}

// edit changes one thing.
func (c changes) edit(f *Fleet) {
	switch c.IntN(11) {
	case 0:
		f.Name = c.text()
	case 1:
		f.Load = c.number()
	case 2:
		f.Miles = c.integer()
	case 3:
		f.Open = !f.Open
	case 4:
		f.Remark = perhaps(c, c.text)
	case 5:
		f.Tags = editList(c, f.Tags, many, c.text, nil)
	case 6:
		f.Levels = editList(c, f.Levels, many, c.number, nil)
	case 7:
		f.Counts = editMap(c, f.Counts, c.integer, nil)
	case 8:
		f.Trucks = editList(c, f.Trucks, few, c.truck, c.drive)
	case 9:
		f.Places = editMap(c, f.Places, c.truck, c.drive)
	case 10:
		f.Plan = editMap(c, f.Plan, c.day, c.planDay)
	}
}

func (c changes) day() map[string][]float64 {
	return map[string][]float64{c.text(): c.numbers()}
}

func (c changes) planDay(day map[string][]float64) map[string][]float64 {
	return editMap(c, day, c.numbers, func(hours []float64) []float64 { return editList(c, hours, many, c.number, nil) })
}

// editList changes a list in one of the ways in which lists change. Where change is nil, elements
// are replaced.
func editList[T any](c changes, list []T, longest int, makeOne func() T, change func(T) T) []T {
	action, at := c.IntN(6), c.IntN(len(list)+1)
	if len(list) == 0 || action == 0 && len(list) < longest {
		return slices.Insert(list, at, makeOne())
	}
	at %= len(list)
	switch {
	case action == 1:
		list = slices.Delete(list, at, at+1)
	case action == 2:
		from := c.IntN(len(list))
		moved := list[from]
		list = slices.Insert(slices.Delete(list, from, from+1), at, moved)
	case action == 3:
		c.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	case action == 4 || change == nil:
		list[at] = makeOne()
	default:
		list[at] = change(list[at])
	}
	return list
}

// editMap changes a map by one entry.
func editMap[T any](c changes, m map[string]T, makeOne func() T, change func(T) T) map[string]T {
	keys := slices.Sorted(maps.Keys(m))
	action := c.IntN(4)
	if len(keys) == 0 || action < 2 && len(keys) < few {
		if m == nil {
			m = map[string]T{}
		}
		m[c.text()] = makeOne()
		return m
	}
	key := oneOf(c, keys...)
	switch {
	case action == 2:
		delete(m, key)
	case change == nil:
		m[key] = makeOne()
	default:
		m[key] = change(m[key])
	}
	return m
}
