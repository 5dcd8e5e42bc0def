package main

import (
	"math"

	"github.com/telestruct/telestruct/tp"
)

// Expression is something that has a value: one of the types below. The method
// is unexported, so nobody else can add one.
type Expression interface {
	// value computes the expression. A failure is one of the errors below or a
	// LimitError.
	value(s *scope) (float64, error)
}

func expressions() tp.Union {
	return tp.UnionOf[Expression](Constant{}, Variable{}, Add{}, Sub{}, Mul{}, Div{}).
		Doc("Something that has a value.")
}

// Constant is a number.
type Constant struct {
	_     struct{} `doc:"A number."`
	Value float64  `tp:"value"`
}

// Variable is the value of a variable.
type Variable struct {
	_    struct{} `doc:"The value of a variable."`
	Name string   `tp:"name"`
}

// Add is the sum of two expressions.
type Add struct {
	_     struct{}   `doc:"The sum of two expressions."`
	Left  Expression `tp:"left"`
	Right Expression `tp:"right"`
}

// Sub is the left expression less the right one.
type Sub struct {
	_     struct{}   `doc:"The left expression less the right one."`
	Left  Expression `tp:"left"`
	Right Expression `tp:"right"`
}

// Mul is the product of two expressions.
type Mul struct {
	_     struct{}   `doc:"The product of two expressions."`
	Left  Expression `tp:"left"`
	Right Expression `tp:"right"`
}

// Div is the left expression divided by the right one.
type Div struct {
	_     struct{}   `doc:"The left expression divided by the right one."`
	Left  Expression `tp:"left"`
	Right Expression `tp:"right"`
}

// UnknownVariableError is a variable that nobody saved.
type UnknownVariableError struct {
	_    struct{} `doc:"There is no variable of that name."`
	Name string   `tp:"name"`
}

// DivideByZeroError is a division by zero.
type DivideByZeroError struct {
	_ struct{} `doc:"The right side of a Div is zero."`
}

// OverflowError is a value beyond the largest number.
type OverflowError struct {
	_ struct{} `doc:"The value is beyond the largest number there is."`
}

func (e *UnknownVariableError) Error() string { return "there is no variable " + e.Name }
func (e *DivideByZeroError) Error() string    { return "division by zero" }
func (e *OverflowError) Error() string        { return "the value is too large" }

// scope is where an expression is computed, and what may still be spent on it.
type scope struct {
	lookup func(name string) (float64, bool)
	depth  int
	size   int
}

func (c Constant) value(*scope) (float64, error) { return c.Value, nil }

func (v Variable) value(s *scope) (float64, error) {
	if x, ok := s.lookup(v.Name); ok {
		return x, nil
	}
	return 0, &UnknownVariableError{Name: v.Name}
}

func (e Add) value(s *scope) (float64, error) {
	left, right, err := s.operands(e.Left, e.Right)
	return finite(left+right, err)
}

func (e Sub) value(s *scope) (float64, error) {
	left, right, err := s.operands(e.Left, e.Right)
	return finite(left-right, err)
}

func (e Mul) value(s *scope) (float64, error) {
	left, right, err := s.operands(e.Left, e.Right)
	return finite(left*right, err)
}

func (e Div) value(s *scope) (float64, error) {
	left, right, err := s.operands(e.Left, e.Right)
	if err == nil && right == 0 {
		err = &DivideByZeroError{}
	}
	return finite(left/right, err)
}

// operands computes both sides of an operation, one level further down.
func (s *scope) operands(left, right Expression) (l, r float64, err error) {
	s.depth++
	s.size++
	defer func() { s.depth-- }()
	if err = within(maxDepth, s.depth, "operations inside each other"); err != nil {
		return 0, 0, err
	}
	if err = within(maxSize, s.size, "operations of an expression"); err != nil {
		return 0, 0, err
	}
	if l, err = left.value(s); err != nil {
		return 0, 0, err
	}
	r, err = right.value(s)
	return l, r, err
}

// finite refuses what JSON has no number for.
func finite(x float64, err error) (float64, error) {
	if err == nil && (math.IsInf(x, 0) || math.IsNaN(x)) {
		err = &OverflowError{}
	}
	return x, err
}
