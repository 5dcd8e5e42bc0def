package shapes

import "github.com/telestruct/telestruct/tp"

// ExpressionMessage is the union shape.
type ExpressionMessage struct {
	Expression Expression `tp:"expression" json:"expression"`
}

// Expression is one of [Number], [Negate], [Sum] and [Product].
type Expression interface{ isExpression() }

// Expressions says which types implement Expression, for [tp.Types].
func Expressions() tp.Union {
	return tp.UnionOf[Expression](Number{}, Negate{}, Sum{}, Product{})
}

// Number is a leaf of the tree.
type Number struct {
	Value float64 `tp:"value" json:"value"`
}

// Negate has one operand.
type Negate struct {
	Operand Expression `tp:"operand" json:"operand"`
}

// Sum has two operands.
type Sum struct {
	Left  Expression `tp:"left" json:"left"`
	Right Expression `tp:"right" json:"right"`
}

// Product has two operands.
type Product struct {
	Left  Expression `tp:"left" json:"left"`
	Right Expression `tp:"right" json:"right"`
}

func (Number) isExpression()  {}
func (Negate) isExpression()  {}
func (Sum) isExpression()     {}
func (Product) isExpression() {}

// expressionNodes is how many nodes the tree of the union shape has.
const expressionNodes = 200

// Union returns the union shape, the same with every call.
func Union() *ExpressionMessage { return &ExpressionMessage{expression(expressionNodes)} }

// expression returns a balanced tree of n nodes in which every variant occurs.
func expression(n int) Expression {
	half := (n - 1) / 2
	switch {
	case n == 1:
		return Number{Value: 1.5}
	case n%2 == 0:
		return Negate{Operand: expression(n - 1)}
	case half%2 == 0:
		return Sum{Left: expression(half), Right: expression(half)}
	}
	return Product{Left: expression(half), Right: expression(half)}
}
