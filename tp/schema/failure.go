package schema

import (
	"errors"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// Failure is one mistake in a schema. Document, Location, Path, Reason and Data
// are what the protocol reports of it (spec section 9); Origin, Earlier and
// Cause tell a person more.
type Failure struct {
	// Document is the name of the document, or of the API for definitions
	// that were derived from Go.
	Document string
	// Location is where Path leads to, and row 1, column 1 if that is not a
	// place in the text.
	Location Location
	Path     wire.Path
	// Reason is one of the names of spec section 9, such as "TypeUnknown".
	Reason string
	// Data is what goes with the reason; nil when nothing does.
	Data wire.Object
	// Origin is where the mistake was made: the document or the Go type.
	Origin Origin
	// Earlier is what the place collides with, for the reason PathCollision.
	Earlier Origin
	// Cause is why a text was refused: a [*SyntaxError] or a [*LimitError] for
	// the reason JsonInvalid, and the error of package regexp for an _errors.
	Cause error

	// place is where the mistake was made; nil unless the text was read.
	place *place
	// meant is the definition that a name was likely meant to be; empty when
	// there is none.
	meant string
}

// Error returns the mistake in one line: where it is, what was found, and what
// would be right.
func (f Failure) Error() string {
	place := f.Place()
	text := place.String() + ": " + f.Explain()
	if place.Site != "" {
		text += " (registered at " + place.Site + ")"
	}
	return text
}

// Place returns where a person should look: the Origin, the point at which a
// text became unreadable, or what collides with a standard definition.
func (f Failure) Place() Origin {
	place := f.Origin
	if f.Reason == pathCollision && isStandardOrigin(place) && !isStandardOrigin(f.Earlier) {
		return f.Earlier
	}
	var syntax *SyntaxError
	var limit *LimitError
	switch {
	case errors.As(f.Cause, &syntax):
		place.Location = syntax.Location
	case errors.As(f.Cause, &limit):
		place.Location = limit.Location
	}
	return place
}

// Unwrap returns Cause.
func (f Failure) Unwrap() error { return f.Cause }

// Tree returns the failure in the form that it has on the wire: an object of
// document, location, path and reason.
func (f Failure) Tree() wire.Object {
	data := f.Data
	if data == nil {
		data = wire.Object{}
	}
	return wire.Object{
		{Key: "document", Value: f.Document},
		{Key: "location", Value: f.Location.tree()},
		{Key: "path", Value: f.Path.Tree()},
		{Key: "reason", Value: wire.Object{{Key: f.Reason, Value: data}}},
	}
}

// ParseError lists the mistakes that made a schema unusable: all of one stage,
// in the order of document names and positions (spec section 8.12), but not
// more than 1000.
type ParseError struct {
	Failures []Failure
}

// Error returns the mistakes, one a line.
func (e *ParseError) Error() string {
	lines := make([]string, len(e.Failures))
	for i, f := range e.Failures {
		lines[i] = f.Error()
	}
	return "schema: " + strings.Join(lines, "\nschema: ")
}

// Unwrap returns the failures, each a [Failure].
func (e *ParseError) Unwrap() []error {
	errs := make([]error, len(e.Failures))
	for i, f := range e.Failures {
		errs[i] = f
	}
	return errs
}

// Tree returns the failures in the form that they have on the wire.
func (e *ParseError) Tree() []any {
	cases := make([]any, len(e.Failures))
	for i, f := range e.Failures {
		cases[i] = f.Tree()
	}
	return cases
}

// maxFailures is how many mistakes are reported at most: a document of a
// megabyte can hold half a million.
const maxFailures = 1000

// failures collects the mistakes of a stage.
type failures struct {
	list []Failure
	// count counts those beyond maxFailures too.
	count int
}

// tooMany counts a mistake and says that it is not to be reported.
func (fs *failures) tooMany() bool {
	fs.count++
	return fs.count > maxFailures
}

// at reports a mistake at p.
func (fs *failures) at(p *place, reason string, data ...wire.Member) {
	fs.report(p, Failure{Reason: reason, Data: data})
}

// because reports a mistake at p that cause explains.
func (fs *failures) because(p *place, cause error, reason string, data ...wire.Member) {
	fs.report(p, Failure{Reason: reason, Data: data, Cause: cause})
}

// misspelt reports a name at p that was likely meant to be another one, which
// is empty when none is near.
func (fs *failures) misspelt(p *place, meant, reason string, data ...wire.Member) {
	fs.report(p, Failure{Reason: reason, Data: data, meant: meant})
}

// report adds f, a mistake at p.
func (fs *failures) report(p *place, f Failure) {
	if fs.tooMany() {
		return
	}
	f.place, f.Origin = p, p.origin()
	f.Document, f.Location, f.Path = f.Origin.Document, f.Origin.Location, f.Origin.Path
	if p.node == nil && p.parent != nil {
		f.Origin.Location = p.parent.origin().Location // what is missing is missing there
	}
	fs.list = append(fs.list, f)
}

// kind reports that the value at p is not of the expected kind.
func (fs *failures) kind(p *place, expected string) {
	fs.at(p, typeUnexpected,
		wire.Member{Key: "actual", Value: wire.Object{{Key: p.node.kindName(), Value: wire.Object{}}}},
		wire.Member{Key: "expected", Value: wire.Object{{Key: expected, Value: wire.Object{}}}})
}

// unreadable reports that the text of a document was refused.
func (fs *failures) unreadable(document string, cause error) {
	if fs.tooMany() {
		return
	}
	fs.list = append(fs.list, Failure{
		Document: document,
		Location: start,
		Path:     wire.Path{},
		Reason:   jsonInvalid,
		Origin:   Origin{Document: document, Location: start},
		Cause:    cause,
	})
}

// collision reports that later and earlier claim the same name.
func (fs *failures) collision(later, earlier Origin) {
	if fs.tooMany() {
		return
	}
	fs.list = append(fs.list, Failure{
		Document: later.Document,
		Location: later.Location,
		Path:     later.Path,
		Reason:   pathCollision,
		Data: wire.Object{
			{Key: "document", Value: earlier.Document},
			{Key: "path", Value: earlier.Path.Tree()},
			{Key: "location", Value: earlier.Location.tree()},
		},
		Origin:  later,
		Earlier: earlier,
	})
}

// err returns the mistakes as an error, and nil if there are none.
func (fs *failures) err() error {
	if fs.count == 0 {
		return nil
	}
	return &ParseError{Failures: fs.list}
}

func (l Location) tree() wire.Object {
	return wire.Object{{Key: "row", Value: int64(l.Row)}, {Key: "col", Value: int64(l.Col)}}
}
