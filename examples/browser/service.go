package main

import (
	"context"
	"strings"
	"time"

	"github.com/telestruct/telestruct/tp"
)

// newAPI lists what the page can call. Nobody needs credentials for it.
func newAPI(options ...tp.Option) *tp.API {
	api := tp.NewAPI("Browser", append(options,
		tp.Description("What the page of examples/browser calls."),
		tp.NoAuth(),
	)...)
	tp.RegisterOn(api, greet,
		tp.Doc("Greet somebody."),
		tp.Fails(&NobodyError{}))
	tp.RegisterOn(api, wait,
		tp.Doc("Answer after some time. Calls with different times are answered in another order than they came in."),
		tp.Fails(&TooLongError{}))
	return api
}

// Greet is what fn.greet takes.
type Greet struct {
	Subject string `tp:"subject" doc:"Who to greet."`
}

// Greeting is what fn.greet answers.
type Greeting struct {
	Message string `tp:"message"`
}

// NobodyError is the answer to a greeting of nobody.
type NobodyError struct {
	_ struct{} `doc:"There is nobody to greet: the subject is blank."`
}

func (*NobodyError) Error() string { return "nobody to greet" }

func greet(_ context.Context, in Greet) (Greeting, error) {
	subject := strings.TrimSpace(in.Subject)
	if subject == "" {
		return Greeting{}, &NobodyError{}
	}
	return Greeting{Message: "Hello " + subject + "!"}, nil
}

// maxWait is how long a call may wait.
const maxWait = 20 * time.Second

// Wait is what fn.wait takes.
type Wait struct {
	Name         string `tp:"name" doc:"What the answer is to be called."`
	Milliseconds int64  `tp:"milliseconds" doc:"How long to wait: up to 20000."`
}

// Waited is what fn.wait answers.
type Waited struct {
	Name string `tp:"name" doc:"The name that the call had."`
}

// TooLongError is the answer to a call that would wait too long.
type TooLongError struct {
	_     struct{} `doc:"No call waits that long, or less than no time."`
	Limit int64    `tp:"limit" doc:"How many milliseconds it may be."`
}

func (*TooLongError) Error() string { return "too long to wait" }

// wait ends early when the caller goes away: its context does.
func wait(ctx context.Context, in Wait) (Waited, error) {
	limit := maxWait.Milliseconds()
	if in.Milliseconds < 0 || in.Milliseconds > limit {
		return Waited{}, &TooLongError{Limit: limit}
	}
	timer := time.NewTimer(time.Duration(in.Milliseconds) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return Waited{Name: in.Name}, nil
	case <-ctx.Done():
		return Waited{}, ctx.Err()
	}
}
