package httpx_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
)

type Caller interface{ isCaller() }

type Ticket struct {
	Number string `tp:"number"`
}

func (Ticket) isCaller() {}

// A cookie or a bearer token stands for the credentials of calls that bring none.
func ExampleCredentials() {
	type WhoAmI struct{}
	type Me struct {
		Name string `tp:"name"`
	}
	api := tp.NewAPI("", tp.Auth(tp.UnionOf[Caller](Ticket{}), func(_ context.Context, c Caller) (string, error) {
		return "holder of " + c.(Ticket).Number, nil
	}))
	tp.RegisterOn(api, func(ctx context.Context, _ WhoAmI) (Me, error) {
		name, _ := tp.Identity[string](ctx)
		return Me{Name: name}, nil
	}, tp.Name("fn.whoAmI"))
	ticket := func(value string) any { return Ticket{Number: value} }
	handler := httpx.Handler(api.MustBuild(), httpx.Credentials(
		httpx.Cookie("__Host-ticket", ticket),
		httpx.Bearer(ticket),
	))

	request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`[{}, {"fn.whoAmI": {}}]`))
	request.Header.Set("Authorization", "Bearer 7")
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	fmt.Println(answer.Body)
	// Output: [{},{"Ok_":{"name":"holder of 7"}}]
}
