package web_test

import (
	"errors"
	"io"
	"net/url"
	"testing"

	"github.com/telestruct/telestruct/internal/web"
)

func TestPlace(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ url, want string }{
		{"https://example.com/api", "https://example.com/api"},
		{"wss://user:secret@example.com:8443/a?token=secret#secret", "wss://example.com:8443/a"},
		{"mailto:secret", "mailto:"},
		{"", ""},
	} {
		u, err := url.Parse(tc.url)
		if err != nil {
			t.Fatal(err)
		}
		if got := web.Place(u); got != tc.want {
			t.Errorf("Place(%s) = %q, want %q", tc.url, got, tc.want)
		}
	}
}

func TestCause(t *testing.T) {
	t.Parallel()
	if got := web.Cause(&url.Error{Op: "Post", URL: "https://example.com?token=secret", Err: io.EOF}); got != io.EOF {
		t.Errorf("Cause = %v, want %v", got, io.EOF)
	}
	other := errors.New("other")
	if got := web.Cause(other); got != other {
		t.Errorf("Cause = %v, want %v", got, other)
	}
}
