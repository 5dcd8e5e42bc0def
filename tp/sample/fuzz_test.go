package sample_test

import (
	"testing"

	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/validate"
	"github.com/telestruct/telestruct/tp/wire"
)

// FuzzBlueprint makes values around any blueprint, right or wrong. What it
// decides rightly must not make the value wrong.
func FuzzBlueprint(f *testing.F) {
	f.Add(int64(0), byte(0), []byte(`{"Ok_": {"term": {"Add": {"left": {"Variable": {}}}}}}`))
	f.Add(int64(4), byte(1), []byte(`{"fn.water": {"plant": {"parent!": {"name": null}}, "next!": []}}`))
	f.Add(int64(9), byte(2), []byte(`{"ErrorWeeds": {"bushes": [{}, 1, {"twigs": {}, "named": {"a": []}}]}}`))
	f.Add(int64(-1), byte(1), []byte(`null`))
	s := parse(f, garden)
	water := s.Function("fn.water")
	f.Fuzz(func(t *testing.T, seed int64, optional byte, blueprint []byte) {
		v, err := wire.DecodeJSON(blueprint, wire.CallLimits())
		if err != nil {
			return
		}
		before := text(t, v)
		g := sample.NewGenerator(s, sample.Options{Seed: seed, MaxLength: 3})
		o := sample.OptionalFields(optional % 3)
		request := g.Request(water, o, sample.Given(v))
		result := g.Result(water, o, sample.Given(v))
		text(t, request)
		text(t, result)
		if text(t, v) != before {
			t.Errorf("the blueprint was changed from %s to %s", before, text(t, v))
		}
		if args, ok := argumentsIn(v, water.Key); ok && onlyMissing(validate.Request(s, water, args)) {
			validBody(t, s, water, request)
		}
	})
}

// argumentsIn returns what v, if it is a body, gives as the arguments of key.
func argumentsIn(v any, key string) (any, bool) {
	body, _ := v.(wire.Object)
	return body.Get(key)
}

// onlyMissing reports whether nothing that is there is wrong.
func onlyMissing(r validate.Report) bool {
	for _, f := range r.Failures {
		if f.Reason != "RequiredObjectKeyMissing" {
			return false
		}
	}
	return true
}
