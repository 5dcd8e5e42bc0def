package schema

import "strings"

// scanYAML finds what the YAML library would tokenise in full before it emits
// a single event: a flow collection, and several nodes in a row on one line. It
// refuses the first when it has more bytes than flowLimit and the second because
// it is wrong anyway. Everything else it leaves to the library.
func scanYAML(text []byte, flowLimit int) error {
	s := yamlScan{yamlText: newYAMLText(text, flowLimit), parent: -1}
	for !s.end() {
		if err := s.scanLine(); err != nil {
			return err
		}
	}
	return nil
}

// yamlScan follows the block structure of a YAML text, just enough of it to
// tell where a node begins from where a text goes on.
type yamlScan struct {
	yamlText
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
}

type openScalar uint8

const (
	noScalar openScalar = iota
	plainScalar
	blockScalar
)

// scanLine reads a line, and the following ones as far as a quoted scalar or a
// flow collection extends.
func (s *yamlScan) scanLine() error {
	s.skipBlanks()
	switch {
	case s.endOfLine(), s.peek() == '%' && s.column() == 0 && !s.begun:
		s.nextLine() // a blank line or a directive
		return nil
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
		case isIndicator(c) && s.blankAfter():
			s.parent = s.column()
			s.pos++
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
