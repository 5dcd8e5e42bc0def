package schema

import "strings"

// yamlFlow is a flow collection, as far as it has been read.
type yamlFlow struct {
	// brackets are the open ones, the innermost last.
	brackets []byte
	// begun says that the entry at pos has begun.
	begun bool
	// joined says that a colon at pos follows something behind which it needs
	// no blank.
	joined bool
}

func (f *yamlFlow) closed() bool { return len(f.brackets) == 0 }

func (f *yamlFlow) inSequence() bool { return f.brackets[len(f.brackets)-1] == '[' }

// entry begins an entry unless that has been done, and returns how many keys
// and values it is.
func (f *yamlFlow) entry() int {
	if f.begun || f.closed() {
		return 0
	}
	f.begun = true
	if f.inSequence() {
		return 1
	}
	return nodesOfPair
}

// pairIn returns how many keys and values an indicator adds that makes a pair of
// an entry: in a sequence, it becomes a mapping.
func (f *yamlFlow) pairIn() int {
	if f.inSequence() {
		return nodesOfPair
	}
	return 0
}

func (f *yamlFlow) open(bracket byte) {
	f.brackets = append(f.brackets, bracket)
	f.begun = false
}

func (f *yamlFlow) close() {
	f.brackets = f.brackets[:len(f.brackets)-1]
	f.begun, f.joined = true, true
}

// skipFlow goes behind a flow collection, and fails when it is too large or has
// no end.
func (s *yamlScan) skipFlow() error {
	begin, nodes := s.yamlText, s.nodes
	for flow := (yamlFlow{}); ; {
		s.skipFlowToken(&flow)
		switch {
		case s.pos-begin.pos > s.limits.flow:
			return &LimitError{What: "bytes in one flow collection", Max: s.limits.flow, Location: begin.location()}
		case s.nodes-nodes > s.limits.flowNodes:
			return &LimitError{What: "keys and values in one flow collection", Max: s.limits.flowNodes, Location: begin.location()}
		case s.nodes > s.limits.nodes:
			return s.tooMany()
		case flow.closed():
			return nil
		case s.end():
			return begin.fail("the bracket is never closed")
		}
	}
}

// skipFlowToken goes behind a bracket, an indicator, a scalar, a comment or a
// blank of flow.
func (s *yamlScan) skipFlowToken(flow *yamlFlow) {
	switch c := s.peek(); {
	case c == ' ', c == '\t', s.endOfLine():
		s.step()
	case c == '#':
		s.nextLine()
	case c == ',':
		flow.begun, flow.joined = false, false
		s.pos++
	case c == ']', c == '}':
		flow.close()
		s.pos++
	default:
		s.nodes += flow.entry()
		s.skipFlowNode(flow, c)
	}
}

// skipFlowNode goes behind a part of an entry that begins with c.
func (s *yamlScan) skipFlowNode(flow *yamlFlow, c byte) {
	joined := flow.joined
	flow.joined = false
	switch {
	case c == '[', c == '{':
		flow.open(c)
		s.pos++
	case c == '?' && s.blankAfter(), c == ':' && (joined || s.endsPlain()):
		s.nodes += flow.pairIn()
		s.pos++
	case c == '"', c == '\'':
		s.skipQuoted()
		flow.joined = true
	case c == '!', c == '&', c == '*':
		s.skipWord()
		flow.joined = true
	default:
		s.skipFlowPlain()
	}
}

// skipFlowPlain goes to the end of a plain scalar inside a flow collection,
// which may extend over lines.
func (t *yamlText) skipFlowPlain() {
	for ; !t.end(); t.step() {
		switch c := t.peek(); {
		case isFlowIndicator(c), c == ':' && t.endsPlain(), c == '#' && t.afterBlank():
			return
		}
	}
}

// endsPlain reports whether the colon at pos ends a plain scalar inside a flow
// collection.
func (t *yamlText) endsPlain() bool {
	return t.blankAfter() || isFlowIndicator(t.text[t.pos+1])
}

func isFlowIndicator(c byte) bool { return strings.IndexByte(",[]{}", c) >= 0 }
