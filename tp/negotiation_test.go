package tp_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
)

// Parcel and its function are what all versions of a server have.
type Parcel struct {
	ID     int64            `tp:"id"`
	Lines  []Line           `tp:"lines"`
	Counts map[string]int64 `tp:"counts"`
	Seal   []byte           `tp:"seal"`
	Note   *string          `tp:"note!"`
}

func parcel(_ context.Context, in *Parcel) (*Parcel, error) { return in, nil }

// The functions of later versions move the numbers of all names.
type (
	Aardvark struct {
		Aa int64 `tp:"aa"`
		Kk int64 `tp:"kk"`
	}
	Zebra struct {
		Bb string `tp:"bb"`
		Zz string `tp:"zz"`
	}
)

// versions are servers of one API as it grows.
func versions(t testing.TB) []*tp.Server {
	t.Helper()
	v1, v2, v3 := tp.NewAPI("Parcels"), tp.NewAPI("Parcels"), tp.NewAPI("Parcels")
	for _, api := range []*tp.API{v1, v2, v3} {
		tp.RegisterOn(api, parcel)
	}
	for _, api := range []*tp.API{v2, v3} {
		tp.RegisterOn(api, func(_ context.Context, in *Aardvark) (*Aardvark, error) { return in, nil }, tp.Name("fn.aardvark"))
	}
	tp.RegisterOn(v3, func(_ context.Context, in *Zebra) (*Zebra, error) { return in, nil }, tp.Name("fn.zebra"))
	return []*tp.Server{build(t, v1), build(t, v2), build(t, v3)}
}

// script makes choices from the bytes of a fuzzer; it runs dry as zeros.
type script struct{ bytes []byte }

func (s *script) of(n int) int {
	if len(s.bytes) == 0 {
		return 0
	}
	c := int(s.bytes[0]) % n
	s.bytes = s.bytes[1:]
	return c
}

// crowd is a transport behind which several versions of a server answer by turns, as
// the script says. It may damage what passes.
type crowd struct {
	servers []*tp.Server
	script  *script
	damages bool
	trips   int
}

func (c *crowd) RoundTrip(ctx context.Context, request []byte) ([]byte, error) {
	c.trips++
	request = c.passed(request)
	wish := []tp.Format{tp.JSON, tp.MessagePack, tp.CBOR}[c.script.of(3)]
	server := c.servers[c.script.of(len(c.servers))]
	reply := server.Serve(ctx, &tp.Inbound{Body: request, Binary: wish})
	return c.passed(reply.Bytes), nil
}

// passed returns a message as it arrives: with another checksum, or other bytes.
func (c *crowd) passed(message []byte) []byte {
	if !c.damages {
		return message
	}
	message = slices.Clone(message)
	switch c.script.of(4) {
	case 1:
		return c.withChecksum(message)
	case 2:
		if len(message) > 0 {
			message[c.script.of(len(message))] ^= byte(1 << c.script.of(8))
		}
	case 3:
		return message[:c.script.of(len(message)+1)]
	}
	return message
}

// withChecksum returns a binary message under the checksum of another version: as if
// a table were wrong, which must not go unnoticed.
func (c *crowd) withChecksum(message []byte) []byte {
	f := wire.FormatOf(message)
	var r wire.BinaryReader
	r.Reset(message, f, wire.CallLimits())
	if f == wire.JSON {
		return message
	}
	headers, ok := r.Begin()
	if !ok {
		return message
	}
	other := fieldsOf(c.servers[c.script.of(len(c.servers))])
	headers.Set("@bin_", []any{int64(other.Checksum())})
	head, err := f.AppendHeaders(nil, headers)
	if err != nil {
		return message
	}
	return append(head, message[len(message)-r.Remaining():]...)
}

// FuzzNegotiation lets a client call servers of several versions by turns. As long
// as nothing is damaged, every call succeeds, in two trips at most. Whatever is
// damaged, an answer is never read with names that it was not written with: the
// checksum of the table is part of what a message says.
func FuzzNegotiation(f *testing.F) {
	f.Add([]byte{}, false)
	f.Add([]byte{2, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 2, 2, 2, 0, 1}, false)
	f.Add([]byte{2, 1, 2, 2, 0, 1, 2, 1, 1, 0, 0, 2, 2, 1, 1, 1, 1, 2, 0, 2, 0, 2, 2, 2, 0, 1, 1}, false)
	f.Add([]byte{2, 1, 0, 0, 1, 2, 0, 1, 0, 3, 0, 9, 2, 17, 3, 1, 1, 1, 2, 2, 2, 30, 4}, true)
	servers := versions(f)
	f.Fuzz(func(t *testing.T, bytes []byte, damages bool) {
		const most = 256
		if len(bytes) > most {
			t.Skip("longer than anything that finds more")
		}
		negotiate(t, servers, &script{bytes}, damages)
	})
}

func negotiate(t *testing.T, servers []*tp.Server, s *script, damages bool) {
	t.Helper()
	transport := &crowd{servers: servers, script: s, damages: damages}
	client := tp.NewClient(transport)
	for n := int64(0); len(s.bytes) > 0; n++ {
		transport.trips = 0
		options := []tp.CallOption{tp.Binary([]tp.BinaryMode{tp.BinaryOff, tp.BinaryOn, tp.BinaryAlways}[s.of(3)])}
		if s.of(2) == 1 {
			options = append(options, tp.Packed())
		}
		sent := someParcel(n)
		got, err := tp.Call[Parcel](context.Background(), client, sent, options...)
		if err != nil && !damages {
			t.Fatalf("call %d: %v", n, err)
		}
		if transport.trips > 2 {
			t.Fatalf("call %d took %d trips", n, transport.trips)
		}
		if err == nil && !damages {
			if diff := cmp.Diff(sent, got); diff != "" {
				t.Fatalf("call %d (-sent +got):\n%s", n, diff)
			}
		}
	}
}

func someParcel(n int64) *Parcel {
	p := &Parcel{ID: n, Lines: []Line{}, Counts: map[string]int64{"id": n, "aa": 2, "other": -n}, Seal: []byte{0, byte(n)}}
	for i := range n % 4 {
		p.Lines = append(p.Lines, Line{SKU: "sku", Price: float64(i) / 4})
	}
	if n%2 == 0 {
		p.Note = new("a note")
	}
	return p
}

// TestNegotiationOfTurns tries many turns, the same ones every time.
func TestNegotiationOfTurns(t *testing.T) {
	t.Parallel()
	servers := versions(t)
	turns := []byte("one server after another answers, and each of them may be older or newer than the one before")
	for start := range turns {
		negotiate(t, servers, &script{turns[start:]}, false)
		negotiate(t, servers, &script{turns[start:]}, true)
	}
}
