package mirror_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/telestruct/telestruct/tp/mirror"
)

// note is a type of shared models.
type note struct {
	Text  string         `tp:"text"`
	Votes map[string]int `tp:"votes"`
	Tags  []string       `tp:"tags"`
	local int
}

// Validate is not asked here.
func (n *note) Validate() error { panic("nobody asked") }

func TestValueOf(t *testing.T) {
	t.Parallel()
	n := note{Text: "tea", Votes: map[string]int{"ada": 2}, local: 7}
	v, err := mirror.ValueOf(n)
	want := mirror.Map(map[string]mirror.Value{
		"text": mirror.Str("tea"), "votes": mirror.Map(map[string]mirror.Value{"ada": mirror.Int(2)}), "tags": mirror.List(),
	})
	if err != nil || !v.Equal(want) {
		t.Errorf("the value is %v (%v), want %v", v, err, want)
	}
	back, err := mirror.FromValue[note](v)
	if diff := cmp.Diff(note{Text: "tea", Votes: map[string]int{"ada": 2}, Tags: []string{}}, back, cmp.AllowUnexported(note{})); err != nil || diff != "" {
		t.Errorf("error %v; the note (-want +got):\n%s", err, diff)
	}
	if _, err := mirror.ValueOf(math.NaN()); mirror.CodeOf(err) != mirror.BadValue {
		t.Errorf("what cannot be sent fails with %v", err)
	}
	if _, err := mirror.ValueOf(make(chan int)); err == nil {
		t.Error("a channel is a model")
	}
}

func TestFromValue(t *testing.T) {
	t.Parallel()
	votes := func(v mirror.Value) mirror.Value {
		return mirror.Map(map[string]mirror.Value{"votes": mirror.Map(map[string]mirror.Value{"ada": v}), "colour": mirror.Str("red")})
	}
	cases := []struct {
		name    string
		value   mirror.Value
		options []mirror.HostOption
		want    map[string]int // nil is an error
	}{
		{"a number", votes(mirror.Int(3)), nil, map[string]int{"ada": 3}},
		{"a whole number with a fraction", votes(mirror.Float(3)), []mirror.HostOption{mirror.Strict()}, map[string]int{"ada": 3}},
		{"a text", votes(mirror.Str("3")), nil, map[string]int{"ada": 3}},
		{"a text, strictly", votes(mirror.Str("3")), []mirror.HostOption{mirror.Strict()}, nil},
		{"no number", votes(mirror.Str("three")), nil, nil},
		{"null for a number", votes(mirror.Null()), nil, nil},
		{"nothing of it", mirror.Map(nil), nil, map[string]int{}},
		{"a list", mirror.List(), nil, nil},
		{"null", mirror.Null(), nil, nil},
	}
	for _, tc := range cases {
		got, err := mirror.FromValue[note](tc.value, tc.options...)
		switch {
		case tc.want == nil && (mirror.CodeOf(err) != mirror.BadValue || got.Votes != nil):
			t.Errorf("%s: %v, %v, want an error", tc.name, got, err)
		case tc.want != nil && (err != nil || len(got.Votes) != len(tc.want) || got.Votes["ada"] != tc.want["ada"]):
			t.Errorf("%s: %v, %v, want %v", tc.name, got, err, tc.want)
		}
	}
	if _, err := mirror.FromValue[chan int](mirror.Null()); err == nil {
		t.Error("a channel is a model")
	}
}
