package main

import (
	"net/http"
	"time"

	"github.com/telestruct/telestruct/wsx"
)

// The states of a connection.
type (
	// Guest is a connection of which it is not known whose it is. It begins with what the
	// middleware has found out.
	Guest struct{ who identity }
	// User is one of a user.
	User struct {
		name  string
		notes *wsx.Topic // what changes of the user's notes, for all of their connections
	}
)

// What clients send, and a timer.
type (
	// Login proves who a client is that could not send its token with the request.
	Login struct {
		Token string `json:"token"`
	}
	// Put writes a note.
	Put struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	}
	// Remove removes one.
	Remove struct {
		Key string `json:"key"`
	}
	// List asks for all of them.
	List struct{}
	// Idle says that the client has sent nothing for a while.
	Idle struct{}
)

// reply is what clients are told. Where two of them write the same note, the one with the
// higher revision is right, whichever comes first.
type reply struct {
	Type     string          `json:"type"` // "welcome", "put", "removed", "notes" or "refused"
	Name     string          `json:"name,omitempty"`
	Key      string          `json:"key,omitempty"`
	Value    string          `json:"value,omitempty"`
	Revision int             `json:"revision,omitempty"`
	Notes    map[string]note `json:"notes,omitempty"`
	Why      string          `json:"why,omitempty"`
}

const (
	loginTime = 10 * time.Second
	idleTime  = 10 * time.Minute

	codeIdle       = 4000
	codeWrongToken = 4501 // clients that know the range do not come back by themselves
)

// service has what the functions below need.
type service struct {
	srv   *wsx.Server
	users *directory
	store *store
}

// endpoint returns the handler that clients connect to.
func (s *service) endpoint() *wsx.Endpoint {
	return s.srv.New(
		wsx.JSONMessage[Login]("login"),
		wsx.JSONMessage[Put]("put"),
		wsx.JSONMessage[Remove]("remove"),
		wsx.JSONMessage[List]("list"),
		wsx.Actor(begin,
			wsx.On(s.connect), wsx.On(s.login), wsx.On(s.put), wsx.On(s.remove), wsx.On(s.list),
			wsx.On(refuse), wsx.On(closeIdle)),
		wsx.LoginTimeout(loginTime),
		wsx.ExpiresAt(func(r *http.Request) time.Time { return identityOf(r).expires }),
		wsx.MaxConnectionsPerIdentity(3, func(r *http.Request) string { return identityOf(r).name }),
		wsx.MaxConnectionsPerAddress(20),
		wsx.MessageRate(5, 20, wsx.CloseOver),
		wsx.MaxMessage(4<<10),
		wsx.RefuseMessages(),
		wsx.Drain(time.Second, 5*time.Second),
	)
}

// begin is the state of a connection that r has asked for.
func begin(r *http.Request) (wsx.State, error) { return Guest{identityOf(r)}, nil }

func (s *service) connect(c *wsx.Conn, _ wsx.Connected, g Guest) (wsx.State, error) {
	if g.who == (identity{}) {
		return g, nil // and has some seconds to log in
	}
	return s.enter(c, g.who), nil
}

func (s *service) login(c *wsx.Conn, m Login, g Guest) (wsx.State, error) {
	who := s.users.find(m.Token)
	if who == (identity{}) {
		c.Close(codeWrongToken, "wrong token")
		return g, nil
	}
	return s.enter(c, who), nil
}

// enter makes a connection one of a user.
func (s *service) enter(c *wsx.Conn, who identity) User {
	u := User{name: who.name, notes: s.srv.NewTopic("notes." + who.name)}
	c.SetLabel(u.name)
	c.Subscribe(u.notes)
	c.ReplyJSON(reply{Type: "welcome", Name: u.name})
	c.After(idleTime, Idle{})
	return u
}

func (s *service) put(c *wsx.Conn, m Put, u User) (User, error) {
	c.After(idleTime, Idle{}) // in place of the one that was to come
	n, err := s.store.put(u.name, m.Key, m.Value)
	if err != nil {
		c.ReplyJSON(reply{Type: "refused", Why: err.Error()})
		return u, nil
	}
	c.PublishJSON(u.notes, reply{Type: "put", Key: m.Key, Value: n.Value, Revision: n.Revision})
	return u, nil
}

func (s *service) remove(c *wsx.Conn, m Remove, u User) (User, error) {
	c.After(idleTime, Idle{})
	c.PublishJSON(u.notes, reply{Type: "removed", Key: m.Key, Revision: s.store.remove(u.name, m.Key)})
	return u, nil
}

func (s *service) list(c *wsx.Conn, _ List, u User) (User, error) {
	c.After(idleTime, Idle{})
	c.ReplyJSON(reply{Type: "notes", Notes: s.store.list(u.name)})
	return u, nil
}

// refuse answers texts that are none of the messages above.
func refuse(c *wsx.Conn, _ string, u User) (User, error) {
	c.ReplyJSON(reply{Type: "refused", Why: "there is no such message"})
	return u, nil
}

func closeIdle(c *wsx.Conn, _ Idle, u User) (User, error) {
	c.Close(codeIdle, "idle")
	return u, nil
}
