package tp_test

import (
	"context"
	"testing"
	"time"

	"github.com/telestruct/telestruct/tp"
)

func TestEverybody(t *testing.T) {
	t.Parallel()
	bare := func() *tp.API {
		api := tp.NewAPI("")
		tp.RegisterOn(api, whoAmI)
		tp.RegisterOn(api, whoAmI, tp.Name("fn.open"), tp.Public())
		return api
	}
	eve, mallory := tp.Everybody(&user{"eve"}), tp.Everybody(&user{"mallory"})
	const asEve, asNobody = `[{},{"Ok_":{"message":"eve"}}]`, `[{},{"Ok_":{"message":"nobody"}}]`
	tests := []struct {
		name    string
		api     *tp.API
		options []tp.Option
		request string
		want    string
	}{
		{"in place of Auth", authAPI(), []tp.Option{eve}, `[{}, {"fn.whoAmI": {}}]`, asEve},
		{"before Auth", bare(), []tp.Option{eve, tp.Auth(tp.UnionOf[Credentials](Token{}), lookUp)}, `[{}, {"fn.whoAmI": {}}]`, asEve},
		{"without Auth", bare(), []tp.Option{eve}, `[{}, {"fn.whoAmI": {}}]`, asEve},
		{"with NoAuth", bare(), []tp.Option{tp.NoAuth(), eve}, `[{}, {"fn.whoAmI": {}}]`, asEve},
		{"whatever the credentials are", authAPI(), []tp.Option{eve}, `[{"@auth_": {"Token": {"token": "panic"}}}, {"fn.whoAmI": {}}]`, asEve},
		{"in public", authAPI(), []tp.Option{eve}, `[{}, {"fn.open": {}}]`, asNobody},
		{"in public without Auth", bare(), []tp.Option{eve}, `[{}, {"fn.open": {}}]`, asNobody},
		{"handlers still decide", authAPI(), []tp.Option{mallory}, `[{}, {"fn.whoAmI": {}}]`, `[{},{"ErrorUnauthorized_":{"message!":"not you"}}]`},
		{"nobody at all", authAPI(), []tp.Option{tp.Everybody(nil)}, `[{}, {"fn.whoAmI": {}}]`, asNobody},
		{"whose time is over", authAPI(), []tp.Option{tp.Everybody(ended{}), tp.OnFailure(nil)}, `[{}, {"fn.whoAmI": {}}]`,
			`[{},{"ErrorUnauthenticated_":{"message!":"Valid authentication is required."}}]`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv := tc.api.MustBuild(tc.options...)
			reply := srv.Process(context.Background(), []byte(tc.request))
			if got := string(reply.Bytes); got != tc.want {
				t.Errorf("answer %s, want %s", got, tc.want)
			}
		})
	}
}

// ended is an identity that was.
type ended struct{}

func (ended) ExpiresAt() time.Time { return time.Unix(1, 0) }

// The schema is that of the API, and connections need no credentials either.
func TestEverybodyLeavesTheSchema(t *testing.T) {
	t.Parallel()
	want, got := authAPI().MustBuild(), authAPI().MustBuild(tp.Everybody(&user{"eve"}))
	if a, b := want.Schema().Checksum(), got.Schema().Checksum(); a != b || !got.Schema().HasAuth() {
		t.Errorf("the schema has the checksum %d, want %d, and union.Auth_ is in it: %v", b, a, got.Schema().HasAuth())
	}
	identity, _, err := got.Authenticate(context.Background(), nil)
	if u, ok := identity.(*user); err != nil || !ok || u.name != "eve" {
		t.Errorf("a connection is from %v, error %v", identity, err)
	}
}
