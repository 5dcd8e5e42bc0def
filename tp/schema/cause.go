package schema

import "fmt"

// SyntaxError says why and where a text is not acceptable as a schema document.
// It is the Cause of a [Failure] whose reason is JsonInvalid.
type SyntaxError struct {
	Message  string
	Location Location
}

// Error returns the message.
func (e *SyntaxError) Error() string { return e.Message }

// LimitError refuses a document that is larger or more deeply nested than the
// limits of [Document]. It is the Cause of a [Failure] whose reason is
// JsonInvalid.
type LimitError struct {
	// What is what there is too much of, such as "bytes of JSON".
	What string
	// Max is the largest number accepted.
	Max      int
	Location Location
}

// Error returns what there is too much of and the limit.
func (e *LimitError) Error() string { return fmt.Sprintf("more than %d %s", e.Max, e.What) }
