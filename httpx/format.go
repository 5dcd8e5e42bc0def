package httpx

import (
	"mime"
	"strconv"
	"strings"

	"github.com/telestruct/telestruct/tp"
)

// The content types of messages. Requests are told apart by their first byte, so
// only responses depend on them.
const (
	typeJSON        = "application/json"
	typeMessagePack = "application/octet-stream"
	typeCBOR        = "application/cbor"
)

// contentType returns the content type of a message in a format.
func contentType(f tp.Format) string {
	switch f {
	case tp.MessagePack:
		return typeMessagePack
	case tp.CBOR:
		return typeCBOR
	}
	return typeJSON
}

// maxAccept is how many bytes of Accept headers are looked at. Browsers send less
// than a tenth of it, and a mebibyte of parameters takes long to parse.
const maxAccept = 4 << 10

// wishedFormat returns the binary format that Accept headers prefer; [tp.JSON] when
// they name none, which leaves the choice to the server. Wildcards wish nothing, and
// so do headers of more than maxAccept bytes.
func wishedFormat(accept []string) tp.Format {
	best, wish, left := 0.0, tp.JSON, maxAccept
	for _, header := range accept {
		if left -= len(header); left < 0 {
			return tp.JSON
		}
		for item := range strings.SplitSeq(header, ",") {
			f, quality := acceptable(item)
			if f != tp.JSON && quality > best {
				best, wish = quality, f
			}
		}
	}
	return wish
}

// acceptable returns the binary format that one item of an Accept header names, and
// how much it is wanted (RFC 9110 section 12.4.2).
func acceptable(item string) (f tp.Format, quality float64) {
	if item == "*/*" || item == typeJSON {
		return tp.JSON, 1 // what most clients send
	}
	name, params, err := mime.ParseMediaType(item)
	if err != nil {
		return tp.JSON, 0
	}
	switch name {
	case typeMessagePack:
		f = tp.MessagePack
	case typeCBOR:
		f = tp.CBOR
	}
	quality = 1
	if text, given := params["q"]; given {
		if quality, err = strconv.ParseFloat(text, 64); err != nil || quality > 1 {
			return tp.JSON, 0
		}
	}
	return f, quality
}
