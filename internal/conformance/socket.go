package conformance

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
	"github.com/telestruct/telestruct/wsx"
)

func overSockets() *network {
	return &network{serve: serveSockets, plain: plainSocket, client: clientSocket}
}

// patience is how long anything may take that has to do with connections.
const patience = 2 * time.Minute

// serveSockets serves the main server alone: a connection stays with its server.
func serveSockets(ts *testServer) (endpoint http.Handler, stop func() error) {
	ts.overrides = true
	e := wsx.Handler(ts.main, wsx.AuthTimeout(0), wsx.Drain(patience, time.Millisecond))
	return e, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		return e.Shutdown(ctx)
	}
}

func clientSocket(server *httptest.Server) (line, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	client, err := wsx.Dial(ctx, "ws"+strings.TrimPrefix(server.URL, "http"), &wsx.DialOptions{
		DialTimeout: patience, WriteTimeout: patience, PongTimeout: patience,
	})
	if err != nil {
		return line{}, err
	}
	return line{Transport: client, close: func() error {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		return client.Stop(ctx)
	}}, nil
}

// plainSocket sends one message and then reads one.
func plainSocket(server *httptest.Server) (line, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, server.URL, nil)
	if err != nil {
		return line{}, err
	}
	conn.SetReadLimit(math.MaxInt64 - 1)
	exchange := func(ctx context.Context, request []byte) ([]byte, error) {
		if err := conn.Write(ctx, kindOf(request), request); err != nil {
			return nil, err
		}
		kind, answer, err := conn.Read(ctx)
		if err != nil {
			return nil, err
		}
		return answer, checkKind(kind, answer)
	}
	goodbye := func() error { return conn.Close(websocket.StatusNormalClosure, "") }
	return line{Transport: tp.TransportFunc(exchange), close: goodbye}, nil
}

// kindOf returns how a request is sent: as text if it can be.
func kindOf(request []byte) websocket.MessageType {
	if utf8.Valid(request) {
		return websocket.MessageText
	}
	return websocket.MessageBinary
}

// checkKind says whether a message is a text that should be binary, or the other way
// around.
func checkKind(kind websocket.MessageType, answer []byte) error {
	want := websocket.MessageText
	if wire.FormatOf(answer) != wire.JSON {
		want = websocket.MessageBinary
	}
	if kind != want {
		return fmt.Errorf("the answer is a message of kind %v; want %v", kind, want)
	}
	return nil
}
