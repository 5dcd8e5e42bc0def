package wsx_test

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

// at makes requests go to the path in a header of theirs, and come from an address in
// another one.
func at(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path := r.Header.Get("Path"); path != "" {
			r.URL.Path = path
		}
		if addr := r.Header.Get("From"); addr != "" {
			r.RemoteAddr = addr
		}
		h.ServeHTTP(w, r)
	})
}

// mux serves endpoints by path.
func mux(endpoints map[string]*wsx.Endpoint) http.Handler {
	return at(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { endpoints[r.URL.Path].ServeHTTP(w, r) }))
}

// epoch is when time begins in a bubble of synctest.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func TestServerInfo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer(wsx.NodeName("n1"))
		if got := srv.Info(); got.Open != 0 || got.Total != 0 || got.Addresses != nil || srv.Endpoints() == nil {
			t.Errorf("at first: %+v and endpoints %v", got, srv.Endpoints())
		}
		room, news := srv.NewTopic("room"), srv.NewTopic("news")
		s := newSite(t, mux(map[string]*wsx.Endpoint{
			"/chat": srv.New(wsx.Room(room), wsx.Push(news)), "/calls": srv.Handler(build(t)),
		}))
		time.Sleep(time.Hour)
		left := s.dial("Path: /chat")
		s.dial("Path: /chat")
		s.dial("Path: /calls")
		s.refused("Path: /chat", "Sec-WebSocket-Key: twice") // is no connection
		left.cut()
		synctest.Wait()
		want := wsx.ServerInfo{Node: "n1", Started: epoch, Addresses: []string{"pipe"}, Endpoints: 2, Open: 2, Total: 3, Topics: 2}
		if diff := cmp.Diff(want, srv.Info()); diff != "" {
			t.Errorf("Info (-want +got):\n%s", diff)
		}
		wantEndpoints := map[string]wsx.EndpointInfo{
			"/chat":  {Path: "/chat", Mode: "topic", Push: []string{"room", "news"}, Accept: []string{"room"}, Open: 1, Total: 2},
			"/calls": {Path: "/calls", Mode: "calls", Open: 1, Total: 1},
		}
		got := map[string]wsx.EndpointInfo{}
		for _, e := range srv.Endpoints() {
			got[e.Path] = e
		}
		if diff := cmp.Diff(wantEndpoints, got); diff != "" {
			t.Errorf("Endpoints (-want +got):\n%s", diff)
		}
	})
}

func TestClients(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer(wsx.NodeName("n1"))
		room := srv.NewTopic("room")
		g := newGate()
		s := newSite(t, mux(map[string]*wsx.Endpoint{
			"/chat": srv.New(wsx.Room(room)), "/calls": srv.Handler(g.server(t)),
		}))
		ann := s.dial("Path: /chat", "From: 192.0.2.1:1000", "Origin: https://example.com")
		ann.want(fin|opPing, "")
		time.Sleep(3 * time.Second)
		ann.send(fin|opPong, "")
		later := time.Now().UTC()
		bob := s.dial("Path: /calls", "From: [2001:db8::1]:1000")
		carol := s.dial("Path: /chat", "From: 192.0.2.3:1000")
		synctest.Wait()
		ann.send(fin|opText, "hello")
		for _, p := range []*peer{ann, carol} {
			p.want(fin|opText, "hello")
		}
		bob.send(fin|opText, request("greet", "long"))
		synctest.Wait()
		remote, err := srv.Remote(1)
		if err != nil {
			t.Fatal(err)
		}
		remote.SetLabel("Ann")
		chat := []wsx.ClientInfo{{
			ID: wsx.ID{Node: "n1", Number: 1}, Path: "/chat", Origin: "https://example.com", ClientIP: netip.MustParseAddr("192.0.2.1"),
			ConnectedAt: epoch, Label: "Ann", Subscriptions: []string{"room"},
			MessagesIn: 1, BytesIn: 5, MessagesOut: 1, BytesOut: 7, PongDelay: 3 * time.Second,
		}, {
			ID: wsx.ID{Node: "n1", Number: 3}, ChannelID: 1, Path: "/chat", ClientIP: netip.MustParseAddr("192.0.2.3"),
			ConnectedAt: later, Subscriptions: []string{"room"}, MessagesOut: 1, BytesOut: 7,
		}}
		calls := wsx.ClientInfo{
			ID: wsx.ID{Node: "n1", Number: 2}, Path: "/calls", ClientIP: netip.MustParseAddr("2001:db8::1"),
			ConnectedAt: later, Pending: 1, MessagesIn: 1, BytesIn: uint64(len(request("greet", "long"))),
		}
		for path, want := range map[string][]wsx.ClientInfo{"/chat": chat, "": {chat[0], calls, chat[1]}, "/nowhere": {}} {
			if diff := cmp.Diff(want, srv.Clients(path), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
				t.Errorf("Clients(%q) (-want +got):\n%s", path, diff)
			}
		}
		close(g.open)
		bob.want(fin|opText, answer("long"))
		remote.Close(4000, "enough")
		synctest.Wait()
		if got := remote.Info(); !got.Closing {
			t.Errorf("after Close: %+v", got)
		}
		ann.wantClose(4000, "enough")
	})
}

// TestClientQueue sees what waits for a client that does not read, while somebody else
// takes the list.
func TestClientQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer()
		room := srv.NewTopic("room")
		newSite(t, srv.New(wsx.Push(room))).dial()
		synctest.Wait()
		for range 1 + 3 { // the first is being written
			_ = room.Text(t.Context(), "1234")
			synctest.Wait()
		}
		got := srv.Clients("")[0]
		if got.QueueLength != 3 || got.QueueBytes != 3*6 || got.MessagesOut != 0 {
			t.Errorf("waiting: %+v", got)
		}
	})
}

// TestListsUnderLoad lists while connections come, go and talk.
func TestListsUnderLoad(t *testing.T) {
	t.Parallel()
	srv := wsx.NewServer()
	room := srv.NewTopic("room", wsx.WithPresence())
	s := newSite(t, srv.New(wsx.Room(room)))
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for range 20 {
				p := s.dial()
				p.send(fin|opText, "hello")
				p.hearUntil(fin | opText)
				p.cut()
			}
		})
		all.Go(func() {
			for range 200 {
				for _, c := range srv.Clients("/") {
					if r, err := srv.Remote(c.ID.Number); err == nil {
						r.SetLabel(strconv.Itoa(i))
						_ = r.Info()
					}
				}
				_, _ = srv.Info(), srv.Endpoints()
			}
		})
	}
	all.Wait()
	shut(t, srv)
	if got := srv.Info(); got.Open != 0 || got.Total != 80 || !got.Stopping {
		t.Errorf("at the end: %+v", got)
	}
}

// TestRemote does what administrators and called functions do with a connection.
func TestRemote(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer()
		api := tp.NewAPI("remote", tp.NoAuth())
		news := srv.NewTopic("news")
		tp.RegisterOn(api, func(ctx context.Context, _ struct{}) (struct{}, error) {
			r := wsx.RemoteOf(ctx)
			r.SetLabel("caller")
			return struct{}{}, r.Subscribe(news)
		}, tp.Name("fn.follow"))
		p := newSite(t, srv.Handler(api.MustBuild())).dial()
		p.send(fin|opText, `[{},{"fn.follow":{}}]`)
		p.want(fin|opText, `[{},{"Ok_":{}}]`)
		_ = news.Text(t.Context(), "extra")
		p.want(fin|opText, "extra")
		remote, err := srv.Remote(1)
		if err != nil {
			t.Fatal(err)
		}
		if got := remote.Info(); got.Label != "caller" || cmp.Diff(got.Subscriptions, []string{"news"}) != "" {
			t.Errorf("info = %+v", got)
		}
		if err := remote.Post("anything"); !errors.Is(err, wsx.ErrNoActor) {
			t.Errorf("Post = %v, want ErrNoActor", err)
		}
		if err := remote.In().Text(t.Context(), "nobody hears it"); err != nil {
			t.Errorf("In = %v", err)
		}
		remote.Unsubscribe(news)
		_ = news.Text(t.Context(), "not for you")
		_ = remote.Out().Text(t.Context(), "for you")
		p.want(fin|opText, "for you")
		p.cut()
		synctest.Wait()
		if err := remote.Out().Text(t.Context(), "gone"); !errors.Is(err, wsx.ErrGone) {
			t.Errorf("Out = %v, want ErrGone", err)
		}
		if err := remote.In().Text(t.Context(), "gone"); !errors.Is(err, wsx.ErrGone) {
			t.Errorf("In = %v, want ErrGone", err)
		}
		if _, err := srv.Remote(1); !errors.Is(err, wsx.ErrGone) {
			t.Errorf("Remote = %v, want ErrGone", err)
		}
	})
}
