package wire

import "errors"

// The functions below are being filled in.

var errPending = errors.New("wire: not yet")

// Reader is a strict cursor over the bytes of one JSON message.
type Reader struct {
	data []byte
	pos  int
}

func (r *Reader) Reset(data []byte, l Limits)                     {}
func (r *Reader) Begin() (headers Object, target []byte, ok bool) { return nil, nil, false }
func (r *Reader) Finish() bool                                    { return false }
func (r *Reader) Peek() byte                                      { return 0 }
func (r *Reader) Consume(c byte) bool                             { return false }
func (r *Reader) Null() bool                                      { return false }
func (r *Reader) Bool() (v, ok bool)                              { return false, false }
func (r *Reader) Int64() (int64, bool)                            { return 0, false }
func (r *Reader) Float64() (float64, bool)                        { return 0, false }
func (r *Reader) StringBytes() ([]byte, bool)                     { return nil, false }
func (r *Reader) String() (string, bool)                          { return "", false }
func (r *Reader) Open(open byte) bool                             { return false }
func (r *Reader) Next(end byte) (more, ok bool)                   { return false, false }
func (r *Reader) Value() (any, bool)                              { return nil, false }
func (r *Reader) End() bool                                       { return false }

// Message is one decoded message.
type Message struct {
	Headers Object
	Target  string
	Payload Object
}

// ParseError says by which rule of spec section 1.3 bytes are not a message.
type ParseError struct{ Reason string }

func (e *ParseError) Error() string { return "wire: " + e.Reason }

// SyntaxError says where and why bytes are not JSON.
type SyntaxError struct {
	Offset int
	Reason string
}

func (e *SyntaxError) Error() string { return "wire: " + e.Reason }

func DecodeMessage(data []byte, l Limits) (*Message, error)    { return nil, errPending }
func DecodeJSON(data []byte, l Limits) (any, error)            { return nil, errPending }
func AppendString(b []byte, s string) ([]byte, bool)           { return b, false }
func AppendFloat(b []byte, f float64, bits int) ([]byte, bool) { return b, false }
func AppendInt(b []byte, v int64) []byte                       { return b }
func AppendValue(b []byte, v any) ([]byte, error)              { return b, errPending }
func AppendMessage(b []byte, m *Message) ([]byte, error)       { return b, errPending }
func AppendBase64(b []byte, raw []byte) []byte                 { return b }
func DecodeBase64[T string | []byte](text T) ([]byte, bool)    { return nil, false }

// BytesToBase64 and Base64ToBytes apply a coercion tree (spec section 7.5) to a copy of v.
func BytesToBase64(v, tree any) any { return v }
func Base64ToBytes(v, tree any) any { return v }

func FromGo(v any) any { return v }
func ToGo(v any) any   { return v }
