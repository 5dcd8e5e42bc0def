package tp

import (
	"context"
	"reflect"
	"time"

	"github.com/telestruct/telestruct/internal/plan"
	"github.com/telestruct/telestruct/reflectschema"
	"github.com/telestruct/telestruct/tp/schema"
	"github.com/telestruct/telestruct/tp/wire"
)

// Server answers the requests of one API. It is immutable and safe for
// concurrent use; [API.Build] makes it.
type Server struct {
	schema      *schema.Schema
	functions   map[string]*function
	unknown     *function // stands in for a function that does not exist
	headers     headerPlans
	auth        *authOption
	authPlan    plan.Plan
	everybody   *everybody
	fields      *wire.Fields // of binary messages
	limits      wire.Limits
	observers   []Observer
	admissions  []Admission
	allowUnsafe func(context.Context, *Request) bool
	onFailure   func(context.Context, *Error)
}

// Schema returns the API's schema: what was derived from Go, with the standard
// definitions.
func (s *Server) Schema() *schema.Schema { return s.schema }

// NeedsAuth reports whether some function of the API asks for credentials.
func (s *Server) NeedsAuth() bool { return s.auth != nil || s.schema.HasAuth() }

// Process answers one request message. It never fails: whatever goes wrong is
// part of the reply. See [Server.Serve].
func (s *Server) Process(ctx context.Context, body []byte) Reply {
	x := exchanges.Get().(*exchange)
	x.open(s, &noInbound, body)
	x.run(ctx)
	reply := x.reply()
	x.close()
	return reply
}

// noInbound is what a transport says that says nothing. It stays as it is.
var noInbound Inbound

// Serve answers one request as a transport received it. The handler runs on the
// caller's goroutine with a context derived from ctx. The caller may
// [Reply.Release] the reply when it has sent its bytes. A nil call is one without a
// body.
func (s *Server) Serve(ctx context.Context, call *Inbound) Reply {
	if call == nil {
		return s.Process(ctx, nil)
	}
	x := exchanges.Get().(*exchange)
	x.open(s, call, call.Body)
	x.run(ctx)
	reply := x.reply()
	x.close()
	return reply
}

// function is one function of a built server.
type function struct {
	server    *Server
	name      string
	def       *schema.Function
	needsAuth bool
	maxTime   time.Duration
	errors    map[reflect.Type]*reflectschema.ErrorModel // that have tags
	endpoint  endpoint
	bare      *callGiven // of calls without headers
	plain     *callGiven // of those with the headers that [wire.Fields.Plain] returns
}

// endpoint does what is left to do for a request whose headers and credentials
// are in order: bind the body, call, answer.
type endpoint interface {
	serve(ctx *callContext, x *exchange)
}

// functionOf returns what s has for a target; nil for a function that does not exist. Who
// calls once often calls again, and to look at the last function takes less time than
// the map.
func functionOf[T string | []byte](s *Server, target T, last *function) *function {
	if last != nil && last.server == s && last != s.unknown && last.name == string(target) {
		return last
	}
	return s.functions[string(target)]
}
