package mw

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

func TestBreaches(t *testing.T) {
	t.Parallel()
	at := func(path ...any) validate.Failure {
		return validate.Failure{Path: path, Reason: "R", Data: wire.Object{{Key: "k", Value: "v"}}}
	}
	many := make([]validate.Failure, 25)
	for _, tc := range []struct {
		name     string
		failures []validate.Failure
		want     []string
	}{
		{"names", []validate.Failure{at("Ok_", "items", 3, "price2!"), at("@x"), at("fn.greet", "a"), at()},
			[]string{"Ok_.items[3].price2!: R", "@x: R", "fn.greet.a: R", ": R"}},
		{"keys of maps", []validate.Failure{at("Ok_", "a b"), at("Ok_", ""), at("", 1), at("Ok_", "a-b", "c"), at("ü"), at("a\nb"), at("!"), at(strings.Repeat("x", 65))},
			[]string{"Ok_.*: R", "Ok_.*: R", "*[1]: R", "Ok_.*.c: R", "*: R", "*: R", "*: R", "*: R"}},
		{"many", many, []string{": ", ": ", ": ", ": ", ": ", ": ", ": ", ": ", ": ", ": "}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, breaches(tc.failures)); diff != "" {
				t.Errorf("breaches (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFrames(t *testing.T) {
	t.Parallel()
	const stack = "goroutine 7 [running]:\nruntime/debug.Stack()\n\t/go/debug (copy)/stack.go:26 +0x5e\n" +
		"main.(*Server).call(0xc000, {0x1, 0x2})\n\t/src/main.go:3 (x)\npanic({0x6b2f20?, 0x5ec2e7?})\ncreated by main.f in goroutine 1\n\t/src/main.go:9 +0x4c5"
	const want = "goroutine 7 [running]:\nruntime/debug.Stack\n\t/go/debug (copy)/stack.go:26 +0x5e\n" +
		"main.(*Server).call\n\t/src/main.go:3 (x)\npanic\ncreated by main.f in goroutine 1\n\t/src/main.go:9 +0x4c5\n"
	if got := frames([]byte(stack)); got != want {
		t.Errorf("frames:\n%s", got)
	}
	if got := frames(nil); got != "" {
		t.Errorf("frames of nothing: %q", got)
	}
}
