package natsbus

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/telestruct/telestruct/wsx"
)

// The parts of subjects after the prefix.
const (
	topicPart = ".t."
	connPart  = ".c."
	inputPart = ".in"
)

// subject returns the subject of an address.
func subject(prefix string, a wsx.Address) string {
	topic := topicPart + escape(a.Topic)
	if a.Node == "" {
		return prefix + topic
	}
	s := prefix + connPart + escape(a.Node)
	if a.Topic != "" {
		return s + topic
	}
	s += "." + strconv.FormatUint(a.Conn, 10)
	if a.Input {
		s += inputPart
	}
	return s
}

// pattern returns the subject that subscribers of an address subscribe to.
func pattern(prefix string, a wsx.Address) string {
	if a == (wsx.Address{Node: a.Node}) {
		return prefix + connPart + escape(a.Node) + ".>"
	}
	return subject(prefix, a)
}

// parseSubject returns the address that has a subject.
func parseSubject(prefix, s string) (wsx.Address, error) {
	a, ok := wsx.Address{}, false
	if rest, below := strings.CutPrefix(s, prefix); below {
		if name, isTopic := strings.CutPrefix(rest, topicPart); isTopic {
			a.Topic, ok = unescape(name)
		} else if rest, isConn := strings.CutPrefix(rest, connPart); isConn {
			a, ok = parseConn(rest)
		}
	}
	// What can be read, but is not written so, is nobody's.
	if !ok || subject(prefix, a) != s {
		return wsx.Address{}, fmt.Errorf("natsbus: %q is no subject below %q", s, prefix)
	}
	return a, nil
}

// parseConn reads what stands after connPart.
func parseConn(s string) (a wsx.Address, ok bool) {
	node, number, _ := strings.Cut(s, ".")
	if a.Node, ok = unescape(node); !ok {
		return a, false
	}
	if topic, isTopic := strings.CutPrefix("."+number, topicPart); isTopic {
		a.Topic, ok = unescape(topic)
		return a, ok
	}
	number, a.Input = strings.CutSuffix(number, inputPart)
	n, err := strconv.ParseUint(number, 10, 64)
	a.Conn = n
	return a, err == nil
}

// escape writes the bytes that subjects give a meaning, and all that are no ASCII letters
// or digits, as % and two digits. Different texts become different ones.
func escape(text string) string {
	first := strings.IndexFunc(text, func(r rune) bool { return r > 0x7f || !isPlain(byte(r)) })
	if first < 0 {
		return text
	}
	const digits = "0123456789ABCDEF"
	b := append(make([]byte, 0, 3*len(text)), text[:first]...)
	for _, c := range []byte(text[first:]) {
		if isPlain(c) {
			b = append(b, c)
			continue
		}
		b = append(b, '%', digits[c>>4], digits[c&15])
	}
	return string(b)
}

func isPlain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

// unescape reads what escape has written; false for anything else, and for nothing.
func unescape(text string) (string, bool) {
	b := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '%' {
			if i+2 >= len(text) {
				return "", false
			}
			n, err := strconv.ParseUint(text[i+1:i+3], 16, 8)
			if err != nil {
				return "", false
			}
			c = byte(n)
			i += 2
		}
		b = append(b, c)
	}
	s := string(b)
	return s, s != "" && escape(s) == text
}
