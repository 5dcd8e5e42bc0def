package reflectschema_test

import (
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// judges are the plan and the validator of one function.
type judges struct {
	*testing.T
	*subject
}

// failf names the Go type and the text in front of what is wrong.
func (j *judges) failf(text []byte, format string, args ...any) {
	j.Helper()
	if wire.FormatOf(text) != wire.JSON {
		text = hex.AppendEncode(nil, text)
	}
	j.Fatalf("%v\n%s\n%s", j.goType, text, fmt.Sprintf(format, args...))
}

// request judges a request, and returns its arguments when it is valid.
func (j *judges) request(text []byte, l wire.Limits) (v mem.Ptr, accepted bool) {
	j.Helper()
	msg, err := wire.DecodeMessage(text, l)
	d := plan.Decoder{Selectable: j.selectable}
	d.Reset(text, l)
	_, target, ok := d.Begin()
	if ok && string(target) != subjectName {
		if _, ok = d.Rest(); ok != (err == nil) {
			j.failf(text, "the cursor accepts the message: %v\nas a tree: %v", ok, err)
		}
		return nil, false
	}
	v = mem.New(j.goType)
	accepted = ok && j.plan.Decode(&d, v) && d.Finish()
	return j.verdict(text, v, accepted, d.LimitError(), msg, err)
}

// verdict compares what the plan and the validator say about a request: v is what
// the plan made of it, msg what the validator looks at.
func (j *judges) verdict(text []byte, v mem.Ptr, accepted bool, limit error, msg *wire.Message, err error) (mem.Ptr, bool) {
	j.Helper()
	var report validate.Report
	if err == nil {
		report = validate.Request(j.schema, j.fn, msg.Payload)
	}
	valid := err == nil && len(report.Failures) == 0
	switch {
	case !accepted && limit != nil: // the memory of Go values, which trees do not have
		return nil, false
	case accepted != valid:
		j.failf(text, "the plan accepts it: %v\nas a message: %v\nthe validator: %v", accepted, err, report.Failures)
	case !accepted:
		return nil, false
	}
	body := wire.Base64ToBytes(wire.Object{{Key: j.fn.Key, Value: msg.Payload}}, report.Bytes).(wire.Object)
	want := asRead(j.fn.Args, body[0].Value)
	if _, err := wire.AppendValue(nil, want); err != nil { // a text that its type does not write
		return nil, false
	}
	// Raw bytes in any, which binary messages have, are base64 text in want.
	if diff := difference(want, asRead(j.fn.Args, plan.Tree(j.plan, v))); diff != "" {
		j.failf(text, "the Go value is another one (-tree +Go):\n%s", diff)
	}
	return v, true
}

// response judges a result, and whether it reads back as it was written. It
// reports whether the result is valid.
func (j *judges) response(v mem.Ptr) bool {
	j.Helper()
	text, ok := j.encoded(v)
	tree := plan.Tree(j.plan, v)
	report := validate.Response(j.schema, j.fn, "Ok_", tree, validate.ResponseOptions{})
	if ok != (len(report.Failures) == 0) {
		j.failf(text, "the plan writes it: %v\nthe validator: %v\nof %+v", ok, report.Failures, tree)
	}
	if !ok {
		return false
	}
	if diff := difference(report.Base64, result(plan.Base64(j.plan, v))); diff != "" {
		j.failf(text, "the raw bytes are elsewhere (-validator +plan):\n%s", diff)
	}
	j.readBack(text, asRead(j.fn.Args, tree))
	return true
}

func result(tree any) any {
	if tree == nil {
		return nil
	}
	return wire.Object{{Key: "Ok_", Value: tree}}
}

// encoded returns the message that sends v.
func (j *judges) encoded(v mem.Ptr) (text []byte, ok bool) {
	text, err := wire.AppendBegin(nil, nil, subjectName)
	if err != nil {
		j.Fatal(err)
	}
	e := plan.Encoder{Buf: text, Selectable: j.selectable}
	ok = e.EncodeResult(j.plan, "Ok_", v)
	return wire.AppendFinish(e.Buf), ok
}

// unlimited is for what we have written ourselves, and pokes have made larger
// than any message.
var unlimited = wire.Limits{Depth: 1 << 30, Elements: 1 << 30, Extremes: 1 << 30, Expansion: 1 << 30}

// message returns the tree of what was written.
func (j *judges) message(text []byte) any {
	j.Helper()
	tree, err := wire.DecodeJSON(text, unlimited)
	if err != nil {
		j.failf(text, "is no JSON: %v", err)
	}
	return tree
}

// readBack wants what was written to be valid, and to be written the same way
// again.
func (j *judges) readBack(text []byte, want any) {
	j.Helper()
	back, accepted := j.request(text, unlimited)
	if !accepted {
		j.failf(text, "what was written cannot be read")
	}
	if diff := difference(want, plan.Tree(j.plan, back)); diff != "" {
		j.failf(text, "reads back differently (-written +read):\n%s", diff)
	}
	if again, ok := j.encoded(back); !ok || difference(j.message(text), j.message(again)) != "" {
		j.failf(text, "is written differently when it has been read:\n%s", again)
	}
}

// selection wants a selection to leave out of a valid result what it leaves out
// of its tree.
func (j *judges) selection(v mem.Ptr, seed uint32) {
	j.Helper()
	selection := j.someSelection(seed)
	e := plan.Encoder{Selectable: j.selectable, Select: plan.NewSelect(selection)}
	if !e.EncodeResult(j.plan, "Ok_", v) {
		j.failf(e.Buf, "cannot be written with the selection %v", selection)
	}
	written := j.message(e.Buf)
	report := validate.Response(j.schema, j.fn, "Ok_", written, validate.ResponseOptions{Select: selection, Binary: true})
	if len(report.Failures) > 0 {
		j.failf(e.Buf, "with the selection %v the validator says: %v", selection, report.Failures)
	}
	want := validate.ApplySelection(j.fn, "Ok_", plan.Tree(j.plan, v), selection)
	got := wire.Base64ToBytes(result(written), report.Bytes).(wire.Object)[0].Value
	if diff := difference(asRead(j.fn.Args, want), asRead(j.fn.Args, got)); diff != "" {
		j.failf(e.Buf, "with the selection %v another part is written (-tree +plan):\n%s", selection, diff)
	}
}
