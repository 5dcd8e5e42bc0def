package plan

import (
	"math"
	"reflect"
	"strconv"

	"github.com/telestruct/telestruct/internal/mem"
	"github.com/telestruct/telestruct/tp/wire"
)

// Int returns the plan of a type of an integer kind, signed or not. Its values
// are those of both the Go type and the signed 64-bit range.
func Int(t reflect.Type) Plan {
	switch t.Kind() {
	case reflect.Int8:
		return integer[int8]{}
	case reflect.Int16:
		return integer[int16]{}
	case reflect.Int32:
		return integer[int32]{}
	case reflect.Int64:
		return integer[int64]{}
	case reflect.Uint:
		return integer[uint]{}
	case reflect.Uint8:
		return integer[uint8]{}
	case reflect.Uint16:
		return integer[uint16]{}
	case reflect.Uint32:
		return integer[uint32]{}
	case reflect.Uint64:
		return integer[uint64]{}
	}
	return integer[int]{}
}

type integer[T int | int8 | int16 | int32 | int64 | uint | uint8 | uint16 | uint32 | uint64] struct {
	neverNull
	noBytes
	neverNil
}

func (x integer[T]) Decode(d *Decoder, p mem.Ptr) bool {
	wide, ok := d.Int64()
	return ok && x.store(p, wide)
}

func (x integer[T]) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	wide, ok := d.Int64()
	return ok && x.store(p, wide)
}

// store fails for an integer that the Go type does not have.
func (integer[T]) store(p mem.Ptr, wide int64) bool {
	v := T(wide)
	// The sign tells a negative integer from the uint64 of the same bits.
	if int64(v) != wide || (v < 0) != (wide < 0) {
		return false
	}
	*mem.As[T](p) = v
	return true
}

func (x integer[T]) Append(_ *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	wide, ok := x.load(p)
	if !ok {
		return b, false
	}
	return wire.AppendInt(b, wide), true
}

func (x integer[T]) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	wide, ok := x.load(p)
	if !ok {
		return b, false
	}
	return e.Format.AppendInt(b, wide), true
}

// load fails for an integer beyond 64 bits with a sign.
func (integer[T]) load(p mem.Ptr) (wide int64, ok bool) {
	v := *mem.As[T](p)
	wide = int64(v)
	return wide, (v < 0) == (wide < 0)
}

func (integer[T]) tree(_ *walk, p mem.Ptr) any {
	v := *mem.As[T](p)
	if v > 0 && int64(v) < 0 {
		return wire.Number(strconv.FormatUint(uint64(v), 10))
	}
	return int64(v)
}

// Float returns the plan of a type of a float kind. A number that overflows a
// float32 is none of its values.
func Float(t reflect.Type) Plan {
	if t.Kind() == reflect.Float32 {
		return float32Plan{}
	}
	return float64Plan{}
}

type float64Plan struct {
	neverNull
	noBytes
	neverNil
}

func (float64Plan) Decode(d *Decoder, p mem.Ptr) bool {
	v, ok := d.Float64()
	*mem.As[float64](p) = v
	return ok
}

func (float64Plan) Append(_ *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	return wire.AppendFloat(b, *mem.As[float64](p), 64)
}

func (float64Plan) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	v, ok := d.Float64()
	*mem.As[float64](p) = v
	return ok
}

func (float64Plan) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	return e.Format.AppendFloat(b, *mem.As[float64](p))
}

func (float64Plan) tree(_ *walk, p mem.Ptr) any { return *mem.As[float64](p) }

type float32Plan struct {
	neverNull
	noBytes
	neverNil
}

func (x float32Plan) Decode(d *Decoder, p mem.Ptr) bool {
	wide, ok := d.Float64()
	return ok && x.store(p, wide)
}

func (x float32Plan) DecodeBinary(d *BinaryDecoder, p mem.Ptr) bool {
	wide, ok := d.Float64()
	return ok && x.store(p, wide)
}

func (float32Plan) store(p mem.Ptr, wide float64) bool {
	v := float32(wide)
	*mem.As[float32](p) = v
	return !math.IsInf(float64(v), 0)
}

func (float32Plan) Append(_ *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	return wire.AppendFloat(b, float64(*mem.As[float32](p)), 32)
}

func (float32Plan) AppendBinary(e *Encoder, b []byte, p mem.Ptr) ([]byte, bool) {
	return e.Format.AppendFloat(b, float64(*mem.As[float32](p)))
}

func (float32Plan) tree(_ *walk, p mem.Ptr) any { return float64(*mem.As[float32](p)) }
