package schema

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/telestruct/telestruct/tp/wire"
)

// filePatterns is what failures say about the names of schema documents.
const filePatterns = "*" + jsonSuffix + "|*" + yamlSuffix

// ReadDir returns the schema documents in a directory of fsys, in the order of
// their names. It fails with a [*ParseError] that lists every entry that has no
// place in a schema directory, and every YAML document that cannot be read;
// other errors are those of fsys. Spec section 8.2.
func ReadDir(fsys fs.FS, dir string) ([]Document, error) {
	sources, err := readDir(fsys, dir)
	if err != nil {
		return nil, err
	}
	return documentsOf(sources), nil
}

// ParseDir makes a schema of the documents in a directory of fsys, as [ReadDir]
// and [Parse] together do.
func ParseDir(fsys fs.FS, dir string) (*Schema, error) {
	sources, err := readDir(fsys, dir)
	if err != nil {
		return nil, err
	}
	return newSchema(sources)
}

func readDir(fsys fs.FS, dir string) ([]*source, error) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	var failed failures
	var sources []*source
	for _, e := range entries {
		s := &source{name: e.Name(), root: node{at: start}}
		switch {
		case e.IsDir():
			failed.at(s.place(), directoryDisallowed)
		case !strings.HasSuffix(s.name, jsonSuffix) && !s.isYAML():
			failed.at(s.place(), fileNamePatternInvalid, wire.Member{Key: "expected", Value: filePatterns})
		default:
			if s.text, err = readFile(fsys, path.Join(dir, s.name)); err != nil {
				return nil, fmt.Errorf("schema: %w", err)
			}
			if !s.isYAML() {
				break
			}
			if err := s.load(); err != nil {
				failed.unreadable(s.name, err)
			}
		}
		sources = append(sources, s)
	}
	return sources, failed.err()
}

// readFile reads as much of a file as shows that it is too large.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	return io.ReadAll(io.LimitReader(f, maxJSON+1))
}
