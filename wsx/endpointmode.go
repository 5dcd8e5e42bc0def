package wsx

import (
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/mirror"
)

// mode is what an endpoint does with the messages of its clients, and what it sends them.
// Parts that are nil are not there.
type mode struct {
	api           *tp.Server
	push          []*Topic // whose messages every client gets
	accept        []*Topic // into which every message of a client goes
	replay        int      // how many messages of their history clients get first
	excludeSender bool
	refuseOthers  bool // messages that nobody takes close the connection
	actor         *actorMode
	actors        actorOptions
	mirror        mirror.Endpoint // whose models every client mirrors
	mirrors       mirrorOptions
}

// Calls makes an endpoint serve the functions of an API, as [Handler] does, besides what
// else it is for. Requests and other messages are told apart by how they begin: with [, or
// with the bytes 0x92 or 0x82, as all requests of Telepact do. A text with the header
// @topic before all others, and without @id_, is no request, but a value for a [TypedTopic]:
// so nothing that clients of the endpoint publish passes for the answer to a call of others.
//
// Functions reach the client that called them with [RemoteOf]. What [Push] sends goes to all
// who connect, whether or not the API knows who they are: what is for some is better
// subscribed to in a function. Nil does nothing.
func Calls(api *tp.Server) Option {
	return func(s *settings) {
		if api != nil {
			s.api = api
		}
	}
}

// Room makes every client get the messages of topics, and every message of a client go
// into them: a chat room. The sender gets its own messages as well; see [ExcludeSender].
func Room(topics ...*Topic) Option {
	return func(s *settings) {
		Push(topics...)(s)
		Accept(topics...)(s)
	}
}

// Push makes every client get the messages of topics. Where nothing accepts what clients
// say, it is read and dropped; see [RefuseMessages].
func Push(topics ...*Topic) Option {
	return func(s *settings) { s.push = appendNew(s.push, topics) }
}

// Accept makes every message of a client go into topics.
func Accept(topics ...*Topic) Option {
	return func(s *settings) { s.accept = appendNew(s.accept, topics) }
}

// appendNew appends the topics that are not there yet, and not nil.
func appendNew(to, topics []*Topic) []*Topic {
	for _, t := range topics {
		if t != nil && !contains(to, t) {
			to = append(to, t)
		}
	}
	return to
}

func contains(topics []*Topic, t *Topic) bool {
	for _, other := range topics {
		if other == t {
			return true
		}
	}
	return false
}

// ExcludeSender keeps messages from the client that has sent them.
func ExcludeSender() Option {
	return func(s *settings) { s.excludeSender = true }
}

// Replay makes a connection begin with the last n messages that the topics of [Push] and
// [Room] have in their [History], with no gap before what comes live. Default 0.
func Replay(n int) Option {
	return func(s *settings) { s.replay = max(n, 0) }
}

// RefuseMessages closes a connection with [CodePolicy] when its client sends what nobody
// takes: a message to an endpoint that only pushes, or one that no rule of an actor is for.
// By default it is dropped, and observers are told.
func RefuseMessages() Option {
	return func(s *settings) { s.refuseOthers = true }
}

// maxMessage returns how many bytes a message may have by default.
func (m *mode) maxMessage() int64 {
	switch {
	case m.mirror != nil:
		return defaultMaxProposal
	case m.api != nil:
		return defaultMaxRequest
	}
	return defaultMaxMessage
}

// name returns what the mode is called in lists.
func (m *mode) name() string {
	name := "topic"
	switch {
	case m.mirror != nil:
		return "mirror"
	case m.actor != nil:
		name = "actor"
	}
	switch {
	case m.api == nil:
		return name
	case m.actor == nil && len(m.push)+len(m.accept) == 0:
		return "calls"
	}
	return name + " and calls"
}
