package export_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/telestruct/telestruct/reflectschema/export"
)

// writeTree writes files, by slash-separated name, to a new directory.
func writeTree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestComments(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		text string
		want map[string]string
	}{
		{
			name: "type and fields",
			text: `package shop

// Order is what a customer
// wants to buy.
type Order struct {
	// Number counts the orders
	// of one shop.
	Number int
	Note   string // Note is free text.
	hidden string // hidden is not exported.
	Bare   string
}
`,
			want: map[string]string{
				"example.com/shop.Order":        "Order is what a customer wants to buy.",
				"example.com/shop.Order.Number": "Number counts the orders of one shop.",
				"example.com/shop.Order.Note":   "Note is free text.",
			},
		},
		{
			name: "paragraphs, lists and code",
			text: `package shop

// Order is bought.
//
// It goes through
// these states:
//   - open, until it is
//     paid
//   - paid
//
// As in
//
//	order.Pay()
//	order.Ship()
type Order struct{}
`,
			want: map[string]string{
				"example.com/shop.Order": "Order is bought.\n\nIt goes through these states:\n  - open, until it is\n    paid\n  - paid\n\nAs in\n\n\torder.Pay()\n\torder.Ship()",
			},
		},
		{
			name: "list items at the margin and headings",
			text: `package shop

// # Order
// Either
// - open or
// - paid, or
// 1. lost
// for ever
type Order struct{}
`,
			want: map[string]string{
				"example.com/shop.Order": "# Order\nEither\n- open or\n- paid, or\n1. lost for ever",
			},
		},
		{
			name: "group, generic and interface",
			text: `package shop

// Two types.
type (
	// Page holds some of many.
	Page[T any] struct {
		Items []T // Items are in order.
	}
	// Shape is a union.
	Shape interface{ isShape() }
)
`,
			want: map[string]string{
				"example.com/shop.Page":       "Page holds some of many.",
				"example.com/shop.Page.Items": "Items are in order.",
				"example.com/shop.Shape":      "Shape is a union.",
			},
		},
		{name: "nothing to say", text: "package shop\n\ntype Order struct{}\n", want: map[string]string{}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := export.Comments(writeTree(t, map[string]string{"go.mod": "module example.com/shop\n", "shop.go": tc.text}))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("comments (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCommentsOfDirectories(t *testing.T) {
	t.Parallel()
	source := func(pkg, doc string) string {
		return "package " + pkg + "\n\n// " + doc + "\ntype T struct{}\n"
	}
	dir := writeTree(t, map[string]string{
		"go.mod":           "module example.com/a\n",
		"t.go":             source("a", "T is of the root."),
		"t_test.go":        source("a", "T is of the test."),
		"v1.2/t.go":        source("v", "T is of the dotted directory."),
		"deep/er/t.go":     source("er", "T is deep."),
		"testdata/t.go":    "not Go at all",
		"vendor/x/t.go":    source("x", "T is vendored."),
		".hidden/t.go":     source("hidden", "T is hidden."),
		"_old/t.go":        source("old", "T is old."),
		"other/go.mod":     "module other\n",
		"other/t.go":       source("other", "T is of another module."),
		"deep/readme.text": "no Go",
	})
	got, err := export.Comments(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"example.com/a.T":         "T is of the root.",
		"example.com/a/v1.2.T":    "T is of the dotted directory.",
		"example.com/a/deep/er.T": "T is deep.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("comments (-want +got):\n%s", diff)
	}
}

// A program has two names: its import path, and "main" when it runs.
func TestCommentsOfPrograms(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"go.mod":           "module example.com/shop\n",
		"cmd/a/main.go":    "package main\n\n// Order is of a.\ntype Order struct {\n\tNumber int // Number is of a.\n}\n",
		"cmd/a/flags.go":   "package main\n\n// Flags are of a.\ntype Flags struct{}\n\n// Order is no type here.\nfunc init() {}\n",
		"cmd/b/main.go":    "package main\n\ntype Order struct{}\n\n// Stock is of b.\ntype Stock struct{}\n",
		"cmd/b/sub/sub.go": "package sub\n\n// Order is of sub.\ntype Order struct{}\n",
	}
	cases := []struct {
		name, dir string
		more      map[string]string
		want      map[string]string
	}{
		{"the program's own directory", "cmd/a", nil, map[string]string{
			"example.com/shop/cmd/a.Order":        "Order is of a.",
			"example.com/shop/cmd/a.Order.Number": "Number is of a.",
			"example.com/shop/cmd/a.Flags":        "Flags are of a.",
			"main.Order":                          "Order is of a.",
			"main.Order.Number":                   "Number is of a.",
			"main.Flags":                          "Flags are of a.",
		}},
		{"a package below", "cmd/b", nil, map[string]string{
			"example.com/shop/cmd/b.Stock":     "Stock is of b.",
			"example.com/shop/cmd/b/sub.Order": "Order is of sub.",
			"main.Stock":                       "Stock is of b.",
		}},
		{"two programs", ".", nil, map[string]string{
			"example.com/shop/cmd/a.Order":        "Order is of a.",
			"example.com/shop/cmd/a.Order.Number": "Number is of a.",
			"example.com/shop/cmd/a.Flags":        "Flags are of a.",
			"example.com/shop/cmd/b.Stock":        "Stock is of b.",
			"example.com/shop/cmd/b/sub.Order":    "Order is of sub.",
			"main.Flags":                          "Flags are of a.",
			"main.Stock":                          "Stock is of b.",
		}},
		{"a program above others", "cmd", map[string]string{"cmd/main.go": "package main\n\n// Order is of cmd.\ntype Order struct{}\n"},
			map[string]string{
				"example.com/shop/cmd.Order":          "Order is of cmd.",
				"example.com/shop/cmd/a.Order":        "Order is of a.",
				"example.com/shop/cmd/a.Order.Number": "Number is of a.",
				"example.com/shop/cmd/a.Flags":        "Flags are of a.",
				"example.com/shop/cmd/b.Stock":        "Stock is of b.",
				"example.com/shop/cmd/b/sub.Order":    "Order is of sub.",
				"main.Order":                          "Order is of cmd.",
			}},
		{"a generator beside a package", "cmd/b/sub", map[string]string{"cmd/b/sub/gen.go": "//go:build ignore\n\npackage main\n\n// Out is what it writes.\ntype Out struct{}\n"},
			map[string]string{
				"example.com/shop/cmd/b/sub.Order": "Order is of sub.",
				"example.com/shop/cmd/b/sub.Out":   "Out is what it writes.",
			}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tree := maps.Clone(files)
			maps.Copy(tree, tc.more)
			got, err := export.Comments(filepath.Join(writeTree(t, tree), filepath.FromSlash(tc.dir)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("comments (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCommentsFailures(t *testing.T) {
	t.Parallel()
	root := writeTree(t, map[string]string{
		"go.mod": "module example.com/a\n", "ok.go": "package a\n", "bad/bad.go": "package bad\n\ntype T struct {\n",
		"nameless/go.mod": "go 1.26\n",
	})
	cases := []struct {
		name, dir, at, text string
	}{
		{"missing", "nowhere", "nowhere", "nowhere: "},
		{"not a directory", "ok.go", "ok.go", "not a directory"},
		{"syntax", "bad", filepath.Join("bad", "bad.go"), "expected '}'"},
		{"module without a name", "nameless", filepath.Join("nameless", "go.mod"), "no line names the module"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := export.Comments(filepath.Join(root, tc.dir))
			if got != nil {
				t.Errorf("got comments %v beside an error", got)
			}
			source, ok := errors.AsType[*export.SourceError](err)
			if !ok {
				t.Fatalf("error is %T (%v), want a *SourceError", err, err)
			}
			if want := filepath.Join(root, tc.at); source.Path != want {
				t.Errorf("path is %s, want %s", source.Path, want)
			}
			if !strings.Contains(err.Error(), tc.text) {
				t.Errorf("error %q does not say %q", err, tc.text)
			}
		})
	}
	if _, err := export.Comments(filepath.Join(root, "nowhere")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v is not fs.ErrNotExist", err)
	}
}

func TestCommentsWithoutModule(t *testing.T) {
	t.Parallel()
	dir := writeTree(t, map[string]string{"main.go": "package main\n\n// T is here.\ntype T struct{}\n"})
	got, err := export.Comments(dir)
	if source, ok := errors.AsType[*export.SourceError](err); !ok || source.Path != dir || !errors.Is(err, export.ErrNoModule) {
		t.Errorf("got %v, %v; want a *SourceError of %s because of ErrNoModule", got, err, dir)
	}
}

// A relative directory, as a program generating its own docs would give it.
func TestCommentsRelative(t *testing.T) {
	t.Chdir(writeTree(t, map[string]string{
		"go.mod":        "module example.com/a\n",
		"api/t.go":      "package api\n\n// T is here.\ntype T struct{}\n",
		"elsewhere/x.c": "",
	}))
	for _, tc := range []struct{ from, dir string }{
		{".", "."}, {".", "./api/"}, {"api", "."}, {"api", ".."}, {"elsewhere", "../api"},
	} {
		t.Run(tc.from+" "+tc.dir, func(t *testing.T) {
			t.Chdir(tc.from)
			got, err := export.Comments(tc.dir)
			if want := map[string]string{"example.com/a/api.T": "T is here."}; err != nil || !cmp.Equal(want, got) {
				t.Errorf("got %v, %v; want %v", got, err, want)
			}
		})
	}
}

// The line of a go.mod that names the module, as the go command reads it.
func TestCommentsReadGoMod(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, mod, want string }{
		{"plain", "module example.com/a\n\ngo 1.26\n", "example.com/a.T"},
		{"after a comment", "// module example.com/old\n\nmodule example.com/a // since v2\n", "example.com/a.T"},
		{"quoted", "module \"example.com/a\"\n", "example.com/a.T"},
		{"raw text", "module `example.com/a`\n", "example.com/a.T"},
		{"Windows lines and a tab", "go 1.26\r\nmodule\texample.com/a\r\n", "example.com/a.T"},
		{"no line end", "module a", "a.T"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := export.Comments(writeTree(t, map[string]string{"go.mod": tc.mod, "t.go": "package a\n\n// T is here.\ntype T struct{}\n"}))
			if want := map[string]string{tc.want: "T is here."}; err != nil || !cmp.Equal(want, got) {
				t.Errorf("got %v, %v; want %v", got, err, want)
			}
		})
	}
}

func ExampleComments() {
	comments, err := export.Comments(".")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(comments["github.com/telestruct/telestruct/reflectschema/export.SourceError"])
	// Output: SourceError says that a directory or file cannot be read as Go source.
}
