package export

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"
)

// SourceError says that a directory or file cannot be read as Go source.
type SourceError struct {
	// Path is the directory or file, as it was given or reached from there.
	Path string
	// Err is what is wrong with it: fs.ErrNotExist, a syntax error, ...
	Err error
}

// Error returns the path and the cause.
func (e *SourceError) Error() string {
	return fmt.Sprintf("export: cannot read Go comments from %s: %v", e.Path, e.Err)
}

// Unwrap returns the cause.
func (e *SourceError) Unwrap() error { return e.Err }

// source is what one Go file says.
type source struct {
	dir      string            // from where the search began, with slashes
	pkg      string            // the name in its package clause
	types    []string          // that it declares
	comments map[string]string // by "Type" and "Type.Field"
}

// readSources reads the Go files below dir.
func readSources(dir string) ([]*source, error) {
	files, err := sourceFiles(dir)
	if err != nil {
		return nil, err
	}
	sources := make([]*source, len(files))
	for i, file := range files {
		s, err := readSource(file)
		if err != nil {
			return nil, &SourceError{Path: file, Err: err}
		}
		rel, err := filepath.Rel(dir, filepath.Dir(file))
		if err != nil {
			return nil, &SourceError{Path: file, Err: err}
		}
		s.dir = filepath.ToSlash(rel)
		sources[i] = s
	}
	return sources, nil
}

// readSource reads one file. Reading whole directories would take test files and
// testdata along.
func readSource(file string) (*source, error) {
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var r jsonschema.Reflector
	if err := r.AddGoComments("", file, jsonschema.WithFullComment()); err != nil {
		return nil, err
	}
	s := &source{pkg: tree.Name.Name, types: typeNames(tree), comments: map[string]string{}}
	// The library puts the file's directory in front of each name.
	prefix := path.Join("", filepath.Dir(file)) + "."
	for key, text := range r.CommentMap {
		if text = unwrap(text); text != "" {
			s.comments[strings.TrimPrefix(key, prefix)] = text
		}
	}
	return s, nil
}

// typeNames lists the types that a file declares outside of functions.
func typeNames(file *ast.File) []string {
	var names []string
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.TYPE {
			continue
		}
		for _, spec := range group.Specs {
			names = append(names, spec.(*ast.TypeSpec).Name.Name)
		}
	}
	return names
}

// addTo adds the comments under the import path pkg, but those of the types
// named in except.
func (s *source) addTo(comments map[string]string, pkg string, except ...string) {
	for name, text := range s.comments {
		typeName, _, _ := strings.Cut(name, ".")
		if !slices.Contains(except, typeName) {
			comments[pkg+"."+name] = text
		}
	}
}

// sourceFiles lists the Go files below dir whose declarations other code can
// use.
func sourceFiles(dir string) ([]string, error) {
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = errors.New("not a directory")
	}
	if err != nil {
		return nil, &SourceError{Path: dir, Err: pathless(err)}
	}
	var files []string
	err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return &SourceError{Path: p, Err: pathless(err)}
		case d.IsDir():
			if p != dir && isSkipped(p) {
				return filepath.SkipDir
			}
		case strings.HasSuffix(p, ".go") && !strings.HasSuffix(p, "_test.go"):
			files = append(files, p)
		}
		return nil
	})
	return files, err
}

func isSkipped(dir string) bool {
	base := filepath.Base(dir)
	if base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// pathless drops the path that SourceError names anyway.
func pathless(err error) error {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err
	}
	return err
}
