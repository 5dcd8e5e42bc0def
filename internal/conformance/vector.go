package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// format is the version of the file format that this package reads.
const format = "telepact-conformance-vectors/1"

// vectors is one vector file.
type vectors struct {
	Format          string          `json:"format"`
	Group           string          `json:"group"`
	Suites          []string        `json:"suites"`
	Schema          string          `json:"schema"`
	AlternateSchema json.RawMessage `json:"alternateSchema"`
	Cases           []*testCase     `json:"cases"`
}

// testCase is one case: statements that run in order against the same state.
type testCase struct {
	ID         string       `json:"id"`
	Statements []*statement `json:"statements"`
}

// statement is one request and the response to it, as trees without escapes.
type statement struct {
	Request  any
	Response any
	Assert   assertion
	// TransportCalls is how many messages a client must send; nil says nothing.
	TransportCalls *int
}

// assertion changes how one response is looked at.
type assertion struct {
	SetCompare        bool `json:"setCompare"`
	AssertCaseID      bool `json:"assertCaseId"`
	SkipBinaryCheck   bool `json:"skipBinaryCheck"`
	SkipFieldIDCheck  bool `json:"skipFieldIdCheck"`
	ExpectTwoRequests bool `json:"expectTwoRequests"`
}

// UnmarshalJSON reads a statement and replaces its escapes.
func (s *statement) UnmarshalJSON(data []byte) error {
	var written struct {
		Request        json.RawMessage `json:"request"`
		Response       json.RawMessage `json:"response"`
		Assert         assertion       `json:"assert"`
		TransportCalls *int            `json:"transportCalls"`
	}
	if err := json.Unmarshal(data, &written); err != nil {
		return err
	}
	request, errRequest := readEscaped(written.Request)
	response, errResponse := readEscaped(written.Response)
	*s = statement{request, response, written.Assert, written.TransportCalls}
	return errors.Join(errRequest, errResponse)
}

func readEscaped(text []byte) (any, error) {
	tree, err := decodeJSON(text)
	if err != nil {
		return nil, err
	}
	return unescape(tree)
}

// in reports whether the file's cases belong to the suite.
func (v *vectors) in(suite string) bool { return slices.Contains(v.Suites, suite) }

// readVectors returns the vector files, *.json, of a directory. It fails when
// there are none.
func readVectors(dir string) ([]*vectors, error) {
	fsys := os.DirFS(dir)
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("conformance: no vector files in %s", dir)
	}
	files := make([]*vectors, len(names))
	for i, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		if files[i], err = parseVectors(text); err != nil {
			return nil, fmt.Errorf("conformance: %s in %s: %w", name, dir, err)
		}
	}
	return files, nil
}

func parseVectors(text []byte) (*vectors, error) {
	v := new(vectors)
	if err := json.Unmarshal(text, v); err != nil {
		return nil, err
	}
	if v.Format != format {
		return nil, fmt.Errorf("the format is %q; want %q", v.Format, format)
	}
	return v, nil
}
