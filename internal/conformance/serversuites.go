package conformance

import (
	"context"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// bytesDriver sends requests to a server, a function of bytes.
type bytesDriver func(ctx context.Context, request []byte) ([]byte, error)

// serverKind says what servers a suite is about.
type serverKind struct {
	// auth makes servers that cannot be built without credentials.
	auth bool
	// garbage sends JSON, whatever the headers of a request say.
	garbage bool
	// network is how the server is reached; nil for a function of bytes.
	network *network
}

func (k serverKind) open(env *environment, v *vectors) (driver, error) {
	var options []tp.Option
	if !k.auth {
		options = append(options, tp.NoAuth())
	}
	ts, err := newTestServer(env, v, rawAPI, options...)
	if err != nil {
		return nil, err
	}
	if k.network == nil {
		return k.driver(ts.process), nil
	}
	r, err := reach(ts, k.network, k.network.plain)
	if err != nil {
		return nil, err
	}
	return networkDriver{k.driver(r.process), r}, nil
}

func (k serverKind) driver(process bytesDriver) driver {
	if k.garbage {
		return garbageDriver{process}
	}
	return process
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

func (d garbageDriver) exchange(ctx context.Context, s *statement) (any, error) {
	sent := *s
	if _, raw := s.Request.([]byte); !raw {
		sent.Request = encodeJSON(s.Request)
	}
	return d.bytesDriver.exchange(ctx, &sent)
}
