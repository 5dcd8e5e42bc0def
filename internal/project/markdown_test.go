package project

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// block is a fenced block of a Markdown page.
type block struct {
	Page string
	Line int    // of its first line of text
	Lang string // "go", "sh", ...
	From string // the file named by a "from" comment before it
	Text string
	// Follows reports whether nothing stands between this block and the one
	// before it.
	Follows bool
}

// At writes where the block is, as page:line.
func (b block) At() string { return fmt.Sprintf("%s:%d", b.Page, b.Line) }

// pages returns the blocks of README.md and of all pages below docs, by page.
func pages(fsys fs.FS) (map[string][]block, error) {
	found := map[string][]block{}
	err := walk(fsys, func(name string) error {
		if name != "README.md" && (path.Ext(name) != ".md" || !strings.HasPrefix(name, "docs/")) {
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err == nil {
			found[name], err = blocks(name, string(text))
		}
		return err
	})
	return found, err
}

// blocks reads the fenced blocks of a page.
func blocks(page, text string) ([]block, error) {
	var (
		found  []block
		open   *block
		fence  string
		before string // the last line with text outside blocks; "" right after a block
	)
	number := 0
	for line := range strings.Lines(text) {
		number++
		trimmed := strings.TrimSpace(line)
		switch {
		case open != nil && trimmed == fence:
			found, open, before = append(found, *open), nil, ""
		case open != nil:
			open.Text += line
		case strings.HasPrefix(trimmed, "```"):
			info := strings.TrimLeft(trimmed, "`")
			fence = strings.TrimSuffix(trimmed, info)
			open = &block{
				Page: page, Line: number + 1, Lang: strings.TrimSpace(info),
				From: fromComment(before), Follows: before == "" && len(found) > 0,
			}
		case trimmed != "":
			before = trimmed
		}
	}
	if open != nil {
		return nil, fmt.Errorf("%s: the block does not end", open.At())
	}
	return found, nil
}

// fromComment returns the path of a line such as <!-- from examples/greet/main.go -->.
func fromComment(line string) string {
	rest, isComment := strings.CutPrefix(line, "<!-- from ")
	file, isClosed := strings.CutSuffix(rest, "-->")
	if !isComment || !isClosed {
		return ""
	}
	return strings.TrimSpace(file)
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	page := "# Page\n" +
		"Text with ```go inside.\n" +
		"```go\npackage a\n```\n" +
		"\n" +
		"```json\n{}\n```\n" +
		"Words.\n\n" +
		"<!-- from examples/a/main.go -->\n\n" +
		"````go\n```\n````\n" +
		"- item\n\n  ```sh\n  go test ./...\n  ```\n"
	got, err := pages(fstest.MapFS{
		"README.md":       {Data: []byte(page)},
		"CHANGELOG.md":    {Data: []byte("```go\nnot shown\n```\n")},
		"docs/deep/a.md":  {Data: []byte("```\ntext\n```\n")},
		"docs/deep/a.txt": {Data: []byte("```\ntext\n```\n")},
	})
	want := map[string][]block{
		"README.md": {
			{Page: "README.md", Line: 4, Lang: "go", Text: "package a\n"},
			{Page: "README.md", Line: 8, Lang: "json", Text: "{}\n", Follows: true},
			{Page: "README.md", Line: 15, Lang: "go", Text: "```\n", From: "examples/a/main.go"},
			{Page: "README.md", Line: 20, Lang: "sh", Text: "  go test ./...\n"},
		},
		"docs/deep/a.md": {{Page: "docs/deep/a.md", Line: 2, Text: "text\n"}},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v; blocks (-want +got):\n%s", err, diff)
	}
	if _, err := blocks("a.md", "```go\n"); err == nil || err.Error() != "a.md:2: the block does not end" {
		t.Errorf("error is %v, want that the block does not end", err)
	}
}
