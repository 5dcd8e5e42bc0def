package tp

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/callsite"
	"github.com/telestruct/telestruct/reflectschema"
)

// Mirrors makes the definition of T part of an API's schema, also when no function has a T:
// the program hosts models of this type, which package mirror keeps copies of at its clients.
// Clients, and tools that generate code for them, learn from fn.api_ what a model looks like.
// The definition has the name of the Go type, which is also the name of the model's type
// unless the program says another one:
//
//	api := tp.NewAPI("Home", tp.Mirrors[Device]()) // defines struct.Device
//
// T is a struct. Models may have types that a schema has no words for, such as maps whose keys
// are integers; [API.Build] reports these as it does for arguments, with the file and line of
// the call of Mirrors.
func Mirrors[T any]() Option {
	m := reflectschema.Mirrored{Type: reflect.TypeFor[T](), Site: callsite.Caller()}
	return optionFunc(func(s *settings) { s.mirrored = append(s.mirrored, m) })
}
