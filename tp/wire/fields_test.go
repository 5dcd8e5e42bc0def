package wire_test

import (
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/telestruct/telestruct/tp/wire"
)

// pinnedNames are those of spec section 14.3.
var pinnedNames = []string{"Ok_", "api", "data", "fn.api_", "fn.example", "fn.ping_", "id", "includeExamples!",
	"includeInternal!", "name"}

func ExampleNewFields() {
	fields := wire.NewFields([]string{"name", "id", "name"})
	id, known := fields.ID("name")
	fmt.Println(id, known)
	fmt.Println(fields.Header())
	// Output:
	// 1 true
	// [{id 0} {name 1}]
}

func TestNewFields(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		names    []string
		checksum int32
		header   wire.Object
	}{
		{"none", nil, 0, wire.Object{}},
		{"without functions of users",
			[]string{"Ok_", "api", "fn.api_", "fn.ping_", "includeExamples!", "includeInternal!"}, -1355910196,
			wire.Object{{"Ok_", int64(0)}, {"api", int64(1)}, {"fn.api_", int64(2)}, {"fn.ping_", int64(3)},
				{"includeExamples!", int64(4)}, {"includeInternal!", int64(5)}}},
		{"any order, twice", []string{"fn.ping_", "includeInternal!", "Ok_", "api", "fn.api_", "api", "includeExamples!", "fn.f0"},
			-1372432010,
			wire.Object{{"Ok_", int64(0)}, {"api", int64(1)}, {"fn.api_", int64(2)}, {"fn.f0", int64(3)},
				{"fn.ping_", int64(4)}, {"includeExamples!", int64(5)}, {"includeInternal!", int64(6)}}},
	} {
		f := wire.NewFields(tc.names)
		if f.Checksum() != tc.checksum || f.Len() != len(tc.header) {
			t.Errorf("%s: got checksum %d of %d names, want %d of %d", tc.name, f.Checksum(), f.Len(), tc.checksum, len(tc.header))
		}
		if diff := cmp.Diff(wire.Object{{"@bin_", []any{int64(tc.checksum)}}}, f.Plain()); diff != "" {
			t.Errorf("%s: plain headers differ (-want +got):\n%s", tc.name, diff)
		}
		if diff := cmp.Diff(tc.header, f.Header()); diff != "" {
			t.Errorf("%s: header differs (-want +got):\n%s", tc.name, diff)
		}
	}
	if got := wire.NewFields(pinnedNames).Checksum(); got != 1059755324 {
		t.Errorf("got checksum %d", got)
	}
}

func TestFieldsLookUp(t *testing.T) {
	t.Parallel()
	f := wire.NewFields(pinnedNames)
	for want, name := range pinnedNames {
		if id, ok := f.ID(name); id != want || !ok {
			t.Errorf("%s: got %d, %v; want %d", name, id, ok, want)
		}
		if got, ok := f.Name(want); got != name || !ok {
			t.Errorf("%d: got %s, %v; want %s", want, got, ok, name)
		}
	}
	if id, ok := f.ID("other"); ok {
		t.Errorf("other: got %d", id)
	}
	for _, id := range []int{-1, 10, 1 << 40} {
		if name, ok := f.Name(id); ok {
			t.Errorf("%d: got %s", id, name)
		}
	}
	var none *wire.Fields
	_, hasID := none.ID("a")
	_, hasName := none.Name(0)
	if hasID || hasName || none.Len() != 0 || none.Checksum() != 0 || none.Header() != nil || none.Plain() != nil {
		t.Error("a nil table has something")
	}
}

func TestFieldsOf(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		enc  wire.Object
		want string // the error
	}{
		{"none", nil, ""},
		{"in order", wire.Object{{"a", int64(0)}, {"b", int64(1)}}, ""},
		{"in another order", wire.Object{{"a", int64(1)}, {"b", int64(0)}}, ""},
		{"a number twice", wire.Object{{"a", int64(0)}, {"b", int64(0)}},
			`wire: header @enc_ at "b": 0 is the number of "a" already`},
		{"a gap", wire.Object{{"a", int64(0)}, {"b", int64(2)}},
			`wire: header @enc_ at "b": 2 is not among the 2 numbers from 0 on`},
		{"from 1 on", wire.Object{{"a", int64(1)}}, `wire: header @enc_ at "a": 1 is not among the 1 numbers from 0 on`},
		{"negative", wire.Object{{"a", int64(-1)}}, `wire: header @enc_ at "a": -1 is not among the 1 numbers from 0 on`},
		{"huge", wire.Object{{"a", int64(1 << 62)}},
			`wire: header @enc_ at "a": 4611686018427387904 is not among the 1 numbers from 0 on`},
		{"float", wire.Object{{"a", 0.0}}, `wire: header @enc_ at "a": float64 instead of an integer`},
		{"text", wire.Object{{"a", "0"}}, `wire: header @enc_ at "a": string instead of an integer`},
		{"null", wire.Object{{"a", nil}}, `wire: header @enc_ at "a": <nil> instead of an integer`},
		{"a name twice", wire.Object{{"a", int64(0)}, {"a", int64(1)}}, `wire: header @enc_ at "a": the name comes twice`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f, err := wire.FieldsOf(tc.enc, -7)
			if tc.want != "" {
				var fields *wire.FieldsError
				if !errors.As(err, &fields) || err.Error() != tc.want || f != nil {
					t.Errorf("got %v, %v; want %s", f, err, tc.want)
				}
				return
			}
			if err != nil || f.Checksum() != -7 || f.Len() != len(tc.enc) {
				t.Fatalf("got %v, %v", f, err)
			}
			for _, m := range tc.enc {
				if id, ok := f.ID(m.Key); !ok || int64(id) != m.Value {
					t.Errorf("%s: got %d, %v; want %v", m.Key, id, ok, m.Value)
				}
			}
		})
	}
}

// A table that is sent is the table that is received.
func TestFieldsRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sent := wire.NewFields(rapid.SliceOf(rapid.String()).Draw(t, "names"))
		received, err := wire.FieldsOf(sent.Header(), sent.Checksum())
		if err != nil || received.Checksum() != sent.Checksum() || received.Len() != sent.Len() {
			t.Fatalf("got %v, %v", received, err)
		}
		for id := range sent.Len() {
			name, _ := sent.Name(id)
			if got, _ := received.Name(id); got != name {
				t.Fatalf("%s: got %q, want %q", strconv.Itoa(id), got, name)
			}
		}
	})
}

func TestFieldsIdentity(t *testing.T) {
	t.Parallel()
	names := []string{"a", "b"}
	one, same := wire.NewFields(names), wire.NewFields(names)
	if one.Identity() == nil || one.Identity() == same.Identity() {
		t.Error("tables are not told apart by their identities")
	}
	var none *wire.Fields
	if none.Identity() != nil {
		t.Error("a nil table has an identity")
	}
}
