package tp

import "context"

// Follow makes the call that a link in a result holds: that of the function which
// takes an A, with the link's arguments. It is [Call] otherwise; R is what that
// function answers. A link without arguments is an [*Error] before anything is sent.
func Follow[R, A any](ctx context.Context, c *Client, link Link[A], options ...CallOption) (*R, error) {
	return Call[R](ctx, c, link.Args, options...)
}
