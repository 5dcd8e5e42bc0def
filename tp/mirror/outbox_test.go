package mirror

import (
	"errors"
	"fmt"
	"testing"
)

// outputs returns outputs that are described by letters: s for a snapshot, p for a patch, r for
// a reject, each followed by the number of the model.
func outputs(letters string) (out []Output) {
	for i := 0; i < len(letters); i += 2 {
		o := Output{ID: uint64(letters[i+1] - '0'), Snapshot: letters[i] == 's', Reject: letters[i] == 'r'}
		o.Frame.Data = []byte(letters[i : i+2])
		out = append(out, o)
	}
	return out
}

func taken(b *Outbox) string {
	out, err := b.Take()
	if err != nil {
		return err.Error()
	}
	text := ""
	for _, o := range out {
		text += string(o.Frame.Data)
	}
	if id, stale := b.Stale(); stale {
		text += fmt.Sprint(" stale ", id)
	}
	return text
}

func TestOutbox(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		options OutboxOptions
		sent    []string
		want    []string
	}{
		{"fits", OutboxOptions{}, []string{"s1p1", "p2"}, []string{"s1p1p2", ""}},
		{"frames", OutboxOptions{Frames: 2}, []string{"p1", "p2", "p3p1"}, []string{"p3 stale 1", " stale 1"}},
		{"bytes", OutboxOptions{Bytes: 5}, []string{"p1", "p1p2p3p1"}, []string{"p2p3 stale 1"}},
		{"at once", OutboxOptions{Bytes: 1, Frames: 1, Slow: CloseSlow}, []string{"s1s2s3"}, []string{"s1s2s3"}},
		{"no patch before the snapshot", OutboxOptions{Frames: 1}, []string{"p1", "p2", "p1", "s1", "p1"}, []string{" stale 1"}},
		{"rejects stay", OutboxOptions{Frames: 2}, []string{"p1", "r1p1s2"}, []string{"r1s2 stale 1"}},
		{"rejects and no room", OutboxOptions{Frames: 2}, []string{"r1", "r2p1s2"}, []string{"r1r2 stale 1"}},
		{"rejects that nobody takes", OutboxOptions{Frames: 2}, []string{"r1", "r2r1"}, []string{"mirror: too_slow: slow"}},
		{"close", OutboxOptions{Frames: 2, Slow: CloseSlow}, []string{"p1", "p1p1"}, []string{"mirror: too_slow: slow", "mirror: too_slow: slow"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := NewOutbox(&tc.options)
			for _, letters := range tc.sent {
				b.Send(outputs(letters))
			}
			<-b.Ready()
			for _, want := range tc.want {
				sameText(t, "taken", want, taken(b))
			}
		})
	}
}

// Each model that is stale is asked for by itself, and is stale no more once it was sent.
func TestOutboxResyncs(t *testing.T) {
	t.Parallel()
	b := NewOutbox(&OutboxOptions{Frames: 1})
	for _, letters := range []string{"p2", "p1", "p3"} {
		b.Send(outputs(letters))
	}
	sameText(t, "first", "p3 stale 1", taken(b))
	sameText(t, "nothing", " stale 1", taken(b))
	b.Send(outputs("s1"))
	if _, stale := b.Stale(); stale {
		t.Error("frames are queued")
	}
	sameText(t, "second", "s1 stale 2", taken(b))
	b.Send(outputs("s2"))
	sameText(t, "third", "s2", taken(b))
	b.Send(outputs("p1"))
	sameText(t, "patch", "p1", taken(b))
}

func TestOutboxEncodingFails(t *testing.T) {
	t.Parallel()
	b := NewOutbox(nil)
	failure := errors.New("no")
	b.Send([]Output{{ID: 1}, {Err: failure}, {ID: 2}})
	if out, err := b.Take(); len(out) != 1 || !errors.Is(err, failure) {
		t.Errorf("%v, %v", out, err)
	}
}

// TakeEach gives what Take does, and Stats tell what was queued and dropped.
func TestOutboxTakesEach(t *testing.T) {
	t.Parallel()
	b := NewOutbox(&OutboxOptions{Frames: 3})
	each := func() (text string, err error) {
		err = b.TakeEach(func(o *Output) { text += string(o.Frame.Data) })
		return text, err
	}
	stats := func(want OutboxStats) {
		t.Helper()
		if got := b.Stats(); got != want {
			t.Errorf("the outbox is %+v, want %+v", got, want)
		}
	}
	for range 3 { // of which the later ones use the memory of the first
		b.Send(outputs("s1p2"))
		stats(OutboxStats{Frames: 2, Bytes: 4})
		text, err := each()
		sameText(t, "taken", "s1p2", text)
		sameError(t, "", err)
	}
	stats(OutboxStats{})
	b.Send(outputs("p1"))
	b.Send(outputs("p1r1p3p3p1"))
	stats(OutboxStats{Frames: 3, Bytes: 6, Stale: 1, Dropped: 3})
	text, err := each()
	sameText(t, "taken", "r1p3p3", text)
	sameError(t, "", err)
	b.Send([]Output{{}, {Err: errors.New("broken")}, {}})
	_, err = each()
	sameError(t, "broken", err)
	stats(OutboxStats{Stale: 1, Dropped: 3})
	b.Send(outputs("r1"))
	b.Send(outputs("r1r1r1"))
	_, err = each()
	sameError(t, "mirror: too_slow: slow", err)
}

// What a transport makes of a frame is made once for all connections that get it.
func TestOutputWrapped(t *testing.T) {
	t.Parallel()
	made := 0
	wrap := func(f Frame) any { made++; return string(f.Data) }
	type one struct{}
	type other struct{}
	shared := encode(JSON(), Reject{ID: 1})
	copied := shared
	for range 3 {
		for _, key := range []any{one{}, other{}} {
			sameText(t, "wrapped", string(shared.Frame.Data), copied.Wrapped(key, wrap).(string))
		}
	}
	if made != 2 {
		t.Errorf("made %d times", made)
	}
	alone := Output{Frame: Frame{Data: []byte("x")}}
	sameText(t, "wrapped", "x", alone.Wrapped(one{}, wrap).(string))
}

// A codec of the program that panics has no frames.
func TestCodecPanics(t *testing.T) {
	t.Parallel()
	var codecs Codecs
	custom := reversed("panics")
	custom.Encode = func(any) ([]byte, error) { panic("encode") }
	codec, err := codecs.Register(custom)
	sameError(t, "", err)
	out := encode(codec, Reject{ID: 1})
	sameError(t, `mirror: panicked: the codec "panics" has panicked`, out.Err)
}
