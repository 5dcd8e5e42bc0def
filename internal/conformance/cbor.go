package conformance

import (
	"fmt"
	"math/big"
)

// What packed lists are made of has no equal in CBOR: a list begins with a tag
// around null, and a cell without value is undefined. Trees have both as the
// extensions of MessagePack.
const (
	packedTag     = 21584
	packedCode    = 17
	undefinedCode = 18
)

// cborValue reads one CBOR value.
func cborValue(r *binaryReader) (any, error) {
	first, err := r.uint(1)
	if err != nil {
		return nil, err
	}
	major, info := first>>5, first&0x1f
	if major == 7 {
		return r.cborSimple(info)
	}
	n := info
	switch {
	case info > 27:
		return nil, fmt.Errorf("%#02x is a value of indefinite length, or none", first)
	case info >= 24:
		if n, err = r.uint(1 << (info - 24)); err != nil {
			return nil, err
		}
	}
	switch major {
	case 0:
		return uintNumber(n), nil
	case 1:
		return bigNumber(negative(new(big.Int).SetUint64(n))), nil
	case 2:
		return r.bytes(n)
	case 3:
		return r.text(n)
	case 4:
		return r.array(n)
	case 5:
		return r.mapping(n)
	}
	return r.cborTag(n)
}

func (r *binaryReader) cborSimple(info uint64) (any, error) {
	switch info {
	case 20, 21:
		return info == 21, nil
	case 22:
		return nil, nil
	case 23:
		return extension{undefinedCode, []byte{}}, nil
	case 26:
		return r.float32()
	case 27:
		return r.float64()
	}
	return nil, fmt.Errorf("the simple value or float %d is not used in messages", info)
}

// cborTag reads what a tag is around.
func (r *binaryReader) cborTag(tag uint64) (any, error) {
	content, err := r.next()
	if err != nil {
		return nil, err
	}
	digits, isBytes := content.([]byte)
	switch {
	case tag == 2 && isBytes:
		return bigNumber(new(big.Int).SetBytes(digits)), nil
	case tag == 3 && isBytes:
		return bigNumber(negative(new(big.Int).SetBytes(digits))), nil
	case tag == packedTag && content == nil:
		return extension{packedCode, []byte{}}, nil
	}
	return nil, fmt.Errorf("tag %d around %s is not used in messages", tag, encodeJSON(content))
}

// negative returns -1-n, which CBOR writes as n.
func negative(n *big.Int) *big.Int { return n.Not(n) }
