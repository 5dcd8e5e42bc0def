package tp

import (
	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/wire"
)

// typedContent is the content of a call on Go structs, which plans write and read.
// Whatever is not Ok_ is read as a tree.
type typedContent struct {
	callee       *callee
	args, result mem.Ptr
	selection    Object
}

func (c *typedContent) function() string { return c.callee.name }

func (c *typedContent) appendJSON(b []byte) ([]byte, error) {
	e := plan.Encoder{Buf: b, Selectable: anySelection}
	if !e.Encode(c.callee.model.Args, c.args) {
		return nil, c.callee.explainArgs(c.args)
	}
	return e.Buf, nil
}

func (c *typedContent) appendBinary(b []byte, in *encoding) ([]byte, error) {
	e := plan.Encoder{Buf: b, Format: in.format, Fields: in.fields, Selectable: anySelection}
	if !e.Encode(c.callee.model.Args, c.args) {
		return nil, c.callee.explainArgs(c.args)
	}
	return e.Buf, nil
}

func (c *typedContent) readJSON(response []byte, l wire.Limits) (*Message, error) {
	d := plan.Decoder{Tolerance: c.tolerance(), Selectable: anySelection}
	d.Reset(response, l)
	headers, target, ok := d.Begin()
	if ok && string(target) == "Ok_" {
		if c.callee.model.Result.Decode(&d, c.result) && d.Finish() {
			return &Message{Headers: headers, Target: "Ok_"}, nil
		}
		if err := d.LimitError(); err != nil {
			return nil, err
		}
	}
	m, err := (&treeContent{}).readJSON(response, l)
	return c.asTree(m, err)
}

func (c *typedContent) readBinary(response []byte, resolve resolver, l wire.Limits) (*Message, error) {
	in := binaryInput{BinaryDecoder: plan.BinaryDecoder{Tolerance: c.tolerance(), Selectable: anySelection}}
	in.Reset(response, wire.FormatOf(response), nil, l)
	headers, target, ok := in.beginMessage(resolve, nil)
	if ok && target == "Ok_" {
		if c.callee.model.Result.DecodeBinary(&in.BinaryDecoder, c.result) && in.Finish() {
			return &Message{Headers: headers, Target: "Ok_"}, nil
		}
		if err := in.LimitError(); err != nil {
			return nil, err
		}
	}
	return c.asTree(wire.DecodeBinary(response, resolve, l))
}

// asTree passes on a response that went into no Go struct: one that is no result,
// or one of which the plan could not make anything.
func (c *typedContent) asTree(m *Message, err error) (*Message, error) {
	if err == nil && m.Target == "Ok_" {
		return nil, c.callee.explainResult(m.Payload, c.selection)
	}
	return m, err
}

// tolerance lets newer servers answer with more fields, and a selection with less.
func (c *typedContent) tolerance() plan.Tolerance {
	return plan.Tolerance{Unknown: true, Incomplete: len(c.selection) > 0}
}

// anySelection leaves it to the server which selections a function allows.
func anySelection(any) bool { return true }
