package wire

import "encoding/binary"

// BinaryKey is a field name as one binary [Format] writes it as a key, ready to be
// written and to be looked for: plans do both once for each field of each message.
// It is immutable. The zero BinaryKey is no key.
type BinaryKey struct {
	bytes string
	keyCode
}

// BinaryKey returns the key of a field: the number that names has for its name, or
// else the name. It fails as AppendKey does.
func (f Format) BinaryKey(name string, names *Fields) (k BinaryKey, ok bool) {
	b, ok := f.AppendKey(nil, name, names)
	return BinaryKey{string(b), newKeyCode(b)}, ok
}

// Append appends the key.
func (k *BinaryKey) Append(b []byte) []byte {
	// Most are one byte, which takes less time than a copy.
	if k.mask == 0xff {
		return append(b, byte(k.code))
	}
	return append(b, k.bytes...)
}

// Guess reads the key of a map entry if it is k, and reads nothing otherwise. It may
// miss one at the end of the data, one of more than four bytes, and one that is not
// in its shortest form: [BinaryReader.Key] reads them all.
func (r *BinaryReader) Guess(k *BinaryKey) bool {
	if !k.isAt(r.data, r.pos) {
		return false
	}
	r.pos += int(k.size)
	return true
}

// keyCode compares the bytes of a key with one load: code is these bytes, the first
// of them lowest, and mask has the bits of as many bytes. For a key of more than four
// bytes they match nothing.
type keyCode struct{ code, mask, size uint32 }

func newKeyCode(key []byte) keyCode {
	const most = 4
	size := uint32(len(key))
	if size > most {
		return keyCode{1, 0, size}
	}
	var bytes [most]byte
	copy(bytes[:], key)
	return keyCode{binary.LittleEndian.Uint32(bytes[:]), 1<<(8*size) - 1, size}
}

// isAt reports whether data has the key at pos. It may miss one at the end of data and
// one in another width.
func (k *keyCode) isAt(data []byte, pos int) bool {
	return pos+4 <= len(data) && binary.LittleEndian.Uint32(data[pos:])&k.mask == k.code
}
