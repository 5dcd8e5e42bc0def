package conformance

import (
	"context"

	"github.com/telestruct/telestruct/tp/wire"
)

// suite is one way to run cases.
type suite struct {
	name string
	// like, when set, makes the suite one of ours rather than of the vector files: it
	// has the cases that are meant for this other suite, of one group if group is set.
	like, group string
	// perCase says that each case gets a driver of its own. Otherwise the cases
	// of one schema share one.
	perCase bool
	// open makes a driver for the cases of a file.
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
	list := []suite{
		{name: "server", open: serverKind{}.open},
		{name: "typed", like: "server", group: "basic", open: openTyped},
		{name: "binary", open: serverKind{}.open},
		{name: "garbage", open: serverKind{garbage: true}.open},
		{name: "auth", open: serverKind{auth: true}.open},
		{name: "api-examples-auth", open: serverKind{auth: true}.open},
		{name: "client", open: clientKind{pings: 1}.open},
		{name: "client-binary", open: messagePack.open},
		{name: "client-binary-packed", open: messagePackPacked.open},
		{name: "client-cbor", like: "client-binary", group: "basic", open: cbor.open},
		{name: "client-cbor-packed", like: "client-binary-packed", group: "basic", open: cborPacked.open},
		{name: "typed-binary", like: "client-binary", group: "basic", open: messagePack.openTyped},
		{name: "typed-binary-packed", like: "client-binary-packed", group: "basic", open: messagePackPacked.openTyped},
		{name: "typed-cbor", like: "client-binary", group: "basic", open: cbor.openTyped},
		{name: "typed-cbor-packed", like: "client-binary-packed", group: "basic", open: cborPacked.openTyped},
		{name: "client-binary-cold", perCase: true, open: cold.open},
		{name: "client-binary-rotation", perCase: true, open: cold.open},
		{name: "test-client", perCase: true, open: openTestClient},
		{name: "mock", perCase: true, open: openMock},
		{name: "mockgen", perCase: true, open: openMock},
		{name: "mock-invalid", open: openMock},
		{name: "api-examples-mock", open: openMock},
		{name: "schema", open: openSchemaServer},
	}
	list = append(list, networkSuites("http", overHTTP())...)
	return append(list, networkSuites("ws", overSockets())...)
}

// networkSuites lists the suites that reach servers over a network.
func networkSuites(suffix string, n *network) []suite {
	over := func(like string, open func(*environment, *vectors) (driver, error)) suite {
		return suite{name: like + "-" + suffix, like: like, open: open}
	}
	return []suite{
		over("server", serverKind{network: n}.open),
		over("auth", serverKind{auth: true, network: n}.open),
		over("garbage", serverKind{garbage: true, network: n}.open),
		over("client", clientKind{pings: 1, network: n}.open),
		over("client-binary", clientKind{format: wire.MessagePack, pings: 2, network: n}.open),
	}
}

// has reports whether the cases of a file belong to the suite.
func (s suite) has(v *vectors) bool {
	if s.like != "" {
		return v.in(s.like) && (s.group == "" || s.group == v.Group)
	}
	return v.in(s.name)
}
