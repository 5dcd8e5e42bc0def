package tp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/telestruct/telestruct/tp/wire"
)

// clientCall is one call on its way: what it sends, and how.
type clientCall struct {
	client   *Client
	content  content
	headers  Object // of the request, without @time_ and @bin_
	settings callSettings
	timeout  time.Duration
}

// run makes the call, and once more in JSON when the server does not know the
// encoding of the request (spec section 16.2).
func (x *clientCall) run(ctx context.Context) (*Message, error) {
	if x.client.transport == nil {
		return nil, x.failure(KindTransport, errNoTransport)
	}
	x.limitTime(ctx)
	mode := x.settings.binary
	answer, err := x.attempt(ctx, mode)
	if err == nil && isIncompatible(answer) {
		return x.attempt(ctx, BinaryOn)
	}
	return answer, err
}

// limitTime finds out how long an attempt may take and tells the server: what the
// request says already, or the time until the deadline of ctx, or the default.
func (x *clientCall) limitTime(ctx context.Context) {
	x.timeout = x.settings.timeout
	if deadline, ok := ctx.Deadline(); ok {
		x.timeout = time.Until(deadline)
	}
	if given, ok := x.headers.Get("@time_"); ok {
		if ms, isInt := given.(int64); isInt && ms > 0 {
			x.timeout = time.Duration(min(ms, maxMilliseconds)) * time.Millisecond
		}
		return
	}
	x.headers = append(slices.Clip(x.headers), Member{Key: "@time_", Value: x.milliseconds()})
}

// milliseconds returns how long an attempt may take. It is rounded up: the time of the
// handler is not over before that of the call, whose error then says so.
func (x *clientCall) milliseconds() int64 {
	return int64((max(x.timeout, 1)-1)/time.Millisecond) + 1
}

// attempt sends the request and reads the answer, in time as far as the transport
// minds its context.
func (x *clientCall) attempt(ctx context.Context, mode BinaryMode) (*Message, error) {
	request, known, err := x.encode(mode)
	if err != nil {
		return nil, x.failure(KindSerialization, err)
	}
	ctx, cancel := context.WithTimeout(ctx, x.timeout)
	defer cancel()
	response, err := x.send(ctx, request)
	if err != nil {
		return nil, err
	}
	answer, err := x.decode(response, known)
	if err != nil {
		return nil, x.failure(KindSerialization, err)
	}
	if answer.Target == tagUnknown && hasEnded(ctx) { // the handler most likely gave up as well
		return nil, x.failure(KindTransport, x.ended(ctx, errGivenUp))
	}
	return answer, nil
}

// encode returns the request, and the encodings that it told the server of
// (spec section 16.3).
func (x *clientCall) encode(mode BinaryMode) (request []byte, known []*encoding, err error) {
	if mode == BinaryOff {
		request, err = x.encodeJSON(x.headers)
		return request, nil, err
	}
	known = x.client.encodings.current()
	headers := slices.Clone(x.headers)
	headers.Set("@bin_", checksumsOf(known))
	if mode == BinaryAlways && len(known) == 1 {
		request, err = x.encodeBinary(headers, known[0])
	} else {
		request, err = x.encodeJSON(headers)
	}
	return request, known, err
}

func (x *clientCall) encodeJSON(headers Object) ([]byte, error) {
	b, err := wire.AppendBegin(nil, headers, x.content.function())
	if err != nil {
		return nil, err
	}
	if b, err = x.content.appendJSON(b); err != nil {
		return nil, err
	}
	return wire.AppendFinish(b), nil
}

func (x *clientCall) encodeBinary(headers Object, e *encoding) ([]byte, error) {
	head, err := e.format.AppendHeaders(nil, headers)
	if err != nil {
		return nil, err
	}
	body, err := e.format.AppendTarget(nil, x.content.function(), e.fields)
	if err != nil {
		return nil, err
	}
	if body, err = x.content.appendBinary(body, e); err != nil {
		return nil, err
	}
	if isPacked(headers) {
		return e.format.Pack(head, body), nil
	}
	return append(head, body...), nil
}

// send makes one round trip.
func (x *clientCall) send(ctx context.Context, request []byte) ([]byte, error) {
	err := ctx.Err()
	var response []byte
	if err == nil {
		response, err = x.client.transport.RoundTrip(ctx, request)
	}
	if err == nil {
		return response, nil
	}
	if _, isOurs := errors.AsType[*Error](err); isOurs {
		return nil, err
	}
	return nil, x.failure(KindTransport, x.ended(ctx, err))
}

// hasEnded reports whether ctx has ended, also when its timer is about to say so.
func hasEnded(ctx context.Context) bool {
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		<-ctx.Done()
	}
	return ctx.Err() != nil
}

// ended returns err with what ended the context, if something did.
func (x *clientCall) ended(ctx context.Context, err error) error {
	reason := ctx.Err()
	if reason != nil && !errors.Is(err, reason) {
		err = fmt.Errorf("%w: %w", reason, err)
	}
	if errors.Is(reason, context.DeadlineExceeded) {
		err = fmt.Errorf("no answer within %d ms: %w", x.milliseconds(), err)
	}
	return err
}

// decode reads a response, in the format of its first byte (spec section 16.4).
func (x *clientCall) decode(response []byte, known []*encoding) (*Message, error) {
	f := wire.FormatOf(response)
	if f == wire.JSON {
		return x.content.readJSON(response, x.client.limits)
	}
	if err := guard(f, response, x.client.limits); err != nil {
		return nil, err
	}
	resolve := func(headers Object) (*wire.Fields, error) {
		return x.client.encodings.resolve(headers, f, known)
	}
	return x.content.readBinary(response, resolve, x.client.limits)
}

func (x *clientCall) failure(kind Kind, cause error) error {
	if ours, ok := cause.(*Error); ok {
		return ours
	}
	return &Error{Kind: kind, Function: x.content.function(), Cause: cause}
}

// isIncompatible reports whether the server could not tell the names of fields in
// a binary request.
func isIncompatible(m *Message) bool {
	if m.Target != tagParseFailure || len(m.Payload) != 1 {
		return false
	}
	reasons, _ := m.Payload.Get("reasons")
	list, _ := reasons.([]any)
	if len(list) != 1 {
		return false
	}
	reason := objectOf(list[0])
	return len(reason) == 1 && reason[0].Key == "IncompatibleBinaryEncoding" && len(objectOf(reason[0].Value)) == 0
}
