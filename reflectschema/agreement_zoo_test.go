package reflectschema_test

import (
	"errors"
	"math/big"
	"net"
	"net/netip"
	"reflect"
	"strconv"
	"time"

	"github.com/telestruct/telestruct/reflectschema"
)

// The types of the agreement test that package reflect cannot make up.

// Defined types of every kind of scalar.
type (
	Flag  bool
	Rank  int8
	Level uint8
	Grams float32
	Title string
	Blob  []byte
	Thing any
	Ranks []Rank
)

// Even is a text that refuses every other number.
type Even int

func (e Even) MarshalText() ([]byte, error) { return strconv.AppendInt(nil, int64(e), 10), nil }

func (e *Even) UnmarshalText(text []byte) error {
	n, err := strconv.ParseInt(string(text), 10, 32)
	if err == nil && n%2 != 0 {
		err = errors.New("odd")
	}
	*e = Even(n)
	return err
}

// Fragile is a text that panics on what it does not expect, and is none at all
// once it has become too long.
type Fragile struct{ text []byte }

func (f Fragile) MarshalText() ([]byte, error) {
	if len(f.text) > 20 {
		return nil, errors.New("too long")
	}
	return f.text, nil
}

func (f *Fragile) UnmarshalText(text []byte) error {
	if len(text) > 20 {
		panic("too long")
	}
	f.text = text // which is ours to keep
	return nil
}

// Figure is a union of variants that lie in an interface in different ways.
type Figure interface{ figure() }

type (
	// Dot is empty.
	Dot struct{}
	// Disc is larger than a word.
	Disc struct {
		Radius float32 `tp:"radius"`
		Name   *string `tp:"name!"`
		Raw    []byte  `tp:"raw!"`
	}
	// Hoop is a single pointer.
	Hoop struct {
		Around *Hoop `tp:"around!"`
	}
	// Ring is decoded by pointer, though it could be by value.
	Ring struct {
		Inner Disc   `tp:"inner"`
		Outer *Disc  `tp:"outer?"`
		Label string `tp:"label"`
	}
	// Group can only be a pointer, and contains figures.
	Group struct {
		Members []Figure                       `tp:"members"`
		Named   map[Title]*Figure              `tp:"named!"`
		Next    Figure                         `tp:"next?"`
		Lead    reflectschema.Optional[Figure] `tp:"lead!?"`
	}
	// Stray is a Figure that the union does not list.
	Stray struct {
		Radius float32 `tp:"radius"`
	}
)

func (Dot) figure()    {}
func (Disc) figure()   {}
func (Hoop) figure()   {}
func (Ring) figure()   {}
func (*Group) figure() {}
func (Stray) figure()  {}

// figureUnion describes Figure, some of its variants by pointer.
func figureUnion() reflectschema.Union {
	return reflectschema.UnionOf[Figure](Dot{}, Disc{}, Hoop{}, &Ring{}, &Group{})
}

type (
	// Node contains itself in every way there is.
	Node struct {
		Value any                             `tp:"value"`
		Kids  []Node                          `tp:"kids"`
		Named map[string]*Node                `tp:"named!"`
		Next  *Node                           `tp:"next!"`
		Back  *Node                           `tp:"back?"`
		Other reflectschema.Optional[*Node]   `tp:"other!?"`
		Call  *reflectschema.Link[Save]       `tp:"call!"`
		Keep  []*reflectschema.Selection      `tp:"keep!"`
		Under map[string]map[string][]*Figure `tp:"under!"`
	}
	// Save is what links call.
	Save struct {
		Name   string                    `tp:"name"`
		Number float64                   `tp:"number"`
		Blob   Blob                      `tp:"blob?"`
		Again  *reflectschema.Link[Save] `tp:"again!"`
		Disc   *Disc                     `tp:"disc!"`
	}
	// Stamp is embedded.
	Stamp struct {
		At time.Time `tp:"at"`
		By *Title    `tp:"by!"`
	}
	// Stamped has its fields at offsets of others.
	Stamped struct {
		Even int8 `tp:"even"`
		Stamp
		inner
		Hidden chan int `tp:"-"`
		Last   Rank     `tp:"last"`
	}
	inner struct {
		Depth uint16 `tp:"depth"`
		More  []Dot  `tp:"more!"`
	}
	// Sheet is generic.
	Sheet[T any] struct {
		Items []T            `tp:"items"`
		Index map[string][]T `tp:"index!"`
	}
)

// plainTypes have no nil value: only a pointer to one can be absent or null.
var plainTypes = []reflect.Type{
	reflect.TypeFor[bool](), reflect.TypeFor[string](),
	reflect.TypeFor[int](), reflect.TypeFor[int8](), reflect.TypeFor[int16](), reflect.TypeFor[int32](), reflect.TypeFor[int64](),
	reflect.TypeFor[uint](), reflect.TypeFor[uint8](), reflect.TypeFor[uint16](), reflect.TypeFor[uint32](), reflect.TypeFor[uint64](),
	reflect.TypeFor[float32](), reflect.TypeFor[float64](),
	reflect.TypeFor[Flag](), reflect.TypeFor[Rank](), reflect.TypeFor[Level](), reflect.TypeFor[Grams](), reflect.TypeFor[Title](),
	reflect.TypeFor[time.Duration](), reflect.TypeFor[time.Time](), reflect.TypeFor[netip.Addr](), reflect.TypeFor[net.IP](),
	reflect.TypeFor[big.Int](), reflect.TypeFor[Even](), reflect.TypeFor[Fragile](),
	reflect.TypeFor[Dot](), reflect.TypeFor[Disc](), reflect.TypeFor[Group](), reflect.TypeFor[Node](), reflect.TypeFor[Stamped](),
	reflect.TypeFor[Sheet[Rank]](), reflect.TypeFor[Sheet[*Disc]](), reflect.TypeFor[Sheet[Figure]](),
	reflect.TypeFor[reflectschema.Link[Save]](),
}

// nilTypes have a nil value that a field can read as absent or null.
var nilTypes = []reflect.Type{
	reflect.TypeFor[[]byte](), reflect.TypeFor[Blob](), reflect.TypeFor[any](), reflect.TypeFor[Thing](),
	reflect.TypeFor[Figure](), reflect.TypeFor[reflectschema.Selection](),
}

// optionalTypes are the instances of a generic type, which reflection cannot
// make.
var optionalTypes = []reflect.Type{
	reflect.TypeFor[reflectschema.Optional[bool]](), reflect.TypeFor[reflectschema.Optional[string]](),
	reflect.TypeFor[reflectschema.Optional[int8]](), reflect.TypeFor[reflectschema.Optional[uint64]](),
	reflect.TypeFor[reflectschema.Optional[float32]](), reflect.TypeFor[reflectschema.Optional[float64]](),
	reflect.TypeFor[reflectschema.Optional[Title]](), reflect.TypeFor[reflectschema.Optional[*Grams]](),
	reflect.TypeFor[reflectschema.Optional[time.Time]](), reflect.TypeFor[reflectschema.Optional[Even]](),
	reflect.TypeFor[reflectschema.Optional[[]byte]](), reflect.TypeFor[reflectschema.Optional[any]](),
	reflect.TypeFor[reflectschema.Optional[Figure]](), reflect.TypeFor[reflectschema.Optional[Disc]](),
	reflect.TypeFor[reflectschema.Optional[*Node]](), reflect.TypeFor[reflectschema.Optional[Stamped]](),
	reflect.TypeFor[reflectschema.Optional[reflectschema.Link[Save]]](),
	reflect.TypeFor[reflectschema.Optional[reflectschema.Selection]](),
}

// zooArgs are arguments by themselves, whose definitions are met again inside.
var zooArgs = []reflect.Type{
	reflect.TypeFor[Node](), reflect.TypeFor[Group](), reflect.TypeFor[Stamped](), reflect.TypeFor[Disc](),
	reflect.TypeFor[Hoop](), reflect.TypeFor[Sheet[Node]](), reflect.TypeFor[Dot](),
}
