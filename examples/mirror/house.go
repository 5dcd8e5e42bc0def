package main

import (
	"context"
	"errors"
	"log"
	"time"

	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

// house hosts the two models. Their numbers are 1 and 2, in the order in which they are hosted.
type house struct {
	greenhouse *mirror.Handle[Greenhouse]
	climate    *mirror.Handle[Climate]
	server     *mirror.Server
}

// newHouse returns a house whose models begin at the given revision.
func newHouse(rev uint64) (*house, error) {
	session := mirror.NewSession(mirror.FirstRev(rev))
	start, now := planted(), Climate{Outside: 9}
	now.pass(&start)
	greenhouse, err := mirror.Host(session, &start)
	if err != nil {
		return nil, err
	}
	climate, err := mirror.Host(session, &now)
	if err != nil {
		return nil, err
	}
	h := &house{greenhouse: greenhouse, climate: climate}
	h.server = mirror.NewServer(session, &mirror.ServerOptions{Authorize: h.authorize})
	return h, nil
}

// authorize is asked about each proposal. A program with users would look at the identity, too.
func (h *house) authorize(_ any, proposal mirror.Change) error {
	if proposal.ID == h.climate.ID() {
		return errors.New("what sensors measure cannot be set")
	}
	return nil
}

// sockets returns the endpoint for who shows the models and changes them.
func (h *house) sockets(srv *wsx.Server) *wsx.Endpoint {
	return srv.Mirror(h.server,
		wsx.MaxMessage(16<<10),
		wsx.MessageRate(60, 120, wsx.CloseOver), // a slider that moves says so 25 times a second
		wsx.Drain(time.Second, time.Second),
	)
}

// watch measures every second until ctx ends.
func (h *house) watch(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := h.measure(); err != nil {
				log.Print(err)
			}
		}
	}
}

// measure tells what a second has changed. Windows are sent that and nothing else, however much
// of the model is the same.
func (h *house) measure() error {
	greenhouse := h.greenhouse.Get()
	return h.climate.Update(func(c *Climate) error {
		c.pass(&greenhouse)
		return nil
	})
}
