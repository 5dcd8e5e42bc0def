package mirror

import (
	"errors"
	"fmt"
	"math"
	"testing"
)

// hostLamp hosts a lamp whose brightness is at most 100.
func hostLamp(t testing.TB, s *Session) *Untyped {
	t.Helper()
	lamp, err := s.HostValue("Lamp", lampValue(60), &UntypedOptions{Check: func(v Value) (Value, error) {
		brightness, _ := v.Get("brightness")
		if n, ok := brightness.Int(); !ok || n > 100 {
			return v, fmt.Errorf("brightness: %v is too bright", brightness)
		}
		return Apply(v, []Op{Remove(Path{Key("unknown")})})
	}})
	if err != nil {
		t.Fatal(err)
	}
	return lamp
}

func lampValue(brightness int64) Value {
	return Map(map[string]Value{"brightness": Int(brightness)})
}

// changesText returns changes in a short form.
func changesText(changes []Change) string {
	text := ""
	for _, c := range changes {
		text += fmt.Sprintf("%d@%d: %s\n", c.ID, c.Patch.Rev, opsText(c.Patch.Ops))
	}
	return text
}

func TestSession(t *testing.T) {
	t.Parallel()
	s := NewSession()
	lamp := hostLamp(t, s)
	sameError(t, "", lamp.Replace(lampValue(70)))
	sameError(t, "", lamp.Replace(lampValue(80)))
	sameText(t, "changes", "1@1: Set brightness {\"Int\":80}\n", changesText(s.Drain()))
	sameError(t, "", lamp.Replace(lampValue(81)))
	sameError(t, "", lamp.Replace(lampValue(80)))
	sameText(t, "no changes", "", changesText(s.Drain()))
	sameError(t, "", lamp.Replace(lampValue(82)))
	snapshot, err := s.Snapshot(lamp.ID())
	sameError(t, "", err)
	sameText(t, "snapshot", `{"id":1,"rev":2,"t":"snapshot","type":"Lamp","value":{"Map":{"brightness":{"Int":82}}}}`, messageText(snapshot))
	sameText(t, "changes", "1@2: Set brightness {\"Int\":82}\n", changesText(s.Drain()))
}

func TestSessionRefusesOfTheHost(t *testing.T) {
	t.Parallel()
	s := NewSession()
	lamp := hostLamp(t, s)
	sameError(t, `mirror: refused: brightness: {"Int":101} is too bright`, lamp.Replace(lampValue(101)))
	sameError(t, "mirror: bad_value at x: a float must be finite, and is NaN",
		lamp.Replace(Map(map[string]Value{"brightness": Int(1), "x": Float(math.NaN())})))
	failure := errors.New("no")
	if err := lamp.Update(func(v Value) (Value, error) { return Null(), failure }); err != failure { //nolint:errorlint // the very same
		t.Errorf("got %v", err)
	}
	sameText(t, "value", lampValue(60).String(), lamp.Get().String())
	_, err := s.HostValue("x", Float(math.Inf(1)), nil)
	sameError(t, "mirror: bad_value: a float must be finite, and is +Inf", err)
	sameText(t, "no changes", "", changesText(s.Drain()))
}

func TestSubmit(t *testing.T) {
	t.Parallel()
	s := NewSession()
	lamp := hostLamp(t, s)
	sameError(t, "", lamp.Replace(lampValue(61)))
	patch, err := s.Submit(1, []Op{Set(nil, Map(map[string]Value{"brightness": Int(5), "unknown": Null()}))})
	sameError(t, "", err)
	sameText(t, "patch", `{"ops":[{"Set":{"path":[{"Key":"brightness"}],"value":{"Int":5}}}],"rev":2}`, patch.String())
	patch, err = s.Submit(1, []Op{Set(Path{Key("unknown")}, Null())})
	sameError(t, "", err)
	sameText(t, "patch", `{"ops":[],"rev":3}`, patch.String())
	_, err = s.Submit(1, []Op{Set(Path{Key("brightness")}, Int(500))})
	sameError(t, `mirror: refused: brightness: {"Int":500} is too bright`, err)
	_, err = s.Submit(1, []Op{Insert(nil, 0, Null())})
	sameError(t, "mirror: not_a_list: an index leads into a List, and this is Map", err)
	_, err = s.Submit(2, nil)
	sameError(t, "mirror: unknown_model: there is no model 2", err)
	sameText(t, "changes", "1@1: Set brightness {\"Int\":61}\n1@2: Set brightness {\"Int\":5}\n1@3: \n", changesText(s.Drain()))
	sameText(t, "value", lampValue(5).String(), lamp.Get().String())
}

// Proposals cannot make a model that nobody can read, deeper with each of them.
func TestSubmitBoundsNesting(t *testing.T) {
	t.Parallel()
	s := NewSession()
	model, err := s.HostValue("any", List(), nil)
	sameError(t, "", err)
	var path Path
	for range maxNesting - 1 {
		_, err := s.Submit(1, []Op{Insert(path, 0, List())})
		sameError(t, "", err)
		path = append(path, Index(0))
	}
	if _, err := s.Submit(1, []Op{Insert(path, 0, List())}); CodeOf(err) != TooLarge {
		t.Errorf("got %v", err)
	}
	for _, codec := range codecs() {
		frame, err := codec.Encode(Change{ID: 1, Patch: Patch{Ops: []Op{Set(Path{Key("a")}, model.Get())}}})
		sameError(t, "", err)
		_, err = codec.Decode(frame, Limits{})
		sameError(t, "", err)
	}
}

func TestSince(t *testing.T) {
	t.Parallel()
	s := NewSession(LogSize(3), FirstRev(100))
	lamp := hostLamp(t, s)
	for i := range int64(10) {
		sameError(t, "", lamp.Replace(lampValue(i)))
		s.Flush()
	}
	for rev, want := range map[uint64]string{
		110: "true", 111: "false", 0: "false", 99: "false", 106: "false",
		109: "true 110", 107: "true 108 109 110",
	} {
		patches, complete, err := s.Since(1, rev)
		sameError(t, "", err)
		got := fmt.Sprint(complete)
		for _, p := range patches {
			got += fmt.Sprint(" ", p.Rev)
		}
		sameText(t, fmt.Sprint("since ", rev), want, got)
	}
	_, _, err := s.Since(0, 1)
	sameError(t, "mirror: unknown_model: there is no model 0", err)
	none := NewSession(LogSize(0))
	lamp = hostLamp(t, none)
	sameError(t, "", lamp.Replace(lampValue(1)))
	if _, complete, _ := none.Since(1, 0); complete {
		t.Error("there is a log")
	}
}

func TestSessionApply(t *testing.T) {
	t.Parallel()
	s := NewSession()
	lamp := hostLamp(t, s)
	sameError(t, "", s.Apply(1, Patch{Rev: 7, Ops: []Op{Set(Path{Key("brightness")}, Int(9))}}))
	sameText(t, "value", lampValue(9).String(), lamp.Get().String())
	sameText(t, "nothing to send", "", changesText(s.Drain()))
	snapshot, err := s.Snapshot(1)
	if err != nil || snapshot.Rev != 7 {
		t.Errorf("%+v, %v", snapshot, err)
	}
	if err := s.Apply(1, Patch{Rev: 8, Ops: []Op{RemoveAt(nil, 0)}}); CodeOf(err) != NotAList {
		t.Error(err)
	}
	if err := s.Apply(2, Patch{}); CodeOf(err) != UnknownModel {
		t.Error(err)
	}
	_, err = s.Snapshot(2)
	sameError(t, "mirror: unknown_model: there is no model 2", err)
}
