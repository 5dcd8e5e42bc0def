package mirror

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// anyValue generates values of a few distinct scalars, so that lists have equal elements.
func anyValue(levels int) *rapid.Generator[Value] {
	scalar := rapid.Custom(func(t *rapid.T) Value {
		switch rapid.IntRange(0, 6).Draw(t, "kind") {
		case 0:
			return Null()
		case 1:
			return Bool(rapid.Bool().Draw(t, "bool"))
		case 2:
			return Str(rapid.SampledFrom([]string{"", "a", "é😀", "\"\n<&>"}).Draw(t, "str"))
		case 3:
			return Float(rapid.SampledFrom([]float64{0, 1, -0.5, 0.1, 1e300, 5e-324, 65504, 1 << 60}).Draw(t, "float"))
		case 4:
			return Submodel(rapid.SampledFrom([]uint64{0, 7, 1<<64 - 1}).Draw(t, "submodel"))
		}
		return Int(rapid.SampledFrom([]int64{0, 1, 2, 3, -1, -33, 1 << 40, -1 << 63, 1<<63 - 1}).Draw(t, "int"))
	})
	if levels == 0 {
		return scalar
	}
	inner := rapid.Deferred(func() *rapid.Generator[Value] { return anyValue(levels - 1) })
	return rapid.OneOf(scalar,
		rapid.Map(rapid.SliceOfN(inner, 0, 12), func(values []Value) Value { return List(values...) }),
		rapid.Map(rapid.MapOfN(rapid.SampledFrom([]string{"", "Z", "a", "b", "c", "é"}), inner, 0, 5), Map))
}

// anyLists generates pairs of lists that have much in common.
func anyLists(t *rapid.T) (old, new Value) {
	record := rapid.Map(rapid.IntRange(0, 9), func(id int) Value {
		return Map(map[string]Value{"id": Int(int64(id)), "label": Str(fmt.Sprint(id % 3))})
	})
	element := rapid.OneOf(record, rapid.Map(rapid.Int64Range(0, 20), Int), anyValue(2))
	elements := rapid.SliceOfN(element, 0, 24).Draw(t, "old")
	changed := rapid.OneOf(
		rapid.Permutation(elements),
		rapid.Custom(func(t *rapid.T) []Value {
			changed := append([]Value(nil), elements...)
			for range rapid.IntRange(0, 4).Draw(t, "changes") {
				at := rapid.IntRange(0, len(changed)).Draw(t, "at")
				switch v := element.Draw(t, "element"); {
				case at == len(changed) || rapid.Bool().Draw(t, "insert"):
					changed = append(changed[:at:at], append([]Value{v}, changed[at:]...)...)
				case rapid.Bool().Draw(t, "remove"):
					changed = append(changed[:at:at], changed[at+1:]...)
				default:
					changed[at] = v
				}
			}
			return changed
		}),
		rapid.SliceOfN(element, 0, 24)).Draw(t, "new")
	return List(elements...), List(changed...)
}

// parse returns the value that is written as text.
func parse(t testing.TB, text string) Value {
	t.Helper()
	var v Value
	if err := v.UnmarshalJSON([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return v
}

// sameText fails the test unless the texts are equal.
func sameText(t testing.TB, what, want, got string) {
	t.Helper()
	if want != got {
		t.Errorf("%s (-want +got):\n%s", what, cmp.Diff(want, got))
	}
}

// sameError fails the test unless err has the given text; "" is for no error.
func sameError(t testing.TB, want string, err error) {
	t.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	sameText(t, "error", want, got)
}
