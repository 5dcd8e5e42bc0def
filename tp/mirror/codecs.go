package mirror

import (
	"encoding/json"
	"fmt"
	"strconv"
	"sync"

	"github.com/telestruct/telestruct/tp/wire"
)

// CustomCodec is a codec of the program's own (section 6.1), which both ends must have. Its
// functions must be safe for concurrent use.
type CustomCodec struct {
	// ContentType is the name of the codec, which no other codec has.
	ContentType string
	// Text tells whether its frames are text.
	Text bool
	// Encode returns the data of a frame for a document: nil, a bool, an int64, a float64, a
	// json.Number for an integer above 2⁶³-1, a string, a []any or a map[string]any.
	Encode func(document any) ([]byte, error)
	// Decode returns the document of a frame: anything that encoding/json marshals to it.
	// Integers may come back as floats.
	Decode func(data []byte) (document any, err error)
}

// encode returns the frame of a document that is given in JSON.
func (c *CustomCodec) encode(document []byte) (frame []byte, bad *Error) {
	defer caught("the codec "+strconv.Quote(c.ContentType), &bad)
	tree, err := wire.DecodeJSON(document, wire.Limits{Depth: 1 << 10, Elements: len(document), Extremes: len(document)})
	if err == nil {
		frame, err = c.Encode(wire.ToGo(tree))
	}
	if err != nil {
		return nil, &Error{Code: BadValue, Reason: "the codec " + strconv.Quote(c.ContentType) + " failed: " + err.Error(), Cause: err}
	}
	return frame, nil
}

// decode returns the document of a frame in JSON. A panic of the program's function is
// nothing that another end may cause, and is not caught.
func (c *CustomCodec) decode(frame []byte) ([]byte, *Error) {
	document, err := c.Decode(frame)
	if err == nil {
		frame, err = json.Marshal(document)
	}
	if err != nil {
		return nil, &Error{Code: Undecodable, Reason: "the codec " + strconv.Quote(c.ContentType) + " failed: " + err.Error(), Cause: err}
	}
	return frame, nil
}

// Codecs are the codecs that a program knows by name: the built-in ones, and those that are
// registered. The zero Codecs and a nil one have the built-in ones. It is safe for concurrent
// use, and must not be copied after its first use.
type Codecs struct {
	mu     sync.RWMutex
	custom map[string]*CustomCodec
}

// builtIn returns the codec with the given name; names are case-sensitive.
func builtIn(name string) (c Codec, ok bool) {
	switch name {
	case "", "json", "application/json":
		return JSON(), true
	case "msgpack", "application/msgpack", "x-msgpack", "application/x-msgpack":
		return MessagePack(), true
	case "cbor", "application/cbor":
		return CBOR(), true
	}
	return Codec{}, false
}

// Register adds a codec, and returns it. It fails when the name is one of a built-in codec or
// taken, and when a function is missing.
func (c *Codecs) Register(custom CustomCodec) (Codec, error) {
	if _, taken := builtIn(custom.ContentType); taken {
		return Codec{}, fmt.Errorf("mirror: %q is a built-in codec, which cannot be replaced", custom.ContentType)
	}
	if custom.Encode == nil || custom.Decode == nil {
		return Codec{}, fmt.Errorf("mirror: the codec %q needs both Encode and Decode", custom.ContentType)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, taken := c.custom[custom.ContentType]; taken {
		return Codec{}, fmt.Errorf("mirror: there is a codec %q already", custom.ContentType)
	}
	if c.custom == nil {
		c.custom = map[string]*CustomCodec{}
	}
	c.custom[custom.ContentType] = &custom
	return Codec{custom: &custom}, nil
}

// Named returns the codec with the given name, which is case-sensitive; no name is JSON. It
// fails with an *[Error] whose code is UnknownCodec.
func (c *Codecs) Named(name string) (Codec, error) {
	if codec, ok := builtIn(name); ok {
		return codec, nil
	}
	if c != nil {
		c.mu.RLock()
		defer c.mu.RUnlock()
		if custom, ok := c.custom[name]; ok {
			return Codec{custom: custom}, nil
		}
	}
	return Codec{}, &Error{Code: UnknownCodec, Reason: "there is no codec " + strconv.Quote(name)}
}
