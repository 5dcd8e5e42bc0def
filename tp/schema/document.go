package schema

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// DefaultName is the name of a document that was given none (spec section 8.1).
const DefaultName = "auto_"

// Sizes and depth that documents may have. A YAML text is tokenised at a much
// higher cost per byte than JSON, and a flow collection as a whole before its
// first event. What either costs grows with its keys and values; the texts that
// people write have less than one in 6 bytes of YAML, or in 8 bytes of JSON.
const (
	maxYAML      = 256 << 10
	maxFlow      = 64 << 10
	maxFlowNodes = 16 << 10
	maxYAMLNodes = 40 << 10
	maxJSON      = 1 << 20
	maxJSONNodes = 128 << 10
	maxDepth     = 64
)

const (
	jsonSuffix = ".telepact.json"
	yamlSuffix = ".telepact.yaml"
)

// Document is the text of a schema document. A Name that ends with
// ".telepact.yaml" says that Text is YAML; every other text is JSON. Within
// one schema names are unique; an empty one means [DefaultName].
//
// A YAML text may have 256 KiB with 40960 keys and values, of which a flow
// collection may have 64 KiB with 16384; a JSON text 1 MiB with 131072 keys and
// values; and both 64 levels of nesting. Spec sections 8.1 and 8.3.
type Document struct {
	Name string
	Text []byte
}

// source is a document while it becomes part of a schema, or the definitions
// derived from Go in the form of a document.
type source struct {
	name string
	text []byte // nil for derived definitions
	// root is the value of the text once loaded is set.
	root   node
	loaded bool
	// blind says that the source has no coordinates: a JSON text with
	// duplicate keys, or derived definitions.
	blind bool
	// bundled says that the library added the source by itself.
	bundled bool
	// derived are the definitions that root was made of, if any.
	derived []Definition
}

func newSource(d Document) *source {
	return &source{name: cmp.Or(d.Name, DefaultName), text: d.Text}
}

// load parses the text, unless that has been done.
func (s *source) load() error {
	if s.loaded {
		return nil
	}
	if !utf8.Valid(s.text) {
		return &SyntaxError{Message: "the text is not valid UTF-8", Location: start}
	}
	var err error
	if s.isYAML() {
		s.root, err = readYAML(s.text)
	} else {
		s.root, s.blind, err = readJSON(s.text)
	}
	s.loaded = err == nil
	return err
}

func (s *source) isYAML() bool { return strings.HasSuffix(s.name, yamlSuffix) }

// place returns the root of s.
func (s *source) place() *place {
	return &place{source: s, at: s.root.at, node: &s.root}
}

// loadAll loads sources in the order of their names, up to the first that is
// unreadable, no array, or has the name of the one before.
func loadAll(sources []*source) error {
	var failed failures
	slices.SortStableFunc(sources, func(a, b *source) int { return cmp.Compare(a.name, b.name) })
	for i, s := range sources {
		if err := s.load(); err != nil {
			failed.unreadable(s.name, err)
		} else if _, ok := s.root.value.([]node); !ok {
			failed.kind(s.place(), "Array")
		} else if i > 0 && sources[i-1].name == s.name {
			failed.collision(s.place().origin(), sources[i-1].place().origin())
		}
		if err := failed.err(); err != nil {
			return err
		}
	}
	return nil
}
