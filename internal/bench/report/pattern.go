package main

import (
	"fmt"
	"regexp"
	"strings"
)

// pattern selects benchmarks as go test -bench does: each of its parts is for one part
// of their names. The empty pattern selects all.
type pattern []*regexp.Regexp

func parsePattern(text string) (pattern, error) {
	var p pattern
	for part := range strings.SplitSeq(text, "/") {
		expression, err := regexp.Compile(part)
		if err != nil {
			return nil, fmt.Errorf("-match: %w", err)
		}
		p = append(p, expression)
	}
	return p, nil
}

// selects reports whether the pattern selects the benchmark of that name.
func (p pattern) selects(benchmark string) bool {
	parts := strings.Split(benchmark, "/")
	if len(parts) < len(p) {
		return false
	}
	for i, expression := range p {
		if !expression.MatchString(parts[i]) {
			return false
		}
	}
	return true
}
