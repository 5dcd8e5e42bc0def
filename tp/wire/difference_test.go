package wire_test

import (
	"reflect"

	"github.com/google/go-cmp/cmp"
)

// difference is cmp.Diff for values of any depth: that takes twice as long for each
// level of lists, so it is asked only when there is a difference to show.
func difference(want, got any) string {
	if reflect.DeepEqual(want, got) {
		return ""
	}
	return cmp.Diff(want, got)
}
