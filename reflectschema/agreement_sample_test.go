package reflectschema_test

import (
	"math/rand/v2"
	"testing"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// Whatever is made up for a Go type is valid, and goes into it.
func TestSamplesGoIntoGoTypes(t *testing.T) {
	t.Parallel()
	const rounds = 400
	r := rand.New(rand.NewPCG(3, 4))
	known := subjects{}
	for i := range rounds {
		shape := uint16(r.Uint32())
		if i < 4*len(zooArgs) {
			shape = uint16(i % len(zooArgs)) // each of them four times
		}
		s := known.of(t, shape)
		payload := s.sample(r.Uint32())
		text := spelled(subjectName, payload, nil)
		if failures := validate.Request(s.schema, s.fn, payload).Failures; len(failures) > 0 {
			t.Errorf("%v\n%s\nis refused: %v", s.goType, text, failures)
		}
		d := plan.Decoder{Selectable: s.selectable}
		d.Reset(text, wire.CallLimits())
		if _, _, ok := d.Begin(); !ok || !s.plan.Decode(&d, mem.New(s.goType)) || !d.Finish() {
			t.Errorf("%v\n%s\ndoes not go into it: %v", s.goType, text, d.LimitError())
		}
	}
}
