package mirror

import (
	"fmt"
	"reflect"
)

// HostOption is an option of [Host], [CheckAs] and [ModelOf].
type HostOption func(*hostSettings)

// hostSettings is what options add up to.
type hostSettings struct {
	name   string
	strict bool
	// validations are functions that take a pointer to the type.
	validations []any
}

func newHostSettings(options []HostOption) hostSettings {
	var s hostSettings
	for _, option := range options {
		option(&s)
	}
	return s
}

// TypeName sets the name of the model's type that clients are told. Default: the name of the Go
// type. Only [Host] tells it.
func TypeName(name string) HostOption { return func(s *hostSettings) { s.name = name } }

// Strict refuses proposals with a string where the type has a number or a boolean, such as the
// texts that HTML inputs have. Default: a string that is one, as a whole, is taken for it. A whole
// number is taken for a floating-point number, and the other way round, in any case.
func Strict() HostOption { return func(s *hostSettings) { s.strict = true } }

// ValidateWith adds a function that says why a model may not be what it is given; nil is that
// it may. It is called after the Validate method that T or *T may have, under the same rules:
// see [Host]. T is the type of the model, or what takes the option fails.
func ValidateWith[T any](validate func(*T) error) HostOption {
	return func(s *hostSettings) { s.validations = append(s.validations, validate) }
}

// validatorOf returns the function that validates what v points to.
func validatorOf[T any](v *T, s hostSettings) (func() error, error) {
	var all []func(*T) error
	if method, ok := any(v).(interface{ Validate() error }); ok {
		all = append(all, func(*T) error { return method.Validate() })
	}
	for _, f := range s.validations {
		validate, ok := f.(func(*T) error)
		if !ok {
			return nil, fmt.Errorf("mirror: a model of the type %v is not validated by a %T: give ValidateWith a func(*%[1]v) error",
				reflect.TypeFor[T](), f)
		}
		all = append(all, validate)
	}
	return func() error {
		for _, validate := range all {
			if err := validate(v); err != nil {
				return err
			}
		}
		return nil
	}, nil
}
