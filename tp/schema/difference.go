package schema

import (
	"fmt"
	"strings"
)

// Difference is something that a derived and a written schema say differently.
type Difference struct {
	// Definition is the schema key of the definition that differs.
	Definition string
	// Path leads to the part that differs by names: a field ("limit!"), a tag
	// and its field ("Add", "left"), the same behind "->" for a result or for
	// response headers, or a key such as "$internal". Empty means the
	// definition itself.
	Path []string
	// Derived and Written are where the two sides say it. A side that does not
	// have it points to the nearest thing around it; a side without the
	// definition has no origin.
	Derived, Written Origin
	// DerivedText and WrittenText are what the two sides say, such as
	// `"integer"` or `no such field`.
	DerivedText, WrittenText string
	// DerivedField and WrittenField are the two fields when fields differ; nil
	// on a side without the field, and when something else differs.
	DerivedField, WrittenField *Field
	// OnlyDerived and OnlyWritten say that the other side does not have the
	// definition, tag or field at all.
	OnlyDerived, OnlyWritten bool
}

// String returns the difference on one line, such as
//
//	fn.evaluate field limit!: Go has "integer" (calculator.Evaluate.Limit), the document has "string" (calculator.telepact.yaml:12:5)
func (d Difference) String() string { return d.Place() + ": " + d.Contrast() }

// Place names what differs, such as "fn.evaluate field limit!".
func (d Difference) Place() string {
	return strings.Join(append([]string{d.Definition}, d.parts()...), " ")
}

// Contrast says what the two sides have, and where.
func (d Difference) Contrast() string {
	return fmt.Sprintf("Go has %s, the document has %s",
		d.DerivedText+parenthesised(d.Derived), d.WrittenText+parenthesised(d.Written))
}

// DriftError lists what definitions derived from Go and the documents beside
// them say differently.
type DriftError struct {
	Differences []Difference
}

// Error returns one line for each difference.
func (e *DriftError) Error() string {
	lines := make([]string, len(e.Differences))
	for i, d := range e.Differences {
		lines[i] = "schema: " + d.String()
	}
	return strings.Join(lines, "\n")
}

// parts returns Path with the kind of each name before it.
func (d Difference) parts() []string {
	var parts []string
	side := "request"
	for _, name := range d.Path {
		switch {
		case name == resultKey:
			if side = "response"; !strings.HasPrefix(d.Definition, "headers.") {
				parts = append(parts, "result")
			}
		case tagPattern.MatchString(name):
			parts = append(parts, "tag "+name)
		case headerPattern.MatchString(name):
			parts = append(parts, side+" header "+name)
		case fieldPattern.MatchString(name):
			parts = append(parts, "field "+name)
		default:
			parts = append(parts, name)
		}
	}
	return parts
}

func parenthesised(o Origin) string {
	if o.Go == "" && o.Document == "" {
		return ""
	}
	return " (" + o.String() + ")"
}
