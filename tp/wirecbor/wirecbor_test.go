package wirecbor_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp/wire"
	"github.com/telestruct/telestruct/tp/wirecbor"
)

func ExampleCheck() {
	message := []byte{0x82, 0xa0, 0xa1, 0x05, 0xa0} // [{}, {5: {}}]
	fmt.Println(wirecbor.Check(message, wire.CallLimits()))
	fmt.Println(wirecbor.Check(message[:4], wire.CallLimits()))
	// Output:
	// <nil>
	// wire: not a message: ExpectedJsonArrayOfTwoObjects: unexpected EOF
}

func TestCheck(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return strings.Repeat("81", n) + "80" }
	for _, tc := range []struct {
		name string
		hex  string
		ok   bool
	}{
		{"message", "82a0a1636b6579a0", true},
		{"keys of any kind are well formed", "82a0a1f6a0", true},
		{"indefinite lengths", "82bfffbf61619fff617f7f61626163ffff", true},
		{"marker of a packed list", "81d95450f6", true},
		{"bignum", "c249010000000000000000", true},
		{"unknown tag", "c11a514b67b0", true},
		{"text that is not UTF-8", "61ff", true},
		{"64 levels", nested(63), true},
		{"65 levels", nested(64), false},
		{"nothing", "", false},
		{"cut off", "82a0", false},
		{"trailing byte", "82a0a000", false},
		{"trailing break", "82a0a0ff", false},
		{"break without a list", "82ffa0", false},
		{"break after a key", "bf00ff", false},
		{"parts of another kind", "7f4161ff", false},
		{"parts in parts", "7f7f6161ffff", false},
		{"reserved length", "1c", false},
		{"simple value of two bytes below 32", "f814", false},
		{"NaN of 16 bits", "f97e00", false},
		{"NaN of 64 bits", "fb7ff8000000000000", false},
		{"infinity", "fa7f800000", false},
		{"four billion elements", "9affffffff", false},
		{"four billion entries", "baffffffff", false},
		{"a string of 2^64-1 bytes", "7bffffffffffffffff", false},
		{"an array of 2^63 elements", "9b8000000000000000", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			data, err := hex.DecodeString(tc.hex)
			if err != nil {
				t.Fatal(err)
			}
			err = wirecbor.Check(data, wire.Limits{})
			if (err == nil) != tc.ok {
				t.Errorf("got %v, want none: %v", err, tc.ok)
			}
			var parse *wire.ParseError
			if err != nil && (!errors.As(err, &parse) || parse.Reason != wire.ReasonNotTwoObjects || parse.Cause == nil) {
				t.Errorf("got %#v, want a ParseError with a cause", err)
			}
		})
	}
}

func TestCheckElements(t *testing.T) {
	t.Parallel()
	array := func(n byte) []byte { return append([]byte{0x98, n}, make([]byte, n)...) }
	open := func(n int) []byte { return append(append([]byte{0x9f}, make([]byte, n)...), 0xff) }
	entries := func(n byte) []byte { return append([]byte{0xb8, n}, make([]byte, 2*int(n))...) }
	for _, tc := range []struct {
		name string
		data []byte
		l    wire.Limits
		ok   bool
	}{
		{"array within", array(20), wire.Limits{Elements: 20}, true},
		{"array beyond", array(21), wire.Limits{Elements: 20}, false},
		{"open array within", open(20), wire.Limits{Elements: 20}, true},
		{"open array beyond", open(21), wire.Limits{Elements: 20}, false},
		{"map within", entries(20), wire.Limits{Elements: 20}, true},
		{"map beyond", entries(21), wire.Limits{Elements: 20}, false},
		{"rounded up to 16", array(16), wire.Limits{Elements: 1}, true},
		{"beyond 16", array(17), wire.Limits{Elements: 1}, false},
		{"rounded down", array(20), wire.Limits{Elements: 1 << 40, Depth: 1 << 40}, true},
		{"depth within", []byte{0x81, 0x81, 0x81, 0x81, 0x81, 0x80}, wire.Limits{Depth: 6}, true},
		{"depth beyond", []byte{0x81, 0x81, 0x81, 0x81, 0x81, 0x80}, wire.Limits{Depth: 5}, false},
		{"depth rounded up to 4", []byte{0x81, 0x81, 0x81, 0x80}, wire.Limits{Depth: 1}, true},
	} {
		if err := wirecbor.Check(tc.data, tc.l); (err == nil) != tc.ok {
			t.Errorf("%s: got %v, want none: %v", tc.name, err, tc.ok)
		}
	}
}

func TestCheckKeepsTheCause(t *testing.T) {
	t.Parallel()
	if err := wirecbor.Check([]byte{0x82}, wire.Limits{}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want io.ErrUnexpectedEOF", err)
	}
}

func BenchmarkCheck(b *testing.B) {
	record := "a8" + strings.Repeat("61616362 6262", 8)
	data, _ := hex.DecodeString(strings.ReplaceAll("9903e8"+strings.Repeat(record, 1000), " ", ""))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if err := wirecbor.Check(data, wire.CallLimits()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheckSmall(b *testing.B) {
	data := []byte{0x82, 0xa0, 0xa1, 0x05, 0xa0}
	b.ReportAllocs()
	for b.Loop() {
		if err := wirecbor.Check(data, wire.CallLimits()); err != nil {
			b.Fatal(err)
		}
	}
}
