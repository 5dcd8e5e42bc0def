package wsx

import "time"

// TopicOption configures a [Topic]. A topic has the options of the call that made it;
// further calls with the same name need not repeat them, and panic for others.
type TopicOption func(*topicSettings)

type topicSettings struct {
	kept     int           // messages
	keptFor  time.Duration // 0: as long as there is room
	presence bool
	oneOrder bool
}

// History makes a topic keep its last messages, at most n of them and each for ttl; zero
// or less means as long as there is room. [Push], [Conn.Subscribe] and others can begin
// with them; see [Replay]. Every node keeps what it has seen itself.
func History(n int, ttl time.Duration) TopicOption {
	return func(s *topicSettings) { s.kept, s.keptFor = max(n, 0), max(ttl, 0) }
}

// WithPresence makes a topic know which connections subscribe to it, on all nodes; see
// [Topic.Present].
func WithPresence() TopicOption {
	return func(s *topicSettings) { s.presence = true }
}

// OneOrder gives a topic one order on all nodes: subscribers get messages as the bus
// delivers them, also those of their own node, and none while the bus is down. One node,
// the first that has come, publishes those of all. When it is lost, what the others publish
// during the next two seconds may be; and for a moment when nodes come or go, two may see
// different orders. All nodes must give the option. It has no effect without a bus.
func OneOrder() TopicOption {
	return func(s *topicSettings) { s.oneOrder = true }
}

// newTopicSettings returns settings that options have changed.
func newTopicSettings(s topicSettings, options []TopicOption) topicSettings {
	for _, option := range options {
		if option != nil {
			option(&s)
		}
	}
	return s
}
