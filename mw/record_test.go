package mw

import "testing"

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
