package mirror

import (
	"strings"
	"testing"
)

// heaterAt returns the Value of a heater at a level, whatever the level is.
func heaterAt(level Value) Value {
	return Map(map[string]Value{
		"room": Str(" hall "), "on": Bool(false), "level": level, "celsius": Int(20), "tags": List(),
		"plan": Map(map[string]Value{"hours": Map(nil)}), "note": Null(), "weight": Int(1),
	})
}

const heater5 = `{"Map":{"celsius":{"Float":20.0},"level":{"Int":5},"note":"Null","on":{"Bool":false},` +
	`"plan":{"Map":{"hours":{"Map":{}}}},"room":{"Str":"hall"},"tags":{"List":[]}}}`

func TestCheckAs(t *testing.T) {
	t.Parallel()
	check := CheckAs[heater]()
	for range 2 {
		got, err := check(heaterAt(Str("5")))
		sameError(t, "", err)
		sameText(t, "checked", heater5, got.String())
		_, err = check(heaterAt(Int(10)))
		sameError(t, "mirror: refused: level: 10 is more than 9", err)
		_, err = check(Int(1))
		if CodeOf(err) != BadValue {
			t.Errorf("the error is %v", err)
		}
	}
	if _, err := CheckAs[heater](Strict())(heaterAt(Str("5"))); err == nil || !strings.Contains(err.Error(), "level") {
		t.Errorf("the error is %v", err)
	}
	if _, err := CheckAs[chan int]()(Null()); err == nil || !strings.Contains(err.Error(), "chan int") {
		t.Errorf("the error is %v", err)
	}
}

// What did not change is shared with the value before, so that it takes no time.
func TestCheckAsShares(t *testing.T) {
	t.Parallel()
	check := CheckAs[heater]()
	before, err := check(heaterAt(Int(1)))
	sameError(t, "", err)
	proposed, err := Apply(before, []Op{Set(Path{Key("level")}, Str("2"))})
	sameError(t, "", err)
	after, err := check(proposed)
	sameError(t, "", err)
	for _, key := range []string{"plan", "tags"} {
		old, _ := before.Get(key)
		new, _ := after.Get(key)
		if old.of != new.of {
			t.Errorf("%s is not shared", key)
		}
	}
}

func TestSharedCheckedAs(t *testing.T) {
	t.Parallel()
	h := NewHub(nil)
	id, err := h.Share(Shared{Type: "heater", Value: heaterAt(Int(1))}, &SharedOptions{Merge: LwwMapCrdt(), Check: CheckAs[heater]()})
	sameError(t, "", err)
	sameError(t, "", h.Subscribe("a", id, Write))
	l := connect(t, h, Opening{Tenant: "a"})
	l.got = ""
	l.propose(id, Set(Path{Key("level")}, Str("5")))
	if !strings.Contains(l.got, `"value":{"Int":5}`) {
		t.Errorf("sent %s", l.got)
	}
	l.got = ""
	l.propose(id, Set(Path{Key("level")}, Int(12)))
	if !strings.Contains(l.got, `"error":"level: 12 is more than 9"`) {
		t.Errorf("sent %s", l.got)
	}
}
