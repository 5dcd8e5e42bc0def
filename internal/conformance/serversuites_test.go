package conformance

import (
	"context"
	"errors"
	"testing"
)

func TestBytesDriver(t *testing.T) {
	t.Parallel()
	problem := errors.New("problem")
	tests := []struct {
		name    string
		process bytesDriver
		want    string
		fails   bool
	}{
		{"answer", func(_ context.Context, request []byte) ([]byte, error) { return request, nil }, `[{},{"fn.a":{}}]`, false},
		{"answer with a problem", func(_ context.Context, request []byte) ([]byte, error) { return request, problem }, `[{},{"fn.a":{}}]`, true},
		{"no JSON", func(context.Context, []byte) ([]byte, error) { return []byte{0x92}, nil }, "null", true},
		{"panic", func(context.Context, []byte) ([]byte, error) { panic("x") }, `[{},{"ErrorUnknown_":{}}]`, false},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			came, err := tc.process.exchange(t.Context(), &statement{Request: tree(t, `[{}, {"fn.a": {}}]`)})
			if got := string(encodeJSON(came)); got != tc.want || (err != nil) != tc.fails {
				t.Errorf("got %s and error %v, want %s and an error: %v", got, err, tc.want, tc.fails)
			}
		})
	}
}

func TestRequestBytes(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, request, want string }{
		{"message", `[{"@b": 1.0, "@a": 99999999999999999999}, {"fn.a": {}}]`, `[{"@b":1.0,"@a":99999999999999999999},{"fn.a":{}}]`},
		{"any value", `false`, `false`},
		{"bytes", `{"$bytes": "eyI="}`, `{"`},
		{"no bytes", `{"$bytes": ""}`, ``},
		{"MessagePack", `[{"@msgpack": true}, {"$intkeys": {"5": {}}}]`, "\x92\x81\xa8@msgpack\xc3\x81\x05\x80"},
		{"no MessagePack", `[{"@msgpack": 1}, {}]`, `[{"@msgpack":1},{}]`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := requestBytes(tree(t, tc.request))
			if err != nil || string(got) != tc.want {
				t.Errorf("got %q and error %v, want %q", got, err, tc.want)
			}
		})
	}
}

// answering is a driver of a server that always gives the same answer.
func answering(answer string) bytesDriver {
	return func(context.Context, []byte) ([]byte, error) { return []byte(answer), nil }
}
