package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
	"github.com/telestruct/telestruct/wsx"
)

type ClientGreet struct {
	Subject string `tp:"subject"`
}

type ClientGreeting struct {
	Messages []ClientLine `tp:"messages"`
}

type ClientLine struct {
	Text string `tp:"text"`
}

func clientGreet(_ context.Context, in *ClientGreet) (*ClientGreeting, error) {
	if in.Subject == "" {
		return nil, &ClientEmptyError{}
	}
	return &ClientGreeting{Messages: []ClientLine{{"Hello " + in.Subject + "!"}, {"Bye."}}}, nil
}

type ClientEmptyError struct{}

func (*ClientEmptyError) Error() string { return "empty" }

// clientAPI serves greetings; extra functions give it other names of fields.
func clientAPI(t testing.TB, extra ...func(*tp.API)) *tp.Server {
	t.Helper()
	api := tp.NewAPI("Greetings")
	tp.RegisterOn(api, clientGreet, tp.Fails(&ClientEmptyError{}))
	for _, register := range extra {
		register(api)
	}
	srv, err := api.Build(tp.NoAuth())
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

// clientGreets makes a typed call that must succeed.
func clientGreets(ctx context.Context, t testing.TB, client *tp.Client, subject string) {
	t.Helper()
	got, err := tp.Call[ClientGreeting](ctx, client, &ClientGreet{Subject: subject})
	want := &ClientGreeting{Messages: []ClientLine{{"Hello " + subject + "!"}, {"Bye."}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("call: %v (-want +got):\n%s", err, diff)
	}
}

// Typed calls through our own server in every format, many at a time.
func TestClientTyped(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		edit    func(*wsx.DialOptions)
		options []tp.ClientOption
		want    wire.Format // of answers
	}{
		{"JSON", func(*wsx.DialOptions) {}, nil, wire.JSON},
		{"binary answers", func(*wsx.DialOptions) {}, []tp.ClientOption{tp.Binary(tp.BinaryOn)}, wire.MessagePack},
		{"MessagePack", func(*wsx.DialOptions) {}, []tp.ClientOption{tp.Binary(tp.BinaryAlways)}, wire.MessagePack},
		{"packed", func(*wsx.DialOptions) {}, []tp.ClientOption{tp.Binary(tp.BinaryAlways), tp.Packed()}, wire.MessagePack},
		{"CBOR", func(o *wsx.DialOptions) { o.AcceptCBOR = true }, []tp.ClientOption{tp.Binary(tp.BinaryAlways), tp.Packed()}, wire.CBOR},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := newClientServer(t, wsx.Handler(clientAPI(t)))
			transport := s.dial(t, tc.edit)
			var got atomic.Int32
			client := tp.NewClient(tp.TransportFunc(func(ctx context.Context, request []byte) ([]byte, error) {
				response, err := transport.RoundTrip(ctx, request)
				got.Store(int32(wire.FormatOf(response)))
				return response, err
			}), tc.options...)
			clientGreets(t.Context(), t, client, "World")
			clientGreets(t.Context(), t, client, "World")
			if f := wire.Format(got.Load()); f != tc.want {
				t.Errorf("answers in %v, want %v", f, tc.want)
			}
			var callers sync.WaitGroup
			for i := range 32 {
				callers.Go(func() {
					for j := range 10 {
						clientGreets(t.Context(), t, client, fmt.Sprint(i, j))
					}
				})
			}
			callers.Wait()
			_, err := tp.Call[ClientGreeting](t.Context(), client, &ClientGreet{})
			if empty, ok := errors.AsType[*ClientEmptyError](err); !ok {
				t.Errorf("error = %v, want %T", err, empty)
			}
			if got, want := transport.Stats(), (wsx.ClientStats{Connections: 1}); got != want {
				t.Errorf("stats = %+v, want %+v", got, want)
			}
		})
	}
}

// The @id_ of a typed call comes back, though the socket has others.
func TestClientTypedID(t *testing.T) {
	t.Parallel()
	s := newClientServer(t, wsx.Handler(clientAPI(t)))
	client := tp.NewClient(s.dial(t), tp.Binary(tp.BinaryAlways))
	for _, id := range []any{"mine", int64(-1), map[string]any{"a": []any{true}}} {
		var headers tp.Object
		_, err := tp.Call[ClientGreeting](t.Context(), client, &ClientGreet{Subject: "World"}, tp.WithID(id), tp.ReceiveHeaders(&headers))
		got, _ := headers.Get("@id_")
		if diff := cmp.Diff(wire.FromGo(id), got); err != nil || diff != "" {
			t.Errorf("id %v: %v (-want +got):\n%s", id, err, diff)
		}
	}
}

// While many binary calls are in flight, the server is replaced by one with other names of
// fields. It refuses what it cannot read, without @id_, and every caller hears of it.
func TestClientServerReplaced(t *testing.T) {
	t.Parallel()
	type Unrelated struct {
		Another string `tp:"another"`
	}
	old := clientAPI(t)
	latest := clientAPI(t, func(api *tp.API) {
		tp.RegisterOn(api, func(_ context.Context, in *Unrelated) (*Unrelated, error) { return in, nil }, tp.Name("fn.unrelated"))
	})
	replaced, back := make(chan struct{}), make(chan struct{})
	s := newClientPeer(t, func(ws *websocket.Conn, n int64) {
		srv := old
		if n > 1 {
			srv = latest
		}
		if n == 2 {
			close(back)
		}
		if n == 1 {
			go func() {
				<-replaced
				_ = ws.Close(wsx.CodeGoingAway, wsx.ReasonDrained)
			}()
		}
		for {
			_, request, err := ws.Read(context.Background())
			if err != nil {
				return
			}
			reply := srv.Process(context.Background(), request)
			kind := websocket.MessageText
			if wire.FormatOf(reply.Bytes) != wire.JSON {
				kind = websocket.MessageBinary
			}
			_ = ws.Write(context.Background(), kind, reply.Bytes)
			reply.Release()
		}
	})
	transport := s.dial(t)
	client := tp.NewClient(transport, tp.Binary(tp.BinaryAlways))
	clientGreets(t.Context(), t, client, "World")
	close(replaced)
	var callers sync.WaitGroup
	for i := range 32 {
		callers.Go(func() { clientGreets(t.Context(), t, client, fmt.Sprint(i)) })
	}
	callers.Wait()
	<-back
	clientGreets(t.Context(), t, client, "World")
	if got := transport.Stats(); got.Connections != 2 || got.Strays != 0 {
		t.Errorf("stats = %+v, want 2 connections and no strays", got)
	}
}

// The defaults, over the loopback: what Dial makes by itself leaves nothing behind.
func TestDialDefaults(t *testing.T) {
	t.Parallel()
	var fail atomic.Bool
	endpoint := wsx.Handler(clientAPI(t))
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fail.Load() {
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
			return
		}
		endpoint.ServeHTTP(w, r)
	}))
	defer ts.Close()
	url := "ws" + strings.TrimPrefix(ts.URL, "http")
	transport, err := wsx.Dial(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	clientGreets(t.Context(), t, tp.NewClient(transport), "World")
	if err := transport.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	fail.Store(true)
	_, err = wsx.Dial(t.Context(), url, nil)
	if dial, ok := errors.AsType[*wsx.DialError](err); !ok || dial.Status != http.StatusFound {
		t.Errorf("error = %v, want the status 302: redirects are not followed", err)
	}
}
