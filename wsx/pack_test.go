package wsx

import "testing"

// TestPackerMemory is alone with the pool, as it does not run in parallel.
func TestPackerMemory(t *testing.T) {
	tests := []struct {
		name        string
		packed, cap int
	}{
		{"usual", 1000, 1000},
		{"as large as is kept", maxPooled, maxPooled},
		{"huge", maxPooled + 1, 0},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			p := &packer{out: buffer{make([]byte, tc.packed)}}
			p.flate = packers.New().(*packer).flate
			p.release()
			if got := p.out.bytes; len(got) != 0 || cap(got) != tc.cap {
				t.Errorf("keeps %d of %d bytes, want 0 of %d", len(got), cap(got), tc.cap)
			}
		})
	}
}
