package mirror

import (
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/reflectschema"
)

// zoo has fields of all types that models may have.
type zoo struct {
	zooPlace
	Name   string          `tp:"name"`
	On     bool            `tp:"on"`
	Tiny   int8            `tp:"tiny"`
	Count  uint16          `tp:"count"`
	Number int64           `tp:"number"`
	Single float32         `tp:"single"`
	Double float64         `tp:"double"`
	Span   time.Duration   `tp:"span"`
	When   time.Time       `tp:"when"`
	Addr   netip.Addr      `tp:"addr"`
	Color  zooColor        `tp:"color"`
	Set    zooSet          `tp:"set"`
	Doc    json.RawMessage `tp:"doc"`
	Raw    []byte          `tp:"raw"`
	Tree   Value           `tp:"tree"`
	Any    any             `tp:"any"`

	Tags   []string    `tp:"tags"`
	Grid   [][]int     `tp:"grid"`
	Points []zooPoint  `tp:"points"`
	Corner [2]zooPoint `tp:"corner"`
	Lists  [2][]int16  `tp:"lists"`
	Least  []int       `tp:"least?"`
	Absent []int       `tp:"absent!"`

	Words  map[string]string    `tp:"words"`
	Ticks  map[string]float64   `tp:"ticks"`
	Places map[string]zooPlace  `tp:"places"`
	ByID   map[uint8][]string   `tp:"byID"`
	ByHue  map[zooColor]int     `tp:"byHue"`
	Boxes  map[string]*zooPoint `tp:"boxes?"`

	Maybe   *int                               `tp:"maybe!"`
	Null    *zooPoint                          `tp:"null?"`
	Twice   **int                              `tp:"twice?"`
	Some    reflectschema.Optional[int]        `tp:"some!?"`
	SomeAt  reflectschema.Optional[*zooPoint]  `tp:"someAt!?"`
	SomeAll []reflectschema.Optional[[]string] `tp:"someAll"`
	Next    *zoo                               `tp:"next!"`
	Rest    []zoo                              `tp:"rest"`

	Hidden int `tp:"-"`
	note   string
}

type zooPlace struct {
	Room  string `tp:"room"`
	Floor int8   `tp:"floor"`
	since int64
}

// zooPoint has bytes between its fields.
type zooPoint struct {
	X int8  `tp:"x"`
	Y int64 `tp:"y"`
	Z bool  `tp:"z"`
}

type zooColor struct{ hue uint8 }

func (c zooColor) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "hue %d", c.hue), nil }

func (c *zooColor) UnmarshalText(text []byte) error {
	_, err := fmt.Sscanf(string(text), "hue %d", &c.hue)
	return err
}

// zooSet can be changed in place.
type zooSet struct{ has map[string]bool }

func (s zooSet) MarshalJSON() ([]byte, error) {
	list := []string{}
	for key := range s.has {
		list = append(list, key)
	}
	slices.Sort(list)
	return json.Marshal(list)
}

func (s *zooSet) UnmarshalJSON(data []byte) error {
	var list []string
	err := json.Unmarshal(data, &list)
	s.has = nil
	for _, key := range list {
		s.add(key)
	}
	return err
}

func (s *zooSet) add(key string) {
	if s.has == nil {
		s.has = map[string]bool{}
	}
	s.has[key] = true
}

// mutator changes Go values at random.
type mutator struct{ *rapid.T }

// few returns a number below n.
func (m mutator) few(n int) int { return rapid.IntRange(0, n-1).Draw(m.T, "n") }

func (m mutator) text() string {
	return rapid.SampledFrom([]string{"", "a", "b", "é"}).Draw(m.T, "text")
}

// change changes a value, or parts of it, or nothing.
func (m mutator) change(v reflect.Value, levels int) {
	if m.special(v) {
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.String:
		v.SetString(strings.Clone(m.text()))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 0.1, -2}).Draw(m.T, "float"))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && m.few(6) == 0 {
				m.change(v.Field(i), levels)
			}
		}
	case reflect.Pointer:
		m.changePointer(v, levels-1)
	case reflect.Slice:
		m.changeSlice(v, levels-1)
	case reflect.Array:
		m.change(v.Index(m.few(v.Len())), levels-1)
	case reflect.Map:
		m.changeMap(v, levels-1)
	default:
		if v.CanInt() {
			v.SetInt(int64(m.few(3)) - 1)
		} else {
			v.SetUint(uint64(m.few(3)))
		}
	}
}

// special changes values of types that their kinds say too little about.
func (m mutator) special(v reflect.Value) bool {
	switch p := v.Addr().Interface().(type) {
	case *time.Time:
		*p = time.Unix(int64(m.few(3)), int64(m.few(2))).UTC()
	case *netip.Addr:
		*p = netip.AddrFrom4([4]byte{127, 0, 0, byte(m.few(3))})
	case *zooColor:
		p.hue = uint8(m.few(3))
	case *zooSet:
		p.add(m.text())
	case *json.RawMessage:
		*p = json.RawMessage(rapid.SampledFrom([]string{"1", `{"a":[true,null]}`, `"x"`, "0.5"}).Draw(m.T, "JSON"))
	case *Value:
		*p = anyValue(2).Draw(m.T, "tree")
	case *any:
		*p = rapid.SampledFrom([]any{
			nil, true, int64(1), 0.5, "a", int32(3), []any{}, []any{int64(1), "a"}, map[string]any{"a": []any{nil}}, []string{"a"},
			map[string]any{"a": nil, "b": int64(1)}, zooPoint{X: 1}, &zooPoint{Y: 2}, Submodel(7),
		}).Draw(m.T, "any")
	case *reflectschema.Optional[int]:
		*p = rapid.SampledFrom([]reflectschema.Optional[int]{{}, reflectschema.Null[int](), reflectschema.Some(0), reflectschema.Some(1)}).Draw(m.T, "some")
	case *reflectschema.Optional[*zooPoint]:
		*p = reflectschema.Some(&zooPoint{X: int8(m.few(3))})
	case *reflectschema.Optional[[]string]:
		*p = reflectschema.Some([]string{m.text()})
	case *zooPlace:
		p.since = int64(m.few(3))
		p.Room = m.text()
	default:
		return false
	}
	return true
}

func (m mutator) changePointer(v reflect.Value, levels int) {
	switch {
	case m.few(4) == 0 || levels < 0:
		v.SetZero()
		return
	case v.IsNil():
		v.Set(reflect.New(v.Type().Elem()))
	}
	m.change(v.Elem(), levels)
}

func (m mutator) changeSlice(v reflect.Value, levels int) {
	elem := reflect.New(v.Type().Elem()).Elem()
	switch m.few(6) {
	case 0:
		v.Set(reflect.MakeSlice(v.Type(), 0, 3))
		return
	case 1:
		v.SetZero()
		return
	case 2:
		if v.Len() > 0 {
			at := m.few(v.Len())
			v.Set(reflect.AppendSlice(v.Slice(0, at), v.Slice(at+1, v.Len())))
		}
		return
	case 3:
		if v.Len() > 0 {
			m.change(v.Index(m.few(v.Len())), levels)
		}
		return
	}
	if levels < 0 {
		return
	}
	m.change(elem, levels)
	at := m.few(v.Len() + 1)
	tail := reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, 0), v.Slice(at, v.Len()))
	v.Set(reflect.AppendSlice(reflect.Append(v.Slice(0, at), elem), tail))
}

func (m mutator) changeMap(v reflect.Value, levels int) {
	switch m.few(6) {
	case 0:
		v.SetZero()
		return
	case 1:
		v.Set(reflect.MakeMap(v.Type()))
		return
	}
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	for range m.few(3) {
		key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		m.change(key, 0)
		if was := v.MapIndex(key); was.IsValid() {
			if m.few(2) == 0 {
				v.SetMapIndex(key, reflect.Value{})
				continue
			}
			elem.Set(was)
		}
		m.change(elem, levels)
		v.SetMapIndex(key, elem)
	}
}

// changeZoo changes a zoo often enough for much to be different.
func (m mutator) changeZoo(z *zoo) {
	for range 1 + m.few(4) {
		m.change(reflect.ValueOf(z).Elem(), 3)
	}
	m.change(reflect.ValueOf(&z.zooPlace).Elem(), 0)
	z.Hidden, z.note = m.few(3), m.text()
}
