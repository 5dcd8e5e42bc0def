package project

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// command is one command of a sh block.
type command struct {
	At    string
	Text  string
	Words []string
	// Output is the block that shows what the command prints; nil when the
	// page does not show it.
	Output *block
}

// commands reads the sh blocks of a page. A json, yaml or text block right
// after a sh block is the output of its last command.
func commands(page []block) ([]command, error) {
	var found []command
	for i, b := range page {
		if b.Lang != "sh" {
			continue
		}
		inBlock, err := blockCommands(b)
		if err != nil {
			return nil, err
		}
		if i+1 < len(page) && page[i+1].Follows && slices.Contains([]string{"json", "yaml", "text"}, page[i+1].Lang) && len(inBlock) > 0 {
			inBlock[len(inBlock)-1].Output = &page[i+1]
		}
		found = append(found, inBlock...)
	}
	return found, nil
}

func blockCommands(b block) ([]command, error) {
	var found []command
	// A backslash at the end of a line continues it.
	text := strings.ReplaceAll(b.Text, "\\\n", " ")
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "$ ")
		line = strings.TrimSpace(strings.TrimSuffix(line, "&"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		words, err := shellWords(line)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", b.At(), line, err)
		}
		found = append(found, command{At: b.At(), Text: line, Words: words})
	}
	return found, nil
}

// shellWords splits a line as a shell does, as far as documentation needs it:
// quotes and backslashes, but nothing that only a shell can carry out.
func shellWords(line string) ([]string, error) {
	var (
		words  []string
		word   strings.Builder
		inWord bool
		quote  rune
		escape bool
	)
	for _, r := range line {
		switch {
		case escape:
			word.WriteRune(r)
			escape = false
		case r == '\\' && quote != '\'':
			inWord, escape = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			inWord, quote = true, r
		case strings.ContainsRune("|<>;&$`*", r):
			return nil, fmt.Errorf("%q outside quotes cannot be checked; show a plain command", r)
		case r != ' ' && r != '\t':
			inWord = true
			word.WriteRune(r)
		case inWord:
			words, inWord = append(words, word.String()), false
			word.Reset()
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("the quote %q does not end", quote)
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}

func TestCommands(t *testing.T) {
	t.Parallel()
	page, err := blocks("a.md", "```sh\n# start\n$ go run ./examples/a &\n\ncurl -d '[{}, {\"fn.a\": {}}]' \\\n  localhost:8000/api\n```\n\n```json\n[]\n```\n"+
		"```go\nx\n```\n```sh\ngo vet ./...\n```\nprose\n```json\n{}\n```\n")
	if err != nil {
		t.Fatal(err)
	}
	got, err := commands(page)
	want := []command{
		{At: "a.md:2", Text: "go run ./examples/a", Words: []string{"go", "run", "./examples/a"}},
		{At: "a.md:2", Text: `curl -d '[{}, {"fn.a": {}}]'    localhost:8000/api`,
			Words: []string{"curl", "-d", `[{}, {"fn.a": {}}]`, "localhost:8000/api"}, Output: &page[1]},
		{At: "a.md:16", Text: "go vet ./...", Words: []string{"go", "vet", "./..."}},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v; commands (-want +got):\n%s", err, diff)
	}
}

func TestShellWords(t *testing.T) {
	t.Parallel()
	cases := []struct {
		line string
		want []string
		err  string
	}{
		{line: "a  b\tc", want: []string{"a", "b", "c"}},
		{line: `a'b c'"d e"`, want: []string{"ab cd e"}},
		{line: `'' ""`, want: []string{"", ""}},
		{line: `'a\b' "a\"b" a\ b`, want: []string{`a\b`, `a"b`, "a b"}},
		{line: "a | b", err: `'|' outside quotes cannot be checked; show a plain command`},
		{line: `a "b`, err: `the quote '"' does not end`},
	}
	for _, tc := range cases {
		t.Run(tc.line, func(t *testing.T) {
			t.Parallel()
			got, err := shellWords(tc.line)
			if text := fmt.Sprint(err); tc.err != "" && text != tc.err || tc.err == "" && err != nil {
				t.Errorf("error is %v, want %q", err, tc.err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("words (-want +got):\n%s", diff)
			}
		})
	}
}
