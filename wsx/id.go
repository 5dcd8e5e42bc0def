package wsx

import (
	"fmt"
	"strconv"
	"strings"
)

// ID names one connection among those of all nodes. A node never uses a number again
// while it runs. IDs compare with ==.
type ID struct {
	// Node is the node that has the connection; see [NodeName].
	Node string
	// Number counts the connections of the node from 1. In the ID of who has sent a
	// message, 0 stands for the program itself.
	Number uint64
}

// String returns the ID as [ParseID] reads it, such as a1b2c3-17.
func (id ID) String() string { return id.Node + "-" + strconv.FormatUint(id.Number, 10) }

// ParseID reads an ID. It fails for text that [ID.String] does not return.
func ParseID(text string) (ID, error) {
	at := strings.LastIndexByte(text, '-')
	if at <= 0 {
		return ID{}, fmt.Errorf("wsx: %q is no ID of a connection, which has a node, a hyphen and a number", text)
	}
	number, err := strconv.ParseUint(text[at+1:], 10, 64)
	id := ID{Node: text[:at], Number: number}
	if err != nil || id.String() != text {
		return ID{}, fmt.Errorf("wsx: %q is no ID of a connection: it ends in no number", text)
	}
	return id, nil
}

// MarshalText returns what [ID.String] does.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what [ParseID] does.
func (id *ID) UnmarshalText(text []byte) (err error) {
	*id, err = ParseID(string(text))
	return err
}
