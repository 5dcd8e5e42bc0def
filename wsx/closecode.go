package wsx

import "unicode/utf8"

// The codes that connections are closed with (RFC 6455 section 7.4). Applications use
// 4000 to 4999.
const (
	CodeNormal        = 1000 // the client is done
	CodeGoingAway     = 1001 // the server stops; see ReasonDrained
	CodeProtocolError = 1002 // frames that RFC 6455 does not allow
	CodeNoCode        = 1005 // told to observers only: the client gave no code
	CodeAbnormal      = 1006 // told to observers only: the connection broke, or was cut
	CodeInvalidText   = 1007 // a text that is not UTF-8
	CodePolicy        = 1008 // abuse, a message that is refused or takes too long, nobody who proves who they are
	CodeTooBig        = 1009 // a message beyond MaxMessage, or beyond what the bus takes
	CodeInternalError = 1011 // an error or a panic of an actor, or a panic outside of calls
	CodeSlow          = 1013 // the client does not take what it is sent
	CodeExpired       = 3000 // the credentials have ended
)

// The reasons that go with the codes.
const (
	// ReasonDrained goes with CodeGoingAway: the server has answered every call it
	// read, so that a call without an answer was not run.
	ReasonDrained = "drained"
	// ReasonStopped goes with CodeGoingAway where there was no time for that: calls
	// without an answer may have run.
	ReasonStopped        = "stopped"
	ReasonExpired        = "expired"
	ReasonAuthTimeout    = "authentication timeout"
	ReasonMessageTimeout = "message timeout"
	ReasonSlow           = "slow"
	ReasonUnheard        = "unexpected message"
	ReasonInvalidText    = "invalid utf-8"
	ReasonTooBig         = "message too big"
	ReasonProtocolError  = "protocol error"
	ReasonRate           = "too many messages"
	ReasonNoMessage      = "not a message of the mirror protocol"
	ReasonNotEncoded     = "a model could not be encoded" // by a custom codec
)

// ending is why a connection ends.
type ending struct {
	code   int
	reason string
}

// maxReason is how many bytes a reason may have in a close frame.
const maxReason = 123

// clipped returns a reason as a close frame can have it.
func clipped(reason string) string { return clip(reason, maxReason) }

// clip returns the runes of text that fit into a number of bytes.
func clip(text string, bytes int) string {
	if len(text) <= bytes {
		return text
	}
	end := bytes
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// checkCode panics for codes that must not be in a close frame.
func checkCode(code int) {
	if !canSend(code) {
		panic("wsx: a connection cannot be closed with this code; applications use 4000 to 4999")
	}
}

// canSend reports whether programs may close a connection with a code.
func canSend(code int) bool {
	switch code {
	case 1004, CodeNoCode, CodeAbnormal:
		return false
	}
	return CodeNormal <= code && code < 1015 || CodeExpired <= code && code <= 4999
}
