package mirror

import (
	"errors"
	"strconv"
	"strings"
)

// Code says what kind of mistake an [Error] is about.
type Code string

// The codes. Those up to BadPermutation are those of patches (section 3).
const (
	// BadPatch is a patch or an operation that is malformed.
	BadPatch Code = "bad_patch"
	// BadPath is a path that the operation cannot have.
	BadPath Code = "bad_path"
	// NotAMap is a key into something else than a Map.
	NotAMap Code = "not_a_map"
	// KeyNotFound is a key that the Map does not have.
	KeyNotFound Code = "key_not_found"
	// NotAList is an index into something else than a List.
	NotAList Code = "not_a_list"
	// IndexOutOfBounds is an index that the List does not have.
	IndexOutOfBounds Code = "index_out_of_bounds"
	// BadPermutation is an order that does not have each index of the List once.
	BadPermutation Code = "bad_permutation"
	// BadValue is a malformed value, or one that cannot be sent.
	BadValue Code = "bad_value"
	// TooLarge is what passes a limit, of size, nesting or work.
	TooLarge Code = "too_large"
	// BadMessage is a document that is not a valid message.
	BadMessage Code = "bad_message"
	// Undecodable is a frame that holds no document at all.
	Undecodable Code = "undecodable"
	// NoSnapshot is a patch of a model that the client does not know.
	NoSnapshot Code = "no_snapshot"
	// UnknownModel is a number that no model has.
	UnknownModel Code = "unknown_model"
	// UnknownCodec is a name that no codec has.
	UnknownCodec Code = "unknown_codec"
	// BadSince is a since document that is malformed.
	BadSince Code = "bad_since"
	// TooSlow is a connection that does not take what it is sent.
	TooSlow Code = "too_slow"
	// Truncated is an envelope whose end has not come yet.
	Truncated Code = "truncated"
	// Refused is a proposal that the host does not want.
	Refused Code = "refused"
	// Panicked is a function of the program, such as a marshaler, that has panicked. The cause is
	// a *[PanicError], of which nothing is told to clients.
	Panicked Code = "panicked"
)

// Error says what is wrong with a value, a patch, a frame or a proposal.
type Error struct {
	// Code is what kind of mistake it is.
	Code Code
	// Op is the position of the operation in its patch, where Code is about one; 0 else.
	Op int
	// Path leads to the place that the mistake is about, where there is one.
	Path Path
	// Reason tells a person what was found and what is accepted.
	Reason string
	// Cause is what a function of the program returned, if it is the reason; else nil.
	Cause error
}

// Error returns one line with the code, the place and the reason.
func (e *Error) Error() string {
	text := "mirror: " + string(e.Code)
	if e.Op > 0 {
		text += " in operation " + strconv.Itoa(e.Op)
	}
	if len(e.Path) > 0 {
		text += " at " + e.Path.String()
	}
	return text + ": " + e.Reason
}

// Unwrap returns Cause.
func (e *Error) Unwrap() error { return e.Cause }

// CloseStatus returns the status that a server closes a WebSocket with because of e: 1007 when a
// frame was no document, 1013 when the connection was too slow, 1008 else.
func (e *Error) CloseStatus() int {
	const invalidPayload, policyViolation, tryAgainLater = 1007, 1008, 1013
	switch e.Code {
	case Undecodable:
		return invalidPayload
	case TooSlow:
		return tryAgainLater
	}
	return policyViolation
}

// CodeOf returns the code of the *[Error] that err is or wraps; "" if there is none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// maxSentence is how many bytes a reject has of a reason, and of the path in front of it: what
// clients write is in some of them.
const maxSentence = 512

// sentence is what a person who proposed reads in a reject.
func (e *Error) sentence() string {
	text := shortened(e.Reason)
	if len(e.Path) > 0 {
		text = shortened(e.Path.String()) + ": " + text
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

func shortened(text string) string {
	if len(text) > maxSentence {
		return text[:maxSentence] + "…"
	}
	return text
}
