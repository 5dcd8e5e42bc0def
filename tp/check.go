package tp

import (
	"errors"
	"io/fs"
	"path"

	"github.com/telestruct/telestruct/tp/schema"
)

// CheckDir makes [API.Build] compare the derived schema with hand-written
// documents, the *.telepact.yaml and *.telepact.json files of dir in fsys, and
// fail when they differ in meaning. Order, formatting and docstrings are no
// difference; [CheckDocs] adds docstrings. Each difference is one [Problem] that
// names the Go type and field on one side, and file, line and column on the
// other.
//
// Documents that have mistakes of their own make Build fail as well.
func CheckDir(fsys fs.FS, dir string, options ...CheckOption) Option {
	check := schemaCheck{fsys: fsys, dir: dir}
	for _, o := range options {
		o(&check)
	}
	return optionFunc(func(s *settings) { s.checks = append(s.checks, check) })
}

// CheckOption changes what a comparison looks at.
type CheckOption func(*schemaCheck)

// CheckDocs makes different docstrings a difference.
func CheckDocs() CheckOption {
	return func(c *schemaCheck) { c.options.Docs = true }
}

// schemaCheck is one directory that the derived schema must agree with.
type schemaCheck struct {
	fsys    fs.FS
	dir     string
	options schema.CompareOptions
}

// CompareDir returns every difference between the server's schema and the
// documents of dir in fsys, as [CheckDir] would report it; nil when there is
// none. Package tptest asserts on it.
func (s *Server) CompareDir(fsys fs.FS, dir string, options ...CheckOption) []*Problem {
	check := schemaCheck{fsys: fsys, dir: dir}
	for _, o := range options {
		o(&check)
	}
	return check.run(s.schema)
}

func (b *build) checkDocuments() {
	for _, check := range b.settings.checks {
		b.problems = append(b.problems, check.run(b.schema)...)
	}
}

func (c *schemaCheck) run(derived *schema.Schema) []*Problem {
	if c.fsys == nil {
		return []*Problem{{Where: "tp.CheckDir", Found: "the file system is nil", Fix: "give an fs.FS such as an embed.FS"}}
	}
	written, err := schema.ParseDir(c.fsys, c.dir)
	if err != nil {
		return c.unreadable(err)
	}
	var problems []*Problem
	for _, d := range schema.Compare(derived, written, c.options) {
		d.Written.Document = path.Join(c.dir, d.Written.Document)
		problems = append(problems, &Problem{
			Where: d.Place(),
			Site:  d.Derived.Site,
			Found: d.Contrast(),
			Fix:   "change one side to say what the other says",
		})
	}
	return problems
}

// unreadable reports documents that are no schema.
func (c *schemaCheck) unreadable(err error) []*Problem {
	var parse *schema.ParseError
	if !errors.As(err, &parse) {
		return []*Problem{{Where: c.dir, Found: err.Error(), Fix: "give a directory of *.telepact.yaml or *.telepact.json files"}}
	}
	problems := make([]*Problem, len(parse.Failures))
	for i, f := range parse.Failures {
		problems[i] = &Problem{
			Where: schema.Origin{Document: path.Join(c.dir, f.Document), Location: f.Location}.String(),
			Found: f.Explain(),
		}
	}
	return problems
}
