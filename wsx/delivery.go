package wsx

import (
	"sync"
	"sync/atomic"
)

// delivery is a message on its way to those who listen. It is made once, with the frame
// that all connections send, and does not change.
type delivery struct {
	message Message // whose Data is the end of frame
	frame   []byte
	origin  *delivery                  // the same in another topic, which packs; nil if this does
	key     atomic.Pointer[messageKey] // see [KeepLatest]; nil before somebody asks

	packing sync.Once
	packed  []byte // the frame for clients that read packed messages
}

// newDelivery returns the delivery of a copy of m.
func newDelivery(m *Message) *delivery {
	d := &delivery{message: *m}
	b := appendHeader(make([]byte, 0, maxHeader+len(m.Data)), m.Kind.firstByte(), len(m.Data))
	d.frame = append(b, m.Data...)
	d.message.Data = d.frame[len(b):len(d.frame):len(d.frame)]
	return d
}

// at returns the same message as it is in another topic.
func (d *delivery) at(topic string) *delivery {
	m := d.message
	m.Topic = topic
	return &delivery{message: m, frame: d.frame, origin: d}
}

// frameFor returns the frame for a client, packed if it reads that and it is worth it.
func (d *delivery) frameFor(packs bool) frame {
	if !packs || len(d.message.Data) < minPacked {
		return frame{bytes: d.frame, delivery: d}
	}
	return frame{bytes: d.pack(), delivery: d}
}

// pack returns the packed frame, which is made once.
func (d *delivery) pack() []byte {
	if d.origin != nil {
		return d.origin.pack()
	}
	d.packing.Do(func() {
		f := newPackedFrame(d.message.Kind.firstByte(), d.message.Data)
		d.packed = append([]byte(nil), f.bytes...)
		f.release()
	})
	return d.packed
}
