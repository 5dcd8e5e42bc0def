package plan

// direct is a kind of value that a [Struct] reads and writes in binary formats by itself. Most
// fields are of one of these kinds, and to call a plan takes about as long as to read a
// short value: large messages take a tenth less time.
type direct uint8

const (
	notDirect direct = iota
	directText
	directInt64
	directFloat64
)

func directOf(p Plan) direct {
	switch p.(type) {
	case text:
		return directText
	case integer[int64]:
		return directInt64
	case float64Plan:
		return directFloat64
	}
	return notDirect
}
