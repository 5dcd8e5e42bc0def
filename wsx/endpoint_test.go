package wsx_test

import (
	"testing"

	"github.com/telestruct/telestruct/wsx"
)

func TestCall(t *testing.T) {
	t.Parallel()
	s := newSite(t, wsx.Handler(build(t)))
	p := s.dial()
	p.send(fin|opText, greetAnn)
	p.want(fin|opText, greetedAnn)
	p.send(fin|opPing, "x")
	p.want(fin|opPong, "x")
	p.send(fin|opClose, closing(1000, "bye"))
	p.want(fin|opClose, closing(1000, ""))
	p.wantEnd()
}
