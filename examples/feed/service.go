package main

import (
	"context"
	"crypto/subtle"
	"errors"
	"sync"
	"time"

	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

const (
	kept        = 20 // news that new listeners get to see
	maxHeadline = 200
)

// feed publishes news.
type feed struct {
	topic *wsx.Topic
	news  *wsx.TypedTopic[News]
	token string // of editors

	mu       sync.Mutex
	applause []int // by story; index 0 is story 1
	last     time.Time
}

func newFeed(srv *wsx.Server, token string) *feed {
	topic := srv.NewTopic("news", wsx.History(kept, time.Hour))
	return &feed{topic: topic, news: wsx.TopicOf[News](topic, newsUnion()), token: token}
}

// newAPI lists the functions, and what the feed sends beside them.
func newAPI(f *feed) *tp.API {
	api := tp.NewAPI("Feed",
		tp.Description("News as they happen. Who connects to the WebSocket gets union.News."),
		mw.Auth(tp.UnionOf[Credentials](Editor{}).Doc("Who publishes."), f.authenticate),
		mw.RateLimit(mw.Rate{PerSecond: 5, Burst: 20}),
		f.news,
	)
	tp.RegisterOn(api, f.publish, tp.Doc("Publish a story."), tp.Fails(&HeadlineError{}))
	tp.RegisterOn(api, f.applaud, tp.Doc("Say that a story is good."), tp.Fails(&NoStoryError{}), tp.Public())
	return api
}

// Credentials say who calls.
type Credentials interface{ isCredentials() }

// Editor may publish.
type Editor struct {
	Token string `tp:"token"`
}

func (Editor) isCredentials() {}

// editor makes credentials of a token.
func editor(token string) any { return Editor{Token: token} }

var errToken = errors.New("wrong token")

// authenticate returns who has these credentials: there is but one editor.
func (f *feed) authenticate(_ context.Context, c Credentials) (string, error) {
	e, ok := c.(Editor)
	if !ok || f.token == "" || subtle.ConstantTimeCompare([]byte(e.Token), []byte(f.token)) != 1 {
		return "", errToken
	}
	return "editor", nil
}

// Publish is what fn.publish takes.
type Publish struct {
	Headline string `tp:"headline" doc:"1 to 200 bytes."`
}

// Published is what fn.publish answers.
type Published struct {
	Number int `tp:"number" doc:"Which story it has become."`
}

// HeadlineError is the answer to a headline that is none.
type HeadlineError struct {
	_ struct{} `doc:"The headline is empty or too long."`
}

func (*HeadlineError) Error() string { return "not a headline" }

// publish holds the lock until the story is on its way, so that stories get their numbers
// in the order that listeners see. Publishing waits for no listener.
func (f *feed) publish(ctx context.Context, in Publish) (Published, error) {
	if in.Headline == "" || len(in.Headline) > maxHeadline {
		return Published{}, &HeadlineError{}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last = later(f.last, time.Now())
	f.applause = append(f.applause, 0)
	number := len(f.applause)
	return Published{Number: number}, f.news.Publish(ctx, Story{Number: number, Headline: in.Headline, At: f.last})
}

// later returns now, or the next microsecond after last where the clock has not moved on.
func later(last, now time.Time) time.Time {
	if now = now.UTC().Truncate(time.Microsecond); now.After(last) {
		return now
	}
	return last.Add(time.Microsecond)
}

// Applaud is what fn.applaud takes.
type Applaud struct {
	Number int `tp:"number" doc:"Which story."`
}

// Applauded is what fn.applaud answers.
type Applauded struct {
	Total int `tp:"total" doc:"How many have liked the story."`
}

// NoStoryError is the answer to applause for nothing.
type NoStoryError struct {
	_ struct{} `doc:"There is no such story."`
}

func (*NoStoryError) Error() string { return "no such story" }

func (f *feed) applaud(ctx context.Context, in Applaud) (Applauded, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if in.Number < 1 || in.Number > len(f.applause) {
		return Applauded{}, &NoStoryError{}
	}
	f.applause[in.Number-1]++
	total := f.applause[in.Number-1]
	return Applauded{Total: total}, f.news.Publish(ctx, Applause{Number: in.Number, Total: total})
}
