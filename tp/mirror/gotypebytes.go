package mirror

import (
	"bytes"
	"encoding/base64"

	"github.com/telestruct/telestruct/internal/mem"
)

// bytesShape is for slices of bytes, which are strings in base64.
type bytesShape struct{ traits }

func (s *bytesShape) same(a, b mem.Ptr) bool {
	return mem.IsNil(a) == mem.IsNil(b) && bytes.Equal(*mem.As[[]byte](a), *mem.As[[]byte](b))
}

func (s *bytesShape) value(p mem.Ptr, _ int) (Value, *Error) {
	return Str(base64.StdEncoding.EncodeToString(*mem.As[[]byte](p))), nil
}

func (s *bytesShape) refresh(j *journal, known Value, base, work mem.Ptr, levels int) (Value, *Error) {
	return refreshWhole(s, j, known, base, work, levels)
}

func (s *bytesShape) copy(to, from mem.Ptr)    { *mem.As[[]byte](to) = bytes.Clone(*mem.As[[]byte](from)) }
func (s *bytesShape) restore(to, from mem.Ptr) { s.copy(to, from) }

func (s *bytesShape) read(_ reading, p mem.Ptr, _, new Value) *Error {
	text, ok := new.Str()
	if !ok {
		return wants("bytes in base64", new)
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return &Error{Code: BadValue, Reason: wants("bytes in base64", new).Reason, Cause: err}
	}
	*mem.As[[]byte](p) = data
	return nil
}
