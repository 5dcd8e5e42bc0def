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

func TestRequireIdentity(t *testing.T) {
	t.Parallel()
	build(t, greetAPI(), tp.RequireIdentity[int]("x.Option")) // an API without identities
	api := authAPI()
	if _, err := api.Build(tp.RequireIdentity[*user]("x.Option"), tp.RequireIdentity[any]("x.Option")); err != nil {
		t.Error(err)
	}
	_, err := api.Build(tp.RequireIdentity[user]("x.Option"))
	mistakes, ok := errors.AsType[*tp.BuildError](err)
	if !ok || len(mistakes.Problems) != 1 {
		t.Fatalf("err = %v, want one problem", err)
	}
	p := mistakes.Problems[0]
	if p.Where != "x.Option" || p.Found != "it takes identities as tp_test.user, and those of the API are *tp_test.user" || p.Fix != "take *tp_test.user" || p.Site == "" {
		t.Errorf("the problem is %v", p)
	}
}
