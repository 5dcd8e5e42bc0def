package mw_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
)

func TestTimeout(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		options []tp.Option
		request string
		want    string
	}{
		{"default", nil, runAs("deadline"), "30s"},
		{"all", []tp.Option{mw.Timeout(time.Second)}, runAs("deadline"), "1s"},
		{"one", []tp.Option{mw.Timeout(time.Minute, "fn.run")}, runAs("deadline"), "1m0s"},
		{"another", []tp.Option{mw.Timeout(time.Minute, "fn.other")}, runAs("deadline"), "30s"},
		{"caller says less", []tp.Option{mw.Timeout(time.Second)}, `[{"@time_":200},{"fn.run":{"how":"deadline"}}]`, "200ms"},
		{"caller says more", []tp.Option{mw.Timeout(time.Second)}, `[{"@time_":2000},{"fn.run":{"how":"deadline"}}]`, "1s"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := newServer(t, tc.options...)
				for _, call := range []caller{inProcess, overHTTP("192.0.2.1:1"), newConnection("").call} {
					if got, want := call(srv, tc.request), `[{},{"Ok_":{"how":"`+tc.want+`","number":1}}]`; got != want {
						t.Errorf("got %s, want %s", got, want)
					}
				}
			})
		})
	}
}

func TestTimeoutOfNoFunction(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("", tp.NoAuth(), mw.Timeout(time.Second, "fn.nope"))
	tp.RegisterOn(api, run)
	if _, err := api.Build(); err == nil || !strings.Contains(err.Error(), "(mw/timeout_test.go:") {
		t.Errorf("err = %v, want the place of mw.Timeout", err)
	}
}
