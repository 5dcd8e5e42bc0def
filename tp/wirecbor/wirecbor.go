// Package wirecbor guards messages in CBOR (RFC 8949): it checks that bytes are one
// well-formed item, within limits, before package wire reads them.
package wirecbor

import (
	"math"

	"github.com/fxamacker/cbor/v2"

	"github.com/telestruct/telestruct/tp/wire"
)

// Check returns a *[wire.ParseError] unless data is exactly one well-formed item
// within l, without NaN and infinities. Lengths may be indefinite. What a message
// may be beyond that, such as which tags it has and that its text is UTF-8, package
// wire knows, and counts to the last element: limits below 4 levels or 16 elements
// are rounded up here.
//
// Whether data is a message at all is not asked: one begins with the byte 0x82,
// so that its own array never has an indefinite length.
func Check(data []byte, l wire.Limits) error {
	mode, err := usualMode, usualErr
	if l != wire.CallLimits() {
		mode, err = options(l).DecMode()
	}
	if err == nil {
		err = mode.Wellformed(data)
	}
	if err != nil {
		return &wire.ParseError{Reason: wire.ReasonNotTwoObjects, Cause: err}
	}
	return nil
}

// usualMode is that of most messages. Making one takes longer than checking a
// short message.
var usualMode, usualErr = options(wire.CallLimits()).DecMode()

// options returns l in the range that the library takes.
func options(l wire.Limits) cbor.DecOptions {
	const (
		minDepth, maxDepth       = 4, math.MaxUint16
		minElements, maxElements = 16, math.MaxInt32
	)
	def := wire.CallLimits()
	if l.Depth <= 0 {
		l.Depth = def.Depth
	}
	if l.Elements <= 0 {
		l.Elements = def.Elements
	}
	elements := min(max(l.Elements, minElements), maxElements)
	return cbor.DecOptions{
		MaxNestedLevels:  min(max(l.Depth, minDepth), maxDepth),
		MaxArrayElements: elements,
		MaxMapPairs:      elements,
		NaN:              cbor.NaNDecodeForbidden,
		Inf:              cbor.InfDecodeForbidden,
	}
}
