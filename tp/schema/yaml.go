package schema

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/telestruct/telestruct/tp/wire"
)

// readYAML parses a YAML document that holds nothing but what JSON can say
// (spec section 8.3).
func readYAML(text []byte) (root node, err error) {
	if len(text) > maxYAML {
		return root, &LimitError{What: "bytes of YAML", Max: maxYAML, Location: start}
	}
	if err := scanNumbers(text); err != nil {
		return root, err
	}
	if err := scanYAML(text, yamlLimits{maxFlow, maxFlowNodes, maxYAMLNodes}); err != nil {
		return root, err
	}
	policy := &yamlPolicy{text: text}
	var document yaml.Node
	if err := yaml.Load(text, &document, yaml.WithPlugin(policy)); err != nil {
		return root, policy.explain(err)
	}
	root, err = yamlNode(document.Content[0], 0)
	if err != nil {
		return root, err
	}
	if _, ok := root.value.([]node); !ok {
		return root, &SyntaxError{
			Message:  "the document is not a sequence of definitions; begin each with \"- \"",
			Location: root.at,
		}
	}
	return root, nil
}

// yamlPolicy refuses anchors and aliases as soon as the YAML library meets one,
// so that nothing is ever expanded, and bounds the nesting. It serves one text.
type yamlPolicy struct {
	text []byte
	// tooDeep remembers why the library gave up, which its errors do not say.
	tooDeep bool
}

var (
	errAlias = errors.New("anchors and aliases are not allowed; write the value out")
	errDepth = errors.New("too many levels of nesting")
)

func (p *yamlPolicy) NewAliasDataContext(yaml.AliasDataServices) (yaml.AliasDataContext, error) {
	return p, nil
}

func (*yamlPolicy) BeginDocument() error                          { return nil }
func (*yamlPolicy) DefineAnchor(string, *yaml.Node) error         { return errAlias }
func (*yamlPolicy) ResolveAlias(string) (*yaml.Node, bool, error) { return nil, false, errAlias }
func (*yamlPolicy) EndDocument() error                            { return nil }
func (*yamlPolicy) CheckAlias(int, int) error                     { return nil }

func (p *yamlPolicy) CheckDepth(depth int, _ *yaml.DepthContext) error {
	if p.tooDeep = depth > maxDepth; p.tooDeep {
		return errDepth
	}
	return nil
}

// explain returns err, an error of the library, as one of ours.
func (p *yamlPolicy) explain(err error) error {
	at, message := start, strings.TrimPrefix(err.Error(), "yaml: ")
	var load *yaml.LoadError
	if errors.As(err, &load) {
		at = Location{Row: max(load.Mark.Line, 1), Col: max(load.Mark.Column, 1)}
		message = strings.TrimPrefix(load.Message, "yaml: ") + context(load)
	}
	if p.tooDeep {
		return &LimitError{What: "levels of nesting", Max: maxDepth, Location: at}
	}
	line := []rune(lineOf(p.text, at.Row))
	if tab := slices.Index(line[:indentOf(line)], '\t'); tab >= 0 {
		return &SyntaxError{Message: "a tab indents the line; indent with blanks", Location: Location{at.Row, 1 + tab}}
	}
	if at.Col <= len(line) && line[at.Col-1] == ':' {
		message += "; quote the text that the colon is part of, or give the key before it a line of its own"
	}
	return &SyntaxError{Message: message, Location: at}
}

// context says what the library was reading when it met an error, and where that
// began; the line of the error itself is often the one after the mistake.
func context(err *yaml.LoadError) string {
	if err.ContextMsg == "" || err.ContextMark.Line == 0 {
		return ""
	}
	return fmt.Sprintf(", %s that begins in line %d", err.ContextMsg, err.ContextMark.Line)
}

// lineOf returns line row of a YAML text.
func lineOf(text []byte, row int) string {
	t := newYAMLText(text)
	for t.row < row && !t.end() {
		t.nextLine()
	}
	begin := t.pos
	for !t.endOfLine() {
		t.pos++
	}
	return t.text[begin:t.pos]
}

// indentOf returns how many characters of blanks line begins with.
func indentOf(line []rune) int {
	for i, r := range line {
		if r != ' ' && r != '\t' {
			return i
		}
	}
	return len(line)
}

// yamlNode returns what the library made of a value with depth collections
// around it.
func yamlNode(n *yaml.Node, depth int) (node, error) {
	out := node{at: Location{Row: n.Line, Col: n.Column}}
	var err error
	switch {
	case n.Kind == yaml.ScalarNode:
		out.value, err = yamlScalar(n)
	case depth == maxDepth:
		err = &LimitError{What: "levels of nesting", Max: maxDepth, Location: out.at}
	case n.Kind == yaml.SequenceNode && n.Tag == "!!seq":
		out.value, err = yamlSequence(n, depth+1)
	case n.Kind == yaml.MappingNode && n.Tag == "!!map":
		out.value, err = yamlMapping(n, depth+1)
	default:
		err = refuseYAML(n, "tag "+n.Tag)
	}
	return out, err
}

func yamlSequence(n *yaml.Node, depth int) ([]node, error) {
	elements := make([]node, len(n.Content))
	for i, element := range n.Content {
		var err error
		if elements[i], err = yamlNode(element, depth); err != nil {
			return nil, err
		}
	}
	return elements, nil
}

func yamlMapping(n *yaml.Node, depth int) ([]member, error) {
	members := make([]member, 0, len(n.Content)/2)
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || key.Tag != "!!str" {
			return nil, refuseYAML(key, "key that is not a string (quote it to make it one)")
		}
		if seen[key.Value] {
			return nil, refuseYAML(key, fmt.Sprintf("second key %q in one mapping", key.Value))
		}
		seen[key.Value] = true
		value, err := yamlNode(n.Content[i+1], depth)
		if err != nil {
			return nil, err
		}
		members = append(members, member{key.Value, Location{Row: key.Line, Col: key.Column}, value})
	}
	return members, nil
}

// yamlScalar returns the value of a scalar by its tag, which the library has
// resolved.
func yamlScalar(n *yaml.Node) (any, error) {
	switch n.Tag {
	case "!!str":
		if number, ok := wire.ParseNumber(n.Value); ok && n.Style == 0 {
			return number, nil // too large for the library
		}
		return n.Value, nil
	case "!!null", "!!bool", "!!int", "!!float":
		return yamlConstant(n)
	}
	return nil, refuseYAML(n, fmt.Sprintf("value %q of kind %s (quote it to make it a string)", n.Value, n.Tag))
}

func yamlConstant(n *yaml.Node) (any, error) {
	// Many numbers YAML and JSON write alike.
	if number, ok := wire.ParseNumber(n.Value); ok {
		return number, nil
	}
	v, ok := resolvedConstant(n)
	if !ok {
		if err := n.Decode(&v); err != nil {
			return nil, refuseYAML(n, fmt.Sprintf("value %q that is not a %s", n.Value, n.Tag))
		}
	}
	switch v := v.(type) {
	case nil, bool:
		return v, nil
	case int:
		return int64(v), nil
	case int64:
		return v, nil
	case uint64:
		return wire.Number(strconv.FormatUint(v, 10)), nil
	case float64:
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			return v, nil
		}
	}
	return nil, refuseYAML(n, fmt.Sprintf("number %s, which JSON cannot hold", n.Value))
}

// resolvedConstant returns the value of a constant of which the library has
// found out the tag by itself, if it is a simple one. To decode one costs more
// than to parse it.
func resolvedConstant(n *yaml.Node) (any, bool) {
	if n.Style&yaml.TaggedStyle != 0 {
		return nil, false
	}
	switch n.Tag {
	case "!!null":
		return nil, true
	case "!!bool":
		return strings.EqualFold(n.Value, "true"), true
	case "!!int":
		i, err := strconv.ParseInt(n.Value, 0, 64)
		return i, err == nil
	}
	f, err := strconv.ParseFloat(n.Value, 64)
	return f, err == nil
}

func refuseYAML(n *yaml.Node, what string) error {
	return &SyntaxError{
		Message:  what + " is not allowed",
		Location: Location{Row: n.Line, Col: n.Column},
	}
}
