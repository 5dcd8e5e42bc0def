package tp

// Inbound is one request as a transport hands it to [Server.Serve].
type Inbound struct {
	// Body is the request message. The server reads it until Serve returns and
	// keeps nothing of it.
	Body []byte
	// Peer is who sent it; nil when the transport does not know.
	Peer *Peer
	// UpdateHeaders, when not nil, may change the request's headers before
	// they are checked: transports put credentials into @auth_ here (spec
	// section 2.2 step 3).
	UpdateHeaders func(headers *Object)
	// Credentials are what the transport itself knows the caller by, such as a cookie;
	// nil for none. They become the request's @auth_ where it has none and the function
	// asks for credentials: a variant of the union that [Auth] was given, or an [Object].
	Credentials any
	// Binary is the binary format in which the transport wants what the caller
	// allows to be binary. The zero value is the format of the request, and
	// [MessagePack] for a request in JSON.
	Binary Format
}
