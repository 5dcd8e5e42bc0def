// Package mock is a server for any schema whose answers are told to it, or made up: what
// programs that call an API are written and tested against (spec section 18).
//
//	m, err := mock.New(mock.Dir(os.DirFS("."), "api"))
//	…
//	mock.Stub(m, &Greet{Subject: "Ada"}, &Greeting{Message: "Hi Ada"})
//	greeting, err := tp.Call[Greeting](ctx, m.Client(), &Greet{Subject: "Ada"})
//	err = mock.Verify(m, &Greet{Subject: "Ada"}, mock.Exactly(1))
//
// The schema comes from a directory, documents, the fn.api_ of a running server, or an
// API of this program; see [Source].
//
// # Answers
//
// A call is answered by the newest stub that it matches. A call without one gets a random
// result that the schema allows, the same ones in the same order for the same
// [Server.Seed]; with [OnlyStubs] it gets ErrorNoMatchingStub_, unless it asks for a
// random result with the header "@gen_": true. Both are validated like
// the answer of any server. Results for an [API] of this program are ones that its Go
// types accept, and requests that these refuse are refused.
//
// # Matching
//
// The arguments of a call match those of a stub, or of a verification, that are a part of
// them: fields that are absent there do not matter, and each element of a list there must
// be somewhere in the list of the call. With [Strictly] both must be equal. Arguments
// given as Go structs have all fields that the struct must have, also those with zero
// values; [Only] names the fields that matter, and [Any] matches every call.
//
// # From outside
//
// A [Server] is a server like any other: httpx.Handler(m.Server) and wsx.Handler(m.Server)
// serve it. Clients in any language stub and verify with its functions fn.createStub_,
// fn.verify_, fn.verifyNoMoreInteractions_, fn.clearStubs_, fn.clearCalls_ and
// fn.setRandomSeed_, whose stubs and calls are the ones of this package's functions. Their
// answers list the calls that came, but not more than clients read: of thousands of large calls,
// the newest.
package mock
