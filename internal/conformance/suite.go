package conformance

import (
	"context"

	"github.com/telestruct/telestruct/tp/wire"
)

// suite is one way to run cases.
type suite struct {
	name string
	// group, when set, makes the suite one of ours rather than of the vector
	// files: it has the cases of this group that are meant for the suite like.
	group, like string
	// perCase says that each case gets a driver of its own. Otherwise the cases
	// of one schema share one.
	perCase bool
	// open makes a driver for the cases of a file. It is nil while the part of
	// the product that the suite is about does not exist.
	open func(*environment, *vectors) (driver, error)
}

// driver is what the cases of a suite run against.
type driver interface {
	// exchange sends the statement's request and returns the message that came
	// back, as a tree. The error is for what else was wrong about the exchange.
	exchange(ctx context.Context, s *statement) (message any, err error)
}

// chooser is a driver that cannot run every case.
type chooser interface {
	// leavesOut says why the case is not for this driver; empty if it is.
	leavesOut(ctx context.Context, c *testCase) (reason string)
}

// suites lists all suites in the order they are reported in.
func suites() []suite {
	messagePack := clientKind{format: wire.MessagePack, pings: 2}
	messagePackPacked := clientKind{format: wire.MessagePack, pings: 2, packed: true}
	cbor := clientKind{format: wire.CBOR, pings: 2}
	cborPacked := clientKind{format: wire.CBOR, pings: 2, packed: true}
	cold := clientKind{format: wire.MessagePack, pings: 1}
	return []suite{
		{name: "server", open: openServer},
		{name: "typed", group: "basic", like: "server", open: openTyped},
		{name: "binary", open: openServer},
		{name: "garbage", open: openGarbage},
		{name: "auth", open: openAuthServer},
		{name: "api-examples-auth", open: openAuthServer},
		{name: "client", open: clientKind{pings: 1}.open},
		{name: "client-binary", open: messagePack.open},
		{name: "client-binary-packed", open: messagePackPacked.open},
		{name: "client-cbor", group: "basic", like: "client-binary", open: cbor.open},
		{name: "client-cbor-packed", group: "basic", like: "client-binary-packed", open: cborPacked.open},
		{name: "typed-binary", group: "basic", like: "client-binary", open: messagePack.openTyped},
		{name: "typed-binary-packed", group: "basic", like: "client-binary-packed", open: messagePackPacked.openTyped},
		{name: "typed-cbor", group: "basic", like: "client-binary", open: cbor.openTyped},
		{name: "typed-cbor-packed", group: "basic", like: "client-binary-packed", open: cborPacked.openTyped},
		{name: "client-binary-cold", perCase: true, open: cold.open},
		{name: "client-binary-rotation", perCase: true, open: cold.open},
		{name: "test-client", perCase: true},
		{name: "mock", perCase: true},
		{name: "mockgen", perCase: true},
		{name: "mock-invalid"},
		{name: "api-examples-mock"},
		{name: "schema", open: openSchemaServer},
	}
}

// has reports whether the cases of a file belong to the suite.
func (s suite) has(v *vectors) bool {
	if s.group != "" {
		return v.Group == s.group && v.in(s.like)
	}
	return v.in(s.name)
}
