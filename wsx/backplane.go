package wsx

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/telestruct/telestruct/tp/mirror"
)

// backplanePrefix begins the names of topics that backplanes are made of.
const backplanePrefix = "_mirror."

// Backplane returns a node's place on a [mirror.Backplane] that goes over a bus, for a
// [mirror.Relay] or an [mirror.Election]:
//
//	relay, err := mirror.NewRelay(hub, wsx.Backplane(bus, "documents"), nil)
//
// All nodes that give the same name hear each other, and not those that give another one; the
// topics of servers on the same bus are others as well. Each call returns another node, which
// does not hear what it publishes itself. Publish fails with [ErrBusUnavailable] when the
// message cannot be sent now, and with a [*mirror.Error] (TooLarge) that wraps [ErrTooLarge]
// when it never can; it keeps the message, which nobody may change any more. The functions
// given to Subscribe have to be quick, and get messages one after the other.
//
// It panics for a nil bus, and for a name that topics cannot have.
func Backplane(bus Bus, name string) mirror.Backplane {
	if bus == nil {
		panic("wsx: Backplane: nil bus")
	}
	if fault := checkTopicName(name); fault != "" {
		panic("wsx: Backplane: " + fault)
	}
	return &backplane{bus: bus, node: rand.Text(), to: Address{Topic: backplanePrefix + name}}
}

type backplane struct {
	bus  Bus
	node string
	to   Address
}

func (b *backplane) Publish(ctx context.Context, msg []byte) error {
	err := b.publish(ctx, msg)
	if errors.Is(err, ErrTooLarge) {
		return &mirror.Error{Code: mirror.TooLarge, Reason: err.Error(), Cause: err}
	}
	return err
}

func (b *backplane) publish(ctx context.Context, msg []byte) error {
	if most := b.bus.MaxSize(); most > 0 && len(msg) > most {
		return fmt.Errorf("%w: %d bytes for the backplane, and it takes %d", ErrTooLarge, len(msg), most)
	}
	return b.bus.Publish(ctx, &BusMessage{To: b.to, Node: b.node, Kind: Binary, Data: msg})
}

func (b *backplane) Subscribe(fn func(msg []byte)) (cancel func(), err error) {
	return b.bus.Subscribe(b.to, func(m *BusMessage) {
		if m.Node != b.node {
			fn(m.Data)
		}
	})
}
