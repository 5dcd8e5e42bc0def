// Package stacks has the handlers that are measured against each other. Each makes an
// endpoint of one plain Go function, in the way that a sensible user of it would.
package stacks

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/internal/bench/loopback"
)

// Stack is an endpoint over HTTP and the call to measure it with.
type Stack struct {
	Name    string
	Handler http.Handler
	Call    loopback.Call
}

// Plain is a stack that takes and answers JSON with nothing around it, at /call. The
// name and the handler are to be set; the call sends in and wants back want.
func Plain[In, Out any](in *In, want *Out) (Stack, error) {
	body, err := json.Marshal(in)
	check := func(answer []byte) error { return sameJSON(answer, want) }
	return Stack{Call: loopback.Call{Path: "/call", Body: body, Check: check}}, err
}

// sameJSON says how the text differs from want; keys that want does not have count
// for nothing.
func sameJSON[T any](text []byte, want *T) error {
	got := new(T)
	if err := json.Unmarshal(text, got); err != nil {
		return fmt.Errorf("%w in %.200q", err, text)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		return fmt.Errorf("the answer is another one (-want +got):\n%.2000s", diff)
	}
	return nil
}
