package wsx

import "sync/atomic"

// flow counts the messages that go in one direction, and their bytes.
type flow struct{ messages, bytes atomic.Uint64 }

func (f *flow) add(messages, bytes int) {
	f.messages.Add(uint64(messages))
	f.bytes.Add(uint64(bytes))
}

// tally counts the frames of one write: texts, binaries and control frames.
type tally [3]struct{ frames, bytes int }

func (t *tally) add(f *frame) {
	const opcode = 0x0f
	at := &t[2]
	switch f.bytes[0] & opcode {
	case frameText & opcode:
		at = &t[0]
	case frameBinary & opcode:
		at = &t[1]
	}
	at.frames++
	at.bytes += len(f.bytes)
}

// tell tells who counts what was written.
func (t *tally) tell(sent *flow, observer guarded) {
	for i, kind := range [...]string{Text.String(), Binary.String(), kindControl} {
		n := t[i]
		if n.frames == 0 {
			continue
		}
		if kind != kindControl {
			sent.add(n.frames, n.bytes)
		}
		observer.sent(kind, n.frames, n.bytes)
	}
}
