package project

import (
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
	"testing"
)

const modulePath = "github.com/telestruct/telestruct"

// root is the module's root, seen from here.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// repository is the module's root as a file system; rules take one so that
// their own tests can hand them another.
func repository(t *testing.T) fs.FS {
	t.Helper()
	return os.DirFS(root(t))
}

// goFile is a parsed Go file of the module.
type goFile struct {
	Path string // slash-separated, from the root
	AST  *ast.File
	Fset *token.FileSet
}

// Dir is the package's directory; "." for the root.
func (f goFile) Dir() string { return path.Dir(f.Path) }

// IsTest reports whether the file is compiled for tests only.
func (f goFile) IsTest() bool { return strings.HasSuffix(f.Path, "_test.go") }

// IsProgram reports whether the file belongs to a program.
func (f goFile) IsProgram() bool { return f.AST.Name.Name == "main" }

// At writes the position as path:line.
func (f goFile) At(pos token.Pos) string {
	return fmt.Sprintf("%s:%d", f.Path, f.Fset.Position(pos).Line)
}

// goFiles parses the Go files that make up the module, leaving out testdata and
// nested modules as the go command does.
func goFiles(fsys fs.FS, mode parser.Mode) ([]goFile, error) {
	var files []goFile
	err := walk(fsys, func(name string) error {
		if path.Ext(name) != ".go" {
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, text, mode)
		files = append(files, goFile{Path: name, AST: file, Fset: fset})
		return err
	})
	return files, err
}

// walk calls visit for each file of the module in ascending order.
func walk(fsys fs.FS, visit func(name string) error) error {
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !d.IsDir():
			return visit(name)
		case name == ".":
			return nil
		case strings.HasPrefix(d.Name(), "."), strings.HasPrefix(d.Name(), "_"),
			d.Name() == "testdata", isModule(fsys, name):
			return fs.SkipDir
		}
		return nil
	})
}

func isModule(fsys fs.FS, dir string) bool {
	_, err := fs.Stat(fsys, path.Join(dir, "go.mod"))
	return err == nil
}

// matches reports whether dir is one of the directories listed in patterns,
// where "examples/..." stands for all below.
func matches(patterns, dir string) bool {
	return slices.ContainsFunc(strings.Fields(patterns), func(pattern string) bool {
		base, isTree := strings.CutSuffix(pattern, "/...")
		return dir == base || isTree && strings.HasPrefix(dir, base+"/")
	})
}

// report fails the test once for each broken rule.
func report(t *testing.T, problems []string, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Error(problem)
	}
}
