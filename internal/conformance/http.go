package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

func overHTTP() *network {
	return &network{serve: serveHTTP, plain: plainHTTP, client: clientHTTP}
}

// serveHTTP chooses between the two servers with every request.
func serveHTTP(ts *testServer) (endpoint http.Handler, stop func() error) {
	replaced := func(_ *http.Request, headers *tp.Object) { override(headers) }
	main, alternate := httpx.Handler(ts.main, httpx.UpdateHeaders(replaced)), httpx.Handler(ts.alternate)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ts.alternates {
			alternate.ServeHTTP(w, r)
			return
		}
		main.ServeHTTP(w, r)
	}), nil
}

func clientHTTP(server *httptest.Server) (line, error) {
	return line{Transport: httpx.Transport(server.URL, httpx.HTTPClient(server.Client()))}, nil
}

// plainHTTP posts requests, and wants answers that HTTP has nothing against.
func plainHTTP(server *httptest.Server) (line, error) {
	return line{Transport: tp.TransportFunc(func(ctx context.Context, request []byte) ([]byte, error) {
		post, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, bytes.NewReader(request))
		if err != nil {
			return nil, err
		}
		response, err := server.Client().Do(post)
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		return answer, errors.Join(err, checkHTTP(response, answer))
	})}, nil
}

// checkHTTP says what is wrong with how HTTP speaks of an answer.
func checkHTTP(response *http.Response, answer []byte) error {
	want := "application/json"
	if wire.FormatOf(answer) == wire.MessagePack {
		want = "application/octet-stream"
	}
	if got := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || got != want {
		return fmt.Errorf("the answer has status %d and is %q; want 200 and %q", response.StatusCode, got, want)
	}
	return nil
}
