package tp_test

import (
	"context"
	"testing"

	"github.com/telestruct/telestruct/tp"
)

func TestCall(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("")
	tp.RegisterOn(api, greet)
	client := tp.NewClient(build(t, api))
	got, err := tp.Call[Greeting](context.Background(), client, &Greet{Subject: "World"})
	if err != nil || got.Message != "Hello World!" {
		t.Fatalf("got %+v, %v", got, err)
	}
}
