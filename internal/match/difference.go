package match

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// Difference is one place where a value is not what is wanted.
type Difference struct {
	// Path leads to the place.
	Path wire.Path
	// Wanted and Got are what should be there and what is.
	Wanted, Got any
	// Missing says that there is nothing, and Unwanted that there should be nothing.
	Missing, Unwanted bool
}

// String returns a line such as `items[3].sku: want "a", got "b"`.
func (d Difference) String() string {
	switch {
	case d.Missing:
		return fmt.Sprintf("%s: want %s, got nothing", d.place(), Text(d.Wanted))
	case d.Unwanted:
		return fmt.Sprintf("%s: want nothing, got %s", d.place(), Text(d.Got))
	}
	return fmt.Sprintf("%s: want %s, got %s", d.place(), Text(d.Wanted), Text(d.Got))
}

// place returns the path as text.
func (d Difference) place() string {
	var b strings.Builder
	for i, step := range d.Path {
		switch step := step.(type) {
		case int:
			b.WriteString("[" + strconv.Itoa(step) + "]")
		case string:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step)
		}
	}
	return cmp.Or(b.String(), "(root)")
}

// maxText is how many bytes of a value a text shows.
const maxText = 300

// Text returns a value, which may be any Go value that messages have, as JSON for people:
// what is long is cut.
func Text(v any) string {
	b, err := wire.AppendValue(nil, wire.FromGo(v))
	if err != nil {
		return fmt.Sprintf("(%v)", err)
	}
	if len(b) <= maxText {
		return string(b)
	}
	return strings.ToValidUTF8(string(b[:maxText]), "") + "…"
}

// Differences lists where got is not what is wanted; not more than so many. Where a list
// has an element nowhere, it lists the differences of the element that comes nearest.
func (c *Comparison) Differences(wanted, got any, most int) []Difference {
	d := differ{Comparison: c, most: most}
	d.value(nil, wanted, got)
	return d.found
}

type differ struct {
	*Comparison
	most  int
	found []Difference
}

func (d *differ) add(x Difference) {
	if len(d.found) < d.most {
		d.found = append(d.found, x)
	}
}

// value compares two values in full: it is about few, so what is alike is passed over
// at the cost of comparing it more than once.
func (d *differ) value(path wire.Path, wanted, got any) {
	if len(d.found) >= d.most || d.Match(wanted, got) || d.Err() != nil {
		return
	}
	switch w := wanted.(type) {
	case wire.Object:
		if g, ok := got.(wire.Object); ok {
			d.object(path, w, g)
			return
		}
	case []any:
		if g, ok := got.([]any); ok {
			d.list(path, w, g)
			return
		}
	}
	d.add(Difference{Path: path, Wanted: wanted, Got: got})
}

func (d *differ) object(path wire.Path, wanted, got wire.Object) {
	find := d.finder(got, len(wanted))
	for _, m := range wanted {
		at := step(path, m.Key)
		if v, ok := find(m.Key); ok {
			d.value(at, m.Value, v)
		} else {
			d.add(Difference{Path: at, Wanted: m.Value, Missing: true})
		}
	}
	if !d.Strict {
		return
	}
	find = d.finder(wanted, len(got))
	for _, m := range got {
		if _, ok := find(m.Key); !ok {
			d.add(Difference{Path: step(path, m.Key), Got: m.Value, Unwanted: true})
		}
	}
}

func (d *differ) list(path wire.Path, wanted, got []any) {
	if !d.Strict {
		d.elements(path, wanted, got)
		return
	}
	for i, w := range wanted {
		if i < len(got) {
			d.value(step(path, i), w, got[i])
		} else {
			d.add(Difference{Path: step(path, i), Wanted: w, Missing: true})
		}
	}
	for i := len(wanted); i < len(got); i++ {
		d.add(Difference{Path: step(path, i), Got: got[i], Unwanted: true})
	}
}

// elements says of each wanted element that got does not have where the one differs that
// comes nearest to it.
func (d *differ) elements(path wire.Path, wanted, got []any) {
	for i, w := range wanted {
		if len(d.found) >= d.most {
			return
		}
		if d.someMatch(w, got) {
			continue
		}
		at, found := d.nearest(path, w, got)
		if at < 0 {
			found = []Difference{{Path: step(path, i), Wanted: w, Missing: true}}
		}
		for _, x := range found {
			d.add(x)
		}
	}
}

// maxCandidates is how many elements of a list are looked at to find the nearest one.
const maxCandidates = 32

// nearest returns the element with the fewest differences, and these; -1 if there is none.
func (d *differ) nearest(path wire.Path, wanted any, got []any) (at int, found []Difference) {
	at = -1
	for i := range min(len(got), maxCandidates) {
		one := differ{Comparison: d.Comparison, most: d.most}
		one.value(step(path, i), wanted, got[i])
		if at < 0 || len(one.found) < len(found) {
			at, found = i, one.found
		}
	}
	return at, found
}

func step(path wire.Path, next any) wire.Path {
	return append(path[:len(path):len(path)], next)
}
