package tp_test

import (
	"errors"
	"fmt"
	"math"
	"os"

	"github.com/telestruct/telestruct/tp"
)

// Weather is what the topic of the weather is for.
type Weather struct {
	Place   string  `tp:"place"`
	Celsius float64 `tp:"celsius"`
}

func ExamplePublishes() {
	weather := tp.Publishes[Weather]("weather")

	message, err := weather.Append(nil, Weather{Place: "Oslo", Celsius: -3.5})
	fmt.Println(string(message), err)
	_, err = weather.Append(nil, Weather{Celsius: math.NaN()})
	fmt.Println(err)

	read, err := weather.Read(message)
	fmt.Println(read.Place, err)
	_, err = weather.Read([]byte(`[{}, {"Ok_": {}}]`))
	fmt.Println(errors.Is(err, tp.ErrOtherType))
	fmt.Println(tp.PublishedOn(message))
	// Output:
	// [{"@topic":"weather"},{"struct.Weather":{"place":"Oslo","celsius":-3.5}}] <nil>
	// tp: serialization failure: struct.Weather.celsius: the number is out of range
	// Oslo <nil>
	// true
	// weather struct.Weather true
}

func ExamplePublishes_schema() {
	api := tp.NewAPI("Forecast", tp.Publishes[Weather]("weather"))
	tp.RegisterOn(api, greet)
	if err := api.MustBuild(tp.NoAuth()).Schema().WriteYAML(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// - info.Forecast: {}
	//
	// - ///: |
	//     Messages that answer no call name in `@topic` the topic that they were published on.
	//     Their body has one value, by the key of its definition:
	//
	//     - "weather": `struct.Weather`
	//   $topics: {"weather": ["struct.Weather"]}
	//   headers.Topic: {}
	//   ->:
	//     "@topic": "string"
	//
	// - fn.greet:
	//     subject: "string"
	//   ->:
	//     - Ok_:
	//         message: "string"
	//
	// - struct.Weather:
	//     place: "string"
	//     celsius: "number"
}
