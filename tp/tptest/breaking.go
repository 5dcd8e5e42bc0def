package tptest

import (
	"io/fs"
	"path"
	"testing"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/schema"
)

// Compatible fails the test when the schema of srv breaks those who follow the schema
// documents of dir in fsys, which a former release was published with: one error for each
// breaking change, with the rule that it offends and where both schemas say it. See
// [schema.BreakingChanges] for the rules.
//
// A baseline is what [schema.Schema.WriteYAML] wrote for that release, in a file whose name
// ends with .telepact.yaml. It is written anew with each release that may break something.
func Compatible(t testing.TB, srv *tp.Server, fsys fs.FS, dir string) {
	t.Helper()
	baseline, err := schema.ParseDir(fsys, dir)
	if err != nil {
		t.Errorf("the baseline in %s: %v", dir, err)
		return
	}
	for _, b := range schema.BreakingChanges(baseline, srv.Schema()) {
		if b.Old.Document != "" {
			b.Old.Document = path.Join(dir, b.Old.Document)
		}
		t.Error(b)
	}
}
