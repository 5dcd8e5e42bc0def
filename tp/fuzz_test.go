package tp_test

import (
	"bytes"
	"context"
	"math"
	"testing"

	"github.com/telestruct/telestruct/tp"
)

// FuzzProcess feeds anything to a server: every reply is a message, and the
// server never finds that its decoder and its validator disagree.
func FuzzProcess(f *testing.F) {
	for _, seed := range []string{
		`[{}, {"fn.greet": {"subject": "World"}}]`,
		`[{"@id_": 1, "@select_": {"->": {"Ok_": []}}}, {"fn.greet": {"subject": "World"}}]`,
		`[{}, {"fn.echo": {"order": {"id": 1, "note!": "n", "buyer": null, "phone!": null, "lines": [{"sku": "s", "price": 1e3}], "labels!": {"k": "v"}, "blob!": "AQI=", "extra!": [1, {"a": true}]}}}]`,
		`[{}, {"fn.measure": {"shape": {"Circle": {"radius": 1.5}}}}]`,
		`[{}, {"fn.api_": {"includeInternal!": true}}]`,
		`[{}, {"fn.greet": {"subject": "\ud800"}}]`,
		`[{"@time_": -5, "@unsafe_": true}, {"fn.ping_": {}}]`,
		`[[[[`,
	} {
		f.Add([]byte(seed))
	}
	var failure *tp.Error
	api := ordersAPI()
	tp.RegisterOn(api, measureAny, tp.Name("fn.measure"))
	srv, err := api.Build(tp.NoAuth(), tp.Types(tp.UnionOf[Shape](Circle{}, Square{})),
		tp.OnFailure(func(_ context.Context, e *tp.Error) { failure = e }))
	if err != nil {
		f.Fatal(err)
	}
	fields := fieldsOf(srv)
	for _, format := range binaryFormats {
		f.Add(binary(f, format, fields, `[{}, {"fn.greet": {"subject": "World"}}]`))
		f.Add(binary(f, format, fields, `[{"@pac_": true}, {"fn.echo": {"order": {"id": 1, "buyer": null, "lines": [{"sku": "s", "price": 1}, {"sku": "t", "price": 2.5}], "blob!": "AQI=", "extra!": [{"id": 1}]}}}]`))
		f.Add(binary(f, format, fields, `[{"@select_": {"struct.Order": ["id"]}}, {"fn.measure": {"shape": {"Circle": {"radius": 1.5}}}}]`))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		failure = nil
		reply := srv.Process(context.Background(), body)
		defer reply.Release()
		readable(t, fields, reply)
		if failure != nil && !(failure.Kind == tp.KindParse && failure.Tag == "ErrorParseFailure_") {
			t.Errorf("failure %v for %q: %s", failure, body, bytes.TrimSpace(reply.Bytes))
		}
	})
}

// measureAny is measure with an area that can be written for shapes of any size.
func measureAny(ctx context.Context, in Measure) (Area, error) {
	area, err := measure(ctx, in)
	area.Area = min(area.Area, math.MaxFloat64)
	return area, err
}
