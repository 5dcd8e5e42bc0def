package conformance

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// comparison says how two trees are compared.
type comparison struct {
	// sets makes arrays whose first element is an object unordered.
	sets bool
}

// equal reports whether two trees are the same message. The order of keys is
// irrelevant, that of arrays is not; numbers are equal when their values are;
// integer keys are not text.
func (c comparison) equal(a, b any) bool {
	switch x := a.(type) {
	case json.Number:
		y, ok := b.(json.Number)
		return ok && equalNumbers(x, y)
	case []byte:
		y, ok := b.([]byte)
		return ok && bytes.Equal(x, y)
	case extension:
		y, ok := b.(extension)
		return ok && x.code == y.code && bytes.Equal(x.data, y.data)
	case []any:
		y, ok := b.([]any)
		return ok && c.equalArrays(x, y)
	case wire.Object:
		y, ok := b.(wire.Object)
		return ok && c.equalObjects(x, y)
	case intMap:
		y, ok := b.(intMap)
		return ok && c.equalObjects(x.object(), y.object())
	case mixedMap:
		y, ok := b.(mixedMap)
		return ok && c.equal(x.numbered, y.numbered) && c.equal(x.named, y.named)
	case nil:
		return b == nil
	case bool:
		y, ok := b.(bool)
		return ok && x == y
	case string:
		y, ok := b.(string)
		return ok && x == y
	}
	return false
}

func (c comparison) equalArrays(a, b []any) bool {
	if c.sets && beginsWithObject(a) && beginsWithObject(b) {
		return c.equalSets(a, b)
	}
	return slices.EqualFunc(a, b, c.equal)
}

func beginsWithObject(array []any) bool {
	if len(array) == 0 {
		return false
	}
	switch array[0].(type) {
	case wire.Object, intMap, mixedMap:
		return true
	}
	return false
}

// equalSets compares multisets: each element takes away an equal one.
func (c comparison) equalSets(a, b []any) bool {
	rest := slices.Clone(b)
	for _, elem := range a {
		i := slices.IndexFunc(rest, func(other any) bool { return c.equal(elem, other) })
		if i < 0 {
			return false
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return len(rest) == 0
}

func (c comparison) equalObjects(a, b wire.Object) bool {
	if len(a) != len(b) {
		return false
	}
	for _, m := range a {
		v, ok := b.Get(m.Key)
		if !ok || !c.equal(m.Value, v) {
			return false
		}
	}
	return true
}

// equalNumbers compares integers exactly, and numbers with a fraction or an
// exponent as the 64 bits that they stand for.
func equalNumbers(a, b json.Number) bool {
	x, isIntX := integer(a)
	y, isIntY := integer(b)
	switch {
	case isIntX && isIntY:
		return x.Cmp(y) == 0
	case isIntX:
		return isInteger(b, x)
	case isIntY:
		return isInteger(a, y)
	}
	f, errA := a.Float64()
	g, errB := b.Float64()
	return a == b || errA == nil && errB == nil && f == g
}

// integer returns the value of a number that is written as an integer.
func integer(n json.Number) (*big.Int, bool) {
	if strings.ContainsAny(string(n), ".eE") {
		return nil, false
	}
	return new(big.Int).SetString(string(n), 10)
}

// isInteger reports whether a number that is not written as an integer has the
// value of one.
func isInteger(n json.Number, want *big.Int) bool {
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || f != math.Trunc(f) {
		return false
	}
	got, _ := big.NewFloat(f).Int(nil)
	return got.Cmp(want) == 0
}
