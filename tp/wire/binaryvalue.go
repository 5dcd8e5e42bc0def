package wire

import (
	"math"
	"math/big"

	"github.com/tinylib/msgp/msgp"
)

// AppendValue appends the value tree v; keys that names has become numbers. It
// fails as the function [AppendValue] does. MessagePack has no number for a
// [Number] that 64 bits cannot hold, and CBOR none for one that is no integer or
// has more than 1024 bits: these become 2⁶⁴-1, which is out of range as well.
func (f Format) AppendValue(b []byte, v any, names *Fields) ([]byte, error) {
	b, err := treeAppender{f, names}.tree(b, v, maxNesting)
	if err != nil {
		return b, err
	}
	return b, nil
}

// treeAppender appends value trees in a binary format.
type treeAppender struct {
	Format
	names *Fields
}

func (a treeAppender) tree(b []byte, v any, depth int) ([]byte, *ValueError) {
	if depth == 0 {
		return b, &ValueError{Reason: nestedTooDeep}
	}
	switch v := v.(type) {
	case nil:
		return a.AppendNull(b), nil
	case bool:
		return a.AppendBool(b, v), nil
	case int64:
		return a.AppendInt(b, v), nil
	case float64:
		return a.float(b, v)
	case Number:
		return a.number(b, v)
	case string:
		return a.text(b, v)
	case []byte:
		return a.AppendBytes(b, v), nil
	case []any:
		return a.array(b, v, depth)
	case Object:
		return a.object(b, v, depth)
	}
	return b, noTree(v)
}

func (a treeAppender) float(b []byte, v float64) ([]byte, *ValueError) {
	b, ok := a.AppendFloat(b, v)
	if !ok {
		return b, notFinite(v)
	}
	return b, nil
}

func (a treeAppender) text(b []byte, v string) ([]byte, *ValueError) {
	b, ok := a.AppendString(b, v)
	if !ok {
		return b, notUTF8(v)
	}
	return b, nil
}

func (a treeAppender) number(b []byte, v Number) ([]byte, *ValueError) {
	tree, ok := ParseNumber(string(v))
	if !ok {
		return b, noNumber(v)
	}
	switch tree := tree.(type) {
	case int64:
		return a.AppendInt(b, tree), nil
	case float64:
		return a.float(b, tree)
	}
	return a.appendBig(b, bigInteger(v)), nil
}

// bigInteger returns the integer that is written as v, or 2⁶⁴-1 when it is none
// or one that peers do not take.
func bigInteger(v Number) *big.Int {
	const maxDigits = maxBigBytes * 5 / 2 // a byte has 2.41
	if len(v) <= maxDigits {
		if n, ok := new(big.Int).SetString(string(v), 10); ok && n.BitLen() <= 8*maxBigBytes {
			return n
		}
	}
	return new(big.Int).SetUint64(math.MaxUint64)
}

// appendBig appends an integer that an int64 cannot hold.
func (f Format) appendBig(b []byte, n *big.Int) []byte {
	if f == MessagePack {
		if !n.IsUint64() {
			return msgp.AppendUint64(b, math.MaxUint64)
		}
		return msgp.AppendUint64(b, n.Uint64())
	}
	major, tag := byte(cborUnsigned), uint64(tagPositive)
	if n.Sign() < 0 {
		major, tag = cborNegative, tagNegative
		n = new(big.Int).Not(n)
	}
	if n.IsUint64() {
		return appendCBOR(b, major, n.Uint64())
	}
	return f.AppendBytes(appendCBOR(b, cborTag, tag), n.Bytes())
}

func (a treeAppender) array(b []byte, array []any, depth int) (_ []byte, err *ValueError) {
	b = a.AppendArray(b, len(array))
	for i, v := range array {
		if b, err = a.tree(b, v, depth-1); err != nil {
			return b, err.in(i)
		}
	}
	return b, nil
}

func (a treeAppender) object(b []byte, object Object, depth int) (_ []byte, err *ValueError) {
	if key, repeated := object.repeatedKey(); repeated {
		return b, repeats(key)
	}
	b = a.AppendMap(b, len(object))
	for _, m := range object {
		var ok bool
		if b, ok = a.AppendKey(b, m.Key, a.names); !ok {
			return b, notUTF8(m.Key)
		}
		if b, err = a.tree(b, m.Value, depth-1); err != nil {
			return b, err.in(m.Key)
		}
	}
	return b, nil
}
