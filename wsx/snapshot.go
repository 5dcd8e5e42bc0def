package wsx

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Info returns a snapshot of the server.
func (s *Server) Info() ServerInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	return ServerInfo{
		Node:      s.node,
		Started:   s.started.UTC(),
		Addresses: slices.Clone(s.addresses),
		Endpoints: len(s.endpoints),
		Open:      len(s.conns),
		Total:     s.lastNumber.Load() - s.dialers,
		Topics:    s.topics.count(),
		Stopping:  s.stopping,
	}
}

// Endpoints returns snapshots of the endpoints that have not stopped, in the order in
// which they were made.
func (s *Server) Endpoints() []EndpointInfo {
	s.mu.Lock()
	endpoints := slices.Clone(s.endpoints)
	s.mu.Unlock()
	infos := make([]EndpointInfo, len(endpoints))
	for i, e := range endpoints {
		infos[i] = e.info()
	}
	return infos
}

func (e *Endpoint) info() EndpointInfo {
	e.mu.Lock()
	defer e.mu.Unlock()
	return EndpointInfo{
		Path:     e.path,
		Mode:     e.mode.name(),
		Push:     topicNames(e.push),
		Accept:   topicNames(e.accept),
		Open:     len(e.conns),
		Total:    e.channels,
		Stopping: e.stopping,
	}
}

func topicNames(topics []*Topic) []string {
	var names []string
	for _, t := range topics {
		names = append(names, t.name)
	}
	return names
}

// Clients returns snapshots of the connections whose request was for a path, oldest first;
// of all for an empty path. They are not taken at the same moment.
func (s *Server) Clients(path string) []ClientInfo {
	infos, _ := s.clients(path, 0, 0)
	return infos
}

// clients returns snapshots of connections as Clients does, of those whose numbers are
// beyond after, and no more than limit unless that is 0; then of the topics of each there are
// no more than maxListedTopics. Next is the after of those that are left; 0 when none are.
func (s *Server) clients(path string, after uint64, limit int) (infos []ClientInfo, next uint64) {
	conns := s.connections(path, after)
	if limit > 0 && len(conns) > limit {
		conns = conns[:limit]
		next = conns[limit-1].about.number
	}
	infos = make([]ClientInfo, len(conns))
	for i, c := range conns {
		infos[i] = c.info()
		if topics := infos[i].Subscriptions; limit > 0 && len(topics) > maxListedTopics {
			infos[i].Subscriptions = topics[:maxListedTopics]
		}
	}
	return infos, next
}

// connections returns the connections of a path beyond a number, in their order.
func (s *Server) connections(path string, after uint64) []*connection {
	s.mu.Lock()
	var conns []*connection
	for number, c := range s.conns {
		if number > after && (path == "" || c.about.path == path) {
			conns = append(conns, c)
		}
	}
	s.mu.Unlock()
	slices.SortFunc(conns, func(a, b *connection) int { return cmp.Compare(a.about.number, b.about.number) })
	return conns
}

// count returns how many topics there are.
func (r *topicRegistry) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.entries)
}

// described is a service that says how it is doing. Describe waits for nothing but its own
// short locks.
type described interface {
	// describe adds to info what the service knows: State and Pending.
	describe(info *ClientInfo)
}

// info returns a snapshot of the connection.
func (c *connection) info() ClientInfo {
	a := &c.about
	info := ClientInfo{
		ID:            c.id(),
		ChannelID:     a.channel,
		Path:          a.path,
		Origin:        a.origin,
		ClientIP:      a.addr.Addr(),
		ConnectedAt:   a.since.UTC(),
		Label:         c.label(),
		Subscriptions: c.subscriptions.names(),
		MessagesIn:    c.came.messages.Load(),
		BytesIn:       c.came.bytes.Load(),
		MessagesOut:   c.out.sent.messages.Load(),
		BytesOut:      c.out.sent.bytes.Load(),
		Dropped:       c.dropped.Load(),
		PongDelay:     time.Duration(c.heart.delay.Load()),
	}
	info.QueueLength, info.QueueBytes = c.out.waiting()
	c.mu.Lock()
	info.Closing = c.isEnding
	c.mu.Unlock()
	if d, ok := c.service.(described); ok {
		d.describe(&info)
	}
	return info
}

// names returns the names of the topics, in the order of the alphabet.
func (own *subscriptions) names() []string {
	own.mu.Lock()
	defer own.mu.Unlock()
	var names []string
	for _, s := range own.list {
		names = append(names, s.topic.name)
	}
	slices.SortFunc(names, strings.Compare)
	return names
}

// waiting returns how many frames wait to be written, and how many bytes they have.
func (o *outbox) waiting() (frames, bytes int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.queue), o.bytes
}

func (k *calls) describe(info *ClientInfo) {
	k.mu.Lock()
	defer k.mu.Unlock()
	info.Pending += k.running
}

func (x *mixed) describe(info *ClientInfo) {
	x.calls.describe(info)
	if d, ok := x.others.(described); ok {
		d.describe(info)
	}
}
