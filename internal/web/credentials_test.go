package web_test

import (
	"net/http"
	"testing"

	"github.com/telestruct/telestruct/internal/web"
)

func TestFirstOf(t *testing.T) {
	t.Parallel()
	has := func(value any) web.CredentialSource {
		return func(*http.Request) (any, bool) { return value, true }
	}
	hasNot := func(*http.Request) (any, bool) { return "not to be had", false }
	for _, tc := range []struct {
		name    string
		sources []web.CredentialSource
		want    any
		ok      bool
	}{
		{"no source", nil, nil, false},
		{"a nil source", []web.CredentialSource{nil}, nil, false},
		{"a source without", []web.CredentialSource{hasNot}, nil, false},
		{"the second one", []web.CredentialSource{nil, hasNot, has("a"), has("b")}, "a", true},
		{"a nil value", []web.CredentialSource{has(nil), has("b")}, nil, true},
	} {
		got, ok := web.FirstOf(tc.sources)(nil)
		if got != tc.want || ok != tc.ok {
			t.Errorf("%s: %v %v, want %v %v", tc.name, got, ok, tc.want, tc.ok)
		}
	}
}
