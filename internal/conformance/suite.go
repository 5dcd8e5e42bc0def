package conformance

import "context"

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
	return []suite{
		{name: "server", open: openServer},
		{name: "typed", group: "basic", like: "server", open: openTyped},
		{name: "binary"},
		{name: "garbage", open: openServer},
		{name: "auth", open: openAuthServer},
		{name: "api-examples-auth", open: openAuthServer},
		{name: "client"},
		{name: "client-binary"},
		{name: "client-binary-packed"},
		{name: "client-binary-cold", perCase: true},
		{name: "client-binary-rotation", perCase: true},
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
