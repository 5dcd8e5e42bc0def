package schema

import (
	"regexp"
	"regexp/syntax"
)

// What the patterns of _errors may take. The time and the memory that a pattern
// costs grow with its steps times its groups, and with every name that it is
// matched with.
const (
	maxPattern      = 256      // bytes of one
	maxPatternSteps = 16 << 10 // of all that a schema has
	maxMatching     = 1 << 21  // steps times bytes of names
)

// errorPattern chooses the errors definitions that apply to a function, by their
// schema keys.
type errorPattern struct {
	regexp *regexp.Regexp
	steps  int
}

// The errors definitions that apply when a function does not say (spec section
// 8.8).
var (
	internalErrors = &errorPattern{regexp.MustCompile(`^errors\.Validation_$`), 1}
	publicErrors   = &errorPattern{regexp.MustCompile(`^errors\..*$`), 1}
)

// errorPatterns are the patterns of one schema, by their text.
type errorPatterns struct {
	byText map[string]*errorPattern
	steps  int // of all

	matching int // what it has taken so far, by maxMatching
	// name is what patterns were matched with last, and matches the outcome:
	// many functions have the same pattern.
	name    string
	matches map[*errorPattern]bool
}

// compile returns the pattern that text, which stands at the given place, is. It
// fails with a [*LimitError] for patterns that cost too much, before anything is
// spent on them.
func (ps *errorPatterns) compile(text string, at Location) (*errorPattern, error) {
	if p := ps.byText[text]; p != nil {
		return p, nil
	}
	tooMany := &LimitError{What: `steps in the patterns of all "_errors"`, Max: maxPatternSteps, Location: at}
	switch {
	case len(text) > maxPattern:
		return nil, &LimitError{What: `bytes in one "_errors"`, Max: maxPattern, Location: at}
	case ps.steps > maxPatternSteps: // those before it
		return nil, tooMany
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, err
	}
	steps := patternSteps(parsed)
	if ps.steps += steps; ps.steps > maxPatternSteps {
		return nil, tooMany
	}
	compiled, err := regexp.Compile(text)
	if err != nil {
		return nil, err
	}
	p := &errorPattern{compiled, steps}
	if ps.byText == nil {
		ps.byText = map[string]*errorPattern{}
	}
	ps.byText[text] = p
	return p, nil
}

// patternSteps returns how large the program of a pattern is going to be, roughly.
func patternSteps(re *syntax.Regexp) int {
	steps := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		steps += patternSteps(sub)
	}
	if re.Op == syntax.OpRepeat {
		steps *= max(re.Min, re.Max, 1) // the package stops at a thousand
	}
	return steps
}

// match reports whether p matches a name. Nothing matches any more once that has
// taken more than maxMatching.
func (ps *errorPatterns) match(p *errorPattern, name string) bool {
	if ps.name != name || ps.matches == nil {
		ps.name, ps.matches = name, map[*errorPattern]bool{}
	}
	matches, known := ps.matches[p]
	if known {
		return matches
	}
	ps.matching += p.steps * len(name)
	matches = ps.matching <= maxMatching && p.regexp.MatchString(name)
	ps.matches[p] = matches
	return matches
}
