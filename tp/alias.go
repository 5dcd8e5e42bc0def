package tp

import (
	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/wire"
)

// Optional is the type of a field that can be absent, null or a value: tag
// "name!?". The zero value is absent; [Some] and [Null] make the others.
//
// Its methods are Get() (T, bool), which reports whether there is a value,
// OrElse(T) T, IsAbsent() bool and IsNull() bool.
type Optional[T any] = reflectschema.Optional[T]

// Some returns an [Optional] that holds v.
func Some[T any](v T) Optional[T] { return reflectschema.Some(v) }

// Null returns an [Optional] that is null.
func Null[T any]() Optional[T] { return reflectschema.Null[T]() }

// Link is a prefilled call of the one function whose arguments are a T. Its
// field Args points to the arguments; a nil Args is not valid in a result.
type Link[T any] = reflectschema.Link[T]

// LinkTo returns the [Link] with the given arguments.
func LinkTo[T any](args *T) Link[T] { return reflectschema.LinkTo(args) }

// Selection is a field that holds a selection of fields, an _ext.Select_
// (spec section 6). It is a map[string]any.
type Selection = reflectschema.Selection

// Union describes the variants of a sealed interface. [UnionOf] makes it.
//
// Its method Doc(markdown) returns a copy with a docstring, Named(name) one with
// another definition name than "union." and the interface's name.
type Union = reflectschema.Union

// UnionOf lists the variants of the union that the interface I stands for. Each
// is a struct, or a pointer to one; its type name is its tag. A variant given as
// V is decoded to a V, one given as *V to a *V. Both forms are accepted when a
// union is encoded.
//
//	tp.UnionOf[Shape](Circle{}, Square{})
func UnionOf[I any](variants ...I) Union { return reflectschema.UnionOf(variants...) }

// Object is a JSON object whose members keep their order, a slice of [Member].
// Its methods are Get(key) (value any, ok bool) and, on a pointer,
// Set(key, value).
type Object = wire.Object

// Member is one entry of an [Object]: a Key and a Value.
type Member = wire.Member

// Format is how the bytes of a message are written: [JSON], [MessagePack] or [CBOR].
type Format = wire.Format

// The formats of messages.
const (
	JSON        = wire.JSON
	MessagePack = wire.MessagePack
	CBOR        = wire.CBOR
)

// Message is one request or response as value trees: its Headers, its Target, which
// is a function or a tag, and its Payload.
type Message = wire.Message
