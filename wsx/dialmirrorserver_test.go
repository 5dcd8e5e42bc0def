package wsx_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

// The frames of a lamp.
const (
	lampOff    = `{"t":"snapshot","id":1,"type":"Lamp","rev":0,"value":{"Map":{"on":{"Bool":false}}}}`
	lampOn     = `{"t":"patch","id":1,"patch":{"rev":1,"ops":[{"Set":{"path":[{"Key":"on"}],"value":{"Bool":true}}}]}}`
	lampReject = `{"t":"reject","id":1,"rev":1,"error":"no"}`
)

// mirrorPeer is the other end of a mirror client: a server that says what a test wants it to.
type mirrorPeer struct {
	*clientServer
	t testing.TB

	mu       sync.Mutex
	requests []*http.Request
}

// newMirrorPeer serves WebSockets: serve gets each connection, and the number of it from 1. A
// connection of which serve has returned is read until it is gone.
func newMirrorPeer(t testing.TB, serve func(ws *websocket.Conn, n int)) *mirrorPeer {
	t.Helper()
	s := &mirrorPeer{t: t}
	s.clientServer = newClientServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r)
		n := len(s.requests)
		s.mu.Unlock()
		ws, err := websocket.Accept(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = ws.CloseNow() }()
		serve(ws, n)
		_ = clientDrain(ws)
	}))
	return s
}

// queries are those of the requests so far, unescaped.
func (s *mirrorPeer) queries() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var queries []string
	for _, r := range s.requests {
		var parts []string
		for _, name := range []string{"token", "codec", "since"} {
			if value := r.URL.Query().Get(name); value != "" {
				parts = append(parts, name+"="+value)
			}
		}
		queries = append(queries, strings.Join(parts, "&"))
	}
	return queries
}

// mirrors dials s, and closes the client when the test ends.
func (s *clientServer) mirrors(t testing.TB, models *mirror.ClientOptions, edit ...func(*wsx.DialOptions)) *wsx.MirrorClient {
	t.Helper()
	o := s.options()
	for _, e := range edit {
		e(o)
	}
	c, err := wsx.DialMirror(t.Context(), clientURL, models, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// mirrorSay writes texts.
func mirrorSay(ws *websocket.Conn, texts ...string) {
	for _, text := range texts {
		_ = ws.Write(context.Background(), websocket.MessageText, []byte(text))
	}
}

// mirrorHear returns the next message; it is empty when the connection is gone.
func mirrorHear(ws *websocket.Conn) string {
	_, data, _ := ws.Read(context.Background())
	return string(data)
}

// mirrorText returns what a client has of a model.
func mirrorText(c *wsx.MirrorClient, id uint64) string {
	s, ok := c.Client().Snapshot(id)
	if !ok {
		return "nothing"
	}
	return s.Value.String()
}

// propose returns the frame that proposes to switch the lamp.
func propose(t testing.TB, c *wsx.MirrorClient, on bool) mirror.Frame {
	t.Helper()
	f, err := c.Client().Propose(1, mirror.Set(mirror.Path{mirror.Key("on")}, mirror.Bool(on)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The proposals to switch the lamp, as they are sent.
const (
	proposeOn  = `{"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"on"}],"value":{"Bool":true}}}],"rev":0},"t":"patch"}`
	proposeOff = `{"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"on"}],"value":{"Bool":false}}}],"rev":0},"t":"patch"}`
)
