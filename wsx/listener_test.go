package wsx

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
)

// hearing is a listener whose function waits to be let go on.
type hearing struct {
	listener[int]
	goOn  chan struct{}
	heard []string // the items, and how many were missed before them
}

func newHearing(size func(int) int) *hearing {
	h := &hearing{goOn: make(chan struct{})}
	h.size = size
	h.call = func(item, missed int) {
		h.heard = append(h.heard, fmt.Sprintf("%d/%d", item, missed))
		<-h.goOn
	}
	return h
}

func light(int) int { return 0 }

func TestListener(t *testing.T) {
	t.Parallel()
	const all, big = maxWaiting, maxWaitingBytes / 4
	tests := []struct {
		name  string
		first int // items to begin with
		items int
		size  int // of each
		want  []string
		last  string
	}{
		{"nothing", 0, 0, 0, nil, ""},
		{"one", 0, 1, 0, []string{"0/0"}, "0/0"},
		{"as many as may wait", 0, all + 1, 0, []string{"0/0", "1/0", "2/0"}, "4096/0"},
		{"one more", 0, all + 2, 0, []string{"0/0", "2/1", "3/0"}, "4097/0"},
		{"five more", 0, all + 6, 0, []string{"0/0", "6/5", "7/0"}, "4101/0"},
		{"as many bytes as may wait", 0, 5, big, []string{"0/0", "1/0", "2/0"}, "4/0"},
		{"one more than that", 0, 6, big, []string{"0/0", "2/1", "3/0"}, "5/0"},
		{"larger than all", 0, 2, maxWaitingBytes + 1, []string{"0/0", "1/0"}, "1/0"},
		{"two that are", 0, 3, maxWaitingBytes + 1, []string{"0/0", "2/1"}, "2/1"},
		{"many in the beginning", 10000, 10001, 0, []string{"0/0", "1/0", "2/0"}, "10000/0"},
		{"and all that may wait", 10000, 10000 + all + 1, 0, []string{"0/0", "1/0", "2/0"}, "14096/0"},
		{"and one more", 10000, 10000 + all + 2, 0, []string{"0/0", "2/1", "3/0"}, "14097/0"},
		{"many bytes in the beginning", 3, 4, maxWaitingBytes, []string{"0/0", "1/0", "2/0"}, "3/0"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHearing(func(int) int { return tc.size })
				first := make([]int, tc.first)
				for i := range first {
					first[i] = i
				}
				h.begin(first)
				synctest.Wait()
				for i := tc.first; i < tc.items; i++ {
					h.put(i)
					synctest.Wait()
				}
				close(h.goOn)
				synctest.Wait()
				if got := h.heard[:min(len(tc.want), len(h.heard))]; !slices.Equal(got, tc.want) {
					t.Errorf("heard %v, want %v", got, tc.want)
				}
				if tc.items > 0 && h.heard[len(h.heard)-1] != tc.last {
					t.Errorf("the last one was %s, want %s", h.heard[len(h.heard)-1], tc.last)
				}
				if h.running || h.bytes != 0 || h.early != 0 || h.weight != 0 {
					t.Errorf("idle, but running %v with %d bytes, %d and %d of the beginning", h.running, h.bytes, h.early, h.weight)
				}
			})
		})
	}
}

// TestListenerStop sees that no call begins after stop, and what is put then is dropped.
func TestListenerStop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHearing(light)
		h.put(1)
		h.put(2)
		synctest.Wait()
		if !h.stop() {
			t.Error("the first stop is not the first")
		}
		if h.stop() {
			t.Error("the second stop is the first")
		}
		h.put(3)
		close(h.goOn)
		synctest.Wait()
		if want := []string{"1/0"}; !slices.Equal(h.heard, want) {
			t.Errorf("heard %v, want %v", h.heard, want)
		}
	})
}

// TestListenerGoexit sees that a function that ends its goroutine is called again.
func TestListenerGoexit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var heard []int
		l := &listener[int]{size: light, call: func(item, _ int) {
			if heard = append(heard, item); item == 1 {
				runtime.Goexit()
			}
		}}
		for i := range 3 {
			l.put(i)
		}
		synctest.Wait()
		if want := []int{0, 1, 2}; !slices.Equal(heard, want) {
			t.Errorf("heard %v, want %v", heard, want)
		}
	})
}
