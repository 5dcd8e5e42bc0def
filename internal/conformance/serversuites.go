package conformance

import (
	"context"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// bytesDriver sends requests to a server, a function of bytes.
type bytesDriver func(ctx context.Context, request []byte) ([]byte, error)

func openServer(env *environment, v *vectors) (driver, error) {
	ts, err := newTestServer(env, v, rawAPI, tp.NoAuth())
	if err != nil {
		return nil, err
	}
	return bytesDriver(ts.process), nil
}

// openAuthServer makes a server that cannot be built without credentials.
func openAuthServer(env *environment, v *vectors) (driver, error) {
	ts, err := newTestServer(env, v, rawAPI)
	if err != nil {
		return nil, err
	}
	return bytesDriver(ts.process), nil
}

func (process bytesDriver) exchange(ctx context.Context, s *statement) (any, error) {
	request, err := requestBytes(s.Request)
	if err != nil {
		return nil, err
	}
	response, problem := process.guarded(ctx, request)
	came, err := decodeAnswer(response)
	if problem != nil {
		return came, problem
	}
	return came, err
}

// guarded answers a panic of the server itself as the vectors say.
func (process bytesDriver) guarded(ctx context.Context, request []byte) (response []byte, problem error) {
	defer func() {
		if recover() != nil {
			response = []byte(`[{}, {"ErrorUnknown_": {}}]`)
		}
	}()
	return process(ctx, request)
}

// requestBytes returns what is sent for a request: the bytes that it is, a message
// in MessagePack if its headers say so, and JSON otherwise.
func requestBytes(request any) ([]byte, error) {
	if raw, ok := request.([]byte); ok {
		return raw, nil
	}
	if message, ok := request.([]any); ok && len(message) > 0 {
		headers, _ := message[0].(wire.Object)
		if asked, _ := headers.Get("@msgpack"); asked == true {
			return encodeMessagePack(request)
		}
	}
	return encodeJSON(request), nil
}

// garbageDriver never sends MessagePack, whatever headers say.
type garbageDriver struct{ bytesDriver }

func openGarbage(env *environment, v *vectors) (driver, error) {
	ts, err := newTestServer(env, v, rawAPI, tp.NoAuth())
	if err != nil {
		return nil, err
	}
	return garbageDriver{ts.process}, nil
}

func (d garbageDriver) exchange(ctx context.Context, s *statement) (any, error) {
	sent := *s
	if _, raw := s.Request.([]byte); !raw {
		sent.Request = encodeJSON(s.Request)
	}
	return d.bytesDriver.exchange(ctx, &sent)
}
