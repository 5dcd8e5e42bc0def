package wsx

import (
	"context"
	"fmt"
	"time"

	"github.com/telestruct/telestruct/tp/mirror"
)

// Await waits until the client mirrors all of the given models, or, when none is given, any
// model at all. What the client has already counts, whether it is connected or not. Await
// fails with the error of ctx when that ends before, and with [ErrClientStopped].
func (c *MirrorClient) Await(ctx context.Context, ids ...uint64) error {
	arrived := make(chan struct{}, 1)
	defer c.mirrors.OnChange(func(m mirror.Message) {
		if _, ok := m.(mirror.Snapshot); ok {
			select {
			case arrived <- struct{}{}:
			default: // there is another look to come
			}
		}
	})()
	for {
		missing, ok := c.lacks(ids)
		if ok {
			return nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return fmt.Errorf("wsx: waiting for %s: %w", missing, c.link.whyWaiting(ctx.Err()))
		case <-c.link.ctx.Done():
			return fmt.Errorf("wsx: waiting for %s: %w", missing, ErrClientStopped)
		}
	}
}

// lacks names what the client does not mirror yet; ok is true when there is no such model.
func (c *MirrorClient) lacks(ids []uint64) (missing string, ok bool) {
	if len(ids) == 0 {
		return "any model", len(c.mirrors.IDs()) > 0
	}
	for _, id := range ids {
		if _, ok := c.mirrors.Snapshot(id); !ok {
			return fmt.Sprintf("model %d", id), false
		}
	}
	return "", true
}

// Settle sends a proposal about a model, as [MirrorClient.Send] does, and waits for what the
// server says about that model next. It returns nil after a patch, and fails after a reject
// with a [*mirror.Error] whose code is Refused. After a snapshot, which may come before a
// reject, it waits up to 5 s for that.
//
// That is as good as the protocol lets it be: nothing tells which proposal an answer belongs
// to. When others change the same model at the same time, what came next may have been their
// change, and the proposal may still be accepted or refused.
//
// Settle also fails with a [*ProposalLostError], when the proposal was not sent, and when ctx
// or the connection ends before the server has said anything.
func (c *MirrorClient) Settle(ctx context.Context, id uint64, proposal mirror.Frame) error {
	r := reaction{id: id, whole: make(chan struct{}, 1), decided: make(chan error, 1)}
	defer c.mirrors.OnChange(r.change)()
	defer c.mirrors.OnReject(r.reject)()
	up, err := c.feed.proposals.send(proposal)
	if err != nil {
		return err
	}
	return r.await(ctx, up)
}

// reaction is what the server says about a model after a proposal.
type reaction struct {
	id      uint64
	whole   chan struct{} // has room for one: a snapshot came
	decided chan error    // has room for one: a patch or a reject
}

func (r *reaction) change(m mirror.Message) {
	switch m := m.(type) {
	case mirror.Snapshot:
		if m.ID == r.id {
			select {
			case r.whole <- struct{}{}:
			default:
			}
		}
	case mirror.Change:
		r.decide(m.ID, nil)
	}
}

func (r *reaction) reject(m mirror.Reject) {
	r.decide(m.ID, &mirror.Error{Code: mirror.Refused, Reason: m.Error})
}

// decide notes the first decision about the model.
func (r *reaction) decide(id uint64, err error) {
	if id != r.id {
		return
	}
	select {
	case r.decided <- err:
	default:
	}
}

func (r *reaction) await(ctx context.Context, up *uplink) error {
	const moment = 5 * time.Second // a reject that is lost on its way is there again by then
	var passed <-chan time.Time
	for {
		select {
		case err := <-r.decided:
			return err
		case <-r.whole:
			passed = time.After(moment)
		case <-passed:
			return r.or(nil)
		case <-up.gone:
			return r.or(&ProposalLostError{MayHaveArrived: true, Cause: up.cause})
		case <-ctx.Done():
			return r.or(&ProposalLostError{MayHaveArrived: true, Cause: ctx.Err()})
		}
	}
}

// or returns the decision, and err if there is none.
func (r *reaction) or(err error) error {
	select {
	case err := <-r.decided:
		return err
	default:
		return err
	}
}
