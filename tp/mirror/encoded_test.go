package mirror

import (
	"encoding/json"
	"fmt"
	"testing"
)

// counting returns codecs that note what they encode, by the types of messages.
func counting(t *testing.T, names ...string) (list []Codec, encoded map[string]int) {
	t.Helper()
	var codecs Codecs
	encoded = map[string]int{}
	for _, name := range names {
		codec, err := codecs.Register(CustomCodec{
			ContentType: name,
			Encode: func(document any) ([]byte, error) {
				encoded[fmt.Sprint(name, " ", document.(map[string]any)["t"])]++
				return json.Marshal(document)
			},
			Decode: func(data []byte) (any, error) { return json.RawMessage(data), nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, codec)
	}
	return list, encoded
}

const manyClients = 1000

// openMany opens connections that count what they are sent.
func openMany(end Endpoint, codecs []Codec, tenant func(i int) string, since map[uint64]uint64) (frames *int) {
	frames = new(int)
	for i := range manyClients {
		end.Open(Opening{
			Query:  Query{Codec: codecs[i%len(codecs)], Since: since},
			Tenant: tenant(i),
			Send:   func(out []Output) { *frames += len(out) },
		})
	}
	return frames
}

func wantEncoded(t *testing.T, what string, got map[string]int, want string) {
	t.Helper()
	sameText(t, what, want, fmt.Sprint(got))
	clear(got)
}

// However many clients there are, a patch is encoded once for each codec: also for those who
// come back for it, and those who saw a new model first.
func TestEncodedOnce(t *testing.T) {
	t.Parallel()
	codecs, encoded := counting(t, "a", "b")
	s := NewSession()
	u, err := s.HostValue("Counter", Int(0), nil)
	if err != nil {
		t.Fatal(err)
	}
	server := NewServer(s, nil)
	nobody := func(int) string { return "" }
	frames := openMany(server, codecs, nobody, nil)
	wantEncoded(t, "opened", encoded, "map[a snapshot:1 b snapshot:1]")

	for i := range 5 {
		sameError(t, "", u.Replace(Int(int64(i+1))))
		server.Flush()
	}
	wantEncoded(t, "flushed", encoded, "map[a patch:5 b patch:5]")
	sameText(t, "sent", fmt.Sprint(6*manyClients), fmt.Sprint(*frames))

	back := openMany(server, codecs, nobody, map[uint64]uint64{1: 2})
	wantEncoded(t, "came back", encoded, "map[]")
	sameText(t, "sent again", fmt.Sprint(3*manyClients), fmt.Sprint(*back))

	if _, err := s.HostValue("Counter", Int(0), nil); err != nil {
		t.Fatal(err)
	}
	sameError(t, "", u.Replace(Int(0)))
	server.Flush()
	wantEncoded(t, "announced", encoded, "map[a patch:1 a snapshot:1 b patch:1 b snapshot:1]")
}

// What tenants share is encoded once for all of them.
func TestSharedEncodedOnce(t *testing.T) {
	t.Parallel()
	codecs, encoded := counting(t, "a", "b")
	h := NewHub(nil)
	id, err := h.Share(Shared{Type: "Counter", Value: Int(0)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	name := func(i int) string { return fmt.Sprint("tenant", i/4) }
	for i := range manyClients {
		sameError(t, "", h.Subscribe(name(i), id, Read))
	}
	frames := openMany(h, codecs, name, nil)
	wantEncoded(t, "opened", encoded, "map[a snapshot:1 b snapshot:1]")
	sameError(t, "", h.SetShared(id, Int(1)))
	h.Flush()
	wantEncoded(t, "flushed", encoded, "map[a patch:1 b patch:1]")
	sameText(t, "sent", fmt.Sprint(2*manyClients), fmt.Sprint(*frames))
}
