package wire

// Limits bound what a decoder accepts before it gives up. The zero value of a
// field means the default of [CallLimits].
type Limits struct {
	// Depth is the number of arrays and objects that may be open at once,
	// the message's own array and objects included. Default 64.
	Depth int
	// Elements is the number of elements of one array, or of members of one
	// object. Default 131072.
	Elements int
}

// CallLimits are the limits that requests and responses are decoded with.
func CallLimits() Limits { return Limits{Depth: 64, Elements: 131072} }

func (l Limits) withDefaults() Limits {
	def := CallLimits()
	if l.Depth <= 0 {
		l.Depth = def.Depth
	}
	if l.Elements <= 0 {
		l.Elements = def.Elements
	}
	return l
}
