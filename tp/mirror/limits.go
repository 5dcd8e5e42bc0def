package mirror

import (
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/telestruct/telestruct/tp/wire"
)

// Limits bound what is read from a frame. A field that is zero has its default.
type Limits struct {
	// Size is the number of bytes of one frame. Default 1 MiB for what servers read, and
	// 64 MiB for what clients read, which takes whole models.
	Size int
	// Depth is the number of arrays and objects of a frame's document that may be open at
	// once. A list of lists takes two for each. Default 128.
	Depth int
	// Elements is the number of elements of one list, or of entries of one map. Default
	// 131072 for servers, and 4194304 for clients.
	Elements int
}

// serverLimits and clientLimits are the defaults of the two ends.
func serverLimits() Limits { return Limits{Size: 1 << 20, Depth: 128, Elements: 1 << 17} }
func clientLimits() Limits { return Limits{Size: 64 << 20, Depth: 128, Elements: 1 << 22} }

// or returns l with the fields of def where it has none.
func (l Limits) or(def Limits) Limits {
	if l.Size <= 0 {
		l.Size = def.Size
	}
	if l.Depth <= 0 {
		l.Depth = def.Depth
	}
	if l.Elements <= 0 {
		l.Elements = def.Elements
	}
	return l
}

// wire returns l as package wire has it. Numbers that take long to read are limited by the
// size: what is sent by a program that has such models must be readable.
func (l Limits) wire() wire.Limits {
	// A model of maxModel bytes may consist of such numbers, each of which takes 32.
	const bytesPerExtreme = 192
	return wire.Limits{Depth: l.Depth, Elements: l.Elements, Extremes: max(l.Size/bytesPerExtreme, 1)}
}

// maxNesting is how many lists and maps of a model may be nested, so that everybody can read
// it with the default depth of 128: each takes two levels of a document, and a patch that sets
// it six more.
const maxNesting = 60

// check returns an error unless v can be sent: strings are valid UTF-8, floats are finite,
// and nested are at most levels lists and maps. What v shares with known, which is at the
// same place of a model that was checked, is not looked at again.
func (v Value) check(known Value, levels int) *Error {
	switch v.Kind() {
	case KindStr:
		if !utf8.ValidString(v.text) {
			return &Error{Code: BadValue, Reason: "a string must be valid UTF-8"}
		}
	case KindFloat:
		if f := math.Float64frombits(v.bits); math.IsNaN(f) || math.IsInf(f, 0) {
			return &Error{Code: BadValue, Reason: "a float must be finite, and is " + strconv.FormatFloat(f, 'g', -1, 64)}
		}
	case KindList, KindMap:
		if v.of == known.of {
			return nil
		}
		if levels == 0 {
			return tooDeep()
		}
		return v.checkInside(known, levels-1)
	}
	return nil
}

func (v Value) checkInside(known Value, levels int) *Error {
	for i, value := range v.of.values {
		s := Index(i)
		if v.Kind() == KindMap {
			s = Key(v.of.keys[i])
			if !utf8.ValidString(s.key) {
				return &Error{Code: BadValue, Reason: "a key must be valid UTF-8"}
			}
		}
		before, err := known.step(s)
		if err != nil {
			before = Value{}
		}
		if err = value.check(before, levels); err != nil {
			err.Path = append(Path{s}, err.Path...)
			return err
		}
	}
	return nil
}
