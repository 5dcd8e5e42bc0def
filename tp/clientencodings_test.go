package tp

import (
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp/wire"
)

// told returns an encoding whose checksum is a number.
func told(t testing.TB, checksum int32) *encoding {
	t.Helper()
	fields, err := wire.FieldsOf(Object{{Key: "Ok_", Value: int64(0)}}, checksum)
	if err != nil {
		t.Fatal(err)
	}
	return &encoding{fields, wire.MessagePack}
}

// A script is a list of steps: a number is an answer with that checksum, "?" a request
// that must name the checksums after it, and a duration passes.
func TestEncodings(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, script string }{
		{"nothing known", "?"},
		{"one", "1 ?1 ?1"},
		{"the same again", "1 1 ?1 1 ?1"},
		{"rotation", "1 2 ?2,1 ?2,1 ?2,1 ?2,1 ?2 ?2"},
		{"rotation while answers come", "1 2 ?2,1 2 ?2,1 2 ?2,1 2 ?2,1 2 ?2"},
		{"back again", "1 2 ?2,1 1 ?1,2 ?1,2 ?1,2 ?1,2 ?1"},
		{"to and fro", "1 2 1 2 1 2 ?2,1"},
		{"two rotations", "1 2 3 ?3,2"},
		{"silence makes old", "1 2 ?2,1 10m ?2,1 10m ?2"},
		{"nearly silence", "1 2 9m59s ?2,1 ?2,1 ?2,1 ?2,1 ?2"},
		{"long silence", "1 2 50m ?2"},
		{"silence for years", "1 2 100000h ?2"},
		{"silence does not matter to one", "1 100h ?1"},
		{"an answer ends the silence", "1 2 15m 2 ?2,1 ?2,1 ?2,1 ?2,1 ?2"},
		{"forgotten, and back", "1 2 50m ?2 1 ?1,2"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { runScript(t, tc.script) })
		})
	}
}

func runScript(t *testing.T, script string) {
	var e encodings
	for i, step := range strings.Fields(script) {
		if pause, err := time.ParseDuration(step); err == nil {
			time.Sleep(pause)
			continue
		}
		if checksum, err := strconv.ParseInt(step, 10, 32); err == nil {
			e.update(told(t, int32(checksum)))
			continue
		}
		var got []string
		for _, known := range e.current() {
			got = append(got, strconv.Itoa(int(known.fields.Checksum())))
		}
		if text := "?" + strings.Join(got, ","); text != step {
			t.Errorf("step %d: got %s, want %s", i+1, text, step)
		}
	}
}

func TestResolveEncoding(t *testing.T) {
	t.Parallel()
	bin := func(checksum any) Member { return Member{Key: "@bin_", Value: []any{checksum}} }
	enc := func(names ...string) Member {
		table := Object{}
		for i, name := range names {
			table = append(table, Member{Key: name, Value: int64(i)})
		}
		return Member{Key: "@enc_", Value: table}
	}
	tests := []struct {
		name    string
		headers Object
		want    string // the first name of the table, or an error
	}{
		{"told", Object{bin(int64(7)), enc("a", "b")}, "a"},
		{"known", Object{bin(int64(1))}, "Ok_"},
		{"told to the server by this call", Object{bin(int64(5))}, "Ok_"},
		{"no checksum", nil, "the response is binary and has no checksum in @bin_"},
		{"empty list", Object{{Key: "@bin_", Value: []any{}}}, "the response is binary and has no checksum in @bin_"},
		{"no list", Object{{Key: "@bin_", Value: int64(7)}, enc("a")}, "the response is binary and has no checksum in @bin_"},
		{"no number", Object{bin("7"), enc("a")}, "the response is binary and has no checksum in @bin_"},
		{"no checksum of 32 bits", Object{bin(int64(1) << 31), enc("a")}, "the response is binary and has no checksum in @bin_"},
		{"unknown", Object{bin(int64(7))}, "the response is encoded with the names of checksum 7, which the server has not told"},
		{"no table", Object{bin(int64(7)), {Key: "@enc_", Value: Object{{Key: "a", Value: int64(1)}}}},
			"the response has an @enc_ that is no table of field names: "},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var e encodings
			e.update(told(t, 1))
			fields, err := e.resolve(tc.headers, wire.CBOR, []*encoding{told(t, 5)})
			if err != nil {
				if !strings.HasPrefix(err.Error(), tc.want) {
					t.Errorf("got %v, want %s", err, tc.want)
				}
				if known := e.current(); len(known) != 1 || known[0].fields.Checksum() != 1 {
					t.Errorf("something was remembered: %v", known)
				}
				return
			}
			if name, _ := fields.Name(0); name != tc.want {
				t.Errorf("got the table of %q, want %q", name, tc.want)
			}
			latest := e.current()[0]
			if latest.fields != fields || latest.format != wire.CBOR {
				t.Errorf("remembered %+v", latest)
			}
		})
	}
}

// Whatever a server sends, two tables are kept.
func TestEncodingsAreBounded(t *testing.T) {
	t.Parallel()
	var e encodings
	for checksum := range int32(1000) {
		e.update(told(t, checksum))
	}
	want := []any{int64(999), int64(998)}
	if diff := cmp.Diff(want, checksumsOf(e.current())); diff != "" {
		t.Errorf("checksums differ (-want +got):\n%s", diff)
	}
	if known := e.find(997, nil); known != nil {
		t.Errorf("997 is known")
	}
}
