package wsx

import (
	"strings"

	"github.com/telestruct/telestruct/tp"
)

// The subprotocols of Telepact. They say what a caller who allows binary answers gets;
// requests are told apart by their first byte whatever was agreed.
const (
	protocolPrefix      = "telepact."
	protocolJSON        = protocolPrefix + "json"
	protocolMessagePack = protocolPrefix + "msgpack"
	protocolCBOR        = protocolPrefix + "cbor"
)

// protocols returns the subprotocols that clients may choose from, the ones that we would
// rather have first.
func (e *Endpoint) protocols() []string {
	if e.api == nil {
		return e.subprotocols
	}
	return append(e.subprotocols[:len(e.subprotocols):len(e.subprotocols)], protocolJSON, protocolMessagePack, protocolCBOR)
}

// binaryFormat returns the format of binary answers on a connection.
func binaryFormat(protocol string) tp.Format {
	switch {
	case strings.EqualFold(protocol, protocolMessagePack):
		return tp.MessagePack
	case strings.EqualFold(protocol, protocolCBOR):
		return tp.CBOR
	}
	return tp.JSON // which leaves the choice to the server
}

// checkSubprotocol says what is wrong with the name of a subprotocol; empty if nothing is.
func checkSubprotocol(name string) string {
	switch {
	case name == "":
		return "is empty"
	case strings.ContainsFunc(name, isNoTokenRune):
		return "is no token, which has letters, digits and some of !#$%&'*+-.^_`|~"
	case len(name) >= len(protocolPrefix) && strings.EqualFold(name[:len(protocolPrefix)], protocolPrefix):
		return "is one of Telepact: give Calls for those"
	}
	return ""
}

// isNoTokenRune reports whether r cannot be in a token (RFC 9110 section 5.6.2).
func isNoTokenRune(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}
