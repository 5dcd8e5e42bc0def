package wire

// Format is how the bytes of a message are written (spec sections 1.2 and 14).
// The zero value is [JSON]; the others are the binary formats, in which field
// names may be numbers of a [Fields] table. Their Append methods must not be
// called on JSON, which has functions of its own.
type Format uint8

// The formats.
const (
	JSON Format = iota
	MessagePack
	CBOR

	formats = iota // how many there are
)

// FormatOf returns the format that the first byte of a message announces:
// 0x92 is MessagePack, 0x82 is CBOR, each an array of two; whatever else is
// taken for JSON.
func FormatOf(message []byte) Format {
	if len(message) == 0 {
		return JSON
	}
	switch message[0] {
	case 0x92:
		return MessagePack
	case 0x82:
		return CBOR
	}
	return JSON
}

// String returns the name of the format: json, msgpack or cbor.
func (f Format) String() string {
	switch f {
	case MessagePack:
		return "msgpack"
	case CBOR:
		return "cbor"
	}
	return "json"
}

// title returns the name of the format as people write it.
func (f Format) title() string {
	switch f {
	case MessagePack:
		return "MessagePack"
	case CBOR:
		return "CBOR"
	}
	return "JSON"
}
