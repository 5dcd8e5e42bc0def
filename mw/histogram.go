package mw

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"sync/atomic"
	"time"
)

// parts is how many parts what is counted often has, so that processors that count at
// the same time seldom wait for each other's memory.
const parts = 8

// part returns one of them. Random numbers are the processor's own.
func part() int { return int(rand.Uint32() % parts) }

// counter is a number that many add to.
type counter [parts]struct {
	atomic.Int64
	_ [56]byte // the next part is in another line of memory
}

func (c *counter) add(n int) { c[part()].Add(int64(n)) }

func (c *counter) load() (sum int64) {
	for i := range c {
		sum += c[i].Load()
	}
	return sum
}

// bounds are the upper ends of the buckets of durations.
var bounds = [...]time.Duration{
	100 * time.Microsecond, 250 * time.Microsecond, 500 * time.Microsecond,
	time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond,
	10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond,
	time.Second, 2500 * time.Millisecond, 5 * time.Second, 10 * time.Second, 30 * time.Second,
}

// histogram counts durations.
type histogram struct{ parts [parts]histogramPart }

type histogramPart struct {
	counts [len(bounds) + 1]atomic.Uint64 // the last is of what is longer
	sum    atomic.Int64                   // nanoseconds
	_      [40]byte                       // the next part is in another line of memory
}

func (h *histogram) observe(took time.Duration) {
	part := &h.parts[part()]
	i := 0
	for i < len(bounds) && took > bounds[i] {
		i++
	}
	part.counts[i].Add(1)
	part.sum.Add(int64(took))
}

// write writes the histogram of what labels, such as a="b", tell apart; they may be empty.
func (h *histogram) write(w io.Writer, name, labels string) {
	bucket, rest := labels+",", "{"+labels+"}"
	if labels == "" {
		bucket, rest = "", ""
	}
	var count uint64
	for i := range len(bounds) + 1 {
		for p := range h.parts {
			count += h.parts[p].counts[i].Load()
		}
		end := "+Inf"
		if i < len(bounds) {
			end = seconds(bounds[i])
		}
		fmt.Fprintf(w, "%s_bucket{%sle=\"%s\"} %d\n", name, bucket, end, count)
	}
	var sum time.Duration
	for p := range h.parts {
		sum += time.Duration(h.parts[p].sum.Load())
	}
	fmt.Fprintf(w, "%s_sum%s %s\n%s_count%s %d\n", name, rest, seconds(sum), name, rest, count)
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'g', -1, 64) }
