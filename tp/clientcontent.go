package tp

import "github.com/telestruct/telestruct/tp/wire"

// content is what a call sends and what it wants to have of the answer: value trees
// for [Client.Exchange], Go structs for [Call].
type content interface {
	function() string
	// appendJSON and appendBinary append the payload of the request.
	appendJSON(b []byte) ([]byte, error)
	appendBinary(b []byte, e *encoding) ([]byte, error)
	// readJSON and readBinary read the response. Its payload is nil when it went
	// into a Go struct.
	readJSON(response []byte, l wire.Limits) (*Message, error)
	readBinary(response []byte, resolve resolver, l wire.Limits) (*Message, error)
}

// treeContent is the content of a call on value trees.
type treeContent struct {
	target  string
	payload any
}

func (c *treeContent) function() string { return c.target }

func (c *treeContent) appendJSON(b []byte) ([]byte, error) {
	return wire.AppendValue(b, c.payload)
}

func (c *treeContent) appendBinary(b []byte, e *encoding) ([]byte, error) {
	return e.format.AppendValue(b, c.payload, e.fields)
}

func (c *treeContent) readJSON(response []byte, l wire.Limits) (*Message, error) {
	m, err := wire.DecodeMessage(response, l)
	if err != nil {
		return nil, err
	}
	tree, _ := m.Headers.Get("@base64_")
	m.Payload = objectOf(withBytes(m.Target, m.Payload, tree))
	return m, nil
}

func (c *treeContent) readBinary(response []byte, resolve resolver, l wire.Limits) (*Message, error) {
	return wire.DecodeBinary(response, resolve, l)
}
