package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/wsx"
)

type Pass interface{ isPass() }

type Badge struct {
	Name string `tp:"name"`
}

func (Badge) isPass() {}

// administrated returns the server of an API whose administrator is called ada.
func administrated(t testing.TB, srv *wsx.Server) *tp.Server {
	t.Helper()
	api := tp.NewAPI("admin", tp.Auth(tp.UnionOf[Pass](Badge{}), func(_ context.Context, pass Pass) (string, error) {
		return pass.(Badge).Name, nil
	}))
	tp.RegisterOn(api, greet, tp.Public())
	wsx.RegisterIntrospection(api, srv, func(ctx context.Context) error {
		if who, _ := tp.Identity[string](ctx); who != "ada" {
			return tp.Unauthorized("administrators only")
		}
		return nil
	})
	built, err := api.Build()
	if err != nil {
		t.Fatal(err)
	}
	return built
}

// asAda returns the body of the answer to a call of hers.
func asAda(t testing.TB, api *tp.Server, call string) string {
	t.Helper()
	return callAs(t, api, `{"@auth_":{"Badge":{"name":"ada"}}}`, call)
}

func callAs(t testing.TB, api *tp.Server, headers, call string) string {
	t.Helper()
	reply := api.Process(t.Context(), []byte("["+headers+","+call+"]"))
	defer reply.Release()
	_, body, _ := strings.Cut(string(reply.Bytes), "},")
	return strings.TrimSuffix(body, "]")
}

func TestIntrospectionSchema(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	if err := administrated(t, wsx.NewServer()).Schema().WriteYAML(&text); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/introspection.yaml", text.String())
}

func TestIntrospection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer(wsx.NodeName("n1"))
		api := administrated(t, srv)
		s := newSite(t, mux(map[string]*wsx.Endpoint{"/chat": srv.New(wsx.Room(srv.NewTopic("room"))), "/calls": srv.Handler(api)}))
		ann := s.dial("Path: /chat", "From: 192.0.2.1:1000")
		s.dial("Path: /calls")
		s.dial("Path: /chat", "From: 192.0.2.3:1000")
		synctest.Wait()
		const first = `{"id":"n1-1","channelId":0,"path":"/chat","origin":"","clientIp!":"192.0.2.1","connectedAt":"2000-01-01T00:00:00Z",` +
			`"label":"","state":"","subscriptions":["room"],"queueLength":0,"queueBytes":0,"pending":0,"messagesIn":0,"bytesIn":0,` +
			`"messagesOut":0,"bytesOut":0,"dropped":0,"pongDelayMs":0,"closing":false}`
		for _, tc := range []struct{ call, want string }{
			{`{"fn.socketClients":{"path!":"/chat","limit!":1}}`, `{"Ok_":{"clients":[` + first + `],"next!":1}}`},
			{`{"fn.socketClients":{"path!":"/chat","limit!":-3}}`, `{"Ok_":{"clients":[` + first + `],"next!":1}}`},
			{`{"fn.socketClients":{"after!":3}}`, `{"Ok_":{"clients":[]}}`},
			{`{"fn.socketClients":{"node!":"n1","after!":3}}`, `{"Ok_":{"clients":[]}}`},
			{`{"fn.socketClients":{"node!":"n2"}}`, `{"ErrorNoSuchNode":{}}`},
			{`{"fn.messageSocket":{"id":"n1-1","text!":"hello","bytes!":"AQI="}}`, `{"Ok_":{}}`},
			{`{"fn.messageSocket":{"id":"n1-4","text!":"hello"}}`, `{"ErrorNoSuchSocket":{}}`},
			{`{"fn.messageSocket":{"id":"n2-1","text!":"hello"}}`, `{"ErrorNoSuchSocket":{}}`},
			{`{"fn.closeSocket":{"id":"n1-1","code!":1006}}`, `{"ErrorInvalidClose":{}}`},
			{`{"fn.closeSocket":{"id":"n1-1","reason!":"` + strings.Repeat("r", 124) + `"}}`, `{"ErrorInvalidClose":{}}`},
			{`{"fn.closeSocket":{"id":"n1-4"}}`, `{"ErrorNoSuchSocket":{}}`},
			{`{"fn.closeSocket":{"id":"n1-1","code!":4001,"reason!":"enough"}}`, `{"Ok_":{}}`},
			{`{"fn.closeSocket":{"id":"n1-3"}}`, `{"Ok_":{}}`},
		} {
			if got := asAda(t, api, tc.call); got != tc.want {
				t.Errorf("%s:\ngot  %s\nwant %s", tc.call, got, tc.want)
			}
		}
		ann.want(fin|opText, "hello")
		ann.want(fin|opBinary, "\x01\x02")
		ann.wantClose(4001, "enough")
		synctest.Wait()
		got := asAda(t, api, `{"fn.socketServers":{}}`)
		for _, want := range []string{`{"this":"n1","servers":[{"node":"n1"`, `"open":2,"total":3`, `"mode":"topic","push":["room"]`} {
			if !strings.Contains(got, want) {
				t.Errorf("there is no %s in %s", want, got)
			}
		}
	})
}

// TestIntrospectionIsForFew calls every function as others than administrators.
func TestIntrospectionIsForFew(t *testing.T) {
	t.Parallel()
	api := administrated(t, wsx.NewServer(wsx.NodeName("n1")))
	for _, call := range []string{
		`{"fn.socketServers":{}}`, `{"fn.socketClients":{}}`, `{"fn.messageSocket":{"id":"n1-1"}}`, `{"fn.closeSocket":{"id":"n1-1"}}`,
	} {
		for headers, want := range map[string]string{`{}`: `{"ErrorUnauthenticated_":`, `{"@auth_":{"Badge":{"name":"bob"}}}`: `{"ErrorUnauthorized_":{"message!":"administrators only"}}`} {
			if got := callAs(t, api, headers, call); !strings.HasPrefix(got, want) {
				t.Errorf("%s with %s: %s, want %s", call, headers, got, want)
			}
		}
	}
}

func TestIntrospectionPanics(t *testing.T) {
	t.Parallel()
	allow := func(context.Context) error { return errors.New("no") }
	for want, register := range map[string]func(){
		"nil API or server": func() { wsx.RegisterIntrospection(nil, wsx.NewServer(), allow) },
		"nil API":           func() { wsx.RegisterIntrospection(tp.NewAPI("x"), nil, allow) },
		"nil allow":         func() { wsx.RegisterIntrospection(tp.NewAPI("x"), wsx.NewServer(), nil) },
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("panic = %q, want %q in it", got, want)
				}
			}()
			register()
		}()
	}
}

// TestIntrospectionOfNodes asks one node about the connections of another.
func TestIntrospectionOfNodes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bus := wsx.MemoryBus()
		near, far := wsx.NewServer(wsx.NodeName("near"), wsx.WithBus(bus)), wsx.NewServer(wsx.NodeName("far"), wsx.WithBus(bus))
		defer shut(t, near)
		defer shut(t, far)
		api := administrated(t, near)
		s := newSite(t, mux(map[string]*wsx.Endpoint{"/a": far.New(), "/b": far.New()}))
		p := s.dial("Path: /a")
		s.dial("Path: /b")
		s.dial("Path: /a")
		synctest.Wait()
		ids := func(call string) string {
			var found []string
			got := asAda(t, api, call)
			for i := range 4 {
				if id := fmt.Sprintf("far-%d", i); strings.Contains(got, `"id":"`+id+`"`) {
					found = append(found, id)
				}
			}
			if strings.Contains(got, `"next!":1`) {
				found = append(found, "and more")
			}
			return strings.Join(found, " ")
		}
		for call, want := range map[string]string{
			`{"fn.socketClients":{"node!":"far"}}`:                       "far-1 far-2 far-3",
			`{"fn.socketClients":{"node!":"far","path!":"/a"}}`:          "far-1 far-3",
			`{"fn.socketClients":{"node!":"far","limit!":1}}`:            "far-1 and more",
			`{"fn.socketClients":{"node!":"far","limit!":1,"after!":2}}`: "far-3",
			`{"fn.socketClients":{}}`:                                    "",
		} {
			if got := ids(call); got != want {
				t.Errorf("%s: %q, want %q", call, got, want)
			}
		}
		if got := asAda(t, api, `{"fn.socketServers":{}}`); !strings.Contains(got, `"node":"far"`) || !strings.Contains(got, `"missing":[]`) {
			t.Errorf("servers: %s", got)
		}
		if got := asAda(t, api, `{"fn.messageSocket":{"id":"far-1","text!":"hello"}}`); got != `{"Ok_":{}}` {
			t.Errorf("message: %s", got)
		}
		p.want(fin|opText, "hello")
		if got := asAda(t, api, `{"fn.closeSocket":{"id":"far-1"}}`); got != `{"ErrorNoSuchSocket":{}}` {
			t.Errorf("close: %s", got)
		}
	})
}
