package wsx

import (
	"maps"
	"slices"
	"strconv"
)

// firstRevisions returns the revisions of the models with the lowest numbers, as many as fit
// into a number of bytes of a URL.
func firstRevisions(since map[uint64]uint64, bytes int) map[uint64]uint64 {
	const parameter, entry = len("&since=%7B%7D"), len("%22%22%3A%2C")
	bytes -= parameter
	fitting := map[uint64]uint64{}
	for _, id := range slices.Sorted(maps.Keys(since)) {
		if bytes -= entry + digits(id) + digits(since[id]); bytes < 0 {
			break
		}
		fitting[id] = since[id]
	}
	return fitting
}

func digits(n uint64) int { return len(strconv.FormatUint(n, 10)) }
