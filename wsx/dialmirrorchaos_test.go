package wsx_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/wsx"
)

// MirrorBoard is a model of which everything may change.
type MirrorBoard struct {
	Title string           `tp:"title"`
	Count int              `tp:"count"`
	Lamps map[string]bool  `tp:"lamps"`
	Rows  []MirrorBoardRow `tp:"rows"`
}

// MirrorBoardRow is one row.
type MirrorBoardRow struct {
	Number int     `tp:"number"`
	Load   float64 `tp:"load"`
}

// Validate lets nobody count down below nothing, and corrects counts beyond the end.
func (b *MirrorBoard) Validate() error {
	if b.Count < 0 {
		return errors.New("nobody counts below nothing")
	}
	b.Count = min(b.Count, 10_000)
	return nil
}

// scramble changes something.
func (b *MirrorBoard) scramble() error {
	switch n := rand.N(8); n {
	case 0:
		b.Title = fmt.Sprint("title ", rand.N(100))
	case 1:
		b.Count += rand.N(2000)
	case 2:
		b.Count -= rand.N(2000)
	case 3, 4:
		if b.Lamps == nil {
			b.Lamps = map[string]bool{}
		}
		if lamp := fmt.Sprint("lamp ", rand.N(10)); n == 3 {
			b.Lamps[lamp] = !b.Lamps[lamp]
		} else {
			delete(b.Lamps, lamp)
		}
	case 5:
		b.Rows = append(b.Rows, MirrorBoardRow{rand.N(1000), rand.Float64()})
	case 6:
		b.Rows = b.Rows[:len(b.Rows)/2]
	case 7:
		rand.Shuffle(len(b.Rows), func(i, j int) { b.Rows[i], b.Rows[j] = b.Rows[j], b.Rows[i] })
	}
	return nil
}

// mirrorScrambled returns v with something changed.
func mirrorScrambled(v mirror.Value) mirror.Value {
	entries := maps.Collect(v.Entries())
	key := fmt.Sprint("key ", rand.N(10))
	switch old, _ := v.Get(key); {
	case rand.N(4) == 0:
		delete(entries, key)
	case old.Kind() != mirror.KindList:
		entries[key] = mirror.List(old, mirror.Float(rand.Float64()), mirror.Null())
	default:
		var values []mirror.Value
		for _, value := range old.Elements() {
			values = append(values, value)
		}
		values = append(values, mirror.Int(rand.Int64N(10)))
		rand.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		entries[key] = mirror.List(values[:1+rand.N(len(values))]...)
	}
	return mirror.Map(entries)
}

// mirrorChaos is a server of boards on which everything happens at the same time.
type mirrorChaos struct {
	session *mirror.Session
	server  *clientServer
	boards  []*mirror.Handle[MirrorBoard]
	plain   *mirror.Untyped

	mu      sync.Mutex
	conns   []net.Conn
	clients []*wsx.MirrorClient
}

func newMirrorChaos(t *testing.T) *mirrorChaos {
	t.Helper()
	c := &mirrorChaos{session: mirror.NewSession(mirror.LogSize(20))}
	for range 3 {
		c.host(t)
	}
	var err error
	if c.plain, err = c.session.HostValue("Plain", mirror.Map(nil), nil); err != nil {
		t.Fatal(err)
	}
	endpoint := wsx.NewServer().Mirror(mirror.NewServer(c.session, nil), wsx.MirrorOutbox(mirror.OutboxOptions{Frames: 8}))
	t.Cleanup(func() { shut(t, endpoint) })
	c.server = newClientServer(t, endpoint)
	return c
}

func (c *mirrorChaos) host(t testing.TB) {
	t.Helper()
	board, err := mirror.Host(c.session, &MirrorBoard{Title: "new"})
	if err != nil {
		t.Fatal(err)
	}
	c.boards = append(c.boards, board)
}

// join adds a client, whose connections can be cut.
func (c *mirrorChaos) join(t *testing.T, models *mirror.ClientOptions) {
	t.Helper()
	o := c.server.options()
	o.Lazy, o.MinBackoff, o.MaxBackoff = true, 20*time.Millisecond, time.Second
	o.OnFault = func(err error) { t.Errorf("fault: %v", err) }
	transport := o.HTTPClient.Transport.(*http.Transport)
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err == nil {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.conns = append(c.conns, conn)
		}
		return conn, err
	}
	client, err := wsx.DialMirror(t.Context(), clientURL, models, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	mirrorWatch(t, client)
	c.clients = append(c.clients, client)
}

// mirrorWatch fails the test for a revision that is skipped or repeated.
func mirrorWatch(t *testing.T, client *wsx.MirrorClient) {
	revs := map[uint64]uint64{}
	client.Client().OnChange(func(m mirror.Message) {
		switch m := m.(type) {
		case mirror.Snapshot:
			revs[m.ID] = m.Rev
		case mirror.Change:
			if want := revs[m.ID] + 1; m.Patch.Rev != want {
				t.Errorf("model %d: revision %d after %d", m.ID, m.Patch.Rev, want-1)
			}
			revs[m.ID] = m.Patch.Rev
		}
	})
}

// hosts is what the program does at the server.
func (c *mirrorChaos) hosts(board *mirror.Handle[MirrorBoard]) {
	switch rand.N(10) {
	case 0:
		_ = board.Replace(&MirrorBoard{Title: "empty"})
	case 1:
		_ = board.Update(func(b *MirrorBoard) error {
			_ = b.scramble()
			return errors.New("undone")
		})
	case 2:
		_ = c.plain.Update(func(v mirror.Value) (mirror.Value, error) { return mirrorScrambled(v), nil })
	default:
		_ = board.Update((*MirrorBoard).scramble)
	}
}

// proposes is what a client does.
func (c *mirrorChaos) proposes(ctx context.Context, client *wsx.MirrorClient, board *mirror.Model[MirrorBoard]) {
	id := board.ID()
	frame, err := board.Edit((*MirrorBoard).scramble)
	if rand.N(4) == 0 {
		id = c.plain.ID()
		s, _ := client.Client().Snapshot(id)
		frame, err = client.Client().Edit(id, mirrorScrambled(s.Value))
	}
	switch {
	case err != nil: // there is no snapshot yet, or it is not valid
		return
	case rand.N(4) > 0:
		_ = client.Send(frame)
	default:
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		_ = client.Settle(ctx, id, frame)
	}
}

// cuts cuts a connection.
func (c *mirrorChaos) cuts() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.conns) == 0 {
		return
	}
	i := rand.N(len(c.conns))
	_ = c.conns[i].Close()
	c.conns = append(c.conns[:i], c.conns[i+1:]...)
}

// run lets everything happen for a while.
func (c *mirrorChaos) run(t *testing.T, d time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var all sync.WaitGroup
	again := func(most time.Duration, do func()) {
		all.Go(func() {
			for rest := time.NewTicker(1 + rand.N(most)); ctx.Err() == nil; rest.Reset(1 + rand.N(most)) {
				do()
				select {
				case <-rest.C:
				case <-ctx.Done():
					rest.Stop()
				}
			}
		})
	}
	for _, board := range c.boards {
		again(20*time.Millisecond, func() { c.hosts(board) })
		for _, client := range c.clients {
			model := mirror.ModelOf[MirrorBoard](client.Client(), board.ID())
			again(50*time.Millisecond, func() { c.proposes(ctx, client, model) })
		}
	}
	again(100*time.Millisecond, c.cuts)
	again(2*time.Second, func() { c.server.isDown.Store(rand.N(4) == 0) })
	all.Wait()
	c.server.isDown.Store(false)
}

// wantEqual fails unless every client has what the session has.
func (c *mirrorChaos) wantEqual(t *testing.T) {
	t.Helper()
	if s, err := c.session.Snapshot(1); err != nil || s.Value.Len() == 0 || s.Rev == 0 {
		t.Errorf("nothing has happened: %+v, %v", s, err)
	}
	for i, client := range c.clients {
		for _, id := range append([]uint64{c.plain.ID()}, mirrorIDs(c.boards)...) {
			want, err := c.session.Snapshot(id)
			if err != nil {
				t.Fatal(err)
			}
			got, ok := client.Client().Snapshot(id)
			if !ok || got.Rev != want.Rev || got.Type != want.Type || !got.Value.Equal(want.Value) {
				t.Errorf("client %d, model %d: got %+v\nwant %+v", i, id, got, want)
			}
		}
	}
}

func mirrorIDs(boards []*mirror.Handle[MirrorBoard]) (ids []uint64) {
	for _, board := range boards {
		ids = append(ids, board.ID())
	}
	return ids
}

// Whatever happens, in the end every mirror is what the host has.
func TestMirrorChaos(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newMirrorChaos(t)
		for _, codec := range []mirror.Codec{mirror.JSON(), mirror.MessagePack(), mirror.CBOR()} {
			for _, authority := range []mirror.Authority{mirror.ServerAuthority, mirror.ClientAuthority} {
				c.join(t, &mirror.ClientOptions{Codec: codec, Authority: authority})
			}
		}
		for range 3 {
			c.run(t, time.Second)
			c.host(t) // a model that comes later
			time.Sleep(time.Minute)
			synctest.Wait()
			c.wantEqual(t)
		}
	})
}
