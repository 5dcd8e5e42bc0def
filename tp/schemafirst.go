package tp

import (
	"errors"
	"io/fs"
	"path"

	"github.com/telestruct/telestruct/internal/callsite"
	"github.com/telestruct/telestruct/tp/schema"
)

// SchemaDir makes the documents of dir in fsys, *.telepact.yaml and
// *.telepact.json files, part of the API's schema. Every function that they
// define must be registered: with [RegisterRaw], or with [RegisterOn] and Go
// types that mean what the document says. What is derived from Go beside it
// joins the schema as usual. May be given more than once.
func SchemaDir(fsys fs.FS, dir string) Option {
	return addSource(schemaSource{by: "tp.SchemaDir", site: callsite.Caller(), fsys: fsys, dir: dir})
}

// SchemaDocuments is [SchemaDir] for documents that are at hand, such as those
// that another server's fn.api_ returned.
func SchemaDocuments(documents ...schema.Document) Option {
	return addSource(schemaSource{by: "tp.SchemaDocuments", site: callsite.Caller(), documents: documents})
}

// SchemaOf is [SchemaDocuments] for a schema that is at hand, such as that of another
// server in the program. Values that its Go types refuse are refused here as well. A nil
// schema is a mistake that [API.Build] reports.
func SchemaOf(s *schema.Schema) Option {
	src := schemaSource{by: "tp.SchemaOf", site: callsite.Caller()}
	if s != nil {
		src.documents, src.refined = s.Documents(), s.Own()
	}
	return addSource(src)
}

func addSource(src schemaSource) Option {
	return optionFunc(func(s *settings) { s.sources = append(s.sources, src) })
}

// schemaSource is where documents of the API's own schema come from.
type schemaSource struct {
	by, site  string // the option, and where it was given
	fsys      fs.FS  // nil for documents
	dir       string
	documents []schema.Document
	refined   []schema.Definition // that are in the documents as well
}

// read returns the documents, or what is wrong with them.
func (src *schemaSource) read() ([]schema.Document, []*Problem) {
	switch {
	case src.fsys != nil:
		documents, err := schema.ReadDir(src.fsys, src.dir)
		if err != nil {
			return nil, unreadable(src.dir, src.site, err)
		}
		return documents, nil
	case src.by == "tp.SchemaDir":
		return nil, []*Problem{noFileSystem(src.by, src.site)}
	case len(src.documents) == 0:
		return nil, []*Problem{{Where: src.by, Site: src.site, Found: "there is no document", Fix: "give one"}}
	}
	return src.documents, nil
}

// readDocuments reads every document of the API's own schema. It reports whether
// all could be read.
func (b *build) readDocuments() bool {
	b.dirs = map[string]string{}
	failed := false
	for _, src := range b.settings.sources {
		documents, problems := src.read()
		b.problems = append(b.problems, problems...)
		failed = failed || len(problems) > 0
		for _, d := range documents {
			b.dirs[d.Name] = src.dir
		}
		b.documents = append(b.documents, documents...)
		b.refined = append(b.refined, src.refined...)
	}
	return !failed
}

// schemaProblems reports why the definitions make no schema.
func (b *build) schemaProblems(err error) {
	var drift *schema.DriftError
	if errors.As(err, &drift) {
		for _, d := range drift.Differences {
			b.problems = append(b.problems, drifted(b.dirs[d.Written.Document], d))
		}
		return
	}
	var parse *schema.ParseError
	if !errors.As(err, &parse) {
		b.problem("tp.API", "", err.Error(), "")
		return
	}
	for _, f := range parse.Failures {
		place := b.within(f.Place())
		f.Earlier = b.within(f.Earlier)
		b.problem(place.String(), place.Site, f.Found(), f.Fix())
	}
}

// within returns the origin with the directory of its document.
func (b *build) within(o schema.Origin) schema.Origin {
	if dir := b.dirs[o.Document]; dir != "" {
		return inDir(dir, o)
	}
	return o
}

// inDir returns the origin with dir as the directory of its document. Standard
// definitions, whose documents are no files, are in none.
func inDir(dir string, o schema.Origin) schema.Origin {
	if path.Ext(o.Document) != "" {
		o.Document = path.Join(dir, o.Document)
	}
	return o
}

// checkCoverage reports functions that only one side has: the documents, or
// [RegisterRaw].
func (b *build) checkCoverage() {
	for _, def := range b.schema.Own() {
		f, ok := def.(*schema.Function)
		if ok && f.Origin.Document != "" && b.names[f.Key] == nil {
			b.problem(b.within(f.Origin).String(), "", f.Key+" is defined here, and nobody registered it",
				"register it with tp.RegisterRaw or tp.RegisterOn, or remove the definition")
		}
	}
	for _, r := range b.registrations {
		if r.isRaw() && b.names[r.name] == r && b.schema.Function(r.name) == nil {
			b.problem(r.name, r.site, "no document defines the function", "define it in a document of tp.SchemaDir")
		}
	}
}

// noFileSystem reports that where, an option or a method, was given no place for
// documents to be in.
func noFileSystem(where, site string) *Problem {
	return &Problem{Where: where, Site: site, Found: "the file system is nil", Fix: "give an fs.FS such as an embed.FS"}
}

// unreadable reports documents of dir that are no schema.
func unreadable(dir, site string, err error) []*Problem {
	var parse *schema.ParseError
	if !errors.As(err, &parse) {
		return []*Problem{{Where: dir, Site: site, Found: err.Error(), Fix: "give a directory of *.telepact.yaml or *.telepact.json files"}}
	}
	problems := make([]*Problem, len(parse.Failures))
	for i, f := range parse.Failures {
		place := inDir(dir, f.Place())
		f.Earlier = inDir(dir, f.Earlier)
		problems[i] = &Problem{Where: place.String(), Found: f.Found(), Fix: f.Fix()}
	}
	return problems
}
