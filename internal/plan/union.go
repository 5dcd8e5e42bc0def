package plan

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/wire"
)

// Variant is one alternative of a [Union].
type Variant struct {
	// Tag is the tag on the wire.
	Tag string
	// Type is the struct type. It or the pointer to it implements the union's
	// interface.
	Type reflect.Type
	// Struct is the plan of Type.
	Struct *Struct
	// Pointer makes the variant decode to a pointer to Type. It does so anyway
	// when only the pointer implements the interface.
	Pointer bool
}

// Union is the plan of an interface type whose values are structs, or pointers
// to structs, of a closed set. Nil has no encoding, be it the interface or a
// pointer in it; see [Nullable] and [Field].
type Union struct {
	nilable
	t        reflect.Type
	name     string
	variants []variant
	byTag    map[string]*variant
	byWord   map[mem.Ptr]content
}

// variant is a Variant and how its values lie in the interface.
type variant struct {
	Variant
	value     mem.Box // of Type
	pointer   mem.Box // of the pointer to Type
	byPointer bool    // decodes to a pointer
}

// content is what an interface holds: a variant's struct, or a pointer to it.
type content struct {
	*variant
	pointed bool
}

// NewUnion returns the plan of t, an interface type, without variants. Name is
// the key of its definition, such as "union.Expression", by which a selection
// refers to it.
func NewUnion(t reflect.Type, name string) *Union { return &Union{t: t, name: name} }

// SetVariants sets the alternatives; their tags and types differ, and their
// plans may still lack fields. A struct and a pointer to it both encode. It must not be
// called once the plan is in use.
func (u *Union) SetVariants(variants []Variant) {
	u.variants = make([]variant, len(variants))
	u.byTag = make(map[string]*variant, len(variants))
	u.byWord = make(map[mem.Ptr]content, 2*len(variants))
	for i := range variants {
		v := &u.variants[i]
		v.Variant = variants[i]
		v.pointer = mem.BoxOf(u.t, reflect.PointerTo(v.Type))
		u.byWord[v.pointer.Word()] = content{v, true}
		v.byPointer = v.Pointer || !v.Type.Implements(u.t)
		if v.Type.Implements(u.t) {
			v.value = mem.BoxOf(u.t, v.Type)
			u.byWord[v.value.Word()] = content{v, false}
		}
		u.byTag[v.Tag] = v
	}
}

// Decode implements [Plan] by the rules of spec section 4.8.
func (u *Union) Decode(d *Decoder, p mem.Ptr) bool {
	if !d.Open('{') {
		return false
	}
	tag, ok := d.Key()
	if !ok {
		return false
	}
	v := u.byTag[string(tag)]
	if v == nil || !d.Spend(int(v.Type.Size())) {
		return false
	}
	payload := mem.New(v.Type)
	if !v.Struct.Decode(d, payload) {
		return false
	}
	v.store(p, payload)
	more, ok := d.Next('}')
	return ok && !more
}

// DecodeBinary implements [Plan] by the same rules.
func (u *Union) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	value, tag, ok := d.openSingle()
	if !ok {
		return false
	}
	v := u.byTag[tag]
	if v == nil || !d.Spend(int(v.Type.Size())) {
		return false
	}
	payload := mem.New(v.Type)
	if !v.Struct.DecodeBinary(d, payload) {
		return false
	}
	v.store(p, payload)
	return d.closeSingle(value)
}

// store makes the struct at payload the content of the interface at p.
func (v *variant) store(p, payload mem.Ptr) {
	if v.byPointer {
		v.pointer.Store(p, mem.Of(&payload))
	} else {
		v.value.Store(p, payload)
	}
}

// Append implements [Plan]. It writes the fields that e's selection chooses of
// the definition's active tag.
func (u *Union) Append(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	v, payload := u.active(p)
	if v == nil {
		return b, false
	}
	b = append(b, '{')
	b, _ = wire.AppendString(b, v.Tag)
	b = append(b, ':')
	e.enter()
	b, ok := v.Struct.append(e, b, payload, e.Select.ofVariant(u, v))
	e.leave()
	return append(b, '}'), ok
}

// AppendBinary implements [Plan], as Append does.
func (u *Union) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	v, payload := u.active(p)
	if v == nil {
		return b, false
	}
	b = e.Format.AppendMap(b, 1)
	b, _ = e.Format.AppendKey(b, v.Tag, e.Fields)
	e.enter()
	b, ok := v.Struct.appendBinary(e, b, payload, e.Select.ofVariant(u, v))
	e.leave()
	return b, ok
}

func (u *Union) tree(w *walk, p mem.Ptr) any {
	w.enter()
	defer w.leave()
	v, payload := u.active(p)
	switch {
	case v != nil:
		return wire.Object{{Key: v.Tag, Value: v.Struct.tree(w, payload)}}
	case u.isNull(p):
		return nil
	}
	return mem.Value(u.t, p).Interface()
}

// isNull reports whether the interface at p, or the pointer in it, is nil.
func (u *Union) isNull(p mem.Ptr) bool {
	if u.isNil(p) {
		return true
	}
	_, isVariant := u.byWord[mem.Word(p)]
	v, _ := u.active(p)
	return isVariant && v == nil
}

func (u *Union) base64(w *walk, p mem.Ptr) any {
	v, payload := u.active(p)
	if v == nil {
		return nil
	}
	w.enter()
	defer w.leave()
	return step(v.Tag, v.Struct.base64(w, payload))
}

func (u *Union) holdsBytes(seen map[Plan]bool) bool {
	for i := range u.variants {
		if u.variants[i].Struct.holdsBytes(seen) {
			return true
		}
	}
	return false
}

// active returns the variant in the interface at p and the address of its
// struct; nil when there is none.
func (u *Union) active(p mem.Ptr) (v *variant, payload mem.Ptr) {
	c, ok := u.byWord[mem.Word(p)]
	if !ok {
		return nil, nil
	}
	if !c.pointed {
		return c.variant, c.value.Content(p)
	}
	payload = *mem.As[mem.Ptr](c.pointer.Content(p))
	if payload == nil {
		return nil, nil
	}
	return c.variant, payload
}
