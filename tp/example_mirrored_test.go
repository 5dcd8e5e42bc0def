package tp_test

import (
	"fmt"
	"os"

	"github.com/telestruct/telestruct/tp"
)

// Heater is a model that clients see live.
type Heater struct {
	_       struct{} `doc:"A heater and its thermostat."`
	Room    string   `tp:"room"`
	On      bool     `tp:"on"`
	Celsius float64  `tp:"celsius"`
	Error   *string  `tp:"error?"`
}

func ExampleMirrors() {
	api := tp.NewAPI("Home", tp.Mirrors[Heater]())
	tp.RegisterOn(api, greet)
	if err := api.MustBuild(tp.NoAuth()).Schema().WriteYAML(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// - info.Home: {}
	//
	// - fn.greet:
	//     subject: "string"
	//   ->:
	//     - Ok_:
	//         message: "string"
	//
	// - ///: A heater and its thermostat.
	//   struct.Heater:
	//     room: "string"
	//     "on": "boolean"
	//     celsius: "number"
	//     error: "string?"
}
