package wsx

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"slices"
	"sync"
)

// survey is the questions of a node that others have not all answered yet, and how many
// of theirs it is answering.
type survey struct {
	mu        sync.Mutex
	questions map[string]*question
	answering int
}

// question collects answers to itself.
type question struct {
	changed chan struct{} // has a token when there is something new

	mu      sync.Mutex
	answers map[string]*answer
}

// answer is what one node has said.
type answer struct {
	info NodeInfo
	next int // the part that is to come
	done bool
}

// surveyPart is a question, which has an ID alone, or a part of the answer of a node.
type surveyPart struct {
	ID string `json:"id"`
	// Part counts the parts from 0, and Last says that there are no more.
	Part int  `json:"part,omitempty"`
	Last bool `json:"last,omitempty"`
	// Info is how the node is doing. That of all parts but the first has Clients alone.
	Info *NodeInfo `json:"info,omitempty"`
}

const (
	// maxPart is how many bytes of JSON about clients one part has.
	maxPart = 128 << 10
	// maxAnswering is how many questions a node answers at the same time.
	maxAnswering = 8
)

// ask asks all nodes, and returns what they answer until ctx is over, and who does not.
func (n *nodes) ask(ctx context.Context) (infos []NodeInfo, missing []string, err error) {
	id := rand.Text()
	data, err := json.Marshal(nodeMessage{Type: nodeAsks, Survey: &surveyPart{ID: id}})
	if err != nil {
		return nil, n.others(), err
	}
	q := n.survey.open(id)
	defer n.survey.close(id)
	all := Address{Topic: nodesTopic}
	if err := n.bus.Publish(ctx, &BusMessage{To: all, Node: n.server.node, Kind: Text, Data: data}); err != nil {
		return nil, n.others(), err
	}
	for {
		infos, missing = q.result(n.others())
		if len(missing) == 0 {
			return infos, nil, nil
		}
		select {
		case <-q.changed:
		case <-ctx.Done():
			return infos, missing, nil
		}
	}
}

func (s *survey) open(id string) *question {
	q := &question{changed: make(chan struct{}, 1), answers: map[string]*answer{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.questions == nil {
		s.questions = map[string]*question{}
	}
	s.questions[id] = q
	return q
}

func (s *survey) close(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.questions, id)
}

// take takes a part of an answer.
func (s *survey) take(node string, p *surveyPart) {
	if p == nil || p.Info == nil {
		return
	}
	s.mu.Lock()
	q := s.questions[p.ID]
	s.mu.Unlock()
	if q == nil {
		return // too late
	}
	q.take(node, p)
	select {
	case q.changed <- struct{}{}:
	default:
	}
}

// take adds a part to the answer of a node. One that does not fit ends it: a part before
// it is lost.
func (q *question) take(node string, p *surveyPart) {
	q.mu.Lock()
	defer q.mu.Unlock()
	a := q.answers[node]
	more := p.Info.Clients
	switch {
	case a == nil && p.Part == 0 && len(q.answers) < maxNodes && len(more) <= maxListedClients:
		a = &answer{info: *p.Info}
		a.info.Server.Node = node // nobody speaks for others
		q.answers[node] = a
	case a == nil, a.done, p.Part != a.next, len(a.info.Clients)+len(more) > maxListedClients:
		return
	default:
		a.info.Clients = append(a.info.Clients, more...)
	}
	a.next, a.done = a.next+1, p.Last
}

// result returns the whole answers, and who of the nodes has not given one.
func (q *question) result(nodes []string) (infos []NodeInfo, missing []string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, a := range q.answers {
		if a.done {
			infos = append(infos, a.info)
		}
	}
	missing = slices.DeleteFunc(nodes, func(node string) bool { return q.answers[node] != nil && q.answers[node].done })
	return infos, missing
}

// answer says how this node is doing, on a goroutine of its own.
func (n *nodes) answer(to string, p *surveyPart) {
	if p == nil || !n.survey.begin() {
		return // who asks sees that this node is missing
	}
	go func() {
		defer n.survey.end()
		most := maxPart
		if limit := n.bus.MaxSize(); limit > 0 {
			most = min(most, limit/2)
		}
		for _, part := range split(n.server.nodeInfo(), p.ID, most) {
			n.say(Address{Node: to}, nodeMessage{Type: nodeAnswer, Survey: &part})
		}
	}()
}

func (s *survey) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answering >= maxAnswering {
		return false
	}
	s.answering++
	return true
}

func (s *survey) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answering--
}

// split returns the parts of an answer, each with at most so many bytes of JSON about
// clients.
func split(info NodeInfo, id string, most int) []surveyPart {
	clients := info.Clients
	info.Clients = nil
	parts := []surveyPart{{ID: id, Info: &info}}
	size := 0
	for _, c := range clients {
		data, err := json.Marshal(c)
		if err != nil {
			continue // an address that is none
		}
		if size += len(data); size > most && size > len(data) {
			parts = append(parts, surveyPart{ID: id, Part: len(parts), Info: &NodeInfo{}})
			size = len(data)
		}
		last := parts[len(parts)-1].Info
		last.Clients = append(last.Clients, c)
	}
	parts[len(parts)-1].Last = true
	return parts
}
