package project

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// foreign finds what belongs to one developer's machine or network: paths below
// a home or work directory, and hosts of package registries, which everybody
// sets up for themselves. The pattern is made of parts, or it would find itself.
func foreign() *regexp.Regexp {
	registries := []string{
		"proxy.golang" + ".org", "sum.golang" + ".org", "pypi" + ".org", "registry.npmjs" + ".org",
		"crates" + ".io", "repo1.maven" + ".org", "deb.debian" + ".org",
	}
	for i, host := range registries {
		registries[i] = regexp.QuoteMeta(host)
	}
	path := `(?:^|[^\w./)\]}*-])/(?:home|root|Users|work)/`
	return regexp.MustCompile(path + "|" + strings.Join(registries, "|"))
}

func TestForeignWords(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(filepath.Join(root(t), ".git")); err != nil {
		t.Skip("not a clone: what is tracked is not known")
	}
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-z")
	list.Dir = root(t)
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	pattern := foreign()
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(root(t), filepath.FromSlash(name)))
		if os.IsNotExist(err) {
			continue // removed, and the removal is not committed yet
		}
		if err != nil {
			t.Fatal(err)
		}
		report(t, foreignWords(pattern, name, string(text)), nil)
	}
}

func foreignWords(pattern *regexp.Regexp, name, text string) []string {
	var problems []string
	for _, at := range pattern.FindAllStringIndex(text, -1) {
		line := 1 + strings.Count(text[:at[0]], "\n")
		problems = append(problems, fmt.Sprintf("%s:%d: %q belongs to one machine", name, line, strings.TrimSpace(text[at[0]:at[1]])))
	}
	return problems
}

func TestForeignWordsFound(t *testing.T) {
	t.Parallel()
	home, registry := "/ho"+"me/", "proxy.golang"+".org"
	cases := []struct {
		name, text string
		want       []string
	}{
		{"nothing", "a relative path: docs/home/page.md, a pattern [a-z]" + home, nil},
		{"start", home + "me", []string{`f:1: "` + home + `" belongs to one machine`}},
		{"quoted", "\n\n\"" + home + "me\"", []string{`f:3: "\"` + home + `" belongs to one machine`}},
		{"registry", "see https://" + registry, []string{`f:1: "` + registry + `" belongs to one machine`}},
		{"URL path", "https://example.com" + home, nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, foreignWords(foreign(), "f", tc.text)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}
