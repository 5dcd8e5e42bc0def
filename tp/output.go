package tp

import (
	"slices"

	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

// negotiate runs step 10 of spec section 2.2: a caller that sends @bin_ reads
// binary.
func (x *exchange) negotiate() {
	if _, asked := x.headers.Get("@bin_"); !asked {
		return
	}
	switch {
	case x.call.Binary != wire.JSON:
		x.binary = x.call.Binary
	case x.in.format != wire.JSON:
		x.binary = x.in.format
	default:
		x.binary = wire.MessagePack
	}
	if packed, ok := x.headers.Get("@pac_"); ok {
		x.response.Set("@pac_", packed)
	}
}

// formatOf returns the format in which a result is written: errors are always JSON
// (spec section 2.4).
func (x *exchange) formatOf(tag string) wire.Format {
	if tag == "Ok_" {
		return x.binary
	}
	return wire.JSON
}

// binaryHeaders adds the headers that say how a binary body is to be read (spec
// section 14.4): the checksum of the table, and the table itself for who lacks it.
func (x *exchange) binaryHeaders(headers Object) Object {
	fields := x.srv.fields
	asked, _ := x.headers.Get("@bin_")
	known, _ := asked.([]any)
	isKnown := slices.Contains(known, any(int64(fields.Checksum())))
	if isKnown && len(headers) == 0 {
		return fields.Plain()
	}
	const added = 2
	headers = append(make(Object, 0, len(headers)+added), headers...)
	if !isKnown {
		headers.Set("@enc_", fields.Header())
	}
	for _, m := range fields.Plain() {
		headers.Set(m.Key, m.Value)
	}
	return headers
}

// isPlain reports whether headers are those of which the table knows how they are
// written.
func isPlain(headers Object, fields *wire.Fields) bool {
	plain := fields.Plain()
	return len(headers) == len(plain) && len(plain) > 0 && &headers[0] == &plain[0]
}

// writeBegin replaces whatever was written by a message up to its payload.
func (x *exchange) writeBegin(f wire.Format, headers Object, tag string) (err error) {
	if x.enc.Format = f; x.enc.Fields != x.srv.fields {
		x.enc.Fields = x.srv.fields
	}
	b := x.enc.Buf[:0]
	if f == wire.JSON {
		b, err = wire.AppendBegin(b, headers, tag)
		x.enc.Keep(b)
		return err
	}
	if isPlain(headers, x.srv.fields) {
		b = f.AppendPlain(b, x.srv.fields)
	} else {
		b, err = f.AppendHeaders(b, headers)
	}
	if err == nil {
		x.body = len(b)
		b, err = f.AppendTarget(b, tag, x.srv.fields)
	}
	x.enc.Keep(b)
	return err
}

// writeFinish ends a message after its payload, and makes its headers and its tag
// those of the reply.
func (x *exchange) writeFinish(f wire.Format, headers Object, tag string) {
	switch {
	case f == wire.JSON:
		x.enc.Keep(wire.AppendFinish(x.enc.Buf))
	case isPacked(headers):
		x.packed = f.Pack(x.packed[:0], x.enc.Buf[x.body:])
		x.enc.Buf = append(x.enc.Buf[:x.body], x.packed...)
	}
	if x.tag != tag {
		x.tag = tag
	}
	if headers != nil || x.sent != nil {
		x.sent = headers
	}
}

// answer replaces whatever was written by a message in JSON from trees.
func (x *exchange) answer(headers Object, tag string, payload any) {
	x.write(wire.JSON, headers, tag, payload)
}

// answerResult replaces whatever was written by a result from trees, in the format
// that it is to have.
func (x *exchange) answerResult(headers Object, tag string, payload any) {
	f := x.formatOf(tag)
	if f != wire.JSON {
		headers = x.binaryHeaders(headers)
	}
	x.write(f, headers, tag, payload)
}

func (x *exchange) write(f wire.Format, headers Object, tag string, payload any) {
	err := x.writeBegin(f, headers, tag)
	if err == nil {
		err = x.writeTree(f, payload)
	}
	if err != nil {
		x.serializationError(err)
		return
	}
	x.writeFinish(f, headers, tag)
}

func (x *exchange) writeTree(f wire.Format, payload any) (err error) {
	if f == wire.JSON {
		x.enc.Buf, err = wire.AppendValue(x.enc.Buf, payload)
	} else {
		x.enc.Buf, err = f.AppendValue(x.enc.Buf, payload, x.srv.fields)
	}
	return err
}

// writePayload writes a Go struct as a result. It reports whether the struct has an
// encoding.
func (x *exchange) writePayload(out *outcome) bool {
	if len(x.headers) > 0 {
		x.enc.Select = plan.NewSelect(x.selection())
	}
	return x.enc.EncodeResult(out.plan, out.tag, out.payload)
}

// answerJSON is answer for a payload that is JSON already.
func (x *exchange) answerJSON(tag string, payload []byte) {
	if err := x.writeBegin(wire.JSON, x.response, tag); err != nil {
		x.serializationError(err)
		return
	}
	x.enc.Buf = append(x.enc.Buf, payload...)
	x.writeFinish(wire.JSON, x.response, tag)
}
