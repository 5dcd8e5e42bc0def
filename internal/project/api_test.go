package project

import (
	"bytes"
	"flag"
	"fmt"
	"go/constant"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the exported API listings")

// The exported API is written down in testdata/api, one file per package, so
// that no change of it goes unseen.
func TestAPI(t *testing.T) {
	t.Parallel()
	exports, err := exportData(t, root(t))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root(t), "testdata", "api")
	listed := map[string]bool{}
	for _, pkg := range publicPackages(exports) {
		got, err := exports.listing(pkg)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(strings.TrimPrefix(pkg, modulePath), "/") + ".txt"
		listed[name] = true
		compareGolden(t, filepath.Join(dir, filepath.FromSlash(name)), got)
	}
	removeStale(t, dir, listed)
}

func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("%v; run with -update", err)
		return
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the exported API is not what %s lists; run with -update if that is meant (-want +got):\n%s",
			filepath.Base(file), diff)
	}
}

// removeStale reports listings of packages that are gone.
func removeStale(t *testing.T, dir string, listed map[string]bool) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir() || listed[name]:
			return err
		case *update:
			return os.Remove(filepath.Join(dir, filepath.FromSlash(name)))
		}
		t.Errorf("testdata/api/%s lists a package that is gone; run with -update", name)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// exportedPackages finds the compiler's export data of packages: types as they
// are seen from outside, without anything unexported.
type exportedPackages struct {
	order    []string
	programs map[string]bool
	file     map[string]string
	importer types.Importer
}

func exportData(t *testing.T, dir string, patterns ...string) (*exportedPackages, error) {
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	args := append([]string{"list", "-deps", "-export", "-f", "{{.ImportPath}}\t{{.Name}}\t{{.Export}}"}, patterns...)
	list := exec.CommandContext(t.Context(), "go", args...)
	list.Dir = dir
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, &stderr)
	}
	p := &exportedPackages{programs: map[string]bool{}, file: map[string]string{}}
	for line := range strings.Lines(string(out)) {
		parts := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		p.order = append(p.order, parts[0])
		p.programs[parts[0]] = parts[1] == "main"
		p.file[parts[0]] = parts[2]
	}
	p.importer = importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(p.file[path])
	})
	return p, nil
}

// publicPackages lists the packages that users can import and are meant to.
func publicPackages(p *exportedPackages) []string {
	var public []string
	for _, pkg := range p.order {
		isOurs := pkg == modulePath || strings.HasPrefix(pkg, modulePath+"/")
		isHidden := strings.Contains(pkg+"/", "/internal/") || strings.HasPrefix(pkg, modulePath+"/examples/")
		// A package of tests only has no export data.
		if isOurs && !isHidden && !p.programs[pkg] && p.file[pkg] != "" {
			public = append(public, pkg)
		}
	}
	return public
}

// listing writes a line for each exported constant, variable, function, type,
// method and field of a package.
func (p *exportedPackages) listing(pkgPath string) (string, error) {
	pkg, err := p.importer.Import(pkgPath)
	if err != nil {
		return "", fmt.Errorf("import %s: %w", pkgPath, err)
	}
	w := &apiWriter{pkg: pkg}
	w.line("package %s // import %q", pkg.Name(), pkg.Path())
	for _, name := range pkg.Scope().Names() {
		if token.IsExported(name) {
			w.object(pkg.Scope().Lookup(name))
		}
	}
	return w.text.String(), nil
}

type apiWriter struct {
	pkg  *types.Package
	text strings.Builder
}

func (w *apiWriter) line(format string, args ...any) {
	fmt.Fprintf(&w.text, format+"\n", args...)
}

// qualify writes types of other packages as the source does, by package name.
func (w *apiWriter) qualify(other *types.Package) string {
	if other == w.pkg {
		return ""
	}
	return other.Name()
}

func (w *apiWriter) object(obj types.Object) {
	switch obj := obj.(type) {
	case *types.Const:
		value := obj.Val().ExactString()
		if obj.Val().Kind() == constant.Float {
			value = obj.Val().String()
		}
		w.line("%s = %s", types.ObjectString(obj, w.qualify), value)
	case *types.TypeName:
		w.typeName(obj)
	default:
		w.line("%s", types.ObjectString(obj, w.qualify))
	}
}

func (w *apiWriter) typeName(obj *types.TypeName) {
	named, isNamed := obj.Type().(*types.Named)
	if obj.IsAlias() || !isNamed {
		w.line("%s", types.ObjectString(obj, w.qualify))
		return
	}
	name := w.typeHead(named)
	switch under := named.Underlying().(type) {
	case *types.Struct:
		w.line("type %s struct", name)
		w.fields(obj.Name(), under)
	case *types.Interface:
		w.line("type %s interface", name)
		w.interfaceBody(obj.Name(), under)
	default:
		w.line("type %s %s", name, types.TypeString(under, w.qualify))
	}
	for method := range named.Methods() {
		if method.Exported() {
			w.line("%s", types.ObjectString(method, w.qualify))
		}
	}
}

// typeHead is the type's name with its parameters.
func (w *apiWriter) typeHead(named *types.Named) string {
	var params []string
	for param := range named.TypeParams().TypeParams() {
		params = append(params, param.Obj().Name()+" "+types.TypeString(param.Constraint(), w.qualify))
	}
	if params == nil {
		return named.Obj().Name()
	}
	return named.Obj().Name() + "[" + strings.Join(params, ", ") + "]"
}

func (w *apiWriter) fields(typeName string, s *types.Struct) {
	for field := range s.Fields() {
		switch {
		case !field.Exported():
		case field.Embedded():
			w.line("field %s embeds %s", typeName, types.TypeString(field.Type(), w.qualify))
		default:
			w.line("field %s.%s %s", typeName, field.Name(), types.TypeString(field.Type(), w.qualify))
		}
	}
}

func (w *apiWriter) interfaceBody(typeName string, i *types.Interface) {
	for embedded := range i.EmbeddedTypes() {
		w.line("interface %s embeds %s", typeName, types.TypeString(embedded, w.qualify))
	}
	isSealed := false
	for method := range i.ExplicitMethods() {
		if !method.Exported() {
			isSealed = true
			continue
		}
		signature := strings.TrimPrefix(types.TypeString(method.Type(), w.qualify), "func")
		w.line("interface %s has %s%s", typeName, method.Name(), signature)
	}
	if isSealed {
		w.line("interface %s is sealed", typeName)
	}
}

// One package with an identifier of each kind, written out.
func TestAPIListing(t *testing.T) {
	t.Parallel()
	exports, err := exportData(t, root(t), "./internal/project/testdata/api")
	if err != nil {
		t.Fatal(err)
	}
	pkg := path.Join(modulePath, "internal/project/testdata/api")
	got, err := exports.listing(pkg)
	if err != nil {
		t.Fatal(err)
	}
	compareGolden(t, filepath.Join("testdata", "api", "listing.txt"), got)
	if public := publicPackages(exports); len(public) > 0 {
		t.Errorf("internal package counted as public: %q", public)
	}
}
