package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// clientKind says what clients a suite is about.
type clientKind struct {
	// format is the binary format that the client speaks; JSON if it speaks none.
	format wire.Format
	// packed makes every request ask for packed lists.
	packed bool
	// pings is how many calls the client makes before the first case.
	pings int
	// network is how the client reaches its server; nil for a function of bytes.
	network *network
}

// open makes a client of a server over value trees.
func (k clientKind) open(env *environment, v *vectors) (driver, error) {
	ts, err := newTestServer(env, v, rawAPI, tp.NoAuth())
	if err != nil {
		return nil, err
	}
	d := newClientDriver(k, ts)
	if k.network == nil {
		return d, nil
	}
	r, err := reach(ts, k.network, k.network.client)
	if err != nil {
		return nil, err
	}
	d.process = r.process
	return networkDriver{d, r}, nil
}

// openTyped makes a client of a server over Go types.
func (k clientKind) openTyped(env *environment, v *vectors) (driver, error) {
	ts, chooser, err := newTwinServer(env, v)
	if err != nil {
		return nil, err
	}
	return typedClientDriver{newClientDriver(k, ts), chooser}, nil
}

// typedClientDriver leaves out the cases whose answer no Go value can be.
type typedClientDriver struct {
	*clientDriver
	twinChooser
}

// clientDriver sends requests through a client, and watches what the client sends.
type clientDriver struct {
	clientKind
	process bytesDriver // what it sends requests to
	client  *tp.Client
	warm    bool // the pings were sent
	traffic traffic
	problem error // with what was sent
}

func newClientDriver(k clientKind, ts *testServer) *clientDriver {
	d := &clientDriver{clientKind: k, process: ts.process}
	ts.binary = k.format
	mode := tp.BinaryOff
	if k.format != wire.JSON {
		mode = tp.BinaryAlways
	}
	d.client = tp.NewClient(d, tp.Binary(mode), tp.Timeout(patience))
	return d
}

// RoundTrip is the client's transport.
func (d *clientDriver) RoundTrip(ctx context.Context, request []byte) ([]byte, error) {
	d.traffic.calls++
	response, problem := d.process.guarded(ctx, request)
	d.problem = errors.Join(d.problem, problem,
		d.traffic.request.see(request, d.format), d.traffic.response.see(response, d.format))
	if response == nil {
		return nil, problem
	}
	return response, nil
}

func (d *clientDriver) exchange(ctx context.Context, s *statement) (any, error) {
	if err := d.warmUp(ctx); err != nil {
		return nil, err
	}
	d.traffic, d.problem = traffic{}, nil
	answer, err := d.send(ctx, s.Request)
	if err != nil {
		// Only a case that expects a client to fail may do without the reason.
		came := []any{wire.Object{}, wire.Object{{Key: "ErrorUnknown_", Value: wire.Object{}}}}
		if (comparison{}).equal(s.Response, came) {
			err = nil
		}
		return came, errors.Join(err, d.problem, d.traffic.checkCalls(s))
	}
	came, marks := unmarked(answer)
	return came, errors.Join(d.problem, d.traffic.checkCalls(s), d.check(s.Assert, answer.Target, marks))
}

// warmUp makes the calls after which a client is as cases expect it to be.
func (d *clientDriver) warmUp(ctx context.Context) error {
	if d.warm {
		return nil
	}
	d.warm = true
	for range d.pings {
		if _, err := d.client.Exchange(ctx, &tp.Message{Target: "fn.ping_", Payload: wire.Object{}}); err != nil {
			return fmt.Errorf("the first call failed: %w", err)
		}
	}
	return d.problem
}

// send sends a request, which is a tree, through the client.
func (d *clientDriver) send(ctx context.Context, request any) (*tp.Message, error) {
	m, err := d.message(request)
	if err != nil {
		return nil, err
	}
	return d.client.Exchange(ctx, m)
}

// message returns a request as the client takes it.
func (d *clientDriver) message(request any) (*tp.Message, error) {
	headers, function, ok := parts(request)
	if !ok {
		return nil, errors.New("a client sends messages only")
	}
	pair, _ := native(request).([]any)
	body, _ := pair[1].(wire.Object)
	payload, isObject := body[0].Value.(wire.Object)
	if !isObject {
		return nil, errors.New("a client sends messages only")
	}
	headers = nativeObject(headers)
	if d.packed {
		headers.Set("@pac_", true)
	}
	return &tp.Message{Headers: headers, Target: function, Payload: payload}, nil
}

// marks are the headers that say how an answer was sent.
type marks struct {
	binary, base64, raw bool
}

// unmarked returns an answer as a JSON tree without such headers, and what they
// said. Where the client returned bytes the tree has text.
func unmarked(answer *tp.Message) (came any, m marks) {
	headers, _ := plain(answer.Headers)
	payload, raw := plain(answer.Payload)
	m.raw = raw
	rest := slices.DeleteFunc(headers.(wire.Object), func(header wire.Member) bool {
		switch header.Key {
		case "@bin_":
			m.binary = true
		case "@base64_":
			m.base64 = true
		case "@enc_", "@pac_":
		default:
			return false
		}
		return true
	})
	return []any{rest, wire.Object{{Key: answer.Target, Value: payload}}}, m
}

// check says what is wrong with how an answer with this tag was sent.
func (d *clientDriver) check(a assertion, tag string, m marks) error {
	var problems []error
	if d.format != wire.JSON {
		problems = append(problems, d.traffic.check(a, tag))
		if !m.binary && !strings.Contains(tag, "Error") {
			problems = append(problems, errors.New("the answer has no header @bin_"))
		}
	}
	if !m.binary && m.base64 != m.raw {
		problems = append(problems, fmt.Errorf("the answer has the header @base64_: %v; it has bytes: %v", m.base64, m.raw))
	}
	return errors.Join(problems...)
}
