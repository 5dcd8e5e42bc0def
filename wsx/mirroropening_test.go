package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

func TestMirrorRefusesQueries(t *testing.T) {
	t.Parallel()
	l := newLamps(t, nil)
	for query, want := range map[string]string{
		"codec=yaml":    `there is no codec "yaml"`,
		"codec=JSON":    `there is no codec "JSON"`,
		"since=1":       "since is a JSON object from the number of a model to its revision",
		"since=%7B":     "since is a JSON object from the number of a model to its revision",
		"since=%zz":     "the query of the URL is malformed",
		"codec=a;since": "the query of the URL is malformed",
	} {
		response, p := l.askFor("/?" + query)
		body, err := io.ReadAll(response.Body)
		if got := strings.TrimSpace(string(body)); response.StatusCode != 400 || got != want || err != nil {
			t.Errorf("%s: status %d, %q, %v", query, response.StatusCode, got, err)
		}
		p.cut()
	}
	for _, query := range []string{"", "codec=", "since=", "codec=cbor&since=%7B%7D", "other=%7B"} {
		l.dialFor("/?" + query).hear()
	}
}

func TestMirrorTenants(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hub := mirror.NewHub(nil)
		id, err := hub.Share(mirror.Shared{Type: "Board", Value: mirror.Int(1)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, tenant := range []string{"ann", "bob"} {
			hostLamp(t, hub.Session(tenant))
			if err := hub.Subscribe(tenant, id, mirror.Write); err != nil {
				t.Fatal(err)
			}
		}
		var panics []any
		e := wsx.NewServer().Mirror(hub, wsx.OnPanic(func(value any, _ []byte) { panics = append(panics, value) }),
			wsx.MirrorTenant(func(r *http.Request) (string, error) {
				switch name := r.Header.Get("Name"); name {
				case "":
					return "", errors.New("secret")
				case "gone":
					return "", wsx.Refuse(410, "it is gone")
				case "panic":
					panic(name)
				default:
					return name, nil
				}
			}))
		s := newSite(t, e)
		t.Cleanup(func() { shut(t, e) })
		ann, bob := s.dial("Name: ann"), s.dial("Name: bob")
		board := fmt.Sprintf(`{"id":%d,"rev":0,"t":"snapshot","type":"Board","value":{"Int":1}}`, id)
		for _, p := range []*peer{ann, bob} {
			p.want(fin|opText, shows(0, 60))
			p.want(fin|opText, board)
		}
		ann.send(fin|opText, proposes(1))
		ann.want(fin|opText, sets(1, 1))
		bob.send(fin|opText, fmt.Sprintf(`{"t":"patch","id":%d,"patch":{"ops":[{"Set":{"path":[],"value":{"Int":2}}}]}}`, id))
		for _, p := range []*peer{ann, bob} {
			p.want(fin|opText, fmt.Sprintf(`{"id":%d,"patch":{"ops":[{"Set":{"path":[],"value":{"Int":2}}}],"rev":1},"t":"patch"}`, id))
		}
		if err := hub.SetShared(id, mirror.Int(3)); err != nil {
			t.Fatal(err)
		}
		for _, p := range []*peer{ann, bob} {
			p.want(fin|opText, fmt.Sprintf(`{"id":%d,"patch":{"ops":[{"Set":{"path":[],"value":{"Int":3}}}],"rev":2},"t":"patch"}`, id))
		}
		for name, want := range map[string]int{"": 403, "gone": 410, "panic": 500} {
			if got := s.refused("Name: " + name).StatusCode; got != want {
				t.Errorf("%q: status %d, want %d", name, got, want)
			}
		}
		if fmt.Sprint(panics) != "[panic]" {
			t.Errorf("panics %v", panics)
		}
	})
}

// owners authorizes only Ann.
func owners(identity any, _ mirror.Change) error {
	name := ""
	switch identity := identity.(type) {
	case string:
		name = identity
	case *user:
		name = identity.name
	}
	if name != "ann" {
		return errors.New("this is not yours")
	}
	return nil
}

// TestMirrorIdentity sees that what middleware finds out decides on proposals.
func TestMirrorIdentity(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type nameKey struct{}
		l := newLamps(t, &mirror.ServerOptions{Authorize: owners}, wsx.MirrorIdentity(func(r *http.Request) any {
			return r.Context().Value(nameKey{})
		}))
		l.server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			l.serve.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), nameKey{}, r.Header.Get("Token"))))
		})
		wantOwner(l.dial("Token: ann"), l.dial("Token: bob"))
	})
}

// wantOwner fails unless one of them may propose, and the other may not.
func wantOwner(ann, bob *peer) {
	ann.want(fin|opText, shows(0, 60))
	bob.want(fin|opText, shows(0, 60))
	bob.send(fin|opText, proposes(1))
	bob.want(fin|opText, shows(0, 60))
	bob.want(fin|opText, rejects(0, "this is not yours"))
	ann.send(fin|opText, proposes(2))
	ann.want(fin|opText, sets(1, 2))
	bob.want(fin|opText, sets(1, 2))
}

// What a connection begins with may depend on who is at the other end.
func TestBeginsWithIdentity(t *testing.T) {
	t.Parallel()
	name := func(r *http.Request) (string, error) {
		if u, _ := tp.Identity[*user](r.Context()); u != nil {
			return u.name, nil
		}
		return "nobody", nil
	}
	synctest.Test(t, func(t *testing.T) {
		srv := guarded(t, 0)
		hub := mirror.NewHub(nil)
		hostLamp(t, hub.Session("ann"))
		s := wsx.NewServer()
		lamps := s.Mirror(hub, wsx.MirrorAuth(srv), wsx.Credentials(fromHeader), wsx.MirrorTenant(name))
		actors := s.New(
			wsx.Actor(func(r *http.Request) (wsx.State, error) { return name(r) },
				wsx.On(func(c *wsx.Conn, _ string, state string) (string, error) {
					c.Reply(state)
					return state, nil
				})),
			wsx.Calls(srv), wsx.Credentials(fromHeader))
		t.Cleanup(func() {
			shut(t, lamps)
			shut(t, actors)
		})
		newSite(t, lamps).dial("Token: ann").want(fin|opText, shows(0, 60))
		for token, want := range map[string]string{"Token: ann": "ann", "Other: ann": "nobody"} {
			p := newSite(t, actors).dial(token)
			p.send(fin|opText, "who?")
			p.want(fin|opText, want)
		}
	})
}

// TestMirrorAuth sees that the function of an API decides who connects, and who they are.
func TestMirrorAuth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLamps(t, &mirror.ServerOptions{Authorize: owners}, wsx.MirrorAuth(guarded(t, time.Minute)), wsx.Credentials(fromHeader), unpinged())
		for _, lines := range [][]string{nil, {"Token: xavier"}} {
			if response := l.refused(lines...); response.StatusCode != 401 || response.Header.Get("WWW-Authenticate") != "Bearer" {
				t.Errorf("%q: status %d", lines, response.StatusCode)
			}
		}
		start := time.Now()
		ann, bob := l.dial("Token: ann"), l.dial("Token: bob")
		wantOwner(ann, bob)
		ann.wantClose(3000, wsx.ReasonExpired)
		bob.wantClose(3000, wsx.ReasonExpired)
		if took := time.Since(start); took != time.Minute {
			t.Errorf("closed after %v", took)
		}
	})
}
