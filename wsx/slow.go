package wsx

import "slices"

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
	return func(s *settings) { s.queue.slow = policy.policy }
}

// CloseSlow closes the connection with [CodeSlow].
func CloseSlow() SlowPolicy { return SlowPolicy{} }

// DropOldest drops the message that waits for longest. Clients miss messages then, and
// are not told.
func DropOldest() SlowPolicy { return SlowPolicy{slowPolicy{kind: slowDropOldest}} }

// DropNew drops the message that comes: clients get all of a burst's beginning.
func DropNew() SlowPolicy { return SlowPolicy{slowPolicy{kind: slowDropNew}} }

// KeepLatest drops all messages that wait but the last one of each key, and then the
// oldest: for dashboards. What is kept stays in its order. Key must be quick and must not
// use topics; it is called only when a queue is full, and may be called several times at
// once. A message for which it panics has no key. KeepLatest panics for a nil key.
func KeepLatest(key func(Message) string) SlowPolicy {
	if key == nil {
		panic("wsx: KeepLatest: nil key")
	}
	return SlowPolicy{slowPolicy{kind: slowKeepLatest, key: key}}
}

// makeRoom drops messages of topics, as the policy says, until there is room for f. It
// reports whether there is. Where f is none of these, they give way to it by all policies
// that drop any.
func (o *outbox) makeRoom(f *frame) bool {
	policy := &o.limits.slow
	if policy.kind == slowKeepLatest {
		o.keepLatest(f)
	}
	for o.isFull(f) {
		i := -1
		switch {
		case policy.kind == slowClose:
		case policy.kind != slowDropNew:
			i = slices.IndexFunc(o.queue, isDroppable)
		case !isDroppable(*f):
			i = lastIndexFunc(o.queue, isDroppable)
		}
		if i < 0 {
			return false
		}
		o.dropAt(i)
	}
	return true
}

func isDroppable(f frame) bool { return f.delivery != nil }

func lastIndexFunc(frames []frame, holds func(frame) bool) int {
	for i, f := range slices.Backward(frames) {
		if holds(f) {
			return i
		}
	}
	return -1
}

// dropAt drops the frame at an index. It is quick near the ends.
func (o *outbox) dropAt(i int) {
	o.bytes -= len(o.queue[i].bytes)
	o.dropped++
	if i > len(o.queue)/2 {
		o.queue = slices.Delete(o.queue, i, i+1)
		return
	}
	copy(o.queue[1:], o.queue[:i])
	o.queue[0] = frame{}
	o.queue = o.queue[1:]
}

// keepLatest drops the messages that f replaces. The first time that there is no room it
// drops all that others have replaced: from then on, until they leave, none has.
func (o *outbox) keepLatest(f *frame) {
	if !o.latest {
		if !o.isFull(f) {
			return
		}
		o.dropReplaced()
		o.latest = true
	}
	key, ok := o.keyOf(f)
	if !ok {
		return
	}
	for i := range o.queue {
		if other, ok := o.keyOf(&o.queue[i]); ok && other == key {
			o.dropAt(i)
			return
		}
	}
}

// dropReplaced keeps the last message of each key.
func (o *outbox) dropReplaced() {
	seen := make(map[string]bool, len(o.queue))
	first := len(o.queue)
	for _, f := range slices.Backward(o.queue) {
		key, ok := o.keyOf(&f)
		if ok && seen[key] {
			o.bytes -= len(f.bytes)
			o.dropped++
			continue
		}
		if ok {
			seen[key] = true
		}
		first--
		o.queue[first] = f
	}
	clear(o.queue[:first])
	o.queue = o.queue[first:]
}

// keyOf returns the key of a frame. It reports false for those that have none.
func (o *outbox) keyOf(f *frame) (key string, ok bool) {
	if f.delivery == nil {
		return "", false
	}
	k := f.delivery.key.Load()
	if k == nil || k.policy != &o.limits.slow {
		k = o.newKey(f.delivery)
		f.delivery.key.Store(k)
	}
	return k.text, k.ok
}

// messageKey is the key of a message. It is found once for all clients of an endpoint.
type messageKey struct {
	policy *slowPolicy
	text   string
	ok     bool // there is one
}

func (o *outbox) newKey(d *delivery) (k *messageKey) {
	k = &messageKey{policy: &o.limits.slow}
	defer func() {
		if p := recover(); p != nil {
			o.owner.keyPanicked(p)
		}
	}()
	k.text = o.limits.slow.key(d.message)
	k.ok = true
	return k
}
