package mw

import (
	"fmt"
	"strings"

	"github.com/telestruct/telestruct/internal/errtree"
	"github.com/telestruct/telestruct/tp"
)

// anyOf reports whether is holds for err or for something that it wraps. Errors are
// anybody's code: the search ends when one panics.
func anyOf(err error, is func(error) bool) (found bool) {
	const most = 100
	defer func() { _ = recover() }()
	return errtree.Has(err, most, is)
}

// types returns the Go types of an error and of what it wraps, outermost first, such as
// "*fmt.wrapError > *fs.PathError > syscall.Errno". Types hold nothing of the values.
func types(err error) string {
	const most = 8
	var names []string
	anyOf(err, func(err error) bool {
		if len(names) == most {
			names = append(names, "…")
			return true
		}
		name := fmt.Sprintf("%T", err)
		if p, ok := err.(*tp.PanicError); ok && p != nil {
			name += fmt.Sprintf("(%T)", p.Value)
		}
		names = append(names, name)
		return false
	})
	return strings.Join(names, " > ")
}
