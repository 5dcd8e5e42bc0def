package wire_test

import (
	"bytes"
	"testing"

	"github.com/telestruct/telestruct/tp/wire"
)

// FuzzAllocation repeats what it is given as the elements of one array, in every
// format: however its parts are shaped, a value tree takes at most 64 bytes for each
// byte of the input, also when the input is refused.
func FuzzAllocation(f *testing.F) {
	for _, unit := range []string{"[]", `{"":0}`, "1e999", `[{"a":{}}]`, "\x80", "\x81\xa0\xc0", "\x91\x90", "\xa0", "\x40", "\x9f\xff", "\xc2\x41\x01", "\xdd\xff\xff\xff\xff"} {
		f.Add([]byte(unit), uint16(1000))
	}
	f.Fuzz(func(t *testing.T, unit []byte, times uint16) {
		const most = 32 << 10
		n := min(int(times), most/(len(unit)+1)) + 1
		elements := bytes.Repeat(unit, n)
		checkTreeAllocation(t, "repeated", "["+string(bytes.Repeat(append(bytes.Clone(unit), ','), n))+"0]")
		checkBinaryAllocation(t, "repeated", wire.MessagePack, append(wire.MessagePack.AppendArray(nil, n), elements...))
		checkBinaryAllocation(t, "repeated", wire.CBOR, append(wire.CBOR.AppendArray(nil, n), elements...))
		checkBinaryAllocation(t, "repeated without end", wire.CBOR, append(append([]byte{0x9f}, elements...), 0xff))
	})
}
