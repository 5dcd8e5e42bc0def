package mw_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/telestruct/telestruct/internal/leaks"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
)

func TestMain(m *testing.M) { leaks.Main(m) }

// Credentials are those of the tests' APIs.
type Credentials interface{ credentials() }

type Token struct {
	Token string `tp:"token"`
}

func (Token) credentials() {}

func credentials() tp.Union { return tp.UnionOf[Credentials](Token{}) }

type user struct{ name string }

var errNoUser = errors.New("no such user")

// lookups counts what the lookup function of an API is asked.
type lookups struct {
	mu    sync.Mutex
	count int
}

// find knows tokens such as "of ann".
func (l *lookups) find(_ context.Context, c Credentials) (*user, error) {
	l.mu.Lock()
	l.count++
	l.mu.Unlock()
	token, _ := c.(Token)
	if token.Token == "panic" {
		panic("lookup")
	}
	if name, ok := strings.CutPrefix(token.Token, "of "); ok {
		return &user{name}, nil
	}
	if token.Token == "expired" {
		return nil, fmt.Errorf("wrapped: %w", mw.Uncounted(errNoUser))
	}
	return nil, errNoUser
}

func (l *lookups) asked() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count
}

type Empty struct{}

type Run struct {
	How string `tp:"how"`
}

type Ran struct {
	How    string  `tp:"how"`
	Number float64 `tp:"number"`
}

type QuotaError struct {
	Left int `tp:"left"`
}

func (e *QuotaError) Error() string { return fmt.Sprintf("%d left", e.Left) }

var errUndeclared = errors.New("undeclared")

// run does what its argument says.
func run(ctx context.Context, in *Run) (*Ran, error) {
	switch in.How {
	case "quota":
		return nil, fmt.Errorf("wrapped: %w", &QuotaError{Left: 3})
	case "undeclared":
		return nil, fmt.Errorf("wrapped: %w", errUndeclared)
	case "unauthorized":
		return nil, tp.Unauthorized("no")
	case "panic":
		panic("handler")
	case "invalid":
		return &Ran{Number: math.NaN()}, nil
	case "deadline":
		d, _ := ctx.Deadline()
		return &Ran{How: time.Until(d).String(), Number: 1}, nil
	case "end":
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return &Ran{How: in.How, Number: 1}, nil
}

// newServer returns a server of fn.run, and fn.other, which is the same.
func newServer(t testing.TB, options ...tp.Option) *tp.Server {
	t.Helper()
	api := tp.NewAPI("", append([]tp.Option{tp.NoAuth(), tp.ErrorSet("errors.Quota", &QuotaError{}), tp.OnFailure(nil)}, options...)...)
	tp.RegisterOn(api, run)
	tp.RegisterOn(api, run, tp.Name("fn.other"))
	srv, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

// caller sends requests to a server in one way and returns the answers.
type caller func(srv *tp.Server, request string) string

// inProcess calls as the program itself does.
func inProcess(srv *tp.Server, request string) string {
	reply := srv.Process(context.Background(), []byte(request))
	defer reply.Release()
	return string(reply.Bytes)
}

// overHTTP calls from an address.
func overHTTP(addr string) caller {
	return func(srv *tp.Server, request string) string {
		r := httptest.NewRequest("POST", "/", strings.NewReader(request))
		r.RemoteAddr = addr
		w := httptest.NewRecorder()
		httpx.Handler(srv).ServeHTTP(w, r)
		return w.Body.String()
	}
}

// connection is a fake of a lasting connection.
type connection struct {
	peer  tp.Peer
	mu    sync.Mutex
	abuse []string
}

func newConnection(addr string) *connection {
	c := &connection{}
	c.peer = tp.Peer{Transport: "websocket", Connection: tp.NewConnection(tp.ConnectionHooks{Abuse: func(reason string) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.abuse = append(c.abuse, reason)
	}})}
	if addr != "" {
		c.peer.Addr = netip.MustParseAddrPort(addr)
	}
	return c
}

func (c *connection) call(srv *tp.Server, request string) string {
	reply := srv.Serve(context.Background(), &tp.Inbound{Body: []byte(request), Peer: &c.peer})
	defer reply.Release()
	return string(reply.Bytes)
}

func (c *connection) abused() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.abuse, "; ")
}

// everyWay runs a test for each way to call.
func everyWay(t *testing.T, test func(t *testing.T, call caller)) {
	t.Helper()
	for name, call := range map[string]caller{
		"process":   inProcess,
		"http":      overHTTP("192.0.2.1:1000"),
		"websocket": newConnection("192.0.2.1:1000").call,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, call)
		})
	}
}

// tagOf returns the tag of an answer, of which no test has two.
func tagOf(answer string) string {
	_, rest, _ := strings.Cut(answer, `},{"`)
	tag, _, _ := strings.Cut(rest, `"`)
	return tag
}
