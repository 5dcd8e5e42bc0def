package wire

// Types of extensions of MessagePack (spec section 15.1).
const (
	extMarker    = 17
	extUndefined = 18
)

// First bytes of MessagePack that need no call of package msgp: that of a float of 64
// bits, and that of a string whose length is below messagePackLong, which is in it.
const (
	messagePackFloat  = 0xcb
	messagePackString = 0xa0
	messagePackLong   = 32
)

// messagePackExt8 begins an extension whose length is one byte. The other
// functions for extensions in package msgp take values that know their type.
const messagePackExt8 = 0xc7

// messagePackExtension returns what an extension of the given length and type is.
func messagePackExtension(length uint64, typ byte) Kind {
	switch {
	case length == 0 && typ == extMarker:
		return KindMarker
	case length == 0 && typ == extUndefined:
		return KindUndefined
	}
	return KindInvalid
}
