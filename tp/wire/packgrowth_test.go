package wire

import (
	"slices"
	"testing"
)

// TestPackGrowth packs what is made to cost: twice as much of it must not take
// much more than twice the steps, nor become much more than twice as long.
func TestPackGrowth(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		body func(f Format, n int) []byte
	}{
		{"lists that fail at their ends, within each other", failingLists},
		{"maps that fail at their ends, within each other", failingMaps},
		{"tables in cells out of order, within each other", mixedTables},
		{"nested columns out of order, within each other", mixedColumns},
		{"every map with a key of its own", ownKeys},
		{"every other map with all keys, in reverse", reversedKeys},
		{"maps with one of many keys, from last to first", unions},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, f := range []Format{MessagePack, CBOR} {
				bytes, steps := packingWork(f, tc.body(f, 256))
				moreBytes, moreSteps := packingWork(f, tc.body(f, 512))
				if 10*moreBytes > 25*bytes || 10*moreSteps > 25*steps {
					t.Errorf("%v: from %d bytes in %d steps to %d bytes in %d steps", f, bytes, steps, moreBytes, moreSteps)
				}
			}
		})
	}
}

func packingWork(f Format, body []byte) (bytes, steps int) {
	var p packer
	return len(p.pack(f, nil, body)), p.steps
}

// failingLists returns [{1: [{1: … }, 0]}, 0].
func failingLists(f Format, depth int) []byte {
	var b []byte
	for range depth {
		b = f.AppendInt(f.AppendMap(f.AppendArray(b, 2), 1), 1)
	}
	b = f.AppendNull(b)
	for range depth {
		b = f.AppendInt(b, 0)
	}
	return b
}

// failingMaps returns [{1: [{1: … , "": 0}], "": 0}].
func failingMaps(f Format, depth int) []byte {
	var b []byte
	for range depth {
		b = f.AppendInt(f.AppendMap(f.AppendArray(b, 1), 2), 1)
	}
	b = f.AppendNull(b)
	for range depth {
		b, _ = f.AppendString(b, "")
		b = f.AppendInt(b, 0)
	}
	return b
}

// mixedTables returns [{1: 0, 2: 0}, {2: [ … ], 1: 0}].
func mixedTables(f Format, depth int) []byte {
	var b []byte
	for range depth {
		b = f.AppendArray(b, 2)
		b = appendPairs(f, b, 1, 2)
		b = f.AppendInt(f.AppendMap(b, 2), 2)
	}
	b = f.AppendNull(b)
	for range depth {
		b = f.AppendInt(f.AppendInt(b, 1), 0)
	}
	return b
}

// mixedColumns returns two maps like {1: {1: … , 2: 0}, 2: 0}, of which the second
// has the keys in the other order.
func mixedColumns(f Format, depth int) []byte {
	b := f.AppendArray(nil, 2)
	for range depth {
		b = f.AppendInt(f.AppendMap(b, 2), 1)
	}
	b = f.AppendMap(b, 0)
	for range depth {
		b = f.AppendInt(f.AppendInt(b, 2), 0)
	}
	for range depth {
		b = f.AppendInt(f.AppendInt(f.AppendMap(b, 2), 2), 0)
		b = f.AppendInt(b, 1)
	}
	return f.AppendMap(b, 0)
}

// ownKeys returns [{0: 0}, {1: 0}, … ].
func ownKeys(f Format, n int) []byte {
	b := f.AppendArray(nil, n)
	for key := range n {
		b = appendPairs(f, b, key)
	}
	return b
}

// reversedKeys returns eight maps with the same n keys.
func reversedKeys(f Format, n int) []byte {
	b := f.AppendArray(nil, 8)
	keys := make([]int, n)
	for i := range keys {
		keys[i] = i
	}
	for range 8 {
		b = appendPairs(f, b, keys...)
		slices.Reverse(keys)
	}
	return b
}

// unions returns n maps that have one of thirty keys each.
func unions(f Format, n int) []byte {
	b := f.AppendArray(nil, n)
	for i := range n {
		b = appendPairs(f, b, 29-i%30)
	}
	return b
}

func appendPairs(f Format, b []byte, keys ...int) []byte {
	b = f.AppendMap(b, len(keys))
	for _, key := range keys {
		b = f.AppendInt(f.AppendInt(b, int64(key)), 0)
	}
	return b
}

// TestPackHoles has lists at both sides of the rule for tables that would mostly
// be holes.
func TestPackHoles(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]bool{33: true, 34: false, 1000: false} {
		body := ownKeys(MessagePack, n)
		packed := MessagePack.Pack(nil, body)
		if got := !slices.Equal(body, packed); got != want {
			t.Errorf("%d maps with a key of their own: packed is %v", n, got)
		}
	}
	if body := unions(CBOR, 3000); len(CBOR.Pack(nil, body)) == len(body) {
		t.Error("unions are not packed")
	}
}
