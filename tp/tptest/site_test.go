package tptest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/telestruct/telestruct/tp/tptest"
)

// Whoever asks is answered as over any network, and nobody once the test that served is over.
func TestSite(t *testing.T) {
	t.Parallel()
	var site *tptest.Site
	t.Run("open", func(t *testing.T) {
		site = tptest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, r.RemoteAddr+" asks "+r.Host+" for "+r.URL.Path)
		}))
		answer, err := site.HTTPClient().Get(site.URL("/here"))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if text, err := io.ReadAll(answer.Body); err != nil || string(text) != "127.0.0.1:1 asks tptest.invalid for /here" {
			t.Errorf("answer %q, %v", text, err)
		}
	})
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := site.DialContext(t.Context(), "", ""); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a site that is closed: %v, want %v", err, net.ErrClosed)
	}
	busy := &tptest.Site{} // nobody accepts
	if _, err := busy.DialContext(over, "", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that is over: %v, want %v", err, context.Canceled)
	}
}
