package wsx_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/telestruct/telestruct/wsx"
)

func TestLabel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := wsx.NewServer()
		newSite(t, srv.New()).dial()
		synctest.Wait()
		remote, err := srv.Remote(1)
		if err != nil {
			t.Fatal(err)
		}
		for _, tc := range []struct{ set, want string }{
			{"Ann", "Ann"},
			{"", ""},
			{"\xffAnn", "\uFFFDAnn"},
			{strings.Repeat("a", 128), strings.Repeat("a", 128)},
			{strings.Repeat("a", 1000), strings.Repeat("a", 128)},
			{strings.Repeat("a", 127) + "\u00e9", strings.Repeat("a", 127)},
		} {
			remote.SetLabel(tc.set)
			if got := remote.Info().Label; got != tc.want {
				t.Errorf("SetLabel(%q): label = %q, want %q", tc.set, got, tc.want)
			}
		}
	})
}
