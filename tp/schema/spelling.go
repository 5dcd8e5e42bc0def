package schema

import "strings"

// maxGuesses bounds for how many unknown names of a schema a likely one is
// looked for among all definitions.
const maxGuesses = 50

// nearest returns the struct, union or function that a name was likely meant to
// be: one of the same name in another kind or case, or one that differs by a
// slip of the pen. It returns "" when there is none.
func (b *builder) nearest(name string) string {
	if b.guesses++; b.guesses > maxGuesses {
		return ""
	}
	name = baseName(name)
	best, least := "", maxSlips(name)
	for key := range b.byKey {
		if !isOwnType(key) {
			continue
		}
		d := slips(baseName(key), name, least)
		if d < least || d == least && (best == "" || key < best) {
			best, least = key, d
		}
	}
	return best
}

// isOwnType reports whether fields of users may refer to the definition key.
func isOwnType(key string) bool {
	switch kindOf(key) {
	case "struct", "union", "fn":
		return !strings.HasSuffix(key, "_")
	}
	return false
}

// baseName returns the name in a schema key, in lower case.
func baseName(key string) string {
	return strings.ToLower(key[strings.LastIndexByte(key, '.')+1:])
}

// maxSlips is how many letters of a name may be wrong.
func maxSlips(name string) int { return min(len(name)/4, 2) }

// slips returns how many letters must be inserted, removed or replaced to make b
// of a, and more than most if that are more than most. Names so different in
// length are not looked at.
func slips(a, b string, most int) int {
	switch {
	case a == b:
		return 0
	case most == 0, len(a) > len(b)+most, len(b) > len(a)+most, len(a) > maxSpelling:
		return most + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0]++
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// maxSpelling is the length up to which names are compared letter by letter.
const maxSpelling = 64
