package wsx

import (
	"encoding/binary"
	"strings"

	"github.com/telestruct/telestruct/tp"
)

// The first byte of the frames that a server sends: none is a part of a message (RFC
// 6455 section 5.2).
const (
	frameText   = 0x81
	frameBinary = 0x82
	frameClose  = 0x88
	framePing   = 0x89
	framePong   = 0x8a

	frameCompressed = 0x40 // of a message that is packed (RFC 7692 section 6)
)

// frame is what goes to a client at a time: one message, or one control frame, as its
// bytes leave.
type frame struct {
	bytes    []byte
	mem      *buffer   // that bytes are in; nil when they are not used again
	delivery *delivery // that the frame is of; nil for frames that must not be dropped
	kind     kinds
}

// kinds tells the frames apart that somebody waits for.
type kinds uint8

const (
	kindPing kinds = 1 << iota
	kindClose
)

func (f *frame) release() {
	if f.mem != nil {
		f.mem.release()
	}
	*f = frame{}
}

// newFrame returns a frame that has a copy of payload.
func newFrame(first byte, payload []byte) frame {
	mem := newBuffer(maxHeader + len(payload))
	mem.bytes = append(appendHeader(mem.bytes, first, len(payload)), payload...)
	return frame{bytes: mem.bytes, mem: mem}
}

// maxHeader is how many bytes the header of a frame has at most.
const maxHeader = 10

// appendHeader appends the header of an unmasked frame with n bytes.
func appendHeader(b []byte, first byte, n int) []byte {
	const short, two = 126, 127
	switch {
	case n < short:
		return append(b, first, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, first, short), uint16(n))
	default:
		return binary.BigEndian.AppendUint64(append(b, first, two), uint64(n))
	}
}

// newCloseFrame returns the frame that closes a connection for a reason; without
// payload where there is no code to send.
func newCloseFrame(end ending) frame {
	var payload []byte
	if end.code != CodeNoCode {
		payload = append(binary.BigEndian.AppendUint16(nil, uint16(end.code)), clipped(strings.ToValidUTF8(end.reason, "\uFFFD"))...)
	}
	f := newFrame(frameClose, payload)
	f.kind = kindClose
	return f
}

// parseCloseFrame reads an unmasked close frame. It reports false for anything else.
func parseCloseFrame(b []byte) (end ending, ok bool) {
	const header, code = 2, 2
	if len(b) < header || b[0] != frameClose || int(b[1]) != len(b)-header || int(b[1]) > maxReason+code {
		return ending{}, false
	}
	payload := b[header:]
	switch {
	case len(payload) == 0:
		return ending{code: CodeNoCode}, true
	case len(payload) < code:
		return ending{}, false
	}
	return ending{code: int(binary.BigEndian.Uint16(payload)), reason: string(payload[code:])}, true
}

// firstByte returns how the frame of a message in a format begins.
func firstByte(f tp.Format) byte {
	if f == tp.JSON {
		return frameText
	}
	return frameBinary
}
