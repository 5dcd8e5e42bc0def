package tptest

import (
	"io/fs"
	"testing"

	"github.com/telestruct/telestruct/tp"
)

// SchemaMatches fails the test when the schema of srv differs in meaning from
// the hand-written documents of dir in fsys: one error for each difference,
// naming the Go type and field on one side and file, line and column on the
// other. See [tp.CheckDir], which refuses to build such a server at all.
func SchemaMatches(t testing.TB, srv *tp.Server, fsys fs.FS, dir string, options ...tp.CheckOption) {
	t.Helper()
	for _, p := range srv.CompareDir(fsys, dir, options...) {
		t.Error(p)
	}
}
