package mock

import "github.com/telestruct/telestruct/tp"

// maxWeight bounds the memory that calls take, and that stubs take: 64 MiB each. Whoever
// reaches the server can make it keep both.
const maxWeight = 64 << 20

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
