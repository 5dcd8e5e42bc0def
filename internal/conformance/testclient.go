package conformance

import (
	"context"
	"errors"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/tptest"
	"github.com/telestruct/telestruct/tp/wire"
)

// testClientDriver compares the answers to a client with what requests expect.
type testClientDriver struct {
	*clientDriver
	asserter *tptest.Asserter
}

func openTestClient(env *environment, v *vectors) (driver, error) {
	ts, err := newTestServer(env, v, rawAPI, tp.NoAuth())
	if err != nil {
		return nil, err
	}
	d := newClientDriver(clientKind{pings: 1}, ts)
	return &testClientDriver{d, tptest.NewAsserter(d.client)}, nil
}

func (d *testClientDriver) exchange(ctx context.Context, s *statement) (any, error) {
	if err := d.warmUp(ctx); err != nil {
		return nil, err
	}
	request, err := d.message(s.Request)
	if err != nil {
		return nil, err
	}
	d.problem = nil
	answer, err := d.assert(ctx, request)
	if _, failed := errors.AsType[*tptest.AssertionError](err); failed {
		return assertionFailed(), d.problem
	}
	if err != nil {
		return nil, errors.Join(err, d.problem)
	}
	came, _ := unmarked(answer)
	return came, d.problem
}

// assert makes the assertion that the headers of a request ask for.
func (d *testClientDriver) assert(ctx context.Context, request *tp.Message) (*tp.Message, error) {
	if seed, ok := request.Headers.Get("@setSeed"); ok {
		n, _ := seed.(int64)
		d.asserter.Seed(n)
	}
	v, _ := request.Headers.Get("@expectedPseudoJsonBody")
	expected, _ := v.(tp.Object)
	if match, ok := request.Headers.Get("@expectMatch"); ok && match == false {
		return d.asserter.Anticipate(ctx, request, expected)
	}
	return d.asserter.Assert(ctx, request, expected)
}

func assertionFailed() any {
	return []any{
		wire.Object{{Key: "@assertionError", Value: true}},
		wire.Object{{Key: "ErrorUnknown_", Value: wire.Object{}}},
	}
}
