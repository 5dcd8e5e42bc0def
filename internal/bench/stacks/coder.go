package stacks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/coder/websocket"
)

// Coder is a bare loop of coder/websocket that sends back every message as it is: the
// least that a server over this library does. It gets the message that [Socket] gets.
func Coder[In any](in *In) (Stack, error) {
	args, err := json.Marshal(in)
	if err != nil {
		return Stack{}, err
	}
	s := Stack{Name: "coder", Handler: http.HandlerFunc(echoMessages), Call: telestructCall(args)}
	s.Call.Check = func(answer []byte) error {
		if !bytes.Equal(answer, s.Call.Body) {
			return fmt.Errorf("the answer is another message: %.200q", answer)
		}
		return nil
	}
	return s, nil
}

func echoMessages(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // the client has been told
	}
	defer conn.CloseNow()
	ctx := context.Background()
	for {
		kind, message, err := conn.Read(ctx)
		if err != nil {
			return
		}
		if err := conn.Write(ctx, kind, message); err != nil {
			return
		}
	}
}
