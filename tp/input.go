package tp

import (
	"errors"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

// input is a request message while it is read: the headers first, then the target,
// then the payload, once and in that order. Its first byte says in which format
// (spec section 1.2). What fails is decoded once more by [input.message], to say
// why.
type input struct {
	srv    *Server
	body   []byte
	format wire.Format

	json   plan.Decoder
	binary binaryInput
}

func (in *input) open(s *Server, body []byte) {
	if in.srv != s {
		in.srv = s
	}
	in.body, in.format = body, wire.FormatOf(body)
	if in.format == wire.JSON {
		in.json.Reset(body, s.limits)
		return
	}
	in.binary.Reset(body, in.format, s.fields, s.limits)
}

// intern makes the strings of all messages be taken from s.
func (in *input) intern(s *wire.Interned) {
	in.json.Intern(s)
	in.binary.Intern(s)
}

// close lets go of everything that was read, but for short strings.
func (in *input) close() {
	in.body = nil
	in.setSelectable(nil)
	if in.format == wire.JSON {
		in.json.Reset(nil, wire.Limits{})
		return
	}
	in.binary.Reset(nil, in.format, in.srv.fields, wire.Limits{})
	in.binary.unpacked = kept(in.binary.unpacked)
}

// begin reads the headers, which are nil when there are none, and the target: fn
// is what the server has for it, or the stand-in for what it does not have, which is then
// named by unknown. Last is what was called before, if anything.
func (in *input) begin(last *function) (headers Object, fn *function, unknown string, ok bool) {
	if in.format != wire.JSON {
		return in.beginBinary(last)
	}
	headers, target, ok := in.json.Begin()
	if !ok {
		return nil, nil, "", false
	}
	if fn = functionOf(in.srv, target, last); fn == nil {
		return headers, in.srv.unknown, string(target), true
	}
	return headers, fn, "", true
}

func (in *input) beginBinary(last *function) (headers Object, fn *function, unknown string, ok bool) {
	if guard(in.format, in.body, in.srv.limits) != nil {
		return nil, nil, "", false
	}
	headers, target, ok := in.binary.beginMessage(in.resolve, in.srv.fields)
	if !ok {
		return nil, nil, "", false
	}
	if fn = functionOf(in.srv, target, last); fn == nil {
		return headers, in.srv.unknown, target, true
	}
	return headers, fn, "", true
}

// resolve returns the table that a binary message with these headers was written
// with. It fails unless it is the server's own (spec section 1.3 step 4).
func (in *input) resolve(headers Object) (*wire.Fields, error) {
	v, _ := headers.Get("@bin_")
	checksums, _ := v.([]any)
	if len(checksums) > 0 && checksums[0] == int64(in.srv.fields.Checksum()) {
		return in.srv.fields, nil
	}
	return nil, &wire.ParseError{Reason: wire.ReasonIncompatibleBinary}
}

// decode reads the payload into the arguments at p, to the end of the message.
func (in *input) decode(args *plan.Struct, p mem.Ptr, selectable func(any) bool) bool {
	in.setSelectable(selectable)
	if in.format == wire.JSON {
		return args.Decode(&in.json, p) && in.json.Finish()
	}
	return args.DecodeBinary(&in.binary.BinaryDecoder, p) && in.binary.Finish()
}

func (in *input) setSelectable(selectable func(any) bool) {
	if selectable != nil || in.json.Selectable != nil {
		in.json.Selectable, in.binary.Selectable = selectable, selectable
	}
}

// payload reads the payload as a tree, to the end of the message. What fails is
// decoded once more, to say why.
func (in *input) payload() (Object, error) {
	if payload, ok := in.rest(); ok {
		return payload, nil
	}
	if _, err := in.message(); err != nil {
		return nil, err
	}
	return nil, errDisagree
}

func (in *input) rest() (payload Object, ok bool) {
	if in.format == wire.JSON {
		return in.json.Rest()
	}
	v, ok := in.binary.Value(in.srv.fields)
	payload, isObject := v.(Object)
	return payload, ok && isObject && in.binary.Finish()
}

// message decodes the whole message into trees.
func (in *input) message() (*wire.Message, error) {
	if in.format == wire.JSON {
		return wire.DecodeMessage(in.body, in.srv.limits)
	}
	if err := guard(in.format, in.body, in.srv.limits); err != nil {
		return nil, err
	}
	return wire.DecodeBinary(in.body, in.resolve, in.srv.limits)
}

// limitError returns an error if a limit on memory made decode fail.
func (in *input) limitError() error {
	if in.format == wire.JSON {
		return in.json.LimitError()
	}
	return in.binary.LimitError()
}

// panicked returns the panic of a text type that decode met.
func (in *input) panicked() plan.Panicked {
	if in.format == wire.JSON {
		return in.json.Panicked
	}
	return in.binary.Panicked
}

// errDisagree is the cause when a plan refuses what the validator accepts. It
// points at a defect of the framework, never of a caller.
var errDisagree = errors.New("the decoder refused a request that the validator accepts")
