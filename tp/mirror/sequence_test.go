package mirror

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSequence(t *testing.T) {
	t.Parallel()
	s := SequenceOf("base", "a", "b")
	sameText(t, "text", `[{"k":"1/2","o":"base","v":"a","x":false},{"k":"3/4","o":"base","v":"b","x":false}]`, s.String())
	first, err := s.Insert(0, "1", "A")
	sameError(t, "", err)
	second, err := s.Insert(1, "2", "B")
	sameError(t, "", err)
	third, err := s.Delete(1)
	sameError(t, "", err)
	merged := first.Merge(second).Merge(third)
	sameText(t, "items", "[1 a 2]", fmt.Sprint(merged.Items()))
	read, err := ParseSequence(merged.String())
	sameError(t, "", err)
	sameText(t, "text", merged.String(), read.String())
	sameText(t, "empty", "[]", Sequence{}.String())
}

func TestSequenceErrors(t *testing.T) {
	t.Parallel()
	s := SequenceOf("a", 1)
	for _, index := range []int{-1, 2} {
		if _, err := s.Insert(index, 0, "a"); CodeOf(err) != IndexOutOfBounds {
			t.Errorf("insert: %v", err)
		}
		if _, err := s.Delete(index); CodeOf(err) != IndexOutOfBounds {
			t.Errorf("delete: %v", err)
		}
	}
	for _, k := range []string{"0/1", "1/1", "-1/2", "3/2", "1/0", "1e-9", "0.5", "", "x", strings.Repeat("1", 1+maxDigits)} {
		if _, err := ParseSequence(`[{"k":"` + k + `"}]`); err == nil {
			t.Errorf("%.40s is taken for a position", k)
		}
	}
	if _, err := ParseSequence("{}"); err == nil {
		t.Error("an object is taken for a sequence")
	}
	sameText(t, "text", "json: unsupported type: func()", SequenceOf("a", func() {}).String())
}

// What is inserted where an item of the same origin was deleted is an item of its own.
func TestSequenceInsertsAfterDelete(t *testing.T) {
	t.Parallel()
	s, err := Sequence{}.Insert(0, "old", "A")
	sameError(t, "", err)
	deleted, err := s.Delete(0)
	sameError(t, "", err)
	again, err := deleted.Insert(0, "new", "A")
	sameError(t, "", err)
	sameText(t, "items", "[new]", fmt.Sprint(s.Merge(again).Items()))
}

// Merging does not depend on the order, and is done once it is done.
func TestSequenceMerges(t *testing.T) {
	t.Parallel()
	edit := func(t *rapid.T, s Sequence, origin string) Sequence {
		for i := range rapid.IntRange(0, 5).Draw(t, "edits") {
			n := len(s.Items())
			var err error
			if n > 0 && rapid.Bool().Draw(t, "delete") {
				s, err = s.Delete(rapid.IntRange(0, n-1).Draw(t, "at"))
			} else {
				s, err = s.Insert(rapid.IntRange(0, n).Draw(t, "at"), fmt.Sprint(origin, i), origin)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		return s
	}
	rapid.Check(t, func(t *rapid.T) {
		base := edit(t, SequenceOf("base", "x", "y"), "base")
		a, b, c := edit(t, base, "a"), edit(t, base, "b"), edit(t, base, "c")
		want := a.Merge(b).Merge(c).String()
		if got := c.Merge(a.Merge(b).Merge(a)).String(); got != want {
			t.Fatalf("%s, in another order %s", want, got)
		}
		read, err := ParseSequence(want)
		if err != nil || read.String() != want {
			t.Fatalf("%s is read as %v, %v", want, read, err)
		}
	})
}

func FuzzParseSequence(f *testing.F) {
	f.Add(SequenceOf("a", 1, "b", nil).String())
	f.Add(`[{"k":"1/3","o":"b","v":{},"x":true},{"k":"1/4"},{"k":"1/4"}]`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSequence(text)
		if err != nil {
			return
		}
		if again, err := ParseSequence(s.String()); err != nil || again.String() != s.String() {
			t.Fatalf("%v became %v, %v", s, again, err)
		}
	})
}
