package tp

import (
	"strconv"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// Places returns where the first of the Cases are and what is wrong there, ten at most,
// such as "Ok_.items[3].price: TypeUnexpected". They are for logs: nothing in them was
// written by a caller or a handler. Keys that the server's schema does not have, such as
// those of maps, are a star. Nil without Cases.
func (e *Error) Places() []string {
	const most = 10
	var places []string
	for _, f := range e.Cases[:min(len(e.Cases), most)] {
		places = append(places, placeOf(f.Path, e.fields)+": "+f.Reason)
	}
	return places
}

// placeOf returns a path as text with the names that known has.
func placeOf(path wire.Path, known *wire.Fields) string {
	var b strings.Builder
	for i, step := range path {
		switch step := step.(type) {
		case int:
			b.WriteString("[" + strconv.Itoa(step) + "]")
		case string:
			if _, ok := known.ID(step); !ok {
				step = "*"
			}
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step)
		}
	}
	return b.String()
}
