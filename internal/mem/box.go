package mem

import "reflect"

// Box describes how the values of one concrete type lie in interfaces of one
// type: an interface is two words, the first of which stands for the concrete
// type, while the second holds the value or its address.
//
// The zero Box describes nothing; see [BoxOf].
type Box struct {
	word   Ptr
	inWord bool
}

type interfaceWords struct{ word, data Ptr }

// BoxOf returns the Box of concrete, which must implement the interface type
// iface. A Box is good for as long as the program runs.
func BoxOf(iface, concrete reflect.Type) Box {
	// Which types lie in the word itself is not ours to know: a struct whose
	// only field of any size is a pointer does, for instance. The zero value
	// of such a type is a nil word; an address never is.
	prototype := reflect.New(iface)
	prototype.Elem().Set(reflect.Zero(concrete))
	words := As[interfaceWords](prototype.UnsafePointer())
	return Box{word: words.word, inWord: words.data == nil}
}

// Word returns what [Box.Word] is for the concrete type in the interface at p;
// nil if the interface is.
func Word(p Ptr) Ptr { return As[interfaceWords](p).word }

// Word returns what stands for b's concrete type in interfaces of b's type. It
// may only be compared.
func (b Box) Word() Ptr { return b.word }

// Content returns the address of the value in the interface at p, which must
// hold b's concrete type. It is not to be written to.
func (b Box) Content(p Ptr) Ptr {
	data := &As[interfaceWords](p).data
	if b.inWord {
		return Ptr(data)
	}
	return *data
}

// Store makes the interface at p hold the value of b's concrete type at v,
// which belongs to the interface from then on: nobody may change it.
func (b Box) Store(p, v Ptr) {
	if b.inWord {
		v = *As[Ptr](v)
	}
	*As[interfaceWords](p) = interfaceWords{b.word, v}
}
