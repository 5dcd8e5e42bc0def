package tp

import (
	"slices"
	"time"
)

// ClientOption configures a [Client]; it is given to [NewClient]. The later of two
// that set the same thing wins.
type ClientOption interface {
	applyClient(*Client)
}

// CallOption configures one call; it is given to [Call] and [Follow]. It goes
// before what the client was given.
type CallOption interface {
	applyCall(*callSettings)
}

// RequestOption is a [CallOption] that [NewClient] takes as well, for all calls of
// the client.
type RequestOption interface {
	ClientOption
	CallOption
}

type callOption func(*callSettings)

func (f callOption) applyCall(s *callSettings) { f(s) }

type requestOption func(*callSettings)

func (f requestOption) applyCall(s *callSettings) { f(s) }
func (f requestOption) applyClient(c *Client)     { f(&c.defaults) }

// callSettings is what the options of a client and of one call add up to.
type callSettings struct {
	name      string
	timeout   time.Duration
	binary    BinaryMode
	headers   []headerSource
	receivers []headerReceiver
	selection *SelectOption
}

const defaultTimeout = 5 * time.Second

// with returns the settings of one call.
func (s callSettings) with(options []CallOption) callSettings {
	s.headers = slices.Clip(s.headers)
	for _, o := range options {
		if o != nil {
			o.applyCall(&s)
		}
	}
	return s
}

// Timeout sets how long a call may take when its context has no deadline. The
// server is told, in @time_. Default 5 s; zero or less is the default. A context
// with a deadline decides by itself, also when that is later.
func Timeout(d time.Duration) RequestOption {
	if d <= 0 {
		d = defaultTimeout
	}
	return requestOption(func(s *callSettings) { s.timeout = d })
}

// BinaryMode says when a client speaks binary; [Binary] takes it.
type BinaryMode uint8

// The binary modes.
const (
	// BinaryOff sends and receives JSON. It is the default.
	BinaryOff BinaryMode = iota
	// BinaryOn sends JSON and asks for binary answers.
	BinaryOn
	// BinaryAlways asks for binary answers, and sends binary as soon as the
	// server has told its names of fields.
	BinaryAlways
)

// Binary sets whether messages are binary (spec section 16.3). The format is what
// the transport makes the server answer in: MessagePack, unless it asks for CBOR.
// Errors are answered in JSON all the same.
func Binary(mode BinaryMode) RequestOption {
	return requestOption(func(s *callSettings) { s.binary = mode })
}

// Packed asks for binary messages whose lists of structs are tables, which makes
// long lists smaller (spec section 15). It has no effect on JSON.
func Packed() RequestOption { return WithHeader("@pac_", true) }

// Usage is one function that a client calls: [Uses] makes it.
type Usage struct {
	key   functionKey
	fails []error
	site  string
}

func (u Usage) applyClient(c *Client) { c.uses = append(c.uses, u) }
