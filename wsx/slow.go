package wsx

// SlowPolicy says what becomes of messages of topics when the [Queue] of a client is full.
type SlowPolicy struct{ policy slowPolicy }

// slowPolicy is one; the zero value closes the connection.
type slowPolicy struct {
	kind slowKind
	key  func(Message) string
}

type slowKind uint8

const (
	slowClose slowKind = iota
	slowDropOldest
	slowDropNew
	slowKeepLatest
)

// OnSlow sets what becomes of messages of topics when the [Queue] of a client is full. Answers to
// calls and replies of actors are never dropped. Default [CloseSlow].
func OnSlow(policy SlowPolicy) Option {
	return func(s *settings) { s.slow = policy.policy }
}

// CloseSlow closes the connection with [CodeSlow].
func CloseSlow() SlowPolicy { return SlowPolicy{} }

// DropOldest drops the message that waits for longest.
func DropOldest() SlowPolicy { return SlowPolicy{slowPolicy{kind: slowDropOldest}} }

// DropNew drops the message that comes.
func DropNew() SlowPolicy { return SlowPolicy{slowPolicy{kind: slowDropNew}} }

// KeepLatest drops all messages that wait but the last one of each key, and then the
// oldest: for dashboards. Key must be quick and must not use topics; it may be called
// several times at once. It panics for a nil key.
func KeepLatest(key func(Message) string) SlowPolicy {
	if key == nil {
		panic("wsx: KeepLatest: nil key")
	}
	return SlowPolicy{slowPolicy{kind: slowKeepLatest, key: key}}
}
