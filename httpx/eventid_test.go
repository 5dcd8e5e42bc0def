package httpx

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/tp/mirror"
)

func TestParseEventID(t *testing.T) {
	t.Parallel()
	var most []string
	for i := range maxPositions {
		most = append(most, fmt.Sprint(i, ":1"))
	}
	tests := []struct {
		text string
		want map[uint64]uint64 // nil for an error
	}{
		{"1:3", map[uint64]uint64{1: 3}},
		{"2:7,1:0,1099511627776:18446744073709551615", map[uint64]uint64{1: 0, 2: 7, 1 << 40: 1<<64 - 1}},
		{"", nil},
		{",", nil},
		{"1:3,", nil},
		{"1", nil},
		{"1:", nil},
		{":1", nil},
		{"1:3:4", nil},
		{"01:3", nil},
		{"1:+3", nil},
		{"1: 3", nil},
		{"1:-3", nil},
		{"1:18446744073709551616", nil},
		{"1:3,1:3", nil},
		{`{"1":3}`, nil},
		{strings.Join(most, ",") + ",999:1", nil},
		{strings.Repeat("1:1,", 1<<20), nil},
	}
	for _, tc := range tests {
		got, err := parseEventID(tc.text)
		if !maps.Equal(got, tc.want) || errors.Is(err, errEventID) != (tc.want == nil) {
			t.Errorf("%.50q: got %v, %v", tc.text, got, err)
		}
	}
	if got, err := parseEventID(strings.Join(most, ",")); err != nil || len(got) != maxPositions {
		t.Errorf("%d models: %v", len(got), err)
	}
}

func TestEventPosition(t *testing.T) {
	t.Parallel()
	p := newEventPosition(true, map[uint64]uint64{7: 4, 2: 9})
	steps := []struct {
		sent mirror.Output
		want string
	}{
		{mirror.Output{ID: 7, Rev: 5}, "id: 2:9,7:5\n"},
		{mirror.Output{ID: 7, Rev: 3}, "id: 2:9,7:5\n"}, // which it knows already
		{mirror.Output{ID: 7, Rev: 1, Snapshot: true}, "id: 2:9,7:1\n"},
		{mirror.Output{ID: 3, Rev: 0, Snapshot: true}, "id: 2:9,3:0,7:1\n"},
		{mirror.Output{ID: 3, Reject: true, Rev: 8}, "id: 2:9,3:0,7:1\n"},
	}
	for _, tc := range steps {
		p.note(&tc.sent)
		if got := string(p.append(nil)); got != tc.want {
			t.Errorf("after %+v: %q, want %q", tc.sent, got, tc.want)
		}
	}
	if p := newEventPosition(false, map[uint64]uint64{1: 1}); len(p.append(nil)) > 0 {
		t.Error("ids are not wanted")
	}
	if p := newEventPosition(true, nil); len(p.append(nil)) > 0 {
		t.Error("an id says nothing")
	}
}

// What a client says that it has, however much that is, makes no long ids.
func TestEventPositionIsBounded(t *testing.T) {
	t.Parallel()
	since := map[uint64]uint64{}
	for i := range uint64(1 << 16) {
		since[1<<63+i] = 1<<64 - 1
	}
	p := newEventPosition(true, since)
	p.note(&mirror.Output{ID: 1, Rev: 1})
	if n := len(p.append(nil)); n > 6<<10 {
		t.Errorf("an id of %d bytes", n)
	}
}

// FuzzEventID checks that ids that are read say what they say when they are written.
func FuzzEventID(f *testing.F) {
	for _, text := range []string{"1:3,2:7", "", "1:", "01:1", "1:1,1:1", "18446744073709551615:0"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		since, err := parseEventID(text)
		if err != nil {
			return
		}
		written := string(newEventPosition(true, since).append(nil))
		again, err := parseEventID(strings.TrimSuffix(strings.TrimPrefix(written, "id: "), "\n"))
		if diff := cmp.Diff(since, again); diff != "" || err != nil {
			t.Errorf("%q: %v\n%s", text, err, diff)
		}
	})
}
