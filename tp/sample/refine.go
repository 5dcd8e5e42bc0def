package sample

import "github.com/telestruct/telestruct/tp/schema"

// refinedInteger returns n, folded into the range of r if it lies outside.
func refinedInteger(r *schema.Refinement, n int64) int64 {
	if r == nil || r.Min >= r.Max || r.Min <= n && n <= r.Max {
		return n
	}
	// The range has less than 2^64 integers, since n is not in it.
	size := uint64(r.Max) - uint64(r.Min) + 1
	return r.Min + int64(uint64(n)%size)
}

// refinedNumber returns n as the Go type holds it, so that reading and writing
// it again gives the same number.
func refinedNumber(r *schema.Refinement, n float64) float64 {
	if r != nil && r.Float32 {
		return float64(float32(n))
	}
	return n
}

// refinedText returns word, or else the first that the Go type takes of the usual texts
// and of those that it writes itself. A type that takes none gets the word.
func refinedText(r *schema.Refinement, word string) string {
	if r == nil || r.Text == nil || r.Text(word) == nil {
		return word
	}
	for _, text := range usualTexts {
		if r.Text(text) == nil {
			return text
		}
	}
	if r.Own == nil {
		return word
	}
	for _, text := range r.Own() {
		if r.Text(text) == nil {
			return text
		}
	}
	return word
}

// usualTexts are what types with a text form most often accept, the more
// particular before the more general.
var usualTexts = [...]string{
	"2026-01-02T03:04:05Z",
	"2026-01-02",
	"03:04:05",
	"123e4567-e89b-42d3-a456-426614174000",
	"0",
	"192.0.2.1",
	"192.0.2.1:443",
	"192.0.2.0/24",
	"00:00:5e:00:53:01",
	"https://example.com/",
	"user@example.com",
	"1h0m0s",
	"1.0.0",
	"en",
	"EUR",
	"INFO",
	"true",
	"#000000",
	"00",
	"",
}
