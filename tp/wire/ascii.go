package wire

// isASCII reports whether all bytes of text are ASCII, as those of most texts are. It
// looks at eight bytes at a time, also at the end of a text: package utf8 looks at the
// last ones one by one, which is most of its time for short texts.
func isASCII[T string | []byte](text T) bool {
	const word, high = 8, 0x8080808080808080
	if len(text) < word {
		return isShortASCII(text)
	}
	for i := 0; i+word < len(text); i += word {
		if wordAt(text, i)&high != 0 {
			return false
		}
	}
	return wordAt(text, len(text)-word)&high == 0
}

func isShortASCII[T string | []byte](text T) bool {
	const half, high = 4, 0x80808080
	if n := len(text); n >= half {
		return (halfAt(text, 0)|halfAt(text, n-half))&high == 0
	}
	var all byte
	for i := range len(text) {
		all |= text[i]
	}
	return all&0x80 == 0
}

// halfAt returns the four bytes of text from i on, as wordAt does.
func halfAt[T string | []byte](text T, i int) uint32 {
	w := text[i : i+4]
	return uint32(w[0]) | uint32(w[1])<<8 | uint32(w[2])<<16 | uint32(w[3])<<24
}

// wordAt returns the eight bytes of text from i on. The compiler makes one load of them,
// after one look at the bounds of the slice.
func wordAt[T string | []byte](text T, i int) uint64 {
	w := text[i : i+8]
	return uint64(w[0]) | uint64(w[1])<<8 | uint64(w[2])<<16 | uint64(w[3])<<24 |
		uint64(w[4])<<32 | uint64(w[5])<<40 | uint64(w[6])<<48 | uint64(w[7])<<56
}
