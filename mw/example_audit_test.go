package mw_test

import (
	"context"
	"fmt"

	"github.com/telestruct/telestruct/mw"
	"github.com/telestruct/telestruct/tp"
)

// audit writes down who has transferred what. It is middleware as anybody can write it:
// arguments and results are the structs of the function.
func audit(next tp.Handler) tp.Handler {
	return func(ctx context.Context, req *tp.Request) (*tp.Response, error) {
		res, err := next(ctx, req)
		if order, ok := req.Args.(*Transfer); ok && err == nil {
			account, _ := mw.Identity[*Account](ctx)
			receipt, _ := res.Result.(*Receipt)
			fmt.Printf("%s paid %d to %s, receipt %d\n", account.ID, order.Amount, order.To, receipt.Number)
		}
		return res, err
	}
}

// Middleware of one's own takes ten lines.
func Example_audit() {
	api := tp.NewAPI("Bank", mw.Auth(tp.UnionOf[Caller](Session{}), lookUp), mw.Recover(), tp.Use(audit))
	tp.RegisterOn(api, transfer)
	inProcess(api.MustBuild(), `[{"@auth_": {"Session": {"token": "t-1"}}}, {"fn.transfer": {"to": "bob", "amount": 5}}]`)
	// Output: ann paid 5 to bob, receipt 7
}
