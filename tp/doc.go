// Package tp serves and calls typed Go functions over the Telepact protocol.
//
// A handler is an ordinary function over tagged structs:
//
//	type Greet struct {
//		Subject string `tp:"subject" doc:"Who to greet."`
//	}
//
//	type Greeting struct {
//		Message string `tp:"message"`
//	}
//
//	func greet(ctx context.Context, in *Greet) (*Greeting, error) {
//		return &Greeting{Message: "Hello " + in.Subject + "!"}, nil
//	}
//
// [Register] adds it to an [API], [API.Build] derives the schema of everything
// that was registered and returns an immutable [Server], and [Server.Process]
// turns request bytes into response bytes. Package httpx mounts a server on an
// HTTP router.
//
// [Call] calls a function of any Telepact server with the same structs, through a
// [Client] and a [Transport]. Package httpx has one for HTTP.
//
// # Tags
//
// Every exported field carries a tag: its wire name, "!" when the key may be
// absent, "?" when the value may be null. The tag says which, the Go type says
// how:
//
//	Name   string              `tp:"name"`    // always there
//	Nick   *string             `tp:"nick!"`   // nil: absent
//	Boss   *string             `tp:"boss?"`   // nil: null
//	Phone  tp.Optional[string] `tp:"phone!?"` // absent, null or a value
//	Tags   []string            `tp:"tags"`    // nil: empty
//	Extra  map[string]any      `tp:"extra!"`  // nil: absent
//	Secret string              `tp:"-"`       // not on the wire
//
// docs/types.md has the whole table.
//
// # Sections
//
// Comments of this module say "spec section 4.7" and the like. They mean the
// sections of the description of the Telepact protocol that Telestruct follows:
// messages, server steps, headers, values, extensions, selection, bytes,
// documents and so on. docs/wire.md lists their numbers, and what of each is
// there so far.
package tp
