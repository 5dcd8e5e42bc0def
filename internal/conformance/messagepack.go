package conformance

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// messagePackValue reads one MessagePack value.
func messagePackValue(r *binaryReader) (any, error) {
	first, err := r.uint(1)
	if err != nil {
		return nil, err
	}
	switch {
	case first < 0x80:
		return uintNumber(first), nil
	case first < 0x90:
		return r.mapping(first & 0x0f)
	case first < 0xa0:
		return r.array(first & 0x0f)
	case first < 0xc0:
		return r.text(first & 0x1f)
	case first >= 0xe0:
		return intNumber(int64(int8(first))), nil
	case first >= 0xd4 && first <= 0xd8:
		return r.extension(1 << (first - 0xd4))
	}
	return r.messagePackLong(first)
}

// messagePackLong reads a value whose first byte only says what it is.
func (r *binaryReader) messagePackLong(first uint64) (any, error) {
	switch first {
	case 0xc0:
		return nil, nil
	case 0xc2, 0xc3:
		return first == 0xc3, nil
	case 0xc4, 0xc5, 0xc6:
		return r.sized(1<<(first-0xc4), r.bytes)
	case 0xc7, 0xc8, 0xc9:
		return r.sized(1<<(first-0xc7), r.extension)
	case 0xca:
		return r.float32()
	case 0xcb:
		return r.float64()
	case 0xcc, 0xcd, 0xce, 0xcf:
		n, err := r.uint(1 << (first - 0xcc))
		return uintNumber(n), err
	case 0xd0, 0xd1, 0xd2, 0xd3:
		size := uint64(1) << (first - 0xd0)
		n, err := r.uint(size)
		unused := 64 - 8*size // shifted out and in again, for the sign
		return intNumber(int64(n<<unused) >> unused), err
	case 0xd9, 0xda, 0xdb:
		return r.sized(1<<(first-0xd9), r.text)
	case 0xdc, 0xdd:
		return r.sized(2<<(first-0xdc), r.array)
	case 0xde, 0xdf:
		return r.sized(2<<(first-0xde), r.mapping)
	}
	return nil, fmt.Errorf("%#02x begins no value", first)
}

// sized reads a length of so many bytes and then, by read, what is that long.
func (r *binaryReader) sized(size uint64, read func(uint64) (any, error)) (any, error) {
	n, err := r.uint(size)
	if err != nil {
		return nil, err
	}
	return read(n)
}

func (r *binaryReader) extension(n uint64) (any, error) {
	code, err := r.uint(1)
	if err != nil {
		return nil, err
	}
	data, err := r.take(n)
	return extension{int64(int8(code)), slices.Clone(data)}, err
}

// encodeMessagePack returns the MessagePack bytes of a tree. It fails on numbers
// outside 64 bits.
func encodeMessagePack(tree any) ([]byte, error) { return appendMessagePack(nil, tree) }

func appendMessagePack(b []byte, tree any) ([]byte, error) {
	switch v := tree.(type) {
	case nil:
		return append(b, 0xc0), nil
	case bool:
		if v {
			return append(b, 0xc3), nil
		}
		return append(b, 0xc2), nil
	case json.Number:
		return appendNumber(b, v)
	case string:
		return append(appendLength(b, lengths{0xa0, 0x1f, 0xd9, 0xda, 0xdb}, len(v)), v...), nil
	case []byte:
		return append(appendLength(b, lengths{byte1: 0xc4, byte2: 0xc5, byte4: 0xc6}, len(v)), v...), nil
	case extension:
		b = appendLength(b, lengths{byte1: 0xc7, byte2: 0xc8, byte4: 0xc9}, len(v.data))
		return append(append(b, byte(v.code)), v.data...), nil
	case []any:
		return appendElements(appendLength(b, lengths{fix: 0x90, fixMax: 0x0f, byte2: 0xdc, byte4: 0xdd}, len(v)), v)
	case wire.Object:
		return appendMembers(b, mixedMap{named: v})
	case intMap:
		return appendMembers(b, mixedMap{numbered: v})
	case mixedMap:
		return appendMembers(b, v)
	}
	return nil, fmt.Errorf("%T is no tree", tree)
}

// lengths are the first bytes of one kind of value, by the number of bytes that
// its length takes; zero where there is none.
type lengths struct {
	fix, fixMax         byte // for lengths that are part of the first byte
	byte1, byte2, byte4 byte
}

func appendLength(b []byte, l lengths, n int) []byte {
	switch {
	case l.fix != 0 && n <= int(l.fixMax):
		return append(b, l.fix|byte(n))
	case l.byte1 != 0 && n <= math.MaxUint8:
		return append(b, l.byte1, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(b, l.byte2), uint16(n))
	}
	return binary.BigEndian.AppendUint32(append(b, l.byte4), uint32(n))
}

// appendNumber writes integers in as many bytes as they have, or in 8.
func appendNumber(b []byte, n json.Number) ([]byte, error) {
	if strings.ContainsAny(string(n), ".eE") {
		f, err := n.Float64()
		return binary.BigEndian.AppendUint64(append(b, 0xcb), math.Float64bits(f)), err
	}
	if i, err := n.Int64(); err == nil {
		return appendInt(b, i), nil
	}
	u, err := strconv.ParseUint(string(n), 10, 64)
	return binary.BigEndian.AppendUint64(append(b, 0xcf), u), err
}

func appendInt(b []byte, i int64) []byte {
	switch {
	case i >= -32 && i <= math.MaxInt8:
		return append(b, byte(i))
	case i >= math.MinInt8 && i <= math.MaxInt8:
		return append(b, 0xd0, byte(i))
	case i >= math.MinInt16 && i <= math.MaxInt16:
		return binary.BigEndian.AppendUint16(append(b, 0xd1), uint16(i))
	case i >= math.MinInt32 && i <= math.MaxInt32:
		return binary.BigEndian.AppendUint32(append(b, 0xd2), uint32(i))
	}
	return binary.BigEndian.AppendUint64(append(b, 0xd3), uint64(i))
}

func appendElements(b []byte, array []any) ([]byte, error) {
	var err error
	for _, elem := range array {
		if b, err = appendMessagePack(b, elem); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// appendMembers writes a map: integer keys ascending, then the others.
func appendMembers(b []byte, m mixedMap) ([]byte, error) {
	b = appendLength(b, lengths{fix: 0x80, fixMax: 0x0f, byte2: 0xde, byte4: 0xdf}, len(m.numbered)+len(m.named))
	var err error
	for _, key := range slices.Sorted(maps.Keys(m.numbered)) {
		if b, err = appendMessagePack(appendInt(b, key), m.numbered[key]); err != nil {
			return nil, err
		}
	}
	for _, member := range m.named {
		if b, err = appendElements(b, []any{member.Key, member.Value}); err != nil {
			return nil, err
		}
	}
	return b, nil
}
