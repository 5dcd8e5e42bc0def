package project

import (
	"fmt"
	"go/parser"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// layer says what its packages may import of ours: the packages after the
// arrow, and what those may import in turn. Packages below internal/ never come
// in turn: they need an arrow of their own. Test files may import anything.
type layer struct {
	packages string
	arrow    string
	may      string
}

const (
	to       = "→"
	anything = "anything" // that is meant to be imported
)

var layers = []layer{
	{"tp/wire", to, ""},
	{"internal/mem internal/errtree internal/callsite internal/initialism internal/project internal/headless internal/leaks internal/allocs", to, ""},
	{"internal/match", to, "tp/wire"},
	{"tp/schema", to, "tp/wire internal/initialism"},
	{"tp/wirecbor", to, "tp/wire"},
	{"tp/validate tp/sample", to, "tp/schema tp/wire"},
	{"internal/plan", to, "tp/wire tp/wirecbor internal/mem"},
	{"reflectschema", to, "tp/schema tp/wire tp/wirecbor internal/plan internal/mem internal/callsite internal/initialism"},
	{"reflectschema/export", to, "tp/schema"},
	{"tp", to, "reflectschema tp/validate tp/sample internal/plan internal/mem internal/errtree internal/callsite internal/initialism"},
	{"tp/mock", to, "tp tp/schema tp/sample tp/validate internal/match"},
	{"tp/mirror", to, "tp/wire tp/wirecbor reflectschema internal/mem"},
	{"internal/web", to, ""},
	{"httpx wsx", to, "tp tp/mirror internal/web"},
	{"wsx/natsbus", to, "wsx tp/mirror"},
	{"internal/bustest", to, "wsx"},
	{"mw", to, "tp internal/web internal/errtree"},
	{"tp/tptest", to, anything + " internal/match"},
	{"cmd/... examples/...", to, anything},
	{"internal/conformance/twin internal/bench/shapes", to, "tp"},
	{"internal/conformance/...", to, anything + " internal/conformance/twin"},
	{"internal/bench/loopback internal/bench/page", to, ""},
	{"internal/bench/stacks", to, "httpx wsx internal/bench/loopback internal/bench/shapes"},
	{"internal/bench/report", to, "internal/bench/page"},
	{"internal/load", to, ""},
	{"internal/interop/... internal/bench/...", to, anything + " internal/bench/shapes"},
}

// dependency says where a package from outside may be imported: "tests" stands
// for every test file.
type dependency struct {
	path  string
	where string
}

var dependencies = []dependency{
	{"unsafe", "internal/mem"},
	{"github.com/invopop/jsonschema", "reflectschema/export"},
	{"go.yaml.in/yaml/v4", "tp/schema"},
	{"github.com/tinylib/msgp/msgp", "tp/wire internal/bench/..."},
	{"github.com/fxamacker/cbor/v2", "tp/wirecbor internal/bench/..."},
	{"github.com/coder/websocket", "wsx tests internal/bench/... internal/conformance/..."},
	{"github.com/nats-io/nats.go", "wsx/natsbus"},
	{"github.com/nats-io/nats-server/v2", "tests"},
	{"golang.org/x/time/rate", "mw wsx"},
	{"github.com/alecthomas/kong", "cmd/..."},
	{"github.com/go-chi/chi/v5", "httpx internal/web examples/... tests"},
	{"github.com/rs/zerolog", "mw examples/... tests"},
	{"github.com/rogpeppe/go-internal/testscript", "tests"},
	{"github.com/google/go-cmp", "tests internal/bench/..."},
	{"github.com/go-json-experiment/json", "tests internal/bench/..."},
	{"pgregory.net/rapid", "tests internal/bench/..."},
	{"go.uber.org/goleak", "internal/leaks"},
}

func TestImports(t *testing.T) {
	t.Parallel()
	problems, err := wrongImports(repository(t))
	report(t, problems, err)
}

// wrongImports lists the imports that the two tables do not allow.
func wrongImports(fsys fs.FS) ([]string, error) {
	files, err := goFiles(fsys, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var problems []string
	for _, file := range files {
		for _, spec := range file.AST.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return nil, err
			}
			if rule := brokenRule(file, imported); rule != "" {
				problems = append(problems, fmt.Sprintf("%s imports %s: %s", file.At(spec.Pos()), imported, rule))
			}
		}
	}
	return problems, nil
}

// brokenRule returns the rule against the import, or "".
func brokenRule(file goFile, imported string) string {
	if dir, isOurs := strings.CutPrefix(imported, modulePath+"/"); isOurs {
		return brokenLayer(file, dir)
	}
	for _, d := range dependencies {
		if imported != d.path && !strings.HasPrefix(imported, d.path+"/") {
			continue
		}
		if matches(d.where, file.Dir()) || file.IsTest() && matches(d.where, "tests") {
			return ""
		}
		return d.path + " belongs in " + d.where
	}
	if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") || first == "C" {
		return "no row of the dependencies table allows it"
	}
	return ""
}

func brokenLayer(file goFile, imported string) string {
	if file.IsTest() {
		return ""
	}
	may, ok := importable(file.Dir())
	switch {
	case !ok:
		return file.Dir() + " has no row in the layers table"
	case may[imported], may[anything] && !strings.HasPrefix(imported, "internal/"):
		return ""
	case len(may) == 0:
		return file.Dir() + " may import nothing of ours"
	}
	return file.Dir() + " may import " + strings.Join(slices.Sorted(maps.Keys(may)), ", ")
}

// importable follows the arrows from a package; false when it has no row.
func importable(dir string) (map[string]bool, bool) {
	at := slices.IndexFunc(layers, func(l layer) bool { return matches(l.packages, dir) })
	if at < 0 {
		return nil, false
	}
	may := map[string]bool{}
	for _, next := range strings.Fields(layers[at].may) {
		may[next] = true
		inTurn, _ := importable(next)
		for further := range inTurn {
			if !strings.HasPrefix(further, "internal/") {
				may[further] = true
			}
		}
	}
	return may, true
}

// A package without any import of ours must have its row as well.
func TestEveryPackageHasALayer(t *testing.T) {
	t.Parallel()
	files, err := goFiles(repository(t), parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		if _, ok := importable(file.Dir()); !ok && !seen[file.Dir()] {
			t.Errorf("%s has no row in the layers table", file.Dir())
		}
		seen[file.Dir()] = true
	}
}

func TestWrongImports(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, file, imports string
		want                []string
	}{
		{"standard library", "tp/wire/a.go", `"fmt"; "go/ast"`, nil},
		{"down", "tp/schema/a.go", `"` + modulePath + `/tp/wire"`, nil},
		{"down in turn", "mw/a.go", `"` + modulePath + `/tp/wire"`, nil},
		{"up", "tp/wire/a.go", `"` + modulePath + `/tp/schema"`, []string{
			"tp/wire/a.go:1 imports " + modulePath + "/tp/schema: tp/wire may import nothing of ours"}},
		{"up in a test", "tp/wire/a_test.go", `"` + modulePath + `/tp/schema"`, nil},
		{"sideways", "wsx/natsbus/a.go", `"` + modulePath + `/mw"`, []string{
			"wsx/natsbus/a.go:1 imports " + modulePath + "/mw: wsx/natsbus may import " +
				"reflectschema, tp, tp/mirror, tp/sample, tp/schema, tp/validate, tp/wire, tp/wirecbor, wsx"}},
		{"internal in turn", "tp/mock/a.go", `"` + modulePath + `/internal/mem"`, []string{
			"tp/mock/a.go:1 imports " + modulePath + "/internal/mem: tp/mock may import " +
				"internal/match, reflectschema, tp, tp/sample, tp/schema, tp/validate, tp/wire, tp/wirecbor"}},
		{"internal in an example", "examples/greet/a.go", `"` + modulePath + `/internal/mem"`, []string{
			"examples/greet/a.go:1 imports " + modulePath + "/internal/mem: examples/greet may import anything"}},
		{"example", "examples/greet/a.go", `"` + modulePath + `/httpx"`, nil},
		{"no row", "util/a.go", `"` + modulePath + `/tp"`, []string{
			"util/a.go:1 imports " + modulePath + "/tp: util has no row in the layers table"}},
		{"unsafe", "tp/wire/a.go", `"unsafe"`, []string{
			"tp/wire/a.go:1 imports unsafe: unsafe belongs in internal/mem"}},
		{"unsafe at its place", "internal/mem/a.go", `"unsafe"`, nil},
		{"module elsewhere", "tp/a.go", `"github.com/invopop/jsonschema"`, []string{
			"tp/a.go:1 imports github.com/invopop/jsonschema: github.com/invopop/jsonschema belongs in reflectschema/export"}},
		{"test module in code", "tp/a.go", `"github.com/google/go-cmp/cmp"`, []string{
			"tp/a.go:1 imports github.com/google/go-cmp/cmp: github.com/google/go-cmp belongs in tests internal/bench/..."}},
		{"test module in a test", "tp/a_test.go", `"github.com/google/go-cmp/cmp"`, nil},
		{"unknown module", "tp/a_test.go", `"example.com/x"`, []string{
			"tp/a_test.go:1 imports example.com/x: no row of the dependencies table allows it"}},
		{"nested module", "internal/bench/peers/a.go", `"example.com/x"`, nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := wrongImports(fstest.MapFS{
				"internal/bench/peers/go.mod": {},
				"tp/testdata/broken.go":       {Data: []byte("no Go")},
				tc.file:                       {Data: []byte("package a; import (" + tc.imports + ")")},
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
