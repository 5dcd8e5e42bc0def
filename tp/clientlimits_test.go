package tp_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// What a server answers is bounded as requests are.
func TestClientLimits(t *testing.T) {
	t.Parallel()
	deep := `{"extra!":` + strings.Repeat("[", 62) + strings.Repeat("]", 62) + `}`
	wide := `{"wide!":[{}` + strings.Repeat(",{}", 100_000) + `]}`
	few := `{"wide!":[{}` + strings.Repeat(",{}", 9_999) + `]}`
	extreme := `{"numbers!":[1e-320,1e-320]}`
	tests := []struct {
		name    string
		payload string
		options []tp.ClientOption
		want    string // part of the error; empty for none
	}{
		{"deep", deep, nil, "nested"},
		{"deeper limit", deep, []tp.ClientOption{tp.MaxDepth(100), tp.LimitOption{}}, ""},
		{"zero option", deep, []tp.ClientOption{tp.LimitOption{}}, "nested"},
		{"much memory", wide, nil, "memory"},
		{"more memory", few, []tp.ClientOption{tp.MaxExpansion(10_000)}, ""},
		{"many elements", few, []tp.ClientOption{tp.MaxElements(100)}, "elements"},
		{"extreme numbers", extreme, []tp.ClientOption{tp.MaxExtremes(1)}, "extreme"},
	}
	fields := fieldsOf(build(t, ordersAPI()))
	for _, tc := range tests {
		for _, f := range []tp.Format{tp.JSON, tp.MessagePack, tp.CBOR} {
			if f != tp.JSON && tc.name == "extreme numbers" {
				continue // a matter of text
			}
			client := tp.NewClient(answering(limitedResponse(t, f, fields, tc.payload)), tc.options...)
			_, err := tp.Call[ManyMore](t.Context(), client, &Greet{})
			var failure *tp.Error
			if err == nil != (tc.want == "") || err != nil && (!errors.As(err, &failure) || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("%s in %v: got %v, want %q", tc.name, f, err, tc.want)
			}
		}
	}
}

// ManyMore is a result that can take much memory, and take anything.
type ManyMore struct {
	Wide    []Wide    `tp:"wide!"`
	Numbers []float64 `tp:"numbers!"`
	Extra   any       `tp:"extra!"`
}

// limitedResponse writes an Ok_ whose payload is given as JSON.
func limitedResponse(t testing.TB, f tp.Format, fields *wire.Fields, payload string) string {
	t.Helper()
	if f == tp.JSON {
		return `[{},{"Ok_":` + payload + `}]`
	}
	tree, err := wire.DecodeJSON([]byte(payload), wire.Limits{Depth: 100})
	if err != nil {
		t.Fatal(err)
	}
	headers := tp.Object{{Key: "@bin_", Value: []any{int64(fields.Checksum())}}, {Key: "@enc_", Value: fields.Header()}}
	b, err := f.AppendHeaders(nil, headers)
	if err != nil {
		t.Fatal(err)
	}
	if b, err = f.AppendTarget(b, "Ok_", fields); err != nil {
		t.Fatal(err)
	}
	if b, err = f.AppendValue(b, tree, fields); err != nil {
		t.Fatal(err)
	}
	return string(b)
}

type Chosen struct {
	Select tp.Selection `tp:"select!"`
}

// A selection that is no header but a value goes there and back.
func TestClientSelections(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("")
	tp.RegisterOn(api, func(_ context.Context, in Chosen) (Chosen, error) { return in, nil }, tp.Name("fn.chosen"))
	srv := build(t, api)
	want := &Chosen{Select: tp.Selection{"->": map[string]any{"Ok_": []any{"select!"}}}}
	for _, way := range speaking {
		client := tp.NewClient(&wiretap{srv: srv, binary: way.binary}, way.options...)
		for range 2 {
			got, err := tp.Call[Chosen](t.Context(), client, want)
			if err != nil {
				t.Fatalf("%s: %v", way.name, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: result differs (-want +got):\n%s", way.name, diff)
			}
		}
		_, err := tp.Call[Chosen](t.Context(), client, &Chosen{Select: tp.Selection{"struct.X": nil}})
		var invalid *tp.ValidationError
		if !errors.As(err, &invalid) {
			t.Errorf("%s: got %v", way.name, err)
		}
	}
}

// Arguments that have no encoding are explained in binary as well, and so are headers.
func TestClientBinaryMistakes(t *testing.T) {
	t.Parallel()
	client := tp.NewClient(build(t, ordersAPI()), tp.Binary(tp.BinaryAlways))
	if _, err := tp.Call[Greeting](t.Context(), client, &Greet{}); err != nil {
		t.Fatal(err)
	}
	call := func(_ any, err error) error { return err }
	for want, err := range map[string]error{
		"tp: serialization failure in fn.greet: fn.greet.subject: the text is not valid UTF-8": call(tp.Call[Greeting](t.Context(), client, &Greet{Subject: "\xff"})),
		"tp: serialization failure in fn.greet: wire: value at [@a] cannot be written: ":       call(tp.Call[Greeting](t.Context(), client, &Greet{}, tp.WithHeader("@a", t))),
		"tp: serialization failure in \xff: wire: value at [] cannot be written: ":             call(client.Exchange(t.Context(), &tp.Message{Target: "\xff"})),
		"tp: serialization failure in fn.x: wire: value at [a] cannot be written: ":            call(client.Exchange(t.Context(), &tp.Message{Target: "fn.x", Payload: tp.Object{{Key: "a", Value: t}}})),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A client whose server is replaced goes on: once more in JSON, then in binary again.
func TestClientOfAReplacedServer(t *testing.T) {
	t.Parallel()
	older := build(t, ordersAPI())
	both := tp.NewAPI("")
	tp.RegisterOn(both, greet)
	newer := build(t, both)
	for _, f := range binaryFormats {
		tap := &wiretap{srv: older, binary: f}
		client := tp.NewClient(tap, tp.Binary(tp.BinaryAlways))
		formats := ""
		for i := range 12 {
			if i == 3 {
				tap.srv = newer
			}
			tap.requests = nil
			if _, err := tp.Call[Greeting](t.Context(), client, &Greet{}); err != nil {
				t.Fatal(err)
			}
			formats += " "
			for _, request := range tap.requests {
				if request[0] == '[' {
					formats += "j"
				} else {
					formats += "b"
				}
			}
		}
		if want := " j b b bj j j j j b b b b"; formats != want {
			t.Errorf("%v: requests%s, want%s", f, formats, want)
		}
	}
}
