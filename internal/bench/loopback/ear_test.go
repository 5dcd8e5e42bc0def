package loopback

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"testing"
)

// unmasked returns a message as a server sends it.
func unmasked(payload []byte) []byte {
	frame := []byte{final | opBinary, byte(len(payload))}
	if len(payload) >= 126 {
		frame = []byte{final | opBinary, 126, byte(len(payload) >> 8), byte(len(payload))}
	}
	return append(frame, payload...)
}

// numbered returns the message with the number.
func numbered(n uint64) []byte {
	message := make([]byte, fanoutMessage)
	binary.BigEndian.PutUint64(message, n)
	return unmasked(message)
}

// However the bytes of messages come, each is heard once.
func TestEarHearsPieces(t *testing.T) {
	t.Parallel()
	pong := []byte{final | opPong, 2, 'h', 'i'}
	all := slices.Concat(numbered(1), pong, numbered(2), numbered(3), pong)
	for _, size := range []int{1, 2, 3, 5, 131, 132, 133, 270, len(all)} {
		heard := 0
		e := newEar(&client{in: bufio.NewReader(bytes.NewReader(nil))}, func(n int) { heard += n })
		for piece := range slices.Chunk(all, size) {
			more, err := e.take(piece)
			if err != nil || more != (len(e.partial) > 0) {
				t.Fatalf("in pieces of %d: awaits more: %v, keeps %d bytes, %v", size, more, len(e.partial), err)
			}
		}
		if heard != 3 || len(e.partial) > 0 {
			t.Errorf("in pieces of %d: heard %d messages and keeps %d bytes, want 3 and none", size, heard, len(e.partial))
		}
	}
}

func TestFrameLength(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		begins []byte
		length uint64
		ok     bool
	}{
		{"nothing", nil, 0, false},
		{"one byte", []byte{0x82}, 0, false},
		{"empty", []byte{0x82, 0}, 2, true},
		{"short", []byte{0x82, 125}, 127, true},
		{"half of a length", []byte{0x82, 126, 1}, 0, false},
		{"medium", []byte{0x82, 126, 1, 2}, 4 + 0x102, true},
		{"half of a long length", []byte{0x82, 127, 0, 0, 0, 0, 0}, 0, false},
		{"long", []byte{0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0}, 10 + 1<<16, true},
		{"too long", append([]byte{0x82, 127}, bytes.Repeat([]byte{0xff}, 8)...), 10 + maxAnswer + 1, true},
	}
	for _, tc := range tests {
		if length, ok := frameLength(tc.begins); length != tc.length || ok != tc.ok {
			t.Errorf("%s: got %d %v, want %d %v", tc.name, length, ok, tc.length, tc.ok)
		}
	}
}

func TestEarRefuses(t *testing.T) {
	t.Parallel()
	e := newEar(&client{in: bufio.NewReader(bytes.NewReader(nil))}, func(int) {})
	if _, err := e.take(numbered(2)); err == nil || err == io.EOF {
		t.Errorf("the second message before the first: error %v", err)
	}
}
