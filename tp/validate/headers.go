package validate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// RequestHeaders validates the headers of a request for f (spec section 3.1):
// every name begins with "@", and a header that s declares has its type. Paths
// begin with the header's name; failures are sorted by it. A nil f, for which
// no @select_ is valid, stands for no function.
func RequestHeaders(s *schema.Schema, f *schema.Function, headers wire.Object) []Failure {
	w := walk{schema: s, scope: f}
	w.headers(headers, s.RequestHeader)
	return w.failures
}

// ResponseHeaders validates the headers of a response of f, as [RequestHeaders]
// does for requests.
func ResponseHeaders(s *schema.Schema, f *schema.Function, headers wire.Object) []Failure {
	w := walk{schema: s, scope: f}
	w.headers(headers, s.ResponseHeader)
	return w.failures
}

func (w *walk) headers(headers wire.Object, declared func(name string) *schema.Field) {
	sorted := sortedMembers(headers)
	at := top("")
	for i, h := range sorted {
		at.key = h.Key
		if i > 0 && sorted[i-1].Key == h.Key {
			w.fail(&at, objectKeyDisallowed, nil)
			continue
		}
		w.utf8(h.Key, &at)
		if !strings.HasPrefix(h.Key, "@") {
			w.fail(&at, requiredObjectKeyPrefixMissing, wire.Object{{Key: "prefix", Value: "@"}})
		}
		if field := declared(h.Key); field != nil {
			w.value(field.Type, h.Value, &at)
		} else {
			w.value(anything, h.Value, &at)
		}
	}
}

func sortedMembers(o wire.Object) wire.Object {
	byKey := func(a, b wire.Member) int { return cmp.Compare(a.Key, b.Key) }
	if slices.IsSortedFunc(o, byKey) {
		return o
	}
	o = slices.Clone(o)
	slices.SortStableFunc(o, byKey)
	return o
}
