package wsx

import "time"

// Observer is told what happens on the connections of an endpoint: it is for metrics.
// Its methods are called from many goroutines at once, return quickly, and may panic
// without harm. Their parameters have types that every program has, so that packages can
// have observers without this one; kinds are those of [Kind.String].
type Observer interface {
	// ConnectionOpened is called when a connection was accepted.
	ConnectionOpened()
	// ConnectionClosed is called when a connection and its calls have ended, with the
	// code it was closed with: [CodeAbnormal] when it broke or was cut.
	ConnectionClosed(code int)
	// UpgradeRefused is called when a request for a connection was answered with an
	// HTTP status.
	UpgradeRefused(status int)
	// MessageReceived is called for every message that was read, with its size.
	MessageReceived(kind string, bytes int)
	// MessagesSent is called for every write, once for each kind of what it had, with how
	// many messages these were and their size on the wire. Control frames are of the kind
	// "control".
	MessagesSent(kind string, messages, bytes int)
	// MessagesDropped is called for messages that were lost although their connection
	// goes on, with a reason that is one of the constants such as [DropSlow].
	MessagesDropped(reason string, messages int)
	// MessageHandled is called when an actor has handled a message, with how long its rule
	// took. What calls take is for the observers of their API.
	MessageHandled(took time.Duration)
	// QueueDepth is called when more messages wait to be sent on one connection than
	// ever before on it.
	QueueDepth(messages int)
}

// Why messages are dropped, as observers are told.
const (
	// DropSlow is the reason when the client does not keep up, by the policy of [OnSlow].
	DropSlow = "slow"
	// DropUnheard is the reason when nobody takes what a client says.
	DropUnheard = "unheard"
	// DropRate is the reason when a client says more than [MessageRate] allows.
	DropRate = "rate"
	// DropMailbox is the reason when the mailbox of an actor has no room for what does
	// not come from its client.
	DropMailbox = "mailbox"
)

// kindControl is the kind of pings, pongs and closes.
const kindControl = "control"

// guarded keeps the panics of an observer from the connections. Nil sees nothing.
type guarded struct{ observer Observer }

func (g guarded) opened() {
	defer drop()
	if g.observer != nil {
		g.observer.ConnectionOpened()
	}
}

func (g guarded) closed(code int) {
	defer drop()
	if g.observer != nil {
		g.observer.ConnectionClosed(code)
	}
}

func (g guarded) refused(status int) {
	defer drop()
	if g.observer != nil {
		g.observer.UpgradeRefused(status)
	}
}

func (g guarded) received(kind Kind, bytes int) {
	defer drop()
	if g.observer != nil {
		g.observer.MessageReceived(kind.String(), bytes)
	}
}

func (g guarded) sent(kind string, messages, bytes int) {
	defer drop()
	if g.observer != nil {
		g.observer.MessagesSent(kind, messages, bytes)
	}
}

func (g guarded) dropped(reason string, messages int) {
	defer drop()
	if g.observer != nil {
		g.observer.MessagesDropped(reason, messages)
	}
}

func (g guarded) handled(took time.Duration) {
	defer drop()
	if g.observer != nil {
		g.observer.MessageHandled(took)
	}
}

func (g guarded) queued(messages int) {
	defer drop()
	if g.observer != nil {
		g.observer.QueueDepth(messages)
	}
}

func drop() { _ = recover() }
