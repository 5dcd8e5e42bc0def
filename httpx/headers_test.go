package httpx_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
)

// What middleware does to the headers of a reply is not seen in the next.
func TestRepliesShareNoHeaders(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("")
	tp.RegisterOn(api, func(context.Context, struct{}) (struct{}, error) { return struct{}{}, nil }, tp.Name("fn.wait"))
	h := httpx.Handler(api.MustBuild(tp.NoAuth()))
	for range 2 {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", "/", strings.NewReader(`[{},{"fn.ping_":{}}]`)))
		for name, want := range map[string]string{"Content-Type": "application/json", "X-Content-Type-Options": "nosniff"} {
			values := w.Header()[name]
			if len(values) != 1 || values[0] != want {
				t.Fatalf("%s is %q, want %q", name, values, want)
			}
			values[0] = "changed"
		}
	}
}
