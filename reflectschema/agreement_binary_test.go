package reflectschema_test

import (
	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// fields returns the table of the subject's binary messages.
func (s *subject) fields() *wire.Fields { return wire.NewFields(s.schema.FieldNames()) }

// binaryMessage returns a message in a binary format; nothing when the payload is no
// value tree.
func binaryMessage(f wire.Format, fields *wire.Fields, target string, payload any) ([]byte, bool) {
	b, err := f.AppendHeaders(nil, nil)
	if err == nil {
		b, err = f.AppendTarget(b, target, fields)
	}
	if err == nil {
		b, err = f.AppendValue(b, payload, fields)
	}
	return b, err == nil
}

// binary judges in both binary formats a request with the payload, and the damaged
// bytes of it.
func (j *judges) binary(payload any, damage []byte, l wire.Limits) {
	j.Helper()
	for _, f := range []wire.Format{wire.MessagePack, wire.CBOR} {
		data, ok := binaryMessage(f, j.fields(), subjectName, payload)
		if !ok {
			continue
		}
		if v, accepted := j.binaryRequest(damaged(data, damage), l); accepted {
			j.binaryResponse(f, v)
		}
	}
}

// binaryRequest judges a request in the format that its first byte says.
func (j *judges) binaryRequest(data []byte, l wire.Limits) (v mem.Ptr, accepted bool) {
	j.Helper()
	fields := j.fields()
	f := wire.FormatOf(data)
	if f == wire.JSON {
		return j.request(data, l)
	}
	msg, err := wire.DecodeBinary(data, func(wire.Object) (*wire.Fields, error) { return fields, nil }, l)
	d := plan.BinaryDecoder{Selectable: j.selectable}
	d.Reset(data, f, fields, l)
	headers, ok := d.Begin()
	if packed, _ := headers.Get("@pac_"); packed == true {
		return nil, false // what is packed is unpacked before plans see it
	}
	var target string
	if ok {
		target, ok = d.Target(fields)
	}
	if ok && target != subjectName {
		return nil, false // no plan sees it
	}
	v = mem.New(j.goType)
	accepted = ok && j.plan.DecodeBinary(&d, v) && d.Finish()
	return j.verdict(data, v, accepted, d.LimitError(), msg, err)
}

// binaryResponse wants a result that was read to be written as what it is in JSON.
func (j *judges) binaryResponse(f wire.Format, v mem.Ptr) {
	j.Helper()
	fields := j.fields()
	e := plan.Encoder{Format: f, Fields: fields, Selectable: j.selectable}
	var err error
	if e.Buf, err = f.AppendHeaders(nil, nil); err == nil {
		e.Buf, err = f.AppendTarget(e.Buf, "Ok_", fields)
	}
	if err != nil {
		j.Fatal(err)
	}
	if !e.EncodeResult(j.plan, "Ok_", v) {
		j.failf(e.Buf, "what was read cannot be written in %v", f)
	}
	msg, err := wire.DecodeBinary(e.Buf, func(wire.Object) (*wire.Fields, error) { return fields, nil }, unlimited)
	if err != nil {
		j.failf(e.Buf, "is no %v: %v", f, err)
	}
	options := validate.ResponseOptions{Binary: true}
	if report := validate.Response(j.schema, j.fn, "Ok_", msg.Payload, options); len(report.Failures) > 0 {
		j.failf(e.Buf, "the validator says of what was written: %v", report.Failures)
	}
	want, got := asRead(j.fn.Args, plan.Tree(j.plan, v)), asRead(j.fn.Args, msg.Payload)
	if diff := difference(want, got); diff != "" {
		j.failf(e.Buf, "is written differently in %v (-tree +plan):\n%s", f, diff)
	}
}
