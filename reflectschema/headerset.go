package reflectschema

import (
	"reflect"

	"github.com/telestruct/telestruct/internal/callsite"
)

// HeaderSet declares headers of requests and responses: a headers.* definition
// (spec section 8.9). It is an immutable value made by [NewHeaderSet].
type HeaderSet struct {
	key      string
	request  reflect.Type
	response reflect.Type
	doc      string
	site     string
}

// NewHeaderSet describes the definition key, such as "headers.Trace". Req and
// Resp are structs whose tags are header names, such as "@trace"; either may be
// struct{}. Mistakes are reported by [Builder.Build].
func NewHeaderSet[Req, Resp any](key string) HeaderSet {
	return HeaderSet{
		key:      key,
		request:  reflect.TypeFor[Req](),
		response: reflect.TypeFor[Resp](),
		site:     callsite.Caller(),
	}
}

// Doc returns a copy of the set with a docstring, in markdown.
func (s HeaderSet) Doc(markdown string) HeaderSet {
	s.doc = markdown
	return s
}
