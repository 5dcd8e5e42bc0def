package wsx

// SubscribeOption configures how a connection subscribes to a topic; see [Conn.Subscribe]
// and [Remote.Subscribe].
type SubscribeOption func(*subscribeOptions)

type subscribeOptions struct {
	toActor bool
	replay  int
}

func newSubscribeOptions(options []SubscribeOption) subscribeOptions {
	var o subscribeOptions
	for _, option := range options {
		if option != nil {
			option(&o)
		}
	}
	return o
}

// ToActor gives the messages to the actor, as a [Message], and not to its client.
func ToActor() SubscribeOption {
	return func(o *subscribeOptions) { o.toActor = true }
}

// WithHistory begins with the last n messages that the topic has in its [History], with no
// gap before what comes live.
func WithHistory(n int) SubscribeOption {
	return func(o *subscribeOptions) { o.replay = max(n, 0) }
}
