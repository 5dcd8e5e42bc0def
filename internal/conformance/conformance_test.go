package conformance_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/telestruct/telestruct/internal/conformance"
)

// TestVectors runs the vectors. TELEPACT_VECTORS lists their directories,
// TELEPACT_CONFORMANCE is the directory of everything else; both are seen from
// the module's root, and by default stand beside it. Without them there is
// nothing to run, which is fine on a developer's machine and nowhere else.
func TestVectors(t *testing.T) {
	config, required := locate(t)
	for _, dir := range append(config.Vectors, config.Root) {
		switch _, err := os.Stat(dir); {
		case err == nil:
		case errors.Is(err, fs.ErrNotExist) && !required:
			t.Skipf("the conformance vectors are not there: %s; TELEPACT_VECTORS and TELEPACT_CONFORMANCE say where they are", dir)
		default:
			t.Fatalf("the conformance vectors cannot be read: %v", err)
		}
	}
	totals, err := conformance.Run(t.Context(), config, os.Stdout)
	switch {
	case err != nil:
		t.Fatal(err)
	case totals.Fail > 0:
		t.Errorf("%d cases failed", totals.Fail)
	case totals.Pass == 0:
		t.Error("no case ran")
	}
}

// locate says where the vectors are, and whether they must be there.
func locate(t *testing.T) (config conformance.Config, required bool) {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	from := func(dir string) string {
		if filepath.IsAbs(dir) {
			return dir
		}
		return filepath.Join(root, dir)
	}
	config.Root = from(filepath.Join("..", "shared", "conformance"))
	if dir := os.Getenv("TELEPACT_CONFORMANCE"); dir != "" {
		config.Root = from(dir)
	}
	for _, dir := range filepath.SplitList(os.Getenv("TELEPACT_VECTORS")) {
		config.Vectors = append(config.Vectors, from(dir))
	}
	required = os.Getenv("CI") != "" || os.Getenv("TELEPACT_CONFORMANCE") != "" || len(config.Vectors) > 0
	if len(config.Vectors) == 0 {
		config.Vectors = []string{filepath.Join(config.Root, "vectors")}
	}
	return config, required
}
