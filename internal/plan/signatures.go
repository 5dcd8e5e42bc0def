package plan

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
)

// The functions below are being filled in.

func Bool(t reflect.Type) Plan               { return nil }
func Int(t reflect.Type) Plan                { return nil }
func Float(t reflect.Type) Plan              { return nil }
func String(t reflect.Type) Plan             { return nil }
func Bytes(t reflect.Type) Plan              { return nil }
func Any() Plan                              { return nil }
func Text(t reflect.Type) Plan               { return nil }
func Selection(t reflect.Type) Plan          { return nil }
func List(t reflect.Type, elem Plan) Plan    { return nil }
func Map(t reflect.Type, elem Plan) Plan     { return nil }
func Pointer(t reflect.Type, elem Plan) Plan { return nil }
func Nullable(p Plan) Plan                   { return nil }
func Optional(t reflect.Type, valueOffset, stateOffset uintptr, elem Plan) Plan {
	return nil
}

type Field struct {
	Name     string
	Offset   uintptr
	Plan     Plan
	Optional bool
}

type Struct struct{}

func NewStruct(t reflect.Type, name string) *Struct                   { return &Struct{} }
func (s *Struct) SetFields(fields []Field)                            {}
func (s *Struct) Fields() []Field                                     { return nil }
func (s *Struct) Decode(d *Decoder, p mem.Ptr) bool                   { return false }
func (s *Struct) Encode(e *Encoder, p mem.Ptr) bool                   { return false }
func (s *Struct) EncodeResult(e *Encoder, tag string, p mem.Ptr) bool { return false }
func (s *Struct) tree(w *walk, p mem.Ptr) any                         { return nil }
func (s *Struct) base64(w *walk, p mem.Ptr) any                       { return nil }

type Variant struct {
	Tag    string
	Type   reflect.Type
	Struct *Struct
}

type Union struct{}

func NewUnion(t reflect.Type, name string) *Union  { return &Union{} }
func (u *Union) SetVariants(variants []Variant)    {}
func (u *Union) Decode(d *Decoder, p mem.Ptr) bool { return false }
func (u *Union) Encode(e *Encoder, p mem.Ptr) bool { return false }
func (u *Union) tree(w *walk, p mem.Ptr) any       { return nil }
func (u *Union) base64(w *walk, p mem.Ptr) any     { return nil }

type Link struct{}

func NewLink(t reflect.Type, argsOffset uintptr) *Link  { return &Link{} }
func (l *Link) SetTarget(function string, args *Struct) {}
func (l *Link) Decode(d *Decoder, p mem.Ptr) bool       { return false }
func (l *Link) Encode(e *Encoder, p mem.Ptr) bool       { return false }
func (l *Link) tree(w *walk, p mem.Ptr) any             { return nil }
func (l *Link) base64(w *walk, p mem.Ptr) any           { return nil }

// Select is a compiled @select_ value.
type Select struct{}

func NewSelect(tree any) *Select { return nil }

type Encoder struct {
	Buf        []byte
	Select     *Select
	Selectable func(selection any) bool
}

type walk struct{}

// Tree returns the Go value at v as a value tree; Base64 the coercion tree of its raw bytes.
func Tree(p Plan, v mem.Ptr) any              { return nil }
func Base64(p Plan, v mem.Ptr) any            { return nil }
func FromTree(p Plan, v any, to mem.Ptr) bool { return false }
