package tp_test

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

var binaryFormats = []tp.Format{tp.MessagePack, tp.CBOR}

// fieldsOf returns the table of a server's binary messages.
func fieldsOf(srv *tp.Server) *wire.Fields { return wire.NewFields(srv.Schema().FieldNames()) }

// binary writes a message that is given as JSON in a binary format, with the headers
// that a caller who knows the server's table sends.
func binary(t testing.TB, f tp.Format, fields *wire.Fields, message string, more ...tp.Member) []byte {
	t.Helper()
	m, err := wire.DecodeMessage([]byte(message), wire.CallLimits())
	if err != nil {
		t.Fatal(err)
	}
	m.Headers.Set("@bin_", []any{int64(fields.Checksum())})
	for _, h := range more {
		m.Headers.Set(h.Key, h.Value)
	}
	head, err := f.AppendHeaders(nil, m.Headers)
	if err != nil {
		t.Fatal(err)
	}
	body, err := f.AppendTarget(nil, m.Target, fields)
	if err != nil {
		t.Fatal(err)
	}
	if body, err = f.AppendValue(body, m.Payload, fields); err != nil {
		t.Fatal(err)
	}
	if packed, _ := m.Headers.Get("@pac_"); packed == true {
		return f.Pack(head, body)
	}
	return append(head, body...)
}

// readable returns a reply as JSON text without what only binary replies have.
func readable(t testing.TB, fields *wire.Fields, reply tp.Reply) string {
	t.Helper()
	if got := wire.FormatOf(reply.Bytes); got != reply.Format {
		t.Errorf("the reply says it is %v and is %v", reply.Format, got)
	}
	if reply.Format == tp.JSON {
		if _, err := wire.DecodeMessage(reply.Bytes, wire.CallLimits()); err != nil {
			t.Fatalf("%v: %s", err, reply.Bytes)
		}
		return string(reply.Bytes)
	}
	m, err := wire.DecodeBinary(reply.Bytes, func(tp.Object) (*wire.Fields, error) { return fields, nil }, wire.CallLimits())
	if err != nil {
		t.Fatalf("%v: %x", err, reply.Bytes)
	}
	m.Headers = slices.DeleteFunc(m.Headers, func(h tp.Member) bool {
		return h.Key == "@bin_" || h.Key == "@enc_" || h.Key == "@pac_"
	})
	text, err := wire.AppendMessage(nil, m)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// withoutBase64 returns a reply in JSON without its @base64_ header, which binary
// replies never have.
func withoutBase64(t testing.TB, reply string) string {
	t.Helper()
	m, err := wire.DecodeMessage([]byte(reply), wire.CallLimits())
	if err != nil {
		t.Fatal(err)
	}
	m.Headers = slices.DeleteFunc(m.Headers, func(h tp.Member) bool { return h.Key == "@base64_" })
	text, err := wire.AppendMessage(nil, m)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestBinaryAnswersAsJSON sends in every binary form what other tests send in JSON:
// the answers are the same, and those that succeed are binary.
func TestBinaryAnswersAsJSON(t *testing.T) {
	t.Parallel()
	srv := build(t, ordersAPI())
	fields := fieldsOf(srv)
	for _, tc := range slices.Concat(validRequests, invalidRequests) {
		if _, err := wire.DecodeMessage([]byte(tc.request), wire.CallLimits()); err != nil {
			continue // nothing that could be written in another format
		}
		want := withoutBase64(t, tc.want)
		for _, f := range binaryFormats {
			for _, headers := range [][]tp.Member{nil, {{Key: "@pac_", Value: true}}} {
				name := tc.name + " " + f.String()
				if headers != nil {
					name += " packed"
				}
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					reply := srv.Process(context.Background(), binary(t, f, fields, tc.request, headers...))
					defer reply.Release()
					isOk := reply.Tag == "Ok_"
					if isOk != (reply.Format == f) {
						t.Errorf("%s was answered in %v", reply.Tag, reply.Format)
					}
					got := strings.Replace(readable(t, fields, reply), `"@pac_":true`, "", 1)
					if got = strings.Replace(got, `,}`, `}`, 1); got != want {
						t.Errorf("\n got %s\nwant %s", got, want)
					}
				})
			}
		}
	}
}

// TestNegotiation shows how a caller comes to binary, and what the server says.
func TestNegotiation(t *testing.T) {
	t.Parallel()
	srv := build(t, ordersAPI())
	fields := fieldsOf(srv)
	ours := int64(fields.Checksum())
	const call = `{"fn.greet":{"subject":"x"}}`
	tests := []struct {
		name    string
		headers string
		wish    tp.Format
		format  tp.Format
		hasEnc  bool
	}{
		{"not asked for", `{}`, tp.CBOR, tp.JSON, false},
		{"first call", `{"@bin_":[]}`, tp.JSON, tp.MessagePack, true},
		{"table known", `{"@bin_":[OURS]}`, tp.JSON, tp.MessagePack, false},
		{"older table known", `{"@bin_":[1,OURS]}`, tp.JSON, tp.MessagePack, false},
		{"other tables known", `{"@bin_":[1,2]}`, tp.JSON, tp.MessagePack, true},
		{"transport wants CBOR", `{"@bin_":[]}`, tp.CBOR, tp.CBOR, true},
		{"transport wants MessagePack", `{"@bin_":[OURS]}`, tp.MessagePack, tp.MessagePack, false},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			headers := strings.ReplaceAll(tc.headers, "OURS", strconv.FormatInt(ours, 10))
			reply := srv.Serve(context.Background(), &tp.Inbound{
				Body:   []byte("[" + headers + "," + call + "]"),
				Binary: tc.wish,
			})
			if reply.Format != tc.format {
				t.Errorf("answered in %v; want %v", reply.Format, tc.format)
			}
			if _, has := reply.Headers.Get("@enc_"); has != tc.hasEnc {
				t.Errorf("headers %v; want @enc_ %v", reply.Headers, tc.hasEnc)
			}
			if want := `[{},{"Ok_":{"message":"Hello x!"}}]`; readable(t, fields, reply) != want {
				t.Errorf("got %s; want %s", readable(t, fields, reply), want)
			}
		})
	}
}

// TestBinaryRequestOfAnotherTable shows that a message never names wrong fields.
func TestBinaryRequestOfAnotherTable(t *testing.T) {
	t.Parallel()
	srv := build(t, ordersAPI())
	fields := fieldsOf(srv)
	failed := func(reason string) string {
		return `[{},{"ErrorParseFailure_":{"reasons":[{"` + reason + `":{}}]}}]`
	}
	const call = `[{},{"fn.greet":{"subject":"x"}}]`
	tests := []struct {
		name string
		bin  any
		want string
	}{
		{"stale", []any{int64(1)}, failed("IncompatibleBinaryEncoding")},
		{"stale before ours", []any{int64(1), int64(fields.Checksum())}, failed("IncompatibleBinaryEncoding")},
		{"none", []any{}, failed("IncompatibleBinaryEncoding")},
		{"missing", nil, failed("IncompatibleBinaryEncoding")},
		{"not a list", true, failed("IncompatibleBinaryEncoding")},
		{"not integers", []any{"x"}, failed("IncompatibleBinaryEncoding")},
		{"a float", []any{float64(fields.Checksum())}, failed("IncompatibleBinaryEncoding")},
	}
	for _, tc := range tests {
		for _, f := range binaryFormats {
			t.Run(tc.name+" "+f.String(), func(t *testing.T) {
				t.Parallel()
				body := binary(t, f, fields, call, tp.Member{Key: "@bin_", Value: tc.bin}, tp.Member{Key: "@id_", Value: int64(3)})
				reply := srv.Process(context.Background(), body)
				if got := string(reply.Bytes); got != tc.want {
					t.Errorf("\n got %s\nwant %s", got, tc.want)
				}
			})
		}
	}
	t.Run("unknown number", func(t *testing.T) {
		t.Parallel()
		for _, f := range binaryFormats {
			head, err := f.AppendHeaders(nil, tp.Object{{Key: "@bin_", Value: []any{int64(fields.Checksum())}}})
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range []int64{255, -1, 1 << 40} {
				body := f.AppendMap(f.AppendInt(f.AppendMap(slices.Clone(head), 1), id), 0)
				if got, want := string(srv.Process(context.Background(), body).Bytes), failed("BinaryDecodeFailure"); got != want {
					t.Errorf("%v %d:\n got %s\nwant %s", f, id, got, want)
				}
			}
		}
	})
}

type Blobs struct {
	Raw  []byte            `tp:"raw"`
	Many [][]byte          `tp:"many"`
	By   map[string][]byte `tp:"by"`
}

// TestBinaryBytes shows that raw bytes cross binary as they are, for typed and raw
// functions, also those that answer with base64 text.
func TestBinaryBytes(t *testing.T) {
	t.Parallel()
	api := tp.NewAPI("Blobs")
	tp.RegisterOn(api, func(_ context.Context, in *Blobs) (*Blobs, error) { return in, nil }, tp.Name("fn.typed"))
	typed := build(t, api)
	var document bytes.Buffer
	if err := typed.Schema().WriteYAML(&document); err != nil {
		t.Fatal(err)
	}
	raw := tp.NewAPI("", tp.SchemaDocuments(schema.Document{Name: "blobs.telepact.yaml", Text: document.Bytes()}))
	tp.RegisterRaw(raw, "fn.typed", func(_ context.Context, req *tp.Request) (*tp.Response, error) {
		result := wire.BytesToBase64(req.Args, tp.Object{{Key: "raw", Value: true}})
		return &tp.Response{Result: result}, nil
	})
	for name, srv := range map[string]*tp.Server{"typed": typed, "raw": build(t, raw)} {
		fields := fieldsOf(srv)
		const call = `[{},{"fn.typed":{"raw":"AQI=","many":["","/w=="],"by":{"k":"AA=="}}}]`
		for _, f := range binaryFormats {
			reply := srv.Process(context.Background(), binary(t, f, fields, call))
			if _, has := reply.Headers.Get("@base64_"); has || reply.Format != f {
				t.Errorf("%s: %v with headers %v", name, reply.Format, reply.Headers)
			}
			m, err := wire.DecodeBinary(reply.Bytes, func(tp.Object) (*wire.Fields, error) { return fields, nil }, wire.CallLimits())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range m.Payload {
				if m.Key == "raw" && string(m.Value.([]byte)) != "\x01\x02" {
					t.Errorf("%s %v: got %v", name, f, m.Value)
				}
			}
			if got, want := readable(t, fields, reply), `"raw":"AQI=","many":["","/w=="],"by":{"k":"AA=="}`; !strings.Contains(got, want) {
				t.Errorf("%s %v: got %s; want %s in it", name, f, got, want)
			}
		}
	}
}

// What a transport does to the headers of one request is nothing to the next.
func TestUpdateHeadersOfOneRequest(t *testing.T) {
	t.Parallel()
	srv := build(t, ordersAPI())
	fields := fieldsOf(srv)
	for _, format := range binaryFormats {
		request := binary(t, format, fields, `[{}, {"fn.greet": {"subject": "ann"}}]`)
		want := bytes.Clone(srv.Process(context.Background(), request).Bytes)
		srv.Serve(context.Background(), &tp.Inbound{Body: request, UpdateHeaders: func(headers *tp.Object) {
			known, _ := headers.Get("@bin_")
			known.([]any)[0] = int64(0)
		}})
		reply := srv.Process(context.Background(), request)
		if !bytes.Equal(reply.Bytes, want) || reply.Headers[0].Value.([]any)[0] != int64(fields.Checksum()) {
			t.Errorf("%v: got %x with headers %v, want %x", format, reply.Bytes, reply.Headers, want)
		}
	}
}
