// Package page replaces parts of a Markdown page that programs write. A part called
// sizes stands between two comments that have a line each:
//
//	<!-- sizes -->
//	<!-- end of sizes -->
package page

import (
	"bytes"
	"fmt"
)

// Part returns the part of the page that has the name. It fails when the comments are
// missing.
func Part(page []byte, name string) (string, error) {
	_, part, _, err := cut(page, name)
	return string(part), err
}

// Replace returns the page with text as the part that has the name. It fails when the
// comments are missing.
func Replace(page []byte, name, text string) ([]byte, error) {
	before, _, after, err := cut(page, name)
	if err != nil {
		return nil, err
	}
	return bytes.Join([][]byte{before, []byte(text), after}, nil), nil
}

// cut returns the part, and what is before and after it with its comments.
func cut(page []byte, name string) (before, part, after []byte, err error) {
	begin, end := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->\n"
	before, rest, found := bytes.Cut(page, []byte(begin))
	part, after, closed := bytes.Cut(rest, []byte(end))
	if !found || !closed {
		return nil, nil, nil, fmt.Errorf("page: nothing stands between the lines %q and %q", begin, end)
	}
	return page[:len(before)+len(begin)], part, page[len(page)-len(after)-len(end):], nil
}
