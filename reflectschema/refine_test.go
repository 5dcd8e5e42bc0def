package reflectschema_test

import (
	"errors"
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/schema"
)

func TestRefinements(t *testing.T) {
	t.Parallel()
	type Age uint8
	type Args struct {
		Int8     int8          `tp:"int8"`
		Int16    *int16        `tp:"int16!"`
		Int32    []int32       `tp:"int32"`
		Int64    int64         `tp:"int64"`
		Uint8    uint8         `tp:"uint8"`
		Uint16   uint16        `tp:"uint16"`
		Uint32   uint32        `tp:"uint32"`
		Uint64   uint64        `tp:"uint64"`
		Age      Age           `tp:"age"`
		Float32  float32       `tp:"float32"`
		Float64  float64       `tp:"float64"`
		String   string        `tp:"string"`
		Duration time.Duration `tp:"duration"`
	}
	model := build(t, func(b *builder) { function[Args, struct{}](b, "fn.f") })
	want := map[string]*schema.Refinement{
		"int8":     {GoType: "int8", Min: -128, Max: 127},
		"int16!":   {GoType: "int16", Min: -32768, Max: 32767},
		"int32":    {GoType: "int32", Min: math.MinInt32, Max: math.MaxInt32},
		"int64":    nil,
		"uint8":    {GoType: "uint8", Max: 255},
		"uint16":   {GoType: "uint16", Max: 65535},
		"uint32":   {GoType: "uint32", Max: math.MaxUint32},
		"uint64":   {GoType: "uint64", Max: math.MaxInt64},
		"age":      {GoType: "reflectschema_test.Age", Max: 255},
		"float32":  {GoType: "float32", Float32: true},
		"float64":  nil,
		"string":   nil,
		"duration": nil,
	}
	got := map[string]*schema.Refinement{}
	for _, f := range model.Definitions[0].(*schema.Function).Args.Fields {
		typ := f.Type
		if typ.Elem != nil {
			typ = typ.Elem
		}
		got[f.Name] = typ.Refine
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the refinements differ (-want +got):\n%s", diff)
	}
}

func TestTextRefinements(t *testing.T) {
	t.Parallel()
	type Args struct {
		At     time.Time        `tp:"at"`
		Host   *netip.Addr      `tp:"host!"`
		Words  map[string]*word `tp:"words"`
		Hosts  []netip.Addr     `tp:"hosts"`
		Panics panicking        `tp:"panics"`
		Mute   mute             `tp:"mute"`
	}
	model := build(t, func(b *builder) { function[Args, struct{}](b, "fn.f") })
	accepts := func(field, text string) error {
		typ := model.Definitions[0].(*schema.Function).Args.Field(field).Type
		if typ.Elem != nil {
			typ = typ.Elem
		}
		return typ.Refine.Text(text)
	}
	for _, tc := range []struct{ field, text, want string }{
		{"at", "2024-02-29T12:00:00Z", ""},
		{"at", "yesterday", `cannot parse "yesterday"`},
		{"host!", "::1", ""},
		{"host!", "1.2.3", "too short"},
		{"words", "anything", ""},
		{"hosts", "x", "unable to parse IP"},
		{"panics", "x", "the text is not valid"},
		{"mute", "x", "the text is not valid"},
	} {
		err := accepts(tc.field, tc.text)
		switch {
		case tc.want == "" && err != nil:
			t.Errorf("%s refuses %q: %v", tc.field, tc.text, err)
		case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
			t.Errorf("%s says %v to %q, want %q", tc.field, err, tc.text, tc.want)
		}
	}
}

func TestOwnTexts(t *testing.T) {
	t.Parallel()
	type Args struct {
		At     time.Time `tp:"at"`
		Suit   suit      `tp:"suit"`
		Level  level     `tp:"level"`
		Panics panicking `tp:"panics"`
		Spoilt spoilt    `tp:"spoilt"`
	}
	model := build(t, func(b *builder) { function[Args, struct{}](b, "fn.f") })
	want := map[string][]string{
		"at":     {"0001-01-01T00:00:00Z"},
		"suit":   {"", "hearts"},
		"level":  {"low"},
		"panics": nil,
		"spoilt": nil,
	}
	got := map[string][]string{}
	for _, f := range model.Definitions[0].(*schema.Function).Args.Fields {
		got[f.Name] = f.Type.Refine.Own()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
}

// suit is an enumeration whose zero value is none.
type suit int

func (s suit) MarshalText() ([]byte, error) { return []byte([]string{"", "hearts"}[s]), nil }
func (s *suit) UnmarshalText([]byte) error  { return nil }

// level is an enumeration of one.
type level uint8

func (l level) MarshalText() ([]byte, error) { return []byte([]string{"low"}[l]), nil }
func (l *level) UnmarshalText([]byte) error  { return nil }

// spoilt writes what is no text.
type spoilt struct{}

func (spoilt) MarshalText() ([]byte, error) { return []byte{0xff}, nil }
func (*spoilt) UnmarshalText([]byte) error  { return nil }

// mute is a text whose error cannot say what is wrong.
type mute struct{}

func (mute) MarshalText() ([]byte, error)     { return nil, nil }
func (*mute) UnmarshalText(text []byte) error { return (*time.ParseError)(nil) }

// panicking is a text whose author did not think of strangers.
type panicking struct{}

func (panicking) MarshalText() ([]byte, error)     { return nil, errors.New("out of luck") }
func (*panicking) UnmarshalText(text []byte) error { panic("out of luck") }
