package tp_test

import (
	"testing"

	"github.com/telestruct/telestruct/tp"
)

func TestOnce(t *testing.T) {
	t.Parallel()
	type key struct{}
	quota := func() tp.Option { return tp.Once(key{}, tp.ErrorSet("errors.Quota", &QuotaError{})) }
	api := tp.NewAPI("", quota(), tp.Options(quota()), tp.Once(key{}, nil))
	tp.RegisterOn(api, greet)
	for range 2 { // each time Build begins anew
		if srv := build(t, api, quota()); srv.Schema().Function("fn.greet").Result.Tag("ErrorQuota") == nil {
			t.Error("fn.greet has no ErrorQuota")
		}
	}
}
