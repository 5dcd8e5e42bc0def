package wire

import (
	"strings"
	"testing"
)

func TestIsASCII(t *testing.T) {
	t.Parallel()
	for size := range 40 {
		text := []byte(strings.Repeat("\x7f", size))
		if !isASCII(text) {
			t.Errorf("%d bytes: not taken for ASCII", size)
		}
		for i := range text {
			text[i] = 0x80
			if isASCII(text) {
				t.Errorf("%d bytes: byte %d was not looked at", size, i)
			}
			text[i] = 0
		}
	}
}
