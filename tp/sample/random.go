package sample

import "encoding/binary"

// random is the source of all draws (spec section 12.1). Its state is never 0.
type random uint32

// seeded returns the source that begins with the low 32 bits of seed.
func seeded(seed int64) random {
	return max(random(uint32(seed)), 1)
}

// next steps forward and returns a number of 31 bits.
func (r *random) next() int64 {
	x := uint32(*r)
	x ^= x << 16
	x ^= uint32(int32(x) >> 11) // copies the sign in
	x ^= x << 5
	*r = max(random(x), 1)
	return int64(*r & 0x7fffffff)
}

// below draws a number from 0 to n-1; for n = 0 it gives 0 and draws nothing.
func (r *random) below(n int) int {
	if n <= 0 {
		return 0
	}
	return int(r.next() % int64(n))
}

func (r *random) boolean() bool { return r.below(31) > 15 }

func (r *random) number() float64 { return float64(r.next()) / 0x7fffffff }

func (r *random) word() string { return words[r.below(len(words))] }

func (r *random) bytes() []byte {
	return binary.BigEndian.AppendUint32(nil, uint32(r.next()))
}

// length draws the length of a list or an object from low to high-1. It draws
// nothing when there is no choice.
func (r *random) length(low, high int) int {
	return r.below(high-low) + low
}

var words = [...]string{
	"alpha", "beta", "gamma", "delta", "epsilon", "zeta",
	"eta", "theta", "iota", "kappa", "lambda", "mu",
	"nu", "xi", "omicron", "pi", "rho", "sigma",
	"tau", "upsilon", "phi", "chi", "psi", "omega",
}
