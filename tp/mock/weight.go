package mock

import "github.com/telestruct/telestruct/tp"

// maxWeight bounds the memory that calls take, and that stubs take: 64 MiB each. Whoever
// reaches the server can make it keep both.
const maxWeight = 64 << 20

// maxTold bounds what one answer tells about calls, which any short request can ask for. So
// much is within what clients read by default, 16 MiB and wire.CallLimits.
const maxTold = 2 << 20

// newest returns as many of the newest calls as one answer tells: the last at least.
func newest(calls []Call) []Call {
	const around = 64 // a call, beside its arguments
	first, sum := len(calls), 0
	for first > 0 {
		sum += around + weight(calls[first-1].Args)
		if sum > maxTold && first < len(calls) {
			break
		}
		first--
	}
	return calls[first:]
}

// weight returns about how many bytes a value tree takes.
func weight(v any) int {
	const each = 32 // an interface and what it points to
	switch v := v.(type) {
	case string:
		return each + len(v)
	case []byte:
		return each + len(v)
	case []any:
		sum := each
		for _, elem := range v {
			sum += weight(elem)
		}
		return sum
	case tp.Object:
		sum := each
		for _, m := range v {
			sum += each + len(m.Key) + weight(m.Value)
		}
		return sum
	}
	return each
}
