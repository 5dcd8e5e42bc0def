package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

// site is the program on a free port. Nothing measures by itself there.
type site struct {
	*httptest.Server
	*house
	srv    *wsx.Server
	events *httpx.Events

	mu      sync.Mutex
	queries []string // of sockets
	streams []func() // what ends each stream of events
}

func newSite(t *testing.T) *site {
	t.Helper()
	h, err := newHouse(1000)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{house: h, srv: wsx.NewServer(), events: httpx.MirrorEvents(h.server)}
	sockets := h.sockets(s.srv)
	s.Server = httptest.NewServer(newRouter(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.queries = append(s.queries, r.URL.RawQuery)
		s.mu.Unlock()
		sockets.ServeHTTP(w, r)
	}), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cut := context.WithCancel(r.Context())
		defer cut()
		s.mu.Lock()
		s.streams = append(s.streams, cut)
		s.mu.Unlock()
		s.events.ServeHTTP(w, r.WithContext(ctx))
	})))
	t.Cleanup(func() {
		s.stop(t)
		s.Close()
	})
	return s
}

// stop stops what lasts, as a program that ends does.
func (s *site) stop(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := errors.Join(s.srv.Shutdown(ctx), s.events.Shutdown(ctx)); err != nil {
		t.Error(err)
	}
}

// asked returns what sockets have asked for so far.
func (s *site) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queries
}

// measure lets a second pass.
func (s *site) measure(t *testing.T) {
	t.Helper()
	if err := s.house.measure(); err != nil {
		t.Fatal(err)
	}
}

// disconnect closes the one socket there is, and breaks streams of events off.
func (s *site) disconnect(t *testing.T) {
	t.Helper()
	clients := s.srv.Clients("/ws")
	if len(clients) != 1 {
		t.Fatalf("clients are %+v, want one", clients)
	}
	remote, err := s.srv.Remote(clients[0].ID.Number)
	if err != nil {
		t.Fatal(err)
	}
	remote.Close(4000, "for a test")
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cut := range s.streams {
		cut()
	}
}

func (s *site) socketURL() string { return strings.Replace(s.URL, "http", "ws", 1) + "/ws" }

func TestValidate(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		edit func(*Greenhouse)
		want string
	}{
		{"as it begins", func(*Greenhouse) {}, ""},
		{"no rooms", func(g *Greenhouse) { g.Rooms = nil }, ""},
		{"no name", func(g *Greenhouse) { g.Name = "" }, "a name has 1 to 30 characters, and no spaces around them"},
		{"long name", func(g *Greenhouse) { g.Rooms[0].Name = strings.Repeat("ä", 31) }, "a name has 1 to 30 characters, and no spaces around them"},
		{"same name", func(g *Greenhouse) { g.Rooms[0].Name = "Orchids" }, "there is a room with the name Orchids"},
		{"vents", func(g *Greenhouse) { g.Vents = 101 }, "the vents open from 0 to 100 %"},
		{"too hot", func(g *Greenhouse) { g.Rooms[1].Heat = 35.5 }, "Orchids can be heated to 5 to 35 °C"},
		{"too dark", func(g *Greenhouse) { g.Rooms[1].Lamp = -1 }, "the lamp of Orchids shines from 0 to 100 %"},
		{"as bright as can be", func(g *Greenhouse) { g.Rooms[0].Lamp, g.Rooms[1].Lamp, g.Rooms[2].Lamp = 100, 100, 50 }, ""},
		{"too bright", func(g *Greenhouse) { g.Rooms[0].Lamp, g.Rooms[1].Lamp, g.Rooms[2].Lamp = 100, 100, 51 }, "the lamps would take 2008 W, and the fuse is for 2000 W"},
		{"many rooms", func(g *Greenhouse) { g.Rooms = make([]Room, 13) }, "there is space for 12 rooms"},
	}
	for _, tc := range cases {
		g := planted()
		tc.edit(&g)
		got := ""
		if err := g.Validate(); err != nil {
			got = err.Error()
		}
		if got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

// Measured is what the settings lead to, sooner or later.
func TestMeasure(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if err := s.greenhouse.Update(func(g *Greenhouse) error { g.Rooms = append(g.Rooms[1:], Room{Name: "Basil", Heat: 18}); return nil }); err != nil {
		t.Fatal(err)
	}
	for range 120 {
		s.measure(t)
	}
	want := Climate{Outside: 9, Rooms: map[string]Measured{
		"Orchids": {27.8, 15}, "Lettuce": {14.9, 90}, "Basil": {17.2, 15},
	}}
	if diff := cmp.Diff(want, s.climate.Get()); diff != "" {
		t.Errorf("the climate (-want +got):\n%s", diff)
	}
}

// ventilation is what one client knows of the greenhouse. It leaves the rest alone.
type ventilation struct {
	Vents int `tp:"vents"`
}

// A client in Go sees and changes what pages do.
func TestClient(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := dial(t, s.socketURL())
	vents := mirror.ModelOf[ventilation](c.Client(), 1)
	climate := mirror.ModelOf[Climate](c.Client(), 2)
	open := func(percent int) error {
		proposal, err := vents.Edit(func(v *ventilation) error { v.Vents = percent; return nil })
		if err != nil {
			return err
		}
		return c.Settle(t.Context(), 1, proposal)
	}
	if err := open(40); err != nil {
		t.Fatal(err)
	}
	want := planted()
	want.Vents = 40
	if diff := cmp.Diff(want, s.greenhouse.Get()); diff != "" {
		t.Errorf("the greenhouse (-want +got):\n%s", diff)
	}
	refuses(t, open(400), "the vents open from 0 to 100 %")
	warm, err := climate.Edit(func(c *Climate) error { c.Outside = 30; return nil })
	if err != nil {
		t.Fatal(err)
	}
	refuses(t, c.Settle(t.Context(), 2, warm), "what sensors measure cannot be set")
	if got := s.climate.Get().Outside; got != 9 {
		t.Errorf("outside it is %v °C, want 9", got)
	}
}

// dial connects a client that has both models.
func dial(t *testing.T, url string) *wsx.MirrorClient {
	t.Helper()
	c, err := wsx.DialMirror(t.Context(), url, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Await(t.Context(), 1, 2); err != nil {
		t.Fatal(err)
	}
	return c
}

func refuses(t *testing.T, err error, why string) {
	t.Helper()
	var refused *mirror.Error
	if !errors.As(err, &refused) || refused.Code != mirror.Refused || !strings.Contains(refused.Reason, why) {
		t.Errorf("the error is %v, want that %s", err, why)
	}
}

// The client of the library transports, for Python, sees and changes what pages do.
func TestPython(t *testing.T) {
	t.Parallel()
	python := os.Getenv("TELESTRUCT_PYTHON")
	if python == "" {
		t.Skip("TELESTRUCT_PYTHON names no Python interpreter with the package transports; .ci/run makes one")
	}
	s := newSite(t)
	cmd := exec.CommandContext(t.Context(), python, "client.py", s.socketURL())
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "PYTHONUTF8=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	const want = "Greenhouse: vents 10, Tomatoes, Orchids, Lettuce\n" +
		"Greenhouse: vents 75, Tomatoes, Orchids, Lettuce\n" +
		"refused: the lamps would take 2400 W, and the fuse is for 2000 W\n"
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Errorf("the client says (-want +got):\n%s", diff)
	}
	if got := s.greenhouse.Get().Vents; got != 75 {
		t.Errorf("the vents are at %d, want 75", got)
	}
}

// Events begin with everything, and go on with what changes.
func TestEvents(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	res, err := s.Client().Get(s.URL + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	next := func() string {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data
			}
		}
		t.Fatalf("the events end: %v", lines.Err())
		return ""
	}
	for id, name := range []string{"Greenhouse", "Climate"} {
		if got, want := next(), fmt.Sprintf(`{"id":%d,"rev":1000,"t":"snapshot","type":%q,`, id+1, name); !strings.HasPrefix(got, want) {
			t.Errorf("the event is %s, want %s…", got, want)
		}
	}
	if err := s.greenhouse.Update(func(g *Greenhouse) error { g.Rooms[0].Water = true; return nil }); err != nil {
		t.Fatal(err)
	}
	const want = `{"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"rooms"},{"Index":0},{"Key":"water"}],"value":{"Bool":true}}}],"rev":1001},"t":"patch"}`
	if got := next(); got != want {
		t.Errorf("the event is %s, want %s", got, want)
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, listener) }()
	c := dial(t, fmt.Sprintf("ws://%s/ws", listener.Addr()))
	changed := make(chan mirror.Message, 99)
	c.Client().OnChange(func(m mirror.Message) { changed <- m })
	for {
		if _, ok := (<-changed).(mirror.Change); ok {
			break // the sensors have measured
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
