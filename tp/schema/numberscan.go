package schema

// maxNumbers is how many numbers a document may have that take long to convert.
// Numbers mean nothing in a schema: they stand in docstrings and in what is ignored.
const maxNumbers = 512

// scanNumbers refuses a text with more than maxNumbers numbers that have an exponent or
// very many digits: to find the nearest float can take longer than to read a
// kilobyte of text. It looks at words alone, and so also at those in strings.
func scanNumbers(text []byte) error {
	found := 0
	for i := 0; i < len(text); i++ {
		begin := i
		for i < len(text) && inWord(text[i]) {
			i++
		}
		if isSlowNumber(text[begin:i]) {
			if found++; found > maxNumbers {
				return &LimitError{What: "numbers with an exponent or more than 38 digits", Max: maxNumbers, Location: locationOf(text, begin)}
			}
		}
	}
	return nil
}

// inWord reports whether c may be part of a number, or of a name beside which
// digits are none.
func inWord(c byte) bool {
	return c-'0' <= 9 || c|0x20-'a' <= 'z'-'a' || c == '.' || c == '-' || c == '+' || c == '_' || c >= 0x80
}

// isSlowNumber reports whether a word looks like a number that takes long to
// convert.
func isSlowNumber(word []byte) bool {
	const many = 38
	digits, exponents := 0, 0
	for _, c := range word {
		switch {
		case c-'0' <= 9:
			digits++
		case c|0x20 == 'e' && digits > 0:
			exponents++
		case c != '.' && c != '-' && c != '+' && c != '_':
			return false
		}
	}
	return exponents == 1 && digits > 1 || digits > many
}
