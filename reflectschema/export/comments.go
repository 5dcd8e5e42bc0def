package export

import (
	"path"
	"strings"
)

// Comments returns the doc comments of the exported types and fields that are
// declared below the source directory dir, keyed "import/path.Type" and
// "import/path.Type.Field". Handed to an API with tp.Comments, they become
// docstrings wherever a definition or field has none of its own.
//
// The go.mod in dir or above it says what the import paths are. A program has
// its comments under its import path, as tests of it name its types, and under
// "main" as well, as it names them itself when it runs: the program in dir or,
// when dir holds none, those below. A name that two of them declare is left out
// of "main". Test files, testdata and vendor directories, hidden directories and
// nested modules are left out altogether.
//
// A paragraph becomes one line, however it was wrapped; lists and indented
// code keep their lines. Types and fields without a comment are absent.
//
// The error is a [*SourceError], and no comments come with it: one file that
// cannot be parsed fails all. Its cause is [ErrNoModule] when neither dir nor a
// directory above it has a go.mod.
func Comments(dir string) (map[string]string, error) {
	sources, err := readSources(dir)
	if err != nil {
		return nil, err
	}
	root, err := importPath(dir)
	if err != nil {
		return nil, err
	}
	comments := map[string]string{}
	for _, s := range sources {
		s.addTo(comments, path.Join(root, s.dir))
	}
	programs := programsOf(sources)
	shared := sharedTypes(programs)
	for _, s := range programs {
		s.addTo(comments, "main", shared...)
	}
	return comments, nil
}

// unwrap joins the lines of each paragraph.
func unwrap(text string) string {
	var lines []string
	inParagraph := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		isText := line != "" && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t")
		if isText && inParagraph && !startsItem(line) {
			lines[len(lines)-1] += " " + line
			continue
		}
		lines = append(lines, line)
		inParagraph = isText && !strings.HasPrefix(line, "#")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// startsItem reports whether a line opens a list item or a heading, which
// markdown does not let run on from the line before.
func startsItem(line string) bool {
	if strings.HasPrefix(line, "# ") || strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "* ") {
		return true
	}
	rest := strings.TrimLeft(line, "0123456789")
	return rest != line && (strings.HasPrefix(rest, ". ") || strings.HasPrefix(rest, ") "))
}
