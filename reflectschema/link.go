package reflectschema

// Link is a call that is ready to be made: the function whose arguments are a T,
// with these arguments (spec section 4.9). Exactly one function of the API must
// take a T, which names the function on the wire. The zero Link, without
// arguments, has no encoding.
type Link[T any] struct {
	Args *T
}

// LinkTo returns the call of the function taking T with args, which it keeps.
func LinkTo[T any](args *T) Link[T] { return Link[T]{Args: args} }
