package wsx_test

import (
	"errors"
	"testing"

	"github.com/telestruct/telestruct/internal/bustest"
	"github.com/telestruct/telestruct/wsx"
)

func TestMemoryBus(t *testing.T) {
	t.Parallel()
	bustest.Run(t, func(*testing.T) func() wsx.Bus {
		bus := wsx.MemoryBus()
		return func() wsx.Bus { return bus }
	})
}

func TestMemoryBusIsFull(t *testing.T) {
	t.Parallel()
	bus, to := wsx.MemoryBus(), wsx.Address{Topic: "t"}
	stuck := make(chan struct{})
	stopSlow, _ := bus.Subscribe(to, func(*wsx.BusMessage) { <-stuck })
	defer stopSlow()
	defer close(stuck)
	heard := make(chan struct{}, 1)
	stop, _ := bus.Subscribe(to, func(*wsx.BusMessage) { heard <- struct{}{} })
	defer stop()
	sent := 0
	for {
		sent++
		err := bus.Publish(t.Context(), &wsx.BusMessage{To: to})
		<-heard // the others get what one cannot take, if they are not behind themselves
		if errors.Is(err, wsx.ErrBusUnavailable) {
			break
		}
		if err != nil || sent > 1<<17 {
			t.Fatalf("after %d messages: %v", sent, err)
		}
	}
}
