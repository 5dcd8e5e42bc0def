package wire

import "testing"

// What callers say in headers, credentials among it, is not kept.
func TestHeadersAreNotInterned(t *testing.T) {
	t.Parallel()
	headers := Object{{"@auth_", Object{{"Token", Object{{"token", "secret"}}}}}}
	knows := func(s *Interned, text string) bool {
		_, ok := s.find(newShortCode([]byte(text)), len(text))
		return ok
	}
	var json Interned
	message, err := AppendBegin(nil, headers, "fn.x")
	if err != nil {
		t.Fatal(err)
	}
	var r Reader
	r.Intern(&json)
	r.Reset(append(message, `"no secret"`...), Limits{})
	if _, _, ok := r.Begin(); !ok {
		t.Fatal("no message")
	}
	r.String()
	if knows(&json, "secret") || !knows(&json, "no secret") {
		t.Error("JSON: not as it should be")
	}
	for _, f := range []Format{MessagePack, CBOR} {
		var interned Interned
		message, err := f.AppendHeaders(nil, headers)
		if err != nil {
			t.Fatal(err)
		}
		message, _ = f.AppendString(message, "no secret")
		var r BinaryReader
		r.Intern(&interned)
		r.Reset(message, f, Limits{})
		if _, ok := r.Begin(); !ok {
			t.Fatal("no message")
		}
		r.String()
		if knows(&interned, "secret") || !knows(&interned, "no secret") {
			t.Errorf("%v: not as it should be", f)
		}
	}
}
