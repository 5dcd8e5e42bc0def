package plan

import "github.com/telestruct/telestruct/tp/wire"

// maxSteps is the length of a path at which no value is written any more,
// because the Go value is taken to contain itself. Package validate counts the
// same steps to the same number: the target of the message, keys of objects,
// tags, and positions in arrays.
const maxSteps = 1000

// nesting counts the steps from the payload of a message, which is one step away
// from the root itself, to the values that are being looked at.
type nesting struct{ steps int }

// enter goes on to what lies inside a value. Every call is followed by one of
// leave.
func (n *nesting) enter() { n.steps++ }
func (n *nesting) leave() { n.steps-- }

// tooDeep reports whether there may be no values here.
func (n *nesting) tooDeep() bool { return n.steps >= maxSteps-1 }

// fits reports whether no part of the value tree v would be too deep here. It
// ends for trees that contain themselves: they do not fit.
func (n *nesting) fits(v any) bool {
	if n.tooDeep() {
		return false
	}
	n.enter()
	defer n.leave()
	switch v := v.(type) {
	case []any:
		for i := range v {
			if !n.fits(v[i]) {
				return false
			}
		}
	case wire.Object:
		for i := range v {
			if !n.fits(v[i].Value) {
				return false
			}
		}
	}
	return true
}
