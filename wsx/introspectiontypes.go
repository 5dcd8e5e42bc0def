package wsx

import (
	"net/netip"
	"time"
)

// These are the arguments and results of the functions of [RegisterIntrospection].

type socketServers struct {
	This    string         `tp:"this" doc:"The name of the server that answers."`
	Servers []socketServer `tp:"servers"`
	Missing []string       `tp:"missing" doc:"The names of servers that were heard of a minute ago, and have not answered."`
}

type socketServer struct {
	_         struct{}         `tp:"SocketServer" doc:"A server for WebSockets."`
	Node      string           `tp:"node" doc:"Its name among those that it shares topics with."`
	Started   time.Time        `tp:"started" doc:"When it was made."`
	Addresses []string         `tp:"addresses" doc:"The addresses of its machine that connections came in at, at most 16."`
	Open      int              `tp:"open" doc:"How many connections there are."`
	Total     uint64           `tp:"total" doc:"How many connections there have been."`
	Topics    int              `tp:"topics" doc:"How many topics there are."`
	Stopping  bool             `tp:"stopping" doc:"Whether it is being shut down."`
	Endpoints []socketEndpoint `tp:"endpoints" doc:"Where clients connect to."`
}

func newSocketServer(info *NodeInfo) socketServer {
	s := socketServer{
		Node:      info.Server.Node,
		Started:   info.Server.Started,
		Addresses: info.Server.Addresses,
		Open:      info.Server.Open,
		Total:     info.Server.Total,
		Topics:    info.Server.Topics,
		Stopping:  info.Server.Stopping,
	}
	for _, e := range info.Endpoints {
		s.Endpoints = append(s.Endpoints, socketEndpoint{
			Path: e.Path, Mode: e.Mode, Push: e.Push, Accept: e.Accept, Open: e.Open, Total: e.Total,
		})
	}
	return s
}

type socketEndpoint struct {
	_      struct{} `tp:"SocketEndpoint" doc:"A place where clients connect to."`
	Path   string   `tp:"path" doc:"The path of the first request; empty before there was one."`
	Mode   string   `tp:"mode" doc:"What it is for: calls, topic, topic and calls, actor, actor and calls, or mirror."`
	Push   []string `tp:"push" doc:"The topics whose messages every client gets."`
	Accept []string `tp:"accept" doc:"The topics into which every message of a client goes."`
	Open   int      `tp:"open" doc:"How many connections there are."`
	Total  uint64   `tp:"total" doc:"How many connections there have been."`
}

type listSockets struct {
	Node  *string `tp:"node!" doc:"The server whose connections to list, of which the oldest 1000 are known here. Default is the one that answers."`
	Path  *string `tp:"path!" doc:"Lists the connections of this path alone."`
	After *uint64 `tp:"after!" doc:"The next of the page before."`
	Limit *int64  `tp:"limit!" doc:"How many connections to list, 1 to 1000. Default 100."`
}

type socketPage struct {
	Clients []socketClient `tp:"clients"`
	Next    *uint64        `tp:"next!" doc:"What to give as after for the next page; absent when this is the last one."`
}

func newSocketPage(infos []ClientInfo, next uint64) *socketPage {
	page := &socketPage{Clients: make([]socketClient, len(infos))}
	for i := range infos {
		page.Clients[i] = newSocketClient(&infos[i])
	}
	if next != 0 {
		page.Next = &next
	}
	return page
}

type socketClient struct {
	_             struct{}    `tp:"SocketClient" doc:"A connection."`
	ID            ID          `tp:"id" doc:"The name of the connection: its node, a hyphen and a number."`
	ChannelID     uint64      `tp:"channelId" doc:"Its number among those of its endpoint, from 0."`
	Path          string      `tp:"path" doc:"The path of the request for it."`
	Origin        string      `tp:"origin" doc:"The origin of the page that it belongs to; empty for programs."`
	ClientIP      *netip.Addr `tp:"clientIp!" doc:"The address that the client connects from, where it is known."`
	ConnectedAt   time.Time   `tp:"connectedAt" doc:"When the connection was made."`
	Label         string      `tp:"label" doc:"What the application calls it."`
	State         string      `tp:"state" doc:"The type of the state that its actor is in; empty without an actor."`
	Subscriptions []string    `tp:"subscriptions" doc:"The topics whose messages it gets, at most 32 of them."`
	QueueLength   int         `tp:"queueLength" doc:"How many messages wait to be sent."`
	QueueBytes    int         `tp:"queueBytes" doc:"How many bytes these have."`
	Pending       int         `tp:"pending" doc:"How many of its messages are being worked on, or wait for it."`
	MessagesIn    uint64      `tp:"messagesIn" doc:"How many messages were read."`
	BytesIn       uint64      `tp:"bytesIn" doc:"How many bytes these had."`
	MessagesOut   uint64      `tp:"messagesOut" doc:"How many messages were written."`
	BytesOut      uint64      `tp:"bytesOut" doc:"How many bytes these had on the wire."`
	Dropped       uint64      `tp:"dropped" doc:"How many messages were lost although the connection goes on."`
	PongDelayMs   float64     `tp:"pongDelayMs" doc:"How many milliseconds it took to answer the last ping; 0 before that."`
	Closing       bool        `tp:"closing" doc:"Whether it is being closed."`
}

func newSocketClient(info *ClientInfo) socketClient {
	c := socketClient{
		ID:            info.ID,
		ChannelID:     info.ChannelID,
		Path:          info.Path,
		Origin:        info.Origin,
		ConnectedAt:   info.ConnectedAt,
		Label:         info.Label,
		State:         info.State,
		Subscriptions: info.Subscriptions,
		QueueLength:   info.QueueLength,
		QueueBytes:    info.QueueBytes,
		Pending:       info.Pending,
		MessagesIn:    info.MessagesIn,
		BytesIn:       info.BytesIn,
		MessagesOut:   info.MessagesOut,
		BytesOut:      info.BytesOut,
		Dropped:       info.Dropped,
		PongDelayMs:   float64(info.PongDelay) / float64(time.Millisecond),
		Closing:       info.Closing,
	}
	if info.ClientIP.IsValid() {
		c.ClientIP = &info.ClientIP
	}
	return c
}

type messageSocket struct {
	ID    ID      `tp:"id" doc:"The id of the connection, which may be one of another server: then it is not known whether there is one."`
	Text  *string `tp:"text!" doc:"Sent as a text."`
	Bytes []byte  `tp:"bytes!" doc:"Sent as bytes, after text where both are there."`
}

type closeSocket struct {
	ID     ID      `tp:"id" doc:"The id of the connection."`
	Code   *int    `tp:"code!" doc:"The close code that the client sees, such as 4000. Default 1008."`
	Reason *string `tp:"reason!" doc:"The reason that the client sees, 123 bytes at most."`
}

type noSuchNodeError struct {
	_ struct{} `doc:"No server of that name has answered."`
}

func (noSuchNodeError) Error() string { return "no server of that name has answered" }

type noSuchSocketError struct {
	_ struct{} `doc:"There is no connection of that id."`
}

func (noSuchSocketError) Error() string { return "there is no connection of that id" }

type invalidCloseError struct {
	_ struct{} `doc:"The code is none that programs may send, which are 1000 to 1003, 1007 to 1014 and 3000 to 4999, or the reason is too long."`
}

func (invalidCloseError) Error() string { return "the close code or reason cannot be sent" }
