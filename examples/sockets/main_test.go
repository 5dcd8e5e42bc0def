package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// asProgram makes the test binary behave as the program itself.
const asProgram = "SOCKETS_RUN_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program is a running program.
type program struct {
	t    *testing.T
	cmd  *exec.Cmd
	host string // where it listens
	log  chan string
}

// start runs the program on a free port, until the test ends at the latest.
func start(t *testing.T) *program {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{t: t, cmd: exec.Command(exe, "-addr", "127.0.0.1:0"), log: make(chan string, 1)}
	p.cmd.Env = append(os.Environ(), asProgram+"=1")
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	r := bufio.NewReader(stderr)
	line, err := r.ReadString('\n')
	var first struct{ Address, Message string }
	if err != nil || json.Unmarshal([]byte(line), &first) != nil || first.Message != "listening" {
		t.Fatalf("the program says %q (%v), want where it listens", line, err)
	}
	p.host = first.Address
	go func() {
		rest, _ := io.ReadAll(r)
		p.log <- string(rest)
	}()
	return p
}

// wait returns the exit code of the program, and its log.
func (p *program) wait() (code int, log string) {
	p.t.Helper()
	log = <-p.log
	_ = p.cmd.Wait() // the code says it
	return p.cmd.ProcessState.ExitCode(), log
}

// sender sends a message and returns the answer.
type sender func(message string) string

// post sends a message over HTTP.
func (p *program) post(message string) string {
	p.t.Helper()
	_, body := p.do(http.MethodPost, "/api/telepact", message)
	return body
}

func (p *program) do(method, path, body string) (*http.Response, string) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, "http://"+p.host+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return res, string(text)
}

// socket is a WebSocket without any help.
type socket struct {
	t    *testing.T
	conn *websocket.Conn
}

func (p *program) dial() *socket {
	p.t.Helper()
	conn, _, err := websocket.Dial(p.t.Context(), "ws://"+p.host+"/ws/telepact", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.CloseNow() })
	return &socket{p.t, conn}
}

func (s *socket) send(message string) {
	s.t.Helper()
	if err := s.conn.Write(s.t.Context(), websocket.MessageText, []byte(message)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *socket) receive() string {
	s.t.Helper()
	kind, answer, err := s.conn.Read(s.t.Context())
	if err != nil || kind != websocket.MessageText {
		s.t.Fatalf("received %v %q: %v", kind, answer, err)
	}
	return string(answer)
}

func (s *socket) call(message string) string {
	s.t.Helper()
	s.send(message)
	return s.receive()
}

func TestCalls(t *testing.T) {
	t.Parallel()
	for _, transport := range []string{"HTTP", "WebSocket"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			p := start(t)
			var send sender = p.post
			if transport == "WebSocket" {
				send = p.dial().call
			}
			for _, tc := range []struct{ request, want string }{
				{`[{}, {"fn.results": {}}]`,
					`[{},{"Ok_":{"votes":{"curry":0,"pasta":0,"salad":0},"total":0}}]`},
				{`[{"@id_": "a"}, {"fn.vote": {"dish": "curry"}}]`,
					`[{"@id_":"a"},{"Ok_":{"votes":{"curry":1,"pasta":0,"salad":0},"total":1}}]`},
				{`[{}, {"fn.vote": {"dish": "soup"}}]`,
					`[{},{"ErrorNotOnTheMenu":{"menu":["pasta","curry","salad"]}}]`},
				{`[{}, {"fn.awaitVotes": {"total": 1, "milliseconds": 0}}]`,
					`[{},{"Ok_":{"reached":true,"results":{"votes":{"curry":1,"pasta":0,"salad":0},"total":1}}}]`},
				{`[{}, {"fn.awaitVotes": {"total": 2, "milliseconds": -1}}]`,
					`[{},{"Ok_":{"reached":false,"results":{"votes":{"curry":1,"pasta":0,"salad":0},"total":1}}}]`},
				{`[{}, {"fn.vote": {}}]`,
					`[{},{"ErrorInvalidRequestBody_":{"cases":[{"path":["fn.vote"],"reason":{"RequiredObjectKeyMissing":{"key":"dish"}}}]}}]`},
				{`[{}, {"fn.ping_": {}}]`,
					`[{},{"Ok_":{}}]`},
				{`vote!`,
					`[{},{"ErrorParseFailure_":{"reasons":[{"ExpectedJsonArrayOfTwoObjects":{}}]}}]`},
			} {
				if diff := cmp.Diff(tc.want, send(tc.request)); diff != "" {
					t.Errorf("%s: answer (-want +got):\n%s", tc.request, diff)
				}
			}
		})
	}
}

// A call that waits on a socket does not hold the others up, and what one transport
// changes the other one sees.
func TestBothTransports(t *testing.T) {
	t.Parallel()
	p := start(t)
	transport, err := wsx.Dial(t.Context(), "ws://"+p.host+"/ws/telepact", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer transport.Stop(context.Background())
	client := tp.NewClient(transport, tp.Timeout(time.Minute))
	awaited := make(chan *Awaited, 1)
	go func() {
		got := &Awaited{}
		for err == nil && !got.Reached {
			got, err = tp.Call[Awaited](t.Context(), client, &AwaitVotes{Total: 2, Milliseconds: 4000})
		}
		awaited <- got
	}()
	if _, err := tp.Call[Results](t.Context(), client, &Vote{Dish: "salad"}); err != nil {
		t.Error(err)
	}
	p.post(`[{}, {"fn.vote": {"dish": "salad"}}]`)
	want := &Awaited{Reached: true, Results: Results{Votes: map[string]int{"pasta": 0, "curry": 0, "salad": 2}, Total: 2}}
	if diff := cmp.Diff(want, <-awaited); err != nil || diff != "" {
		t.Errorf("error %v, answer (-want +got):\n%s", err, diff)
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	p := start(t)
	const vote = `[{}, {"fn.vote": {"dish": "pasta"}}]`
	limited := func(call func() bool) bool {
		for range 500 {
			if call() {
				return true
			}
		}
		return false
	}
	if !limited(func() bool {
		res, body := p.do(http.MethodPost, "/api/telepact", vote)
		after, _ := strconv.Atoi(res.Header.Get("Retry-After"))
		return res.StatusCode == http.StatusTooManyRequests && after > 0 && strings.Contains(body, `"ErrorRateLimit":{"retryAfterMs":`)
	}) {
		t.Error("there is no limit over HTTP")
	}
	s := p.dial()
	if !limited(func() bool { return strings.Contains(s.call(vote), `"ErrorRateLimit":{"retryAfterMs":`) }) {
		t.Error("there is no limit on a socket")
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	p := start(t)
	s := p.dial()
	s.call(`[{}, {"fn.vote": {"dish": "pasta"}}]`)
	p.post(`[{}, {"fn.vote": {"dish": "soup"}}]`)
	for path, want := range map[string][]string{
		"/api/telepact/health":      {"ok\n"},
		"/api/telepact/schema.yaml": {"fn.vote:\n", "errors.RateLimit:\n", "info.Lunch: {}\n"},
		"/metrics": {
			`telepact_call_duration_seconds_count{function="fn.vote",tag="Ok_"} 1`,
			`telepact_call_duration_seconds_count{function="fn.vote",tag="ErrorNotOnTheMenu"} 1`,
			"telepact_connections 1\n",
			`telepact_messages_received_total{kind="text"} 1`,
		},
	} {
		res, body := p.do(http.MethodGet, path, "")
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: status %s", path, res.Status)
		}
		for _, part := range want {
			if !strings.Contains(body, part) {
				t.Errorf("%s has no %q:\n%s", path, part, body)
			}
		}
	}
}

// A program that is told to stop answers the call that it has, says why it closes the
// socket, and ends well.
func TestStop(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			p := start(t)
			p.post(`[{}, {"fn.vote": {"dish": "secret"}}]`)
			idle, s := p.dial(), p.dial()
			s.send(`[{"@id_": "slow"}, {"fn.awaitVotes": {"total": 9, "milliseconds": 1000}}]`)
			if got, want := s.call(`[{"@id_": "fast"}, {"fn.ping_": {}}]`), `[{"@id_":"fast"},{"Ok_":{}}]`; got != want {
				t.Errorf("answer %s, want %s", got, want)
			}
			if err := p.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			want := `[{"@id_":"slow"},{"Ok_":{"reached":false,"results":{"votes":{"curry":0,"pasta":0,"salad":0},"total":0}}}]`
			if got := s.receive(); got != want {
				t.Errorf("answer %s, want %s", got, want)
			}
			for _, s := range []*socket{s, idle} {
				var closed websocket.CloseError
				if _, _, err := s.conn.Read(t.Context()); !errors.As(err, &closed) || closed.Code != wsx.CodeGoingAway || closed.Reason != wsx.ReasonDrained {
					t.Errorf("the socket ends with %v, want %d %q", err, wsx.CodeGoingAway, wsx.ReasonDrained)
				}
			}
			code, log := p.wait()
			if code != 0 {
				t.Errorf("exit code %d; the log:\n%s", code, log)
			}
			for _, line := range []string{`"function":"fn.awaitVotes","tag":"Ok_"`, `"transport":"websocket"`, `"tag":"ErrorNotOnTheMenu"`, `"message":"stopped"`} {
				if !strings.Contains(log, line) {
					t.Errorf("the log has no %s:\n%s", line, log)
				}
			}
			if strings.Contains(log, "secret") {
				t.Errorf("the log has what a caller sent:\n%s", log)
			}
		})
	}
}

func TestRunFails(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := run(ctx, l.Addr().String(), time.Second, io.Discard); err == nil || ctx.Err() != nil {
		t.Error("the program serves at an address that is taken")
	}
}
