package wsx

import (
	"compress/flate"
	"sync"
)

// minPacked is how many bytes a message must have to be worth packing.
const minPacked = 512

// flatTail is what a packed message ends with, and leaves out (RFC 7692 section 7.2.1).
const flatTail = "\x00\x00\xff\xff"

// packer packs messages, one by one. It is pooled: it holds more than a mebibyte.
type packer struct {
	out   buffer
	flate *flate.Writer
}

var packers = sync.Pool{New: func() any {
	p := new(packer)
	p.flate, _ = flate.NewWriter(p, flate.BestSpeed) // fails for a level that does not exist
	return p
}}

// newPackedFrame returns a frame that has payload in it packed.
func newPackedFrame(first byte, payload []byte) frame {
	p := packers.Get().(*packer)
	defer p.release()
	p.flate.Reset(p)
	_, _ = p.flate.Write(payload) // a packer's own Write does not fail
	_ = p.flate.Flush()
	return newFrame(first|frameCompressed, p.out.bytes[:len(p.out.bytes)-len(flatTail)])
}

// release keeps the packer for the next message, but not the memory of a huge one.
func (p *packer) release() {
	if cap(p.out.bytes) > maxPooled {
		p.out.bytes = nil
	}
	p.out.bytes = p.out.bytes[:0]
	packers.Put(p)
}

// Write takes what was packed.
func (p *packer) Write(b []byte) (int, error) {
	p.out.bytes = append(p.out.bytes, b...)
	return len(b), nil
}
