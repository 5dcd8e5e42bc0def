package mw

import (
	"fmt"
	"strings"

	"github.com/telestruct/telestruct/tp"
)

// anyOf reports whether is holds for err or for something that it wraps. Errors are
// anybody's code: the search ends when one panics, and after a hundred, since one may
// wrap itself.
func anyOf(err error, is func(error) bool) (found bool) {
	defer func() { _ = recover() }()
	left := 100
	return anyBelow(err, &left, is)
}

func anyBelow(err error, left *int, is func(error) bool) bool {
	for ; err != nil && *left > 0; *left-- {
		if is(err) {
			return true
		}
		switch wrapper := err.(type) {
		case interface{ Unwrap() error }:
			err = wrapper.Unwrap()
		case interface{ Unwrap() []error }:
			for _, inner := range wrapper.Unwrap() {
				if *left--; anyBelow(inner, left, is) {
					return true
				}
			}
			return false
		default:
			return false
		}
	}
	return false
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
