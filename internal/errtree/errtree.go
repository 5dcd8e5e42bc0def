// Package errtree searches an error and what it wraps.
package errtree

// Has reports whether is holds for err or for something that it wraps, depth first as
// errors.As looks. It gives up when it has met most errors: one may wrap itself, and a
// tree of joined ones may grow without end. What the errors panic with goes on.
func Has(err error, most int, is func(error) bool) bool {
	s := search{left: most, is: is}
	return s.visit(err)
}

// search is one run of Has.
type search struct {
	left int
	is   func(error) bool
}

func (s *search) visit(err error) bool {
	for ; err != nil && s.left > 0; s.left-- {
		if s.is(err) {
			return true
		}
		switch wrapper := err.(type) {
		case interface{ Unwrap() error }:
			err = wrapper.Unwrap()
		case interface{ Unwrap() []error }:
			s.left--
			for _, inner := range wrapper.Unwrap() {
				if s.visit(inner) {
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
