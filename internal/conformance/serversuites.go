package conformance

import (
	"context"

	"github.com/telestruct/telestruct/tp"
)

// jsonDriver sends requests to a server, a function of bytes, as JSON or as the
// bytes that they are. Answers are JSON.
type jsonDriver func(ctx context.Context, request []byte) ([]byte, error)

func openServer(env *environment, v *vectors) (driver, error) {
	ts, err := newTestServer(env, v, rawAPI, tp.NoAuth())
	if err != nil {
		return nil, err
	}
	return jsonDriver(ts.process), nil
}

// openAuthServer makes a server that cannot be built without credentials.
func openAuthServer(env *environment, v *vectors) (driver, error) {
	ts, err := newTestServer(env, v, rawAPI)
	if err != nil {
		return nil, err
	}
	return jsonDriver(ts.process), nil
}

func (process jsonDriver) exchange(ctx context.Context, s *statement) (any, error) {
	response, problem := process.guarded(ctx, requestBytes(s.Request))
	came, err := decodeJSON(response)
	if problem != nil {
		return came, problem
	}
	return came, err
}

// guarded answers a panic of the server itself as the vectors say.
func (process jsonDriver) guarded(ctx context.Context, request []byte) (response []byte, problem error) {
	defer func() {
		if recover() != nil {
			response = []byte(`[{}, {"ErrorUnknown_": {}}]`)
		}
	}()
	return process(ctx, request)
}

// requestBytes returns what is sent for a request.
func requestBytes(request any) []byte {
	if raw, ok := request.([]byte); ok {
		return raw
	}
	return encodeJSON(request)
}
