// Package initialism turns Go names into names that begin with a lower-case
// letter, as the wire wants them.
package initialism

import "unicode"

// Lower returns name with its first letter in lower case, and all of them where
// it begins with an initialism: Greet gives greet, HTTPStatus httpStatus, ID id.
func Lower(name string) string {
	letters := []rune(name)
	for i, r := range letters {
		if !unicode.IsUpper(r) || i > 0 && beginsWord(letters[i+1:]) {
			break
		}
		letters[i] = unicode.ToLower(r)
	}
	return string(letters)
}

// beginsWord reports whether the upper-case letter before rest begins a word
// rather than being part of an initialism.
func beginsWord(rest []rune) bool { return len(rest) > 0 && unicode.IsLower(rest[0]) }
