package mock

import (
	"fmt"
	"strings"

	"github.com/telestruct/telestruct/internal/match"
	"github.com/telestruct/telestruct/tp"
)

// VerificationError says that calls came more or less often than they were wanted.
type VerificationError struct {
	// Function is the wire name of the function.
	Function string
	// Args are the arguments that calls were to match, and Strict says whether they were to
	// be equal.
	Args   tp.Object
	Strict bool
	// Wanted is how many calls were to match, and Found is how many did.
	Wanted Count
	Found  int
	// Calls are all calls of all functions, the oldest first, and Forgotten is how many
	// older ones there were ([Remember]).
	Calls     []Call
	Forgotten int
}

// UnverifiedError says that there are calls which no verification was about.
type UnverifiedError struct {
	// Calls are those calls, the oldest first.
	Calls []Call
}

// payload is what fn.verify_ answers (spec section 18.5).
func (e *VerificationError) payload() tp.Object {
	tag := "TooFewMatchingCalls"
	if e.Wanted.tooMany(e.Found) {
		tag = "TooManyMatchingCalls"
	}
	data := tp.Object{
		{Key: "wanted", Value: e.Wanted.tree()},
		{Key: "found", Value: int64(e.Found)},
		{Key: "allCalls", Value: treesOf(newest(e.Calls))},
	}
	return tp.Object{{Key: "reason", Value: tp.Object{{Key: tag, Value: data}}}}
}

// payload is what fn.verifyNoMoreInteractions_ answers.
func (e *UnverifiedError) payload() tp.Object {
	return tp.Object{{Key: "additionalUnverifiedCalls", Value: treesOf(newest(e.Calls))}}
}

// Error returns what was wanted and the calls that came, and where the call that comes
// nearest to what was wanted differs, on several lines.
func (e *VerificationError) Error() string {
	var b strings.Builder
	how := "with"
	if e.Strict {
		how = "with exactly"
	}
	fmt.Fprintf(&b, "want %v of %s %s %s, found %d", e.Wanted, e.Function, how, match.Text(e.Args), e.Found)
	if len(e.Calls) == 0 && e.Forgotten == 0 {
		b.WriteString("; nothing was called at all")
	}
	e.writeNearest(&b)
	if len(e.Calls) > 0 {
		b.WriteString("\nall calls, * those that match:")
		writeCalls(&b, e.Calls, e.matches)
	}
	if e.Forgotten > 0 {
		fmt.Fprintf(&b, "\nand before them %s that the server forgot; see mock.Remember", calls(int64(e.Forgotten)))
	}
	return b.String()
}

func (e *VerificationError) matches(c Call) bool {
	comparison := match.Comparison{Strict: e.Strict}
	return c.Function == e.Function && comparison.Match(e.Args, c.Args)
}

// writeNearest says where the call differs that comes nearest, when calls are missing.
func (e *VerificationError) writeNearest(b *strings.Builder) {
	if !e.Wanted.tooFew(e.Found) {
		return
	}
	var nearest []match.Difference
	at := -1
	for i, c := range e.Calls {
		if c.Function != e.Function {
			continue
		}
		comparison := match.Comparison{Strict: e.Strict}
		found := comparison.Differences(e.Args, c.Args, maxDifferences)
		if len(found) > 0 && (at < 0 || len(found) < len(nearest)) {
			nearest, at = found, i
		}
	}
	if at < 0 {
		return
	}
	fmt.Fprintf(b, "\ncall %d comes nearest:", at+1)
	for _, d := range nearest {
		fmt.Fprintf(b, "\n  %s", d)
	}
}

// Error returns the calls, each on a line.
func (e *UnverifiedError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s that nothing verified:", calls(int64(len(e.Calls))))
	writeCalls(&b, e.Calls, func(Call) bool { return false })
	return b.String()
}

const (
	maxDifferences = 10 // of one call in a text
	maxCalls       = 20 // in a text
)

func writeCalls(b *strings.Builder, list []Call, isMarked func(Call) bool) {
	for i, c := range list {
		if i == maxCalls {
			fmt.Fprintf(b, "\n  and %s more", calls(int64(len(list)-i)))
			return
		}
		mark := ' '
		if isMarked(c) {
			mark = '*'
		}
		fmt.Fprintf(b, "\n%c %d. %s %s", mark, i+1, c.Function, match.Text(c.Args))
	}
}
