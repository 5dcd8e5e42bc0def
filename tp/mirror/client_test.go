package mirror

import (
	"net/url"
	"testing"
)

func textFrame(text string) Frame { return Frame{Text: true, Data: []byte(text)} }

// take gives frames to the client and returns what it wants to send, or the error.
func take(t testing.TB, c *Client, text string) string {
	t.Helper()
	reply, err := c.Receive(textFrame(text))
	switch {
	case err != nil:
		return err.Error()
	case reply != nil:
		return string(reply.Data)
	}
	return ""
}

const (
	lampOff = `{"t":"snapshot","id":1,"type":"Lamp","rev":0,"value":{"Map":{"on":{"Bool":false}}}}`
	lampOn  = `{"t":"patch","id":1,"patch":{"rev":1,"ops":[{"Set":{"path":[{"Key":"on"}],"value":{"Bool":true}}}]}}`
)

func TestClient(t *testing.T) {
	t.Parallel()
	c := NewClient(nil)
	var events string
	cancel := c.OnChange(func(m Message) { events += messageText(m) + "\n" })
	cancelRejects := c.OnReject(func(r Reject) { events += r.Error + "\n" })
	for _, text := range []string{lampOff, lampOn, lampOn, `{"t":"other"}`, `{"t":"reject","id":1,"rev":1,"error":"no"}`} {
		sameText(t, "reply", "", take(t, c, text))
	}
	cancel()
	cancelRejects()
	cancel()
	sameText(t, "reply", "", take(t, c, lampOff))
	sameText(t, "events", `{"id":1,"rev":0,"t":"snapshot","type":"Lamp","value":{"Map":{"on":{"Bool":false}}}}
{"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"on"}],"value":{"Bool":true}}}],"rev":1},"t":"patch"}
no
`, events)
	s, ok := c.Snapshot(1)
	if !ok || s.Type != "Lamp" || s.Rev != 0 || len(c.IDs()) != 1 {
		t.Errorf("it has %+v", s)
	}
	if _, ok := c.Snapshot(2); ok {
		t.Error("it has another model")
	}
}

func TestClientEdit(t *testing.T) {
	t.Parallel()
	c := NewClient(nil)
	_, err := c.Edit(1, Null())
	sameError(t, "mirror: no_snapshot: there is no snapshot of model 1 yet", err)
	take(t, c, lampOff)
	frame, err := c.Edit(1, parse(t, `{"Map":{"on":{"Bool":true}}}`))
	sameError(t, "", err)
	sameText(t, "proposal", `{"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"on"}],"value":{"Bool":true}}}],"rev":0},"t":"patch"}`, string(frame.Data))
	if s, _ := c.Snapshot(1); s.Value.String() != `{"Map":{"on":{"Bool":false}}}` {
		t.Errorf("the mirror became %v", s.Value)
	}
	_, err = c.Propose(1, Set(nil, Str("\xff")))
	sameError(t, "mirror: bad_value: a string must be valid UTF-8", err)
}

// A model of which a patch failed is asked for as a whole.
func TestClientAfterABrokenPatch(t *testing.T) {
	t.Parallel()
	for _, patch := range []string{
		`{"t":"patch","id":1,"patch":{"rev":1,"ops":[{"RemoveAt":{"path":[],"index":0}}]}}`,
		`{"t":"patch","id":1,"patch":{"rev":1,"ops":[{"Shrink":{}}]}}`,
	} {
		c := NewClient(nil)
		take(t, c, lampOff)
		if take(t, c, patch) == "" {
			t.Errorf("%s is taken", patch)
		}
		if since := c.Query().Since; len(since) != 0 {
			t.Errorf("asks for %v", since)
		}
		take(t, c, lampOff)
		if since := c.Query().Since; len(since) != 1 {
			t.Errorf("asks for %v", since)
		}
	}
	c := NewClient(nil)
	sameText(t, "error", "mirror: no_snapshot: a patch came before the snapshot of model 1", take(t, c, lampOn))
}

func TestClientAuthority(t *testing.T) {
	t.Parallel()
	c := NewClient(&ClientOptions{Authority: ClientAuthority})
	c.Connected()
	sameText(t, "first connection", "", take(t, c, lampOff))
	sameText(t, "first connection", "", take(t, c, lampOn))
	c.Connected()
	const proposal = `{"id":1,"patch":{"ops":[{"Set":{"path":[{"Key":"on"}],"value":{"Bool":true}}}],"rev":0},"t":"patch"}`
	sameText(t, "second connection", proposal, take(t, c, lampOff))
	sameText(t, "once", "", take(t, c, lampOn))
	c.Connected()
	sameText(t, "not answered", proposal, take(t, c, lampOff))
	c.Connected()
	sameText(t, "not answered", proposal, take(t, c, lampOff))
	take(t, c, lampOff)
	c.Connected()
	sameText(t, "nothing new", "", take(t, c, lampOff))

	c = NewClient(nil)
	take(t, c, lampOff)
	take(t, c, lampOn)
	c.Connected()
	sameText(t, "the server decides", "", take(t, c, lampOff))
}

func TestQuery(t *testing.T) {
	t.Parallel()
	q := Query{Codec: MessagePack(), Since: map[uint64]uint64{1 << 40: 12, 1: 3}}
	address, err := q.AddTo("wss://h/ws?tenant=a#x")
	sameError(t, "", err)
	sameText(t, "URL", "wss://h/ws?tenant=a&codec=msgpack&since=%7B%221%22%3A3%2C%221099511627776%22%3A12%7D#x", address)
	address, err = Query{}.AddTo("/ws")
	sameError(t, "", err)
	sameText(t, "URL", "/ws?codec=json", address)
	if _, err := q.AddTo(":"); err == nil {
		t.Error("a URL like that is taken")
	}
}

func TestParseQuery(t *testing.T) {
	t.Parallel()
	cases := []struct{ query, want, err string }{
		{"", "cbor null", ""},
		{"codec=&since=", "cbor null", ""},
		{"codec=json&since={\"7\":1}", `json {"7":1}`, ""},
		{"codec=JSON", "", `mirror: unknown_codec: there is no codec "JSON"`},
		{"since=[]", "", "mirror: bad_since: since is a JSON object from the number of a model to its revision"},
		{"since={\"-1\":1}", "", "mirror: bad_since: since is a JSON object from the number of a model to its revision"},
		{"since={\"1\":-1}", "", "mirror: bad_since: since is a JSON object from the number of a model to its revision"},
		{"since={\"1\":1", "", "mirror: bad_since: since is a JSON object from the number of a model to its revision"},
	}
	for _, tc := range cases {
		t.Run(tc.query, func(t *testing.T) {
			t.Parallel()
			values, err := url.ParseQuery(tc.query)
			sameError(t, "", err)
			q, err := ParseQuery(values, nil, CBOR())
			sameError(t, tc.err, err)
			if err != nil {
				return
			}
			since := "null"
			if q.Since != nil {
				since = sinceText(q.Since)
			}
			sameText(t, "query", tc.want, q.Codec.Name()+" "+since)
		})
	}
}
