package tp

import (
	"io/fs"

	"github.com/telestruct/telestruct/internal/callsite"
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
	check := newSchemaCheck("tp.CheckDir", fsys, dir, options)
	check.site = callsite.Caller()
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
	by, site string // who asked for it, and where; no site for CompareDir
	fsys     fs.FS
	dir      string
	options  schema.CompareOptions
}

func newSchemaCheck(by string, fsys fs.FS, dir string, options []CheckOption) schemaCheck {
	check := schemaCheck{by: by, fsys: fsys, dir: dir}
	for _, o := range options {
		if o != nil {
			o(&check)
		}
	}
	return check
}

// CompareDir returns every difference between the server's schema and the
// documents of dir in fsys, as [CheckDir] would report it; nil when there is
// none. Documents that cannot be read, and a nil fsys, are problems as well.
// Package tptest asserts on it.
func (s *Server) CompareDir(fsys fs.FS, dir string, options ...CheckOption) []*Problem {
	check := newSchemaCheck("tp.Server.CompareDir", fsys, dir, options)
	return check.run(s.schema)
}

func (b *build) checkDocuments() {
	for _, check := range b.settings.checks {
		b.problems = append(b.problems, check.run(b.schema)...)
	}
}

// run compares the documents with a derived schema; a nil one has mistakes of its
// own, and only the documents' are reported beside them.
func (c *schemaCheck) run(derived *schema.Schema) []*Problem {
	if c.fsys == nil {
		return []*Problem{noFileSystem(c.by, c.site)}
	}
	written, err := schema.ParseDir(c.fsys, c.dir)
	if err != nil {
		return unreadable(c.dir, c.site, err)
	}
	if derived == nil {
		return nil
	}
	var problems []*Problem
	for _, d := range schema.Compare(derived, written, c.options) {
		problems = append(problems, drifted(c.dir, d))
	}
	return problems
}
