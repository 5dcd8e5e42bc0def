package conformance

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/telestruct/telestruct/tp/wire"
)

// mixedMap is a map of which some keys are integers and others are not.
type mixedMap struct {
	numbered intMap
	named    wire.Object
}

// maxBinaryDepth is more than any message has.
const maxBinaryDepth = 200

// decodeBinary returns the tree of data, one value in MessagePack, or in CBOR if
// its first byte is that of a message in CBOR. Like [decodeJSON] it is stricter
// than a receiver has to be: lengths are definite, texts are UTF-8, and no map has
// a key twice.
func decodeBinary(data []byte) (any, error) {
	r := &binaryReader{rest: data, value: messagePackValue}
	if len(data) > 0 && data[0] == 0x82 {
		r.value = cborValue
	}
	tree, err := r.next()
	if err == nil && len(r.rest) > 0 {
		err = fmt.Errorf("%d bytes follow the value", len(r.rest))
	}
	if err != nil {
		return nil, fmt.Errorf("byte %d: %w", len(data)-len(r.rest), err)
	}
	return tree, nil
}

// binaryReader reads what the binary formats have in common.
type binaryReader struct {
	rest  []byte
	depth int
	value func(*binaryReader) (any, error) // of the format
}

// next reads one value.
func (r *binaryReader) next() (any, error) {
	if r.depth++; r.depth > maxBinaryDepth {
		return nil, errors.New("the values are nested too deeply")
	}
	defer func() { r.depth-- }()
	return r.value(r)
}

// take returns the next n bytes.
func (r *binaryReader) take(n uint64) ([]byte, error) {
	if n > uint64(len(r.rest)) {
		return nil, fmt.Errorf("%d bytes are announced, %d are left", n, len(r.rest))
	}
	taken := r.rest[:n:n]
	r.rest = r.rest[n:]
	return taken, nil
}

// uint reads an unsigned integer of 1, 2, 4 or 8 bytes.
func (r *binaryReader) uint(size uint64) (uint64, error) {
	b, err := r.take(size)
	if err != nil {
		return 0, err
	}
	var wide [8]byte
	copy(wide[8-size:], b)
	return binary.BigEndian.Uint64(wide[:]), nil
}

func (r *binaryReader) bytes(n uint64) (any, error) {
	b, err := r.take(n)
	return slices.Clone(b), err
}

func (r *binaryReader) text(n uint64) (any, error) {
	b, err := r.take(n)
	if err == nil && !utf8.Valid(b) {
		err = fmt.Errorf("the text %q is not UTF-8", b)
	}
	return string(b), err
}

func (r *binaryReader) float32() (any, error) {
	bits, err := r.uint(4)
	if err != nil {
		return nil, err
	}
	return floatNumber(float64(math.Float32frombits(uint32(bits))))
}

func (r *binaryReader) float64() (any, error) {
	bits, err := r.uint(8)
	if err != nil {
		return nil, err
	}
	return floatNumber(math.Float64frombits(bits))
}

func (r *binaryReader) array(n uint64) (any, error) {
	array := []any{}
	for range n {
		v, err := r.next()
		if err != nil {
			return nil, err
		}
		array = append(array, v)
	}
	return array, nil
}

// mapping reads a map: a wire.Object if no key is an integer, an intMap if all
// are, and a mixedMap otherwise.
func (r *binaryReader) mapping(n uint64) (any, error) {
	m := mixedMap{intMap{}, wire.Object{}}
	for range n {
		key, err := r.next()
		if err != nil {
			return nil, err
		}
		v, err := r.next()
		if err != nil {
			return nil, err
		}
		if err := m.add(key, v); err != nil {
			return nil, err
		}
	}
	switch {
	case len(m.numbered) == 0:
		return m.named, nil
	case len(m.named) == 0:
		return m.numbered, nil
	}
	return m, nil
}

func (m *mixedMap) add(key, value any) error {
	known := false
	switch key := key.(type) {
	case string:
		_, known = m.named.Get(key)
		m.named.Set(key, value)
	case json.Number:
		id, err := strconv.ParseInt(string(key), 10, 64)
		if err != nil {
			return fmt.Errorf("a map has the key %s", key)
		}
		_, known = m.numbered[id]
		m.numbered[id] = value
	default:
		return fmt.Errorf("a map has the key %s", encodeJSON(key))
	}
	if known {
		return fmt.Errorf("a map has the key %s twice", encodeJSON(key))
	}
	return nil
}

func intNumber(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }

func uintNumber(n uint64) json.Number { return json.Number(strconv.FormatUint(n, 10)) }

func bigNumber(n *big.Int) json.Number { return json.Number(n.String()) }

// floatNumber writes a number in such a way that it is no integer.
func floatNumber(f float64) (json.Number, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "", fmt.Errorf("%v is no number of a message", f)
	}
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return json.Number(text), nil
}
