package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFieldNames(t *testing.T) {
	t.Parallel()
	builtin := []string{"Ok_", "api", "fn.api_", "fn.ping_", "includeExamples!", "includeInternal!"}
	for _, tc := range []struct {
		name     string
		text     string
		names    []string
		checksum int32
	}{
		{"no functions", `[{"struct.Unused": {"a": "any"}}, {"headers.H": {"@h": "any"}, "->": {}}]`, builtin, -1355910196},
		{"empty function", `[{"fn.f0": {}, "->": [{"Ok_": {}}]}]`,
			[]string{"Ok_", "api", "fn.api_", "fn.f0", "fn.ping_", "includeExamples!", "includeInternal!"}, -1372432010},
		{"one function", `[{"struct.Data": {"id": "integer", "name": "string"}}, {"fn.example": {}, "->": [{"Ok_": {"data": ["struct.Data"]}}, {"ErrorNo": {"why": "any"}}]}]`,
			[]string{"Ok_", "api", "data", "fn.api_", "fn.example", "fn.ping_", "id", "includeExamples!", "includeInternal!", "name"}, 1059755324},
		{"everything that is reached", `[
			{"fn.a": {"u!": {"string": "union.U"}}, "->": [{"Ok_": {"f": "fn.b"}}]},
			{"fn.b": {"n": "integer"}, "->": [{"Ok_": {"sel": "_ext.Select_"}}]},
			{"union.U": [{"Leaf": {}}, {"Node": {"left": "union.U", "s!": "struct.S?"}}]},
			{"struct.S": {"t": ["struct.S"]}}]`,
			[]string{"Leaf", "Node", "Ok_", "api", "f", "fn.a", "fn.api_", "fn.b", "fn.ping_", "includeExamples!", "includeInternal!",
				"left", "n", "s!", "sel", "t", "u!"}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := mustParse(t, tc.text)
			if diff := cmp.Diff(tc.names, s.FieldNames()); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
			if got := s.Checksum(); tc.checksum != 0 && got != tc.checksum {
				t.Errorf("checksum is %d, want %d", got, tc.checksum)
			}
		})
	}
}
