package conformance

import (
	"errors"
	"slices"

	"github.com/telestruct/telestruct/tp/wire"
)

// standardNames are the names of the definitions that every implementation ships
// itself, with docstrings of its own.
type standardNames []string

// mask returns an answer without what implementations may word as they like, or
// at random. It fails on an answer that lacks the case id it must have. The
// answer itself is not changed.
func (n standardNames) mask(answer any, a assertion) (any, error) {
	message, ok := answer.([]any)
	if !ok || len(message) != 2 {
		return answer, nil
	}
	message = slices.Clone(message)
	if headers, ok := message[0].(wire.Object); ok {
		message[0] = without(headers, "@warn_")
	}
	body, ok := message[1].(wire.Object)
	if !ok {
		return message, nil
	}
	body = n.withoutDocstrings(body)
	message[1] = body
	if !a.AssertCaseID {
		return message, nil
	}
	masked, err := maskCaseID(body)
	message[1] = masked
	return message, err
}

// without returns the object without one of its members.
func without(object wire.Object, key string) wire.Object {
	return slices.DeleteFunc(slices.Clone(object), func(m wire.Member) bool { return m.Key == key })
}

// with returns the object with another value at key.
func with(object wire.Object, key string, value any) wire.Object {
	changed := slices.Clone(object)
	changed.Set(key, value)
	return changed
}

// withoutDocstrings returns the body of an answer; in one of fn.api_ standard
// definitions are without docstrings, at every depth.
func (n standardNames) withoutDocstrings(body wire.Object) wire.Object {
	ok, isOk := body.Get("Ok_")
	result, _ := ok.(wire.Object)
	list, _ := result.Get("api")
	api, isArray := list.([]any)
	if !isOk || !isArray {
		return body
	}
	plain := make([]any, len(api))
	for i, definition := range api {
		plain[i] = definition
		if n.has(definition) {
			plain[i] = undocumented(definition)
		}
	}
	return with(body, "Ok_", with(result, "api", plain))
}

// has reports whether the definition is a standard one.
func (n standardNames) has(definition any) bool {
	object, _ := definition.(wire.Object)
	return slices.ContainsFunc(object, func(m wire.Member) bool { return slices.Contains(n, m.Key) })
}

func undocumented(tree any) any {
	switch v := tree.(type) {
	case []any:
		plain := make([]any, len(v))
		for i, elem := range v {
			plain[i] = undocumented(elem)
		}
		return plain
	case wire.Object:
		plain := without(v, "///")
		for i := range plain {
			plain[i].Value = undocumented(plain[i].Value)
		}
		return plain
	}
	return tree
}

// maskCaseID replaces the case id, which must be there, by a fixed text.
func maskCaseID(body wire.Object) (wire.Object, error) {
	v, _ := body.Get("ErrorUnknown_")
	failure, _ := v.(wire.Object)
	id, _ := failure.Get("caseId")
	if text, ok := id.(string); !ok || text == "" {
		return body, errors.New("there is no case id")
	}
	return with(body, "ErrorUnknown_", with(failure, "caseId", "<caseId>")), nil
}
