package export_test

import (
	"errors"
	"fmt"
	"io/fs"
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
			got, err := export.Comments("example.com/shop", writeTree(t, map[string]string{"shop.go": tc.text}))
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
	got, err := export.Comments("example.com/a", dir)
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

func TestCommentsFailures(t *testing.T) {
	t.Parallel()
	root := writeTree(t, map[string]string{"ok.go": "package a\n", "bad/bad.go": "package bad\n\ntype T struct {\n"})
	cases := []struct {
		name, dir, at, text string
	}{
		{"missing", "nowhere", "nowhere", "nowhere: "},
		{"not a directory", "ok.go", "ok.go", "not a directory"},
		{"syntax", "bad", filepath.Join("bad", "bad.go"), "expected '}'"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := export.Comments("a", filepath.Join(root, tc.dir))
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
	if _, err := export.Comments("a", filepath.Join(root, "nowhere")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v is not fs.ErrNotExist", err)
	}
}

// A relative directory, as a program generating its own docs would give it.
func TestCommentsRelative(t *testing.T) {
	t.Chdir(writeTree(t, map[string]string{
		"api/t.go":      "package api\n\n// T is here.\ntype T struct{}\n",
		"elsewhere/x.c": "",
	}))
	for _, tc := range []struct{ from, dir, key string }{
		{".", ".", "main/api.T"},
		{"api", ".", "main.T"},
		{"elsewhere", "../api", "main.T"},
		{".", "./api/", "main.T"},
	} {
		t.Run(tc.from+" "+tc.dir, func(t *testing.T) {
			t.Chdir(tc.from)
			got, err := export.Comments("main", tc.dir)
			if want := map[string]string{tc.key: "T is here."}; err != nil || !cmp.Equal(want, got) {
				t.Errorf("got %v, %v; want %v", got, err, want)
			}
		})
	}
}

func ExampleComments() {
	comments, err := export.Comments("github.com/telestruct/telestruct/reflectschema/export", ".")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(comments["github.com/telestruct/telestruct/reflectschema/export.SourceError"])
	// Output: SourceError says that a directory or file cannot be read as Go source.
}
