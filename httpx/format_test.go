package httpx_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/httpx"
)

func TestContentTypes(t *testing.T) {
	t.Parallel()
	h := httpx.Handler(server(t))
	const (
		plain  = `[{}, {"fn.greet": {"subject": "x"}}]`
		binary = `[{"@bin_": []}, {"fn.greet": {"subject": "x"}}]`
		wrong  = `[{"@bin_": []}, {"fn.greet": {}}]`

		asJSON, asMessagePack, asCBOR = "application/json", "application/octet-stream", "application/cbor"
	)
	tests := []struct {
		name, request string
		accept        []string
		want          string
		firstByte     byte
	}{
		{"JSON", plain, nil, asJSON, '['},
		{"JSON, CBOR accepted", plain, []string{asCBOR}, asJSON, '['},
		{"binary", binary, nil, asMessagePack, 0x92},
		{"binary, anything accepted", binary, []string{"*/*"}, asMessagePack, 0x92},
		{"binary, JSON accepted", binary, []string{asJSON}, asMessagePack, 0x92},
		{"CBOR", binary, []string{asCBOR}, asCBOR, 0x82},
		{"CBOR among others", binary, []string{"text/html, Application/CBOR;q=0.9, */*;q=0.1"}, asCBOR, 0x82},
		{"MessagePack first", binary, []string{"application/octet-stream, application/cbor"}, asMessagePack, 0x92},
		{"CBOR preferred", binary, []string{"application/octet-stream;q=0.5", "application/cbor"}, asCBOR, 0x82},
		{"CBOR refused", binary, []string{"application/cbor;q=0"}, asMessagePack, 0x92},
		{"no header", binary, []string{";;;", "application/cbor;q=many", "application/cbor;q=7", "application/cbor;q=NaN"}, asMessagePack, 0x92},
		{"too much in one header", binary, []string{"application/cbor" + strings.Repeat(";a*0*=b", 1000)}, asMessagePack, 0x92},
		{"too many headers", binary, slices.Repeat([]string{"application/cbor"}, 1000), asMessagePack, 0x92},
		{"errors are JSON", wrong, []string{asCBOR}, asJSON, '['},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(tc.request))
			r.Header["Accept"] = tc.accept
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if got := w.Header().Get("Content-Type"); got != tc.want || w.Body.Bytes()[0] != tc.firstByte {
				t.Errorf("got %s: %q; want %s", got, w.Body.String(), tc.want)
			}
		})
	}
}
