package tp_test

import (
	"errors"
	"testing"

	"github.com/telestruct/telestruct/tp"
)

func TestRequireFunctions(t *testing.T) {
	t.Parallel()
	api := greetAPI()
	build(t, api, tp.RequireFunctions("x.Option", "fn.greet", "fn.ping_"), tp.RequireFunctions("x.Option"))
	_, err := api.Build(tp.NoAuth(), tp.RequireFunctions("x.Option", "fn.greet", "fn.great", "greet"))
	mistakes, ok := errors.AsType[*tp.BuildError](err)
	if !ok || len(mistakes.Problems) != 2 {
		t.Fatalf("err = %v, want two problems", err)
	}
	for i, name := range []string{"fn.great", "greet"} {
		p := mistakes.Problems[i]
		if p.Where != "x.Option" || p.Found != `the API has no function "`+name+`"` || p.Site == "" {
			t.Errorf("problem %d is %v", i, p)
		}
	}
}
