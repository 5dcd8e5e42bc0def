package tp_test

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/telestruct/telestruct/tp"
)

// MaintenanceError is the answer while there is maintenance.
type MaintenanceError struct {
	Until string `tp:"until" doc:"When calls are answered again."`
}

func (e *MaintenanceError) Error() string { return "closed until " + e.Until }

// maintenance refuses all calls but pings while it is closed.
func maintenance(closed *atomic.Bool) tp.Option {
	return tp.Options(
		tp.ErrorSet("errors.Maintenance", &MaintenanceError{}),
		tp.Admit(func(_ context.Context, req *tp.Request) error {
			if closed.Load() && req.Function != "fn.ping_" {
				return &MaintenanceError{Until: "noon"}
			}
			return nil
		}),
	)
}

func ExampleAdmit() {
	var closed atomic.Bool
	api := tp.NewAPI("Hello", tp.NoAuth(), maintenance(&closed))
	tp.RegisterOn(api, greet)
	srv := api.MustBuild()

	call := []byte(`[{}, {"fn.greet": {"subject": "World"}}]`)
	fmt.Println(string(srv.Process(context.Background(), call).Bytes))
	closed.Store(true)
	fmt.Println(string(srv.Process(context.Background(), call).Bytes))
	// Output:
	// [{},{"Ok_":{"message":"Hello World!"}}]
	// [{},{"ErrorMaintenance":{"until":"noon"}}]
}
