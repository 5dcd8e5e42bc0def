package wsx

// Observer is told what happens on the connections of an endpoint: it is for metrics.
// Its methods are called from many goroutines at once, return quickly, and may panic
// without harm.
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
	MessageReceived(bytes int)
	// MessagesSent is called for every write, with how many messages it had, control
	// frames among them, and their size on the wire.
	MessagesSent(messages, bytes int)
	// QueueDepth is called when more messages wait to be sent on one connection than
	// ever before on it.
	QueueDepth(messages int)
}

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

func (g guarded) received(bytes int) {
	defer drop()
	if g.observer != nil {
		g.observer.MessageReceived(bytes)
	}
}

func (g guarded) sent(messages, bytes int) {
	defer drop()
	if g.observer != nil {
		g.observer.MessagesSent(messages, bytes)
	}
}

func (g guarded) queued(messages int) {
	defer drop()
	if g.observer != nil {
		g.observer.QueueDepth(messages)
	}
}

func drop() { _ = recover() }
