package wire

import "fmt"

// ValueError says which part of a value has no place in a message.
type ValueError struct {
	// Path leads from the value that was given to the part.
	Path Path
	// Reason says what the part is and what may stand in its place.
	Reason string
}

// Error returns one line with the path and the reason.
func (e *ValueError) Error() string {
	return fmt.Sprintf("wire: value at %v cannot be written: %s", []any(e.Path), e.Reason)
}

// in returns e as seen from the array or object around it. Paths grow from the
// inside out and stay short: they cost only who fails.
func (e *ValueError) in(step any) *ValueError {
	e.Path = append(Path{step}, e.Path...)
	return e
}

// The reasons, which are the same in all formats.

const nestedTooDeep = "it is nested too deep, or contains itself"

func noTree(v any) *ValueError {
	return &ValueError{Reason: fmt.Sprintf("%T is not a kind of value that messages have", v)}
}

func notFinite(v float64) *ValueError {
	return &ValueError{Reason: fmt.Sprintf("%v is not a finite number", v)}
}

func noNumber(v Number) *ValueError {
	return &ValueError{Reason: fmt.Sprintf("%q is not a JSON number", string(v))}
}

func notUTF8(v string) *ValueError {
	return &ValueError{Reason: fmt.Sprintf("%q is not valid UTF-8; send it as bytes", v)}
}

func repeats(key string) *ValueError {
	return &ValueError{Reason: fmt.Sprintf("the object has the key %q twice", key)}
}
