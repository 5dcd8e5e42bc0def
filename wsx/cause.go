package wsx

// Cause says who or what has ended a connection.
type Cause uint8

// The causes.
const (
	// CauseUnknown is the zero value; no connection ends with it.
	CauseUnknown Cause = iota
	// CauseClient: the client has closed the connection.
	CauseClient
	// CauseLost: the connection broke.
	CauseLost
	// CauseSilent: the client has not answered a ping; see [Heartbeat].
	CauseSilent
	// CauseProgram: [Conn.Close] or [Remote.Close] was called.
	CauseProgram
	// CauseError: a handler of the actor returned an error.
	CauseError
	// CausePanic: a handler panicked, or ended its goroutine.
	CausePanic
	// CauseStuck: a handler ran for too long; see [HandlerLimit].
	CauseStuck
	// CauseShutdown: the endpoint was shut down.
	CauseShutdown
	// CauseSlow: the client did not take what was sent to it.
	CauseSlow
	// CauseExpired: the credentials of the client have ended.
	CauseExpired
	// CausePolicy: the client did what RFC 6455 or a limit of the endpoint forbids, as the
	// code tells.
	CausePolicy
)

var causeNames = [...]string{
	"unknown", "client", "lost", "silent", "program", "error", "panic", "stuck", "shutdown", "slow", "expired", "policy",
}

// String returns the cause in lower case, such as shutdown.
func (c Cause) String() string {
	if int(c) < len(causeNames) {
		return causeNames[c]
	}
	return causeNames[CauseUnknown]
}

// leavesRest reports whether what the client has said before the end still counts.
func (c Cause) leavesRest() bool {
	return c == CauseClient || c == CauseLost || c == CauseSilent
}

// causeOf returns the cause of an end of the layer's own.
func causeOf(end ending) Cause {
	switch end.code {
	case CodeGoingAway:
		return CauseShutdown
	case CodeAbnormal:
		switch end.reason {
		case ReasonStopped:
			return CauseShutdown
		case reasonSilent:
			return CauseSilent
		}
		return CauseLost
	case CodeSlow:
		return CauseSlow
	case CodeExpired:
		return CauseExpired
	case CodeInternalError:
		return CausePanic
	}
	return CausePolicy
}

// reasonSilent tells the end of a connection that does not answer from that of one that
// broke. Nobody is told it.
const reasonSilent = "silent"
