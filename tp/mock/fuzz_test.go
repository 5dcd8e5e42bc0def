package mock_test

import (
	"testing"

	"github.com/telestruct/telestruct/tp/mock"
	"github.com/telestruct/telestruct/tp/wire"
)

// Whatever comes, one message is the answer, of which nothing is the server's fault.
func FuzzProcess(f *testing.F) {
	for _, body := range []string{
		ada, bob, left, `{"fn.api_":{}}`, `{"fn.clearStubs_":{}}`, `{"fn.setRandomSeed_":{"seed":-1}}`, `{"fn.verifyNoMoreInteractions_":{}}`,
		`{"fn.verify_":{"call":{"fn.greet":{"names!":["a"]}},"count!":{"AtMost":{"times":9223372036854775807}}}}`,
		`{"fn.createStub_":{"stub":{"fn.greet":{},"->":{"ErrorRude":{}}},"count!":1,"strictMatch!":true}}`,
	} {
		f.Add([]byte(body), []byte(ada))
	}
	m, err := mock.New(mock.Documents(greet), mock.OnlyStubs(), mock.Remember(5))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, first, second []byte) {
		m.ClearStubs()
		for _, body := range [][]byte{first, second, first} {
			reply := m.Process(t.Context(), append(append([]byte("[{},"), body...), ']'))
			answer, err := wire.DecodeMessage(reply.Bytes, wire.CallLimits())
			if err != nil || answer.Target == "ErrorUnknown_" || answer.Target == "ErrorInvalidResponseBody_" {
				t.Errorf("%s\nis answered %s, %v", body, reply.Bytes, err)
			}
			reply.Release()
		}
		if err := mock.Verify(m, mock.Any[struct{}](), mock.Named("fn.leave"), mock.Exactly(-1)); err == nil || err.Error() == "" {
			t.Error("fewer calls than none")
		}
	})
}
