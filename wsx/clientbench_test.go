package wsx_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/telestruct/telestruct/wsx"
)

// BenchmarkClient compares round trips over one socket on the loopback with those of a bare
// connection, whose server sends back what it gets in both cases.
func BenchmarkClient(b *testing.B) {
	for _, size := range []struct {
		name string
		text string
	}{{"tiny", "x"}, {"medium", strings.Repeat("x", 1000)}, {"large", strings.Repeat("x", 150000)}} {
		request := []byte(clientCall(size.text))
		b.Run(size.name+"/bare", func(b *testing.B) { benchmarkBare(b, request) })
		b.Run(size.name+"/one", func(b *testing.B) { benchmarkCallers(b, request, 1) })
		b.Run(size.name+"/32", func(b *testing.B) { benchmarkCallers(b, request, 32) })
	}
}

// clientEchoServer sends back what it gets, and returns its URL.
func clientEchoServer(b *testing.B) string {
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, nil)
		if err != nil {
			b.Error(err)
			return
		}
		defer func() { _ = ws.CloseNow() }()
		ws.SetReadLimit(-1)
		for {
			kind, data, err := ws.Read(context.Background())
			if err != nil || ws.Write(context.Background(), kind, data) != nil {
				return
			}
		}
	}))
	b.Cleanup(ts.Close)
	return "ws" + strings.TrimPrefix(ts.URL, "http")
}

func benchmarkBare(b *testing.B, request []byte) {
	ws, _, err := websocket.Dial(b.Context(), clientEchoServer(b), &websocket.DialOptions{HTTPClient: &http.Client{Transport: &http.Transport{
		DialContext: (&net.Dialer{}).DialContext, DisableKeepAlives: true}}})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = ws.CloseNow() }()
	ws.SetReadLimit(-1)
	b.ReportAllocs()
	for b.Loop() {
		if err := ws.Write(context.Background(), websocket.MessageText, request); err != nil {
			b.Fatal(err)
		}
		if _, _, err := ws.Read(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkCallers(b *testing.B, request []byte, callers int) {
	c, err := wsx.Dial(b.Context(), clientEchoServer(b), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = c.Stop(context.Background()) }()
	b.ReportAllocs()
	turns := make(chan struct{}, callers)
	var load sync.WaitGroup
	for range callers {
		load.Go(func() {
			for range turns {
				if _, err := c.RoundTrip(context.Background(), request); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for b.Loop() {
		turns <- struct{}{}
	}
	close(turns)
	load.Wait()
}
