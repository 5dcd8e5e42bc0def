package export

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
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

// Comments returns the doc comments of the exported types and fields that are
// declared below the source directory dir, keyed "import/path.Type" and
// "import/path.Type.Field". Handed to an API, the comments become docstrings
// wherever a definition or field has none of its own.
//
// The importPath is that of the package in dir; "main" for a program, since
// that is how reflection names it. Packages in sub-directories have the
// sub-directory appended. Test files, testdata and vendor directories, hidden
// directories and nested modules are left out.
//
// A paragraph becomes one line, however it was wrapped; lists and indented
// code keep their lines. Types and fields without a comment are absent. The
// error is a [*SourceError]: nothing is returned when one file cannot be parsed.
func Comments(importPath, dir string) (map[string]string, error) {
	files, err := sourceFiles(dir)
	if err != nil {
		return nil, err
	}
	comments := map[string]string{}
	for _, file := range files {
		found, err := fileComments(file)
		if err != nil {
			return nil, &SourceError{Path: file, Err: err}
		}
		rel, err := filepath.Rel(dir, filepath.Dir(file))
		if err != nil {
			return nil, &SourceError{Path: file, Err: err}
		}
		pkg := path.Join(importPath, filepath.ToSlash(rel))
		for name, text := range found {
			comments[pkg+"."+name] = text
		}
	}
	return comments, nil
}

// fileComments reads one file, since reading whole directories would take test
// files and testdata along. Names are "Type" and "Type.Field".
func fileComments(file string) (map[string]string, error) {
	var r jsonschema.Reflector
	if err := r.AddGoComments("", file, jsonschema.WithFullComment()); err != nil {
		return nil, err
	}
	// The library puts the file's directory in front of each name.
	prefix := path.Join("", filepath.Dir(file)) + "."
	named := map[string]string{}
	for key, text := range r.CommentMap {
		if text = unwrap(text); text != "" {
			named[strings.TrimPrefix(key, prefix)] = text
		}
	}
	return named, nil
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

// unwrap joins the lines of each paragraph.
func unwrap(text string) string {
	var lines []string
	inParagraph := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		isText := line != "" && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t")
		if isText && inParagraph && !startsItem(line) {
			lines[len(lines)-1] += " " + line
			continue
		}
		lines = append(lines, line)
		inParagraph = isText && !strings.HasPrefix(line, "#")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// startsItem reports whether a line opens a list item or a heading, which
// markdown does not let run on from the line before.
func startsItem(line string) bool {
	if strings.HasPrefix(line, "# ") || strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "* ") {
		return true
	}
	rest := strings.TrimLeft(line, "0123456789")
	return rest != line && (strings.HasPrefix(rest, ". ") || strings.HasPrefix(rest, ") "))
}
