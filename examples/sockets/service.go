package main

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
)

// newAPI lists what voters can call, and what is done around every call.
func newAPI(p *poll, logger zerolog.Logger, metrics *mw.Prometheus) *tp.API {
	api := tp.NewAPI("Lunch",
		tp.Description("A vote on what is for lunch."),
		tp.NoAuth(),
		mw.Metrics(metrics),
		mw.Logging(logger),
		mw.RateLimit(mw.Rate{PerSecond: 100, Burst: 200},
			mw.PerFunction(mw.Rate{PerSecond: 5, Burst: 20}, "fn.vote")),
		mw.Unsafe(mw.DenyUnsafe),
		mw.Timeout(longestWait+time.Second, "fn.awaitVotes"),
		mw.Recover(),
	)
	tp.RegisterOn(api, p.vote, tp.Doc("Vote for a dish."), tp.Fails(&NotOnTheMenuError{}))
	tp.RegisterOn(api, p.results, tp.Doc("Read how many votes each dish has."))
	tp.RegisterOn(api, p.awaitVotes, tp.Doc("Answer when so many votes were cast, or when time is up. "+
		"It suits a socket, where other calls go on in the meantime."))
	return api
}

// poll is a vote that goes on.
type poll struct {
	menu []string // what can be voted for

	mu      sync.Mutex
	votes   map[string]int
	total   int
	changed chan struct{} // closed, and replaced, with each vote
}

func newPoll(menu ...string) *poll {
	p := &poll{menu: menu, votes: map[string]int{}, changed: make(chan struct{})}
	for _, dish := range menu {
		p.votes[dish] = 0
	}
	return p
}

// Vote is what fn.vote takes.
type Vote struct {
	Dish string `tp:"dish" doc:"One of those that fn.results lists."`
}

// Results is what fn.vote and fn.results answer.
type Results struct {
	Votes map[string]int `tp:"votes" doc:"How many votes each dish has."`
	Total int            `tp:"total" doc:"How many votes there are."`
}

// NotOnTheMenuError is the answer to a vote for something else.
type NotOnTheMenuError struct {
	_    struct{} `doc:"There is no such dish."`
	Menu []string `tp:"menu" doc:"The dishes that there are."`
}

func (*NotOnTheMenuError) Error() string { return "not on the menu" }

func (p *poll) vote(_ context.Context, in Vote) (Results, error) {
	if !slices.Contains(p.menu, in.Dish) {
		return Results{}, &NotOnTheMenuError{Menu: p.menu}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.votes[in.Dish]++
	p.total++
	close(p.changed)
	p.changed = make(chan struct{})
	return p.count(), nil
}

// count returns the results; p.mu is held.
func (p *poll) count() Results { return Results{Votes: maps.Clone(p.votes), Total: p.total} }

// ReadResults is what fn.results takes.
type ReadResults struct{}

func (p *poll) results(context.Context, ReadResults) (Results, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.count(), nil
}

// longestWait is how long fn.awaitVotes waits at most. It is shorter than the grace of
// sockets, so that no call is cut off when the program stops.
const longestWait = 4 * time.Second

// AwaitVotes is what fn.awaitVotes takes.
type AwaitVotes struct {
	Total        int   `tp:"total" doc:"How many votes to wait for."`
	Milliseconds int64 `tp:"milliseconds" doc:"How long to wait: up to 4000, and no longer if it is more."`
}

// Awaited is what fn.awaitVotes answers.
type Awaited struct {
	Reached bool    `tp:"reached" doc:"Whether there are so many votes."`
	Results Results `tp:"results"`
}

func (p *poll) awaitVotes(ctx context.Context, in AwaitVotes) (Awaited, error) {
	milliseconds := min(max(in.Milliseconds, 0), longestWait.Milliseconds())
	late := time.NewTimer(time.Duration(milliseconds) * time.Millisecond)
	defer late.Stop()
	for {
		p.mu.Lock()
		now, changed := p.count(), p.changed
		p.mu.Unlock()
		if now.Total >= in.Total {
			return Awaited{Reached: true, Results: now}, nil
		}
		select {
		case <-changed:
		case <-late.C:
			return Awaited{Results: now}, nil
		case <-ctx.Done():
			return Awaited{}, ctx.Err()
		}
	}
}
