package wsx

// mixed is the service of a connection that carries calls and other messages.
type mixed struct {
	calls  *calls
	others service
}

func (x *mixed) receive(m *message) (room bool) {
	if isRequest(m) {
		return x.calls.receive(m)
	}
	return x.others.receive(m)
}

// isRequest reports whether a message is a request of Telepact, by how it begins.
func isRequest(m *message) bool {
	const messagePack, cbor = 0x92, 0x82 // lists of two
	for _, b := range m.body.bytes {
		switch {
		case m.kind == Binary:
			return b == messagePack || b == cbor || b == '['
		case b != ' ' && b != '\t' && b != '\n' && b != '\r':
			return b == '['
		}
	}
	return false
}

func (x *mixed) awaitRoom() {
	x.calls.awaitRoom()
	x.others.awaitRoom()
}

func (x *mixed) tick() {
	x.calls.tick()
	x.others.tick()
}

func (x *mixed) refuse() {
	x.calls.refuse()
	x.others.refuse()
}

// drain ends the calls first: they may have something to say to the others.
func (x *mixed) drain(drained func()) {
	x.calls.drain(func() { x.others.drain(drained) })
}

func (x *mixed) stop() {
	x.calls.stop()
	x.others.stop()
}
