package validate

// isBase64 reports whether s is base64 text: the standard alphabet, padded,
// without line breaks and without stray bits at the end (RFC 4648 section 4;
// spec section 4.4). It decodes nothing, so that it costs no memory.
func isBase64(s string) bool {
	if len(s)%4 != 0 {
		return false
	}
	pad := 0
	for pad < 2 && pad < len(s) && s[len(s)-1-pad] == '=' {
		pad++
	}
	last := byte(0)
	for i := range len(s) - pad {
		digit, ok := base64Digit(s[i])
		if !ok {
			return false
		}
		last = digit
	}
	// Each "=" stands for six bits that are not there, of which the last
	// digit holds two.
	stray := byte(1)<<(2*pad) - 1
	return last&stray == 0
}

func base64Digit(c byte) (digit byte, ok bool) {
	switch {
	case c >= 'A' && c <= 'Z':
		return c - 'A', true
	case c >= 'a' && c <= 'z':
		return c - 'a' + 26, true
	case c >= '0' && c <= '9':
		return c - '0' + 52, true
	case c == '+':
		return 62, true
	case c == '/':
		return 63, true
	}
	return 0, false
}
