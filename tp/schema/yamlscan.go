package schema

import "strings"

// yamlLimits is what the YAML library gets to see at most. It makes a tree of
// every key and value, and tokenises a flow collection in full before it emits
// a single event.
type yamlLimits struct {
	flow      int // bytes of a flow collection
	flowNodes int // keys and values of a flow collection
	nodes     int // keys and values of the document
}

// scanYAML refuses a text that has more than limits before the library spends
// anything on it, and several nodes in a row on one line, which the library
// tokenises in full although they are wrong anyway. Everything else it leaves to
// the library.
func scanYAML(text []byte, limits yamlLimits) error {
	s := newYAMLScan(text, limits)
	return s.scan()
}

// yamlScan follows the block structure of a YAML text, just enough of it to
// tell where a node begins from where a text goes on.
type yamlScan struct {
	yamlText
	limits yamlLimits
	// nodes counts the keys and values so far, those with the indicator "?"
	// twice.
	nodes int
	// parent is the column of the innermost block collection, counted from
	// 0, or -1 outside of all. A line that begins to the right of it may be
	// more of the scalar before.
	parent int
	// open is the scalar that the next line may belong to.
	open openScalar
	// content is the column of the text of an open block scalar, or -1 until
	// its first line shows it.
	content int
	// begun and ended say that the document has content, and that "..." has
	// been read.
	begun, ended bool
	// directives counts the lines that begin with "%" in front of the content.
	directives int
}

type openScalar uint8

const (
	noScalar openScalar = iota
	plainScalar
	blockScalar
)

// nodesOfPair is how many nodes a key and its value are.
const nodesOfPair = 2

func newYAMLScan(text []byte, limits yamlLimits) yamlScan {
	return yamlScan{yamlText: newYAMLText(text), limits: limits, nodes: 1, parent: -1}
}

func (s *yamlScan) scan() error {
	for !s.end() {
		if err := s.scanLine(); err != nil {
			return err
		}
	}
	return nil
}

// scanLine reads a line, and the following ones as far as a quoted scalar or a
// flow collection extends.
func (s *yamlScan) scanLine() error {
	s.skipBlanks()
	switch {
	case s.endOfLine():
		s.nextLine()
		return nil
	case s.peek() == '%' && s.column() == 0 && !s.begun:
		return s.scanDirective()
	case s.column() == 0 && s.atMarker():
		return s.scanMarker()
	case s.goesOn(s.column()):
		if comment := s.skipText(); comment && s.open == plainScalar {
			s.open = noScalar
		}
		return nil
	}
	s.open = noScalar
	return s.scanNodes()
}

// scanDirective reads a line that begins with "%". The library compares each with
// all others.
func (s *yamlScan) scanDirective() error {
	const most = 16
	if s.directives++; s.directives > most {
		return &LimitError{What: "directives", Max: most, Location: s.location()}
	}
	s.nextLine()
	return nil
}

// scanMarker reads the "---" or "..." at pos.
func (s *yamlScan) scanMarker() error {
	if s.begun && s.peek() == '-' {
		return s.fail("a file holds one document only")
	}
	s.ended = s.begun
	s.parent, s.open = -1, noScalar
	s.pos += len("---")
	return s.scanNodes()
}

// goesOn reports whether a line whose text begins at column belongs to the
// scalar that the line before left open.
func (s *yamlScan) goesOn(column int) bool {
	switch {
	case s.open == plainScalar:
		return column > s.parent && s.peek() != '#'
	case s.open == noScalar:
		return false
	case s.content < 0 && column > s.parent:
		s.content = column
	}
	return s.content >= 0 && column >= s.content
}

// scanNodes reads nodes and indicators up to the end of the line.
func (s *yamlScan) scanNodes() error {
	for properties := 0; ; {
		s.skipBlanks()
		if s.endOfLine() || s.peek() == '#' {
			s.nextLine()
			return nil
		}
		if s.ended {
			return s.fail("a file holds one document only")
		}
		s.begun = true
		switch c := s.peek(); {
		case s.nodes > s.limits.nodes:
			return s.tooMany()
		case isIndicator(c) && s.blankAfter():
			s.indicate(c)
			properties = 0
		case c == '!' || c == '&':
			if properties++; properties > 2 {
				return s.fail("a value has more than one tag and one anchor")
			}
			s.skipWord()
		case c == '|' || c == '>':
			s.openBlockScalar()
			return nil
		default:
			if err := s.scanNode(c); err != nil {
				return err
			}
			properties = 0
		}
	}
}

func isIndicator(c byte) bool { return c == '-' || c == '?' || c == ':' }

// indicate goes behind the indicator c of an element, a key or a value.
func (s *yamlScan) indicate(c byte) {
	s.parent = s.column()
	s.pos++
	if c == '-' {
		s.nodes++
	} else {
		s.nodes += nodesOfPair
	}
}

func (s *yamlScan) tooMany() error {
	return &LimitError{What: "keys and values", Max: s.limits.nodes, Location: s.location()}
}

// scanNode reads the node that begins with c, and the colon behind it if it is
// a key.
func (s *yamlScan) scanNode(c byte) error {
	column := s.column()
	switch c {
	case '"', '\'':
		s.skipQuoted()
	case '[', '{':
		if err := s.skipFlow(); err != nil {
			return err
		}
	case '*':
		s.skipWord()
	case ']', '}', ',', '%', '@', '`':
		return s.fail("unexpected " + string(c) + "; quote the text to begin with it")
	default:
		if s.skipPlain(); s.endOfLine() {
			s.open = plainScalar
			return nil
		}
	}
	return s.endNode(column)
}

// endNode reads what may follow a node that began at column: a colon, a comment
// or the end of the line.
func (s *yamlScan) endNode(column int) error {
	s.skipBlanks()
	switch {
	case s.endOfLine(), s.peek() == '#':
		return nil
	case s.peek() == ':':
		s.parent = column
		s.pos++
		s.nodes += nodesOfPair
		return nil
	}
	return s.fail("unexpected text behind a value")
}

// openBlockScalar reads the head of a block scalar.
func (s *yamlScan) openBlockScalar() {
	s.open, s.content = blockScalar, -1
	s.pos++
	for ; strings.IndexByte("+-123456789", s.peek()) >= 0; s.pos++ {
		if c := s.peek(); c > '0' {
			s.content = max(s.parent, 0) + int(c-'0')
		}
	}
	s.nextLine()
}
