package tp_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/validate"
)

func TestPlaces(t *testing.T) {
	t.Parallel()
	type entry struct {
		Value any `tp:"value"`
	}
	type result struct {
		Entries map[string][]entry `tp:"entries"`
	}
	api := tp.NewAPI("", tp.NoAuth())
	tp.RegisterOn(api, func(context.Context, Empty) (*result, error) {
		return &result{map[string][]entry{"canary": {{Value: 1}, {}}}}, nil
	}, tp.Name("fn.run"))
	var hook failures
	process(t, build(t, api, hook.option()), `[{},{"fn.run":{}}]`)
	if len(hook.all) != 1 {
		t.Fatalf("failures %v", hook.all)
	}
	if diff := cmp.Diff([]string{"Ok_.entries.*[1].value: TypeUnexpected"}, hook.all[0].Places()); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}

	own := &tp.Error{Cases: make([]validate.Failure, 12)}
	own.Cases[0] = validate.Failure{Path: []any{"entries", 3}, Reason: "NullDisallowed"}
	if got := own.Places(); len(got) != 10 || got[0] != "*[3]: NullDisallowed" {
		t.Errorf("places of an error without a server: %q", got)
	}
	if got := new(tp.Error).Places(); got != nil {
		t.Errorf("places of none: %q", got)
	}
}
