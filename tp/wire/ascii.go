package wire

import "encoding/binary"

// isASCII reports whether all bytes of text are ASCII, as those of most texts are. It
// looks at eight bytes at a time, also at the end of a text: package utf8 looks at the
// last ones one by one, which is most of its time for short texts.
func isASCII(text []byte) bool {
	const word, high = 8, 0x8080808080808080
	if len(text) < word {
		return isShortASCII(text)
	}
	for i := 0; i+word < len(text); i += word {
		if binary.LittleEndian.Uint64(text[i:])&high != 0 {
			return false
		}
	}
	return binary.LittleEndian.Uint64(text[len(text)-word:])&high == 0
}

func isShortASCII(text []byte) bool {
	const half, high = 4, 0x80808080
	if len(text) >= half {
		first, last := binary.LittleEndian.Uint32(text), binary.LittleEndian.Uint32(text[len(text)-half:])
		return (first|last)&high == 0
	}
	var all byte
	for _, c := range text {
		all |= c
	}
	return all&0x80 == 0
}
