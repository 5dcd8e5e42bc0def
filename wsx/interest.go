package wsx

import (
	"log/slog"
	"sync"
	"time"
)

// interest is what a topic wants to hear of other nodes: it subscribes to an address of
// the bus while somebody holds it, and a while longer. It does not refer to the topic, which
// may be forgotten meanwhile.
type interest struct {
	nodes   *nodes
	address Address
	receive func(*BusMessage)

	mu      sync.Mutex
	holders int
	stop    func()      // ends the subscription; nil without one
	letGo   *time.Timer // does so later
	ended   bool        // there is no subscription any more
}

// interestTime is for how long a topic listens to other nodes when nobody does any more:
// who comes back soon misses nothing, and costs the bus nothing.
const interestTime = 5 * time.Second

// hold returns when what other nodes publish from then on will be received.
func (i *interest) hold() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.holders++
	if i.letGo != nil {
		i.letGo.Stop()
	}
	if i.stop == nil && !i.ended {
		i.subscribe()
	}
}

// subscribe fails for a bus that was closed: this node goes on without the others.
func (i *interest) subscribe() {
	stop, err := i.nodes.bus.Subscribe(i.address, i.receive)
	if err != nil {
		slog.Error("nothing is heard of other nodes", "topic", i.address.Topic, "error", err)
		return
	}
	i.stop = stop
	i.nodes.add(i)
}

func (i *interest) release() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.holders--; i.holders > 0 || i.stop == nil {
		return
	}
	if i.letGo == nil {
		i.letGo = time.AfterFunc(interestTime, i.lapse)
		return
	}
	i.letGo.Reset(interestTime)
}

// lapse ends the subscription unless somebody has come again.
func (i *interest) lapse() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.holders == 0 {
		i.unsubscribe()
	}
}

// end ends the subscription for good.
func (i *interest) end() {
	i.abandon()
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.letGo != nil {
		i.letGo.Stop()
	}
}

// abandon does the same when the topic is not there any more. It leaves the timer alone,
// which may belong to a bubble of package synctest, where garbage collection does not.
func (i *interest) abandon() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.ended = true
	i.unsubscribe()
}

func (i *interest) unsubscribe() {
	if i.stop != nil {
		i.stop()
		i.stop = nil
		i.nodes.remove(i)
	}
}
