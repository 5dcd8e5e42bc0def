package plan_test

import (
	"encoding"
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

// hoard keeps the very memory that it is given.
type hoard struct{ kept []byte }

func (h hoard) MarshalText() ([]byte, error)     { return h.kept, nil }
func (h *hoard) UnmarshalText(text []byte) error { h.kept = text; return nil }

var _ encoding.TextUnmarshaler = new(hoard)

// A careless type must not see what the next message holds.
func TestTextIsTheTypesOwn(t *testing.T) {
	t.Parallel()
	p := plan.Text(reflect.TypeFor[hoard]())
	for _, text := range []string{`"mine"`, `"m\u0069ne"`} {
		var d plan.Decoder
		var first, second hoard
		body := []byte(text)
		d.Reset(body, wire.Limits{})
		if !p.Decode(&d, mem.Of(&first)) {
			t.Fatal("refused")
		}
		copy(body, strings.ToUpper(text))
		d.Reset([]byte(`"y\u006furs"`), wire.Limits{})
		if !p.Decode(&d, mem.Of(&second)) {
			t.Fatal("refused")
		}
		if string(first.kept) != "mine" {
			t.Errorf("%s: became %s", text, first.kept)
		}
	}
}

// bomb panics when it is read or written.
type bomb struct{}

func (bomb) MarshalText() ([]byte, error) { panic("written") }
func (*bomb) UnmarshalText([]byte) error  { panic("read") }

func TestPanickingText(t *testing.T) {
	t.Parallel()
	type holder struct {
		Bombs []bomb `tp:"bombs"`
	}
	p := planOf[holder](map[reflect.Type]plan.Plan{reflect.TypeFor[bomb](): plan.Text(reflect.TypeFor[bomb]())})
	var d plan.Decoder
	d.Reset([]byte(`{"bombs":["a"]}`), wire.Limits{})
	if p.Decode(&d, mem.Of(new(holder))) {
		t.Error("was read")
	}
	if d.Panic != "read" || !strings.Contains(string(d.Stack), "bomb).UnmarshalText") {
		t.Errorf("reading: got %v at\n%s", d.Panic, d.Stack)
	}
	if d.Reset(nil, wire.Limits{}); d.Panic != nil || d.Stack != nil {
		t.Errorf("after Reset: %v", d.Panic)
	}

	var e plan.Encoder
	v := holder{make([]bomb, 1)}
	if e.Encode(p, mem.Of(&v)) {
		t.Error("was written")
	}
	if e.Panic != "written" || !strings.Contains(string(e.Stack), "bomb.MarshalText") {
		t.Errorf("writing: got %v at\n%s", e.Panic, e.Stack)
	}
	tree, _ := plan.Tree(p, mem.Of(&v)).(wire.Object)
	if bombs, _ := tree.Get("bombs"); !reflect.DeepEqual(bombs, []any{bomb{}}) {
		t.Errorf("got tree %v", tree)
	}
}

type (
	// mark is an enumeration whose zero value has no name.
	mark string
	// sealed panics when it is read.
	sealed struct{}
	// eager changes the text that it is given.
	eager struct{ text []byte }
)

func (m mark) MarshalText() ([]byte, error) { return []byte(m), nil }
func (m *mark) UnmarshalText(text []byte) error {
	if len(text) != 1 {
		return errors.New("a mark is one letter")
	}
	*m = mark(text)
	return nil
}

func (sealed) MarshalText() ([]byte, error) { return []byte("sealed"), nil }
func (*sealed) UnmarshalText([]byte) error  { panic("opened") }

func (e eager) MarshalText() ([]byte, error) { return e.text, nil }
func (e *eager) UnmarshalText(text []byte) error {
	e.text = text
	clear(text)
	return nil
}

// What a type would not read is not written.
func TestTextIsReadBack(t *testing.T) {
	t.Parallel()
	offset := func(seconds int) *time.Location { return time.FixedZone("", seconds) }
	for _, tc := range []struct {
		name  string
		value any
		want  string // empty when it is refused
	}{
		{"name", mark("A"), `"A"`},
		{"no name", mark(""), ""},
		{"wrong name", mark("AB"), ""},
		{"not UTF-8", mark("\xff"), ""},
		{"panic", sealed{}, ""},
		{"own memory", eager{[]byte("mine")}, `"mine"`},
		{"address", netip.MustParseAddr("::1"), `"::1"`},
		{"no address", netip.Addr{}, `""`},
		{"zero time", time.Time{}, `"0001-01-01T00:00:00Z"`},
		{"last year", time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), `"9999-12-31T00:00:00Z"`},
		{"year of five digits", time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), ""},
		{"year below zero", time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), ""},
		{"large offset", time.Date(2024, 1, 1, 0, 0, 0, 0, offset(24*60*60-1)), `"2024-01-01T00:00:00+23:59"`},
		{"offset of a day", time.Date(2024, 1, 1, 0, 0, 0, 0, offset(24*60*60)), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			v := reflect.New(reflect.TypeOf(tc.value))
			v.Elem().Set(reflect.ValueOf(tc.value))
			got, ok := encode(plan.Text(v.Type().Elem()), v.UnsafePointer())
			if ok != (tc.want != "") || ok && got != tc.want {
				t.Errorf("got %s, %v", got, ok)
			}
			if !reflect.DeepEqual(v.Elem().Interface(), tc.value) {
				t.Errorf("the value became %v", v.Elem())
			}
		})
	}
}

// The plan of times does not read them back, because they read whatever they
// write.
func TestTimesReadWhatTheyWrite(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := time.FixedZone("", rapid.IntRange(-25*60*60, 25*60*60).Draw(t, "offset"))
		v := time.Unix(rapid.Int64Range(-70e9, 260e9).Draw(t, "seconds"), rapid.Int64Range(0, 1e9-1).Draw(t, "nanoseconds")).In(zone)
		text, err := v.MarshalText()
		if err == nil && new(time.Time).UnmarshalText(text) != nil {
			t.Fatalf("does not read %s", text)
		}
	})
}

// The panic that is kept is the first: it is the one that ended the work.
func TestFirstPanicIsKept(t *testing.T) {
	t.Parallel()
	p := plan.Text(reflect.TypeFor[bomb]())
	var e plan.Encoder
	e.Panic = "before"
	if e.Encode(p, mem.Of(new(bomb))) || e.Panic != "before" || e.Stack != nil {
		t.Errorf("got %v", e.Panic)
	}
}
