package wire_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/wire"
)

func ExampleDecodeBinary() {
	fields := wire.NewFields([]string{"fn.greet", "subject"})
	data := []byte("\x92\x81\xa5@bin_\x91\x07\x81\x00\x81\x01\xa5World")
	m, err := wire.DecodeBinary(data, func(headers wire.Object) (*wire.Fields, error) {
		checksums, _ := headers.Get("@bin_")
		fmt.Println("written with", checksums)
		return fields, nil
	}, wire.CallLimits())
	fmt.Println(m.Target, m.Payload, err)
	// Output:
	// written with [7]
	// fn.greet [{subject World}] <nil>
}

// pinned is the table of the examples of spec section 15.3.
var pinned = wire.NewFields(pinnedNames)

var errIncompatible = &wire.ParseError{Reason: wire.ReasonIncompatibleBinary}

// resolvePinned is what a server with the table pinned makes of headers.
func resolvePinned(headers wire.Object) (*wire.Fields, error) {
	list, _ := headers.Get("@bin_")
	if checksums, ok := list.([]any); ok && len(checksums) > 0 && checksums[0] == int64(pinned.Checksum()) {
		return pinned, nil
	}
	return nil, errIncompatible
}

// The beginning of a message with the header @bin_ of the table pinned, and of
// one that is packed.
const (
	mpHead   = "92 81 a5 4062696e5f 91 ce3f2a953c "
	mpPacked = "92 82 a5 4062696e5f 91 ce3f2a953c a5 407061635f c3 "
	cbHead   = "82 a1 65 4062696e5f 81 1a3f2a953c "
	cbPacked = "82 a2 65 4062696e5f 81 1a3f2a953c 65 407061635f f5 "
)

var (
	pinnedHeader = wire.Member{Key: "@bin_", Value: []any{int64(1059755324)}}
	packedHeader = wire.Member{Key: "@pac_", Value: true}
	twoRecords   = wire.Object{{"data", []any{
		wire.Object{{"id", int64(1)}, {"name", "one"}},
		wire.Object{{"id", int64(2)}, {"name", "two"}},
	}}}
)

// binaryMessages are messages with the table pinned; examples are those of spec
// sections 15.3 and A.3.
var binaryMessages = []struct {
	name   string
	format wire.Format
	hex    string
	want   wire.Message
	// longer has another form than the shortest, in which it is not written.
	longer bool
}{
	{"request", mp, mpHead + "81 05 80", wire.Message{Headers: wire.Object{pinnedHeader}, Target: "fn.ping_", Payload: wire.Object{}}, false},
	{"response", mp, mpHead + "81 00 80", wire.Message{Headers: wire.Object{pinnedHeader}, Target: "Ok_", Payload: wire.Object{}}, false},
	{"records", mp, mpHead + "81 00 81 02 92 82 06 01 09 a36f6e65 82 06 02 09 a374776f",
		wire.Message{Headers: wire.Object{pinnedHeader}, Target: "Ok_", Payload: twoRecords}, false},
	{"packed records", mp, mpPacked + "81 00 81 02 94 c70011 93 c0 06 09 92 01 a36f6e65 92 02 a374776f",
		wire.Message{Headers: wire.Object{pinnedHeader, packedHeader}, Target: "Ok_", Payload: twoRecords}, true},
	{"names that need not be", mp, mpHead + "81 a34f6b5f 81 a464617461 c0",
		wire.Message{Headers: wire.Object{pinnedHeader}, Target: "Ok_", Payload: wire.Object{{"data", nil}}}, true},
	{"names without numbers", mp, mpHead + "81 a4666e2e78 81 a178 c3",
		wire.Message{Headers: wire.Object{pinnedHeader}, Target: "fn.x", Payload: wire.Object{{"x", true}}}, false},
	{"request", cb, cbHead + "a1 05 a0", wire.Message{Headers: wire.Object{pinnedHeader}, Target: "fn.ping_", Payload: wire.Object{}}, false},
	{"records", cb, cbHead + "a1 00 a1 02 82 a2 06 01 09 636f6e65 a2 06 02 09 6374776f",
		wire.Message{Headers: wire.Object{pinnedHeader}, Target: "Ok_", Payload: twoRecords}, false},
	{"packed records", cb, cbPacked + "a1 00 a1 02 84 d95450f6 83 f6 06 09 82 01 636f6e65 82 02 6374776f",
		wire.Message{Headers: wire.Object{pinnedHeader, packedHeader}, Target: "Ok_", Payload: twoRecords}, true},
	{"open lists", cb, "82 bf 65 4062696e5f 9f 1a3f2a953c ff ff bf 05 bf ff ff",
		wire.Message{Headers: wire.Object{pinnedHeader}, Target: "fn.ping_", Payload: wire.Object{}}, true},
}

func TestDecodeBinary(t *testing.T) {
	t.Parallel()
	for _, tc := range binaryMessages {
		t.Run(tc.format.String()+"/"+tc.name, func(t *testing.T) {
			t.Parallel()
			data := fromHex(tc.hex)
			got, err := wire.DecodeBinary(data, resolvePinned, wire.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := difference(&tc.want, got); diff != "" {
				t.Errorf("message differs (-want +got):\n%s", diff)
			}
			checkParts(t, tc.format, data, got)
			if written := appendMessage(t, tc.format, got); !tc.longer && !bytes.Equal(written, data) {
				t.Errorf("written as % x, want % x", written, data)
			}
		})
	}
}

// checkParts checks that a message is read in parts as it is read as a whole.
func checkParts(t *testing.T, f wire.Format, data []byte, want *wire.Message) {
	t.Helper()
	var r wire.BinaryReader
	r.Reset(data, f, wire.Limits{})
	headers, ok := r.Begin()
	if packed, _ := headers.Get("@pac_"); ok && packed == true {
		_, ok = r.Unpack(nil)
	}
	target, begins := r.Target(pinned)
	payload, reads := r.Value(pinned)
	if !ok || !begins || !reads || !r.Finish() {
		t.Fatalf("% x: refused in parts: %v", data, r.SyntaxError())
	}
	got := &wire.Message{Headers: headers, Target: target, Payload: payload.(wire.Object)}
	if len(want.Headers) == 0 {
		want.Headers = nil
	}
	if diff := difference(want, got); diff != "" {
		t.Errorf("message in parts differs (-whole +parts):\n%s", diff)
	}
}

func appendMessage(t *testing.T, f wire.Format, m *wire.Message) []byte {
	t.Helper()
	b, err := f.AppendHeaders(nil, m.Headers)
	if err != nil {
		t.Fatal(err)
	}
	if b, err = f.AppendTarget(b, m.Target, pinned); err != nil {
		t.Fatal(err)
	}
	if b, err = f.AppendValue(b, m.Payload, pinned); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecodeBinaryRefuses(t *testing.T) {
	t.Parallel()
	const (
		notTwo       = wire.ReasonNotTwoObjects
		notOne       = wire.ReasonNotOneEntry
		incompatible = wire.ReasonIncompatibleBinary
		decode       = wire.ReasonBinaryDecode
	)
	for _, tc := range []struct {
		name string
		hex  string
		want string
	}{
		{"nothing", "", notTwo},
		{"JSON", "5b7b7d2c7b7d5d", notTwo},
		{"array of two in a long form", "dc0002 80 81 05 80", notTwo},
		{"open array", "9f a0 a1 05 a0 ff", notTwo},
		{"cut off", mpHead + "81 05", notTwo},
		{"only headers", mpHead, notTwo},
		{"trailing byte", mpHead + "81 05 80 00", notTwo},
		{"another checksum", "92 81 a5 4062696e5f 91 00 81 05 80", incompatible},
		{"no checksum", "92 80 81 05 80", incompatible},
		{"well-formedness before the checksum", "92 80 81 05 a1ff", notTwo},
		{"limits before the checksum", "92 80 ddffffffff", notTwo},
		{"another tag before the checksum", "82 a0 a1 05 c100", notTwo},
		{"the checksum before keys", "92 80 81 ff 80", incompatible},
		{"the checksum before the body's kind", "92 80 c0", incompatible},
		{"headers that are no map", "92 c0 81 05 80", notTwo},
		{"numbers as headers", "92 82 a5 4062696e5f 91 ce3f2a953c 00 00 81 05 80", notTwo},
		{"header twice", "92 82 a5 4062696e5f 91 ce3f2a953c a5 4062696e5f 90 81 05 80", notTwo},

		{"number without a name", mpHead + "81 cc ff 80", decode},
		{"number without a name, deep inside", mpHead + "81 00 81 02 91 81 0a c0", decode},
		{"number without a name in a body that is none", mpHead + "91 81 0a c0", decode},
		{"negative key", mpHead + "81 00 81 ff c0", decode},
		{"null as key", mpHead + "81 00 81 c0 c0", decode},
		{"float as key", mpHead + "81 00 81 ca3fc00000 c0", decode},
		{"array as key", mpHead + "81 00 81 90 c0", decode},
		{"huge key", mpHead + "81 00 81 cfffffffffffffffff c0", decode},
		{"negative key", cbHead + "a1 00 a1 20 f6", decode},
		{"number without a name", cbHead + "a1 18ff a0", decode},
		{"bignum as key", cbHead + "a1 00 a1 c249010000000000000000 f6", decode},
		{"negative key when packed", mpPacked + "81 00 81 ff c0", decode},
		{"number without a name when packed", mpPacked + "81 00 81 02 93 c70011 92 c0 0a 91 01", decode},

		{"key twice", mpHead + "81 00 82 02 c0 a464617461 c0", notTwo},
		{"packed list that is not announced", mpHead + "81 00 81 02 92 c70011 91 c0", notTwo},
		{"undefined", cbHead + "a1 00 f7", notTwo},
		{"broken table", mpPacked + "81 00 81 02 93 c70011 92 c0 06 92 01 02", notTwo},
		{"body that is no map", mpHead + "90", notTwo},
		{"empty body", mpHead + "80", notOne},
		{"two targets", mpHead + "82 05 80 00 80", notOne},
		{"payload that is no map", mpHead + "81 05 90", notOne},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m, err := wire.DecodeBinary(fromHex(tc.hex), resolvePinned, wire.Limits{})
			var parse *wire.ParseError
			if !errors.As(err, &parse) || parse.Reason != tc.want || m != nil {
				t.Errorf("got %v, %v; want %s", m, err, tc.want)
			}
		})
	}
}

func TestDecodeBinarySaysWhere(t *testing.T) {
	t.Parallel()
	_, err := wire.DecodeBinary(fromHex(mpHead+"81 0a 80"), resolvePinned, wire.Limits{})
	const want = "wire: not a message: BinaryDecodeFailure: wire: not valid MessagePack at byte 15: " +
		"expected a string, or a number of the table of field names, as the key, found byte 0x0a"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// The error of resolve is the caller's.
func TestDecodeBinaryReturnsResolveError(t *testing.T) {
	t.Parallel()
	if _, err := wire.DecodeBinary(fromHex("92 80 81 05 80"), resolvePinned, wire.Limits{}); err != errIncompatible {
		t.Errorf("got %v", err)
	}
}

func TestDecodeBinaryLimits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		hex  string
		l    wire.Limits
		ok   bool
	}{
		{"parts of the message are no elements", mpHead + "81 05 81 06 c0", wire.Limits{Elements: 1}, true},
		{"elements of the payload", mpHead + "81 05 82 06 c0 09 c0", wire.Limits{Elements: 1}, false},
		{"elements of headers", mpPacked + "81 05 80", wire.Limits{Elements: 1}, false},
		{"depth within", mpHead + "81 05 81 06 90", wire.Limits{Depth: 4}, true},
		{"depth beyond", mpHead + "81 05 81 06 91 90", wire.Limits{Depth: 4}, false},
	} {
		data := fromHex(tc.hex)
		m, err := wire.DecodeBinary(data, resolvePinned, tc.l)
		if (err == nil) != tc.ok {
			t.Errorf("%s: got %v, %v", tc.name, m, err)
		}
		var r wire.BinaryReader
		r.Reset(data, mp, tc.l)
		_, ok := r.Begin()
		_, begins := r.Target(pinned)
		if parts := ok && begins && r.Skip() && r.Finish(); parts != tc.ok {
			t.Errorf("%s: in parts: %v", tc.name, parts)
		}
	}
}

func TestBinaryBegin(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		format wire.Format
		hex    string
		steps  int // how many of Begin, Target, Skip and Finish succeed
	}{
		{"message", mp, "92 80 81 05 80", 4},
		{"message", cb, "82 a0 a1 05 a0", 4},
		{"open lists", cb, "82 bfff bf 05 bfff ff", 4},
		{"nothing", mp, "", 0},
		{"the other format", mp, "82 a0 a1 05 a0", 0},
		{"JSON", wire.JSON, "5b7b7d2c7b7d5d", 0},
		{"no headers", mp, "92 c0 81 05 80", 0},
		{"numbers as headers", mp, "92 81 00 00 81 05 80", 0},
		{"no body", mp, "92 80 c0", 1},
		{"empty body", mp, "92 80 80", 1},
		{"empty open body", cb, "82 a0 bfff", 1},
		{"number without a name", mp, "92 80 81 0a 80", 1},
		{"no payload", mp, "92 80 81 05 c1", 2},
		{"two targets", mp, "92 80 82 05 80 00 80", 3},
		{"two targets in an open body", cb, "82 a0 bf 05 a0 00 a0 ff", 3},
		{"trailing byte", mp, "92 80 81 05 80 00", 3},
	} {
		var r wire.BinaryReader
		r.Reset(fromHex(tc.hex), tc.format, wire.Limits{})
		steps := []func() bool{
			func() bool { headers, ok := r.Begin(); return ok && headers == nil },
			func() bool { target, ok := r.Target(pinned); return ok && target == "fn.ping_" },
			r.Skip,
			r.Finish,
		}
		done := 0
		for done < len(steps) && steps[done]() {
			done++
		}
		if done != tc.steps {
			t.Errorf("%v, %s: got %d steps, want %d", tc.format, tc.name, done, tc.steps)
		}
	}
}

// Messages that begin as those of their table do are read as any other.
func TestBeginPlain(t *testing.T) {
	t.Parallel()
	for _, f := range []wire.Format{mp, cb} {
		plain := f.AppendPlain(nil, pinned)
		want, err := f.AppendHeaders(nil, pinned.Plain())
		if err != nil || !bytes.Equal(plain, want) {
			t.Fatalf("%v: got % x, %v, want % x", f, plain, err, want)
		}
		message, err := f.AppendTarget(plain, "fn.ping_", pinned)
		if err != nil {
			t.Fatal(err)
		}
		message = f.AppendMap(message, 0)
		for _, tc := range []struct {
			name    string
			message []byte
			fields  *wire.Fields
			limits  wire.Limits
			ok      bool
		}{
			{"the table's own", message, pinned, wire.Limits{}, true},
			{"just deep enough", message, pinned, wire.Limits{Depth: 3}, true},
			{"too deep", message, pinned, wire.Limits{Depth: 2}, false},
			{"another table", message, wire.NewFields(nil), wire.Limits{}, false},
			{"no table", message, nil, wire.Limits{}, false},
			{"broken off", message[:len(plain)-1], pinned, wire.Limits{}, false},
			{"nothing", nil, pinned, wire.Limits{}, false},
		} {
			var r wire.BinaryReader
			r.Reset(tc.message, f, tc.limits)
			headers, ok := r.BeginPlain(tc.fields)
			if ok != tc.ok {
				t.Errorf("%v, %s: got %v", f, tc.name, ok)
				continue
			}
			if !ok {
				if _, begins := r.Begin(); begins != (len(tc.message) == len(message) && tc.limits.Depth != 2) {
					t.Errorf("%v, %s: begins %v afterwards", f, tc.name, begins)
				}
				continue
			}
			if diff := cmp.Diff(tc.fields.Plain(), headers); diff != "" {
				t.Errorf("%v: headers differ:\n%s", f, diff)
			}
			if target, ok := r.Target(pinned); target != "fn.ping_" || !ok || !r.Skip() || !r.Finish() {
				t.Errorf("%v: the rest is not read", f)
			}
		}
	}
}

func TestBinaryAppendHeadsRefuse(t *testing.T) {
	t.Parallel()
	for _, f := range []wire.Format{mp, cb} {
		var value *wire.ValueError
		_, err := f.AppendHeaders(nil, wire.Object{{"@x", 1}})
		const header = "wire: value at [@x] cannot be written: int is not a kind of value that messages have"
		if !errors.As(err, &value) || err.Error() != header {
			t.Errorf("%v: got %v, want %s", f, err, header)
		}
		_, err = f.AppendTarget(nil, "\xff", pinned)
		const target = "wire: value at [] cannot be written: the target is not valid UTF-8"
		if !errors.As(err, &value) || err.Error() != target {
			t.Errorf("%v: got %v, want %s", f, err, target)
		}
	}
}

// What a packed body becomes may take what the message that was sent has left.
func TestUnpackKeepsMemory(t *testing.T) {
	t.Parallel()
	const rows = "81 00 81 02 94 c7 00 11 93 c0 06 09 92 01 a1 61 92 02 a1 62"
	const plain = "81 00 81 02 92 82 06 01 09 a1 61 82 06 02 09 a1 62"
	var r wire.BinaryReader
	r.Reset(fromHex(mpHead+rows), mp, wire.Limits{})
	r.Begin()
	if !r.Spend(1) {
		t.Fatal("there is no memory")
	}
	left, room := r.Memory(), make([]byte, 3, 100)
	got, ok := r.Unpack(room)
	if !ok || !bytes.Equal(got, fromHex(plain)) || r.Remaining() != len(got) {
		t.Fatalf("got % x, %v; want %s", got, ok, plain)
	}
	if &got[0] != &room[0] {
		t.Error("the room was not used")
	}
	if got := r.Memory(); got != left {
		t.Errorf("got %d bytes; want %d", got, left)
	}
}

// FuzzDecodeBinary checks that a message is read in parts as it is read as a
// whole, and in JSON as what it was.
func FuzzDecodeBinary(f *testing.F) {
	for _, tc := range binaryMessages {
		f.Add(fromHex(tc.hex))
	}
	for _, format := range []wire.Format{mp, cb} {
		for _, seed := range binarySeeds(format) {
			head, _ := format.AppendHeaders(nil, wire.Object{pinnedHeader, packedHeader})
			f.Add(append(head, seed...))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := wire.DecodeBinary(data, resolvePinned, wire.Limits{})
		var parse *wire.ParseError
		if err != nil {
			if !errors.As(err, &parse) || m != nil {
				t.Fatalf("got %v, %v", m, err)
			}
			return
		}
		checkParts(t, wire.FormatOf(data), data, m)
		m.Headers = wire.Object{pinnedHeader}
		again, err := wire.DecodeBinary(appendMessage(t, wire.FormatOf(data), m), resolvePinned, wire.Limits{})
		if diff := difference(m, again); err != nil || diff != "" {
			t.Fatalf("reads back as something else, %v (-first +second):\n%s", err, diff)
		}
	})
}
