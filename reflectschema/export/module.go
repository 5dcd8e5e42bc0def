package export

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// ErrNoModule is the cause of a [SourceError] whose path is a directory of no
// module: neither it nor a directory above has a go.mod.
var ErrNoModule = errors.New("no go.mod here or above, so its packages have no import path; give a directory of a module")

// importPath returns the import path of the package in dir: that of the module
// around it, and the way from the module's root.
func importPath(dir string) (string, error) {
	from, err := filepath.Abs(dir)
	if err != nil {
		return "", &SourceError{Path: dir, Err: err}
	}
	for root := from; ; root = filepath.Dir(root) {
		file := filepath.Join(root, "go.mod")
		text, err := os.ReadFile(file)
		switch {
		case err == nil:
			return importPathIn(root, from, string(text))
		case !errors.Is(err, fs.ErrNotExist):
			return "", &SourceError{Path: file, Err: pathless(err)}
		case root == filepath.Dir(root):
			return "", &SourceError{Path: dir, Err: ErrNoModule}
		}
	}
}

// importPathIn is importPath for a module whose root and go.mod are known.
func importPathIn(root, dir, mod string) (string, error) {
	module := modulePath(mod)
	if module == "" {
		return "", &SourceError{Path: filepath.Join(root, "go.mod"), Err: errors.New("no line names the module")}
	}
	rel, err := filepath.Rel(root, dir)
	if err != nil {
		return "", &SourceError{Path: dir, Err: err}
	}
	return path.Join(module, filepath.ToSlash(rel)), nil
}

// modulePath returns what the module line of a go.mod says; "" when there is
// none.
func modulePath(mod string) string {
	for line := range strings.Lines(mod) {
		line, _, _ = strings.Cut(line, "//")
		words := strings.Fields(line)
		if len(words) != 2 || words[0] != "module" {
			continue
		}
		if text, err := strconv.Unquote(words[1]); err == nil {
			return text
		}
		return words[1]
	}
	return ""
}
