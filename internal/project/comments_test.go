package project

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestDocComments(t *testing.T) {
	t.Parallel()
	problems, err := undocumented(repository(t))
	report(t, problems, err)
}

// undocumented lists packages without a package comment, and exported
// constants, variables, functions, types and methods without a doc comment
// that begins with their name.
func undocumented(fsys fs.FS) ([]string, error) {
	files, err := goFiles(fsys, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var problems []string
	documented := map[string]bool{}
	for _, file := range files {
		if file.IsTest() {
			continue
		}
		documented[file.Dir()] = documented[file.Dir()] || file.AST.Doc != nil
		if !file.IsProgram() {
			problems = append(problems, undocumentedIn(file)...)
		}
	}
	for dir, ok := range documented {
		if !ok {
			problems = append(problems, dir+": no file has a package comment")
		}
	}
	slices.Sort(problems)
	return problems, nil
}

func undocumentedIn(file goFile) []string {
	c := commentCheck{file: file}
	for _, decl := range file.AST.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if isReachable(decl) {
				c.named(decl.Name, decl.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				c.spec(decl, spec)
			}
		}
	}
	return c.problems
}

// commentCheck collects what is wrong with the doc comments of a file.
type commentCheck struct {
	file     goFile
	problems []string
}

func (c *commentCheck) spec(decl *ast.GenDecl, spec ast.Spec) {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		comment := spec.Doc
		if !decl.Lparen.IsValid() {
			comment = decl.Doc
		}
		c.named(spec.Name, comment)
	case *ast.ValueSpec:
		// A group of values is documented by its own comment.
		for _, name := range spec.Names {
			c.present(name, decl.Doc, spec.Doc, spec.Comment)
		}
	}
}

// named wants a comment that begins with the name.
func (c *commentCheck) named(name *ast.Ident, comment *ast.CommentGroup) {
	c.present(name, comment)
	if name.IsExported() && hasText(comment) && !beginsWith(comment.Text(), name.Name) {
		c.problems = append(c.problems, fmt.Sprintf("%s: the doc comment does not begin with %s", c.file.At(name.Pos()), name))
	}
}

// present wants one of the comments.
func (c *commentCheck) present(name *ast.Ident, comments ...*ast.CommentGroup) {
	if name.IsExported() && !slices.ContainsFunc(comments, hasText) {
		c.problems = append(c.problems, fmt.Sprintf("%s: exported %s has no doc comment", c.file.At(name.Pos()), name))
	}
}

// isReachable reports whether a function is not the method of an unexported
// type, which documentation does not show.
func isReachable(decl *ast.FuncDecl) bool {
	if decl.Recv == nil {
		return true
	}
	name := decl.Recv.List[0].Type
	for {
		switch x := name.(type) {
		case *ast.StarExpr:
			name = x.X
		case *ast.IndexExpr:
			name = x.X
		case *ast.IndexListExpr:
			name = x.X
		case *ast.Ident:
			return token.IsExported(x.Name)
		default:
			return false
		}
	}
}

func hasText(comment *ast.CommentGroup) bool { return comment.Text() != "" }

func beginsWith(text, name string) bool {
	words := strings.Fields(text)
	if len(words) > 1 && slices.Contains([]string{"A", "An", "The"}, words[0]) {
		words = words[1:]
	}
	first := strings.TrimSuffix(strings.TrimRight(words[0], ".,:;"), "'s")
	return first == name || first == "Deprecated"
}

func TestUndocumented(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, text string
		want       []string
	}{
		{"documented", "// Package a is.\npackage a\n\n// T is.\ntype T int\n\n// M does.\nfunc (*T) M() {}\n", nil},
		{"no package comment", "package a\n", []string{"a: no file has a package comment"}},
		{"function", "// Package a is.\npackage a\n\nfunc F() {}\n", []string{"a/a.go:4: exported F has no doc comment"}},
		{"directive only", "// Package a is.\npackage a\n\n//go:noinline\nfunc F() {}\n", []string{"a/a.go:5: exported F has no doc comment"}},
		{"method of a generic type", "// Package a is.\npackage a\n\n// T is.\ntype T[A, B any] struct{}\n\nfunc (T[A, B]) M() {}\n",
			[]string{"a/a.go:7: exported M has no doc comment"}},
		{"method of an unexported type", "// Package a is.\npackage a\n\ntype t int\n\nfunc (t) M() {}\n", nil},
		{"another name", "// Package a is.\npackage a\n\n// G does.\nfunc F() {}\n",
			[]string{"a/a.go:5: the doc comment does not begin with F"}},
		{"article and possessive", "// Package a is.\npackage a\n\n// A T's work.\ntype T int\n", nil},
		{"type in a group", "// Package a is.\npackage a\n\n// Types.\ntype (\n\tT int\n)\n", []string{"a/a.go:6: exported T has no doc comment"}},
		{"constants in a group", "// Package a is.\npackage a\n\n// Levels.\nconst (\n\tLow = iota\n\tTop\n)\n", nil},
		{"constants without", "// Package a is.\npackage a\n\nconst (\n\tLow = iota // Low is low.\n\tTop\n)\n",
			[]string{"a/a.go:6: exported Top has no doc comment"}},
		{"program", "// Command a does.\npackage main\n\nfunc F() {}\n", nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := undocumented(fstest.MapFS{
				"a/a.go":      {Data: []byte(tc.text)},
				"a/a_test.go": {Data: []byte("package a\n\nfunc Test() {}\n")},
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}
