package wsx

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// ClusterInfo says how the nodes on a bus are doing.
type ClusterInfo struct {
	// Nodes are this node and those that have answered, in the order of their names.
	Nodes []NodeInfo `json:"nodes"`
	// Missing are the names of nodes that were heard of during the last minute and have
	// not answered, or not to the end, in their order.
	Missing []string `json:"missing,omitempty"`
}

// NodeInfo says how one node is doing.
type NodeInfo struct {
	Server    ServerInfo     `json:"server"`
	Endpoints []EndpointInfo `json:"endpoints"`
	// Clients are the connections, at most 1000 of them, the oldest first. Of the topics
	// that each subscribes to there are at most 32.
	Clients []ClientInfo `json:"clients"`
	// More is how many connections are not listed.
	More int `json:"more,omitempty"`
}

// clusterTimeout is how long Cluster waits where its context has no end.
const clusterTimeout = 2 * time.Second

// Cluster asks all nodes on the bus how they are doing. It returns when all that are known
// have answered, when ctx is over, or after two seconds if ctx has no end; the answer says
// who is missing. It fails with [ErrBusUnavailable], and then knows of this node only, as
// it does for a server without a bus.
func (s *Server) Cluster(ctx context.Context) (ClusterInfo, error) {
	own := s.nodeInfo()
	if s.nodes == nil {
		return ClusterInfo{Nodes: []NodeInfo{own}}, nil
	}
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, clusterTimeout)
		defer cancel()
	}
	answers, missing, err := s.nodes.ask(ctx)
	info := ClusterInfo{Nodes: append(answers, own), Missing: missing}
	slices.SortFunc(info.Nodes, func(a, b NodeInfo) int { return cmp.Compare(a.Server.Node, b.Server.Node) })
	slices.Sort(info.Missing)
	return info, err
}

const (
	maxListedClients = 1000
	maxListedTopics  = 32
)

// nodeInfo returns how this node is doing.
func (s *Server) nodeInfo() NodeInfo {
	info := NodeInfo{Server: s.Info(), Endpoints: s.Endpoints(), Clients: s.Clients("")}
	if all := len(info.Clients); all > maxListedClients {
		info.Clients, info.More = info.Clients[:maxListedClients], all-maxListedClients
	}
	for i := range info.Clients {
		c := &info.Clients[i]
		c.Subscriptions = c.Subscriptions[:min(len(c.Subscriptions), maxListedTopics)]
	}
	return info
}
