package mirror

import "fmt"

// maxModel is how large clients may make a model, unless the program says otherwise. In JSON a
// character takes six bytes at most, and so does such a model not pass the size that clients read.
const maxModel = 10 << 20

// noLimit is the size of a model that may be any.
const noLimit = 0

// outgrows returns an error if v takes more than most bytes, and more than before did. A most of
// zero is no limit.
func (v Value) outgrows(before Value, most int) *Error {
	if most <= 0 || v.weight() <= max(most, before.weight()) {
		return nil
	}
	return &Error{Code: TooLarge, Reason: fmt.Sprintf("the model would take more than %d bytes", most)}
}
