package project

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

// Links from one page to another, and to files, lead to what is there; those to a part of a
// page to one of its headings.
func TestLinks(t *testing.T) {
	t.Parallel()
	fsys := repository(t)
	report(t, brokenLinks(t, fsys), nil)
}

// brokenLinks looks at README.md, CHANGELOG.md and all pages below docs.
func brokenLinks(t *testing.T, fsys fs.FS) []string {
	t.Helper()
	var problems []string
	err := walk(fsys, func(name string) error {
		if path.Ext(name) != ".md" || strings.Contains(name, "/") && !strings.HasPrefix(name, "docs/") {
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		for _, target := range links(string(text)) {
			if problem := brokenLink(fsys, name, target); problem != "" {
				problems = append(problems, fmt.Sprintf("%s: the link to %s leads nowhere: %s", name, target, problem))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return problems
}

var (
	linkTarget = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	codeSpan   = regexp.MustCompile("`+[^`]*`+")
)

// links returns where the links of a page lead to, but for other sites.
func links(text string) []string {
	var targets []string
	for _, line := range prose(text) {
		for _, match := range linkTarget.FindAllStringSubmatch(codeSpan.ReplaceAllString(line, ""), -1) {
			if !strings.Contains(match[1], "://") {
				targets = append(targets, match[1])
			}
		}
	}
	return targets
}

// prose returns the lines of a page that are in no block.
func prose(text string) []string {
	var lines []string
	inBlock := false
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "```"):
			inBlock = !inBlock
		case !inBlock:
			lines = append(lines, line)
		}
	}
	return lines
}

// brokenLink says what is wrong with a link on a page; empty if nothing is.
func brokenLink(fsys fs.FS, page, target string) string {
	file, heading, _ := strings.Cut(target, "#")
	if file == "" {
		file = page
	} else {
		file = path.Join(path.Dir(page), file)
	}
	if _, err := fs.Stat(fsys, file); err != nil {
		return "there is no " + file
	}
	if heading == "" || path.Ext(file) != ".md" {
		return ""
	}
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return err.Error()
	}
	for _, line := range prose(string(text)) {
		if strings.HasPrefix(line, "#") && anchor(line) == heading {
			return ""
		}
	}
	return fmt.Sprintf("%s has no heading #%s", file, heading)
}

// anchor returns what a heading is called in links.
func anchor(heading string) string {
	text := strings.ToLower(strings.TrimSpace(strings.TrimLeft(heading, "#")))
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return r
		}
		return -1
	}, text)
}

func TestBrokenLinks(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"README.md":   {Data: []byte("[a](docs/a.md#what-is-it), [gone](docs/b.md), [site](https://example.com/x.md)\n")},
		"docs/a.md":   {Data: []byte("# A\n## What `is` it?\n[up](../README.md) [here](#a) [far](#b) `[code](y)`\n```\n# b\n[in a block](x.md)\n```\n")},
		"other/ab.md": {Data: []byte("[not a page](nothing.md)\n")},
	}
	want := []string{
		"README.md: the link to docs/b.md leads nowhere: there is no docs/b.md",
		"docs/a.md: the link to #b leads nowhere: docs/a.md has no heading #b",
	}
	if diff := cmp.Diff(want, brokenLinks(t, fsys)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}
