package tptest

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/telestruct/telestruct/httpx"
	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/wire"
	"github.com/telestruct/telestruct/wsx"
)

// Service is an API under test, and a client that calls it. [New] makes one; it is safe for
// concurrent use.
type Service struct {
	// Server is the API as it was built.
	Server *tp.Server
	// Client calls it.
	Client *tp.Client

	t        testing.TB
	mu       sync.Mutex
	failures []*tp.Error
}

// Carrier is what carries the calls of a [Service].
type Carrier uint8

const (
	// Process hands messages over within the process.
	Process Carrier = iota
	// HTTP posts them to an [httpx.Handler].
	HTTP
	// WebSocket sends them to a [wsx.Handler], all on one connection.
	WebSocket
)

// Option is an option of [New].
type Option func(*options)

type options struct {
	carrier Carrier
	format  tp.Format
	server  []tp.Option
	client  []tp.ClientOption
}

// Over says what carries the calls. Default [Process].
func Over(c Carrier) Option { return func(o *options) { o.carrier = c } }

// In says in which format calls and answers are. The first call of a binary format is in JSON,
// since both sides have to agree on the numbers of fields. Default JSON.
func In(f tp.Format) Option { return func(o *options) { o.format = f } }

// As makes everybody who calls the given one, without credentials; see [tp.Everybody].
func As(identity any) Option { return Build(tp.Everybody(identity)) }

// Build adds options to the API, as [tp.API.Build] takes them.
func Build(list ...tp.Option) Option {
	return func(o *options) { o.server = append(o.server, list...) }
}

// ClientOptions adds options to the client, such as [tp.WithAuth] or [tp.Packed].
func ClientOptions(list ...tp.ClientOption) Option {
	return func(o *options) { o.client = append(o.client, list...) }
}

// New builds an API for a test, and a client that calls it. The test fails at once when the API
// cannot be built; nil is [tp.Default].
//
// Failures, of which the API's own hook is not told unless it is given to [Build], are logged
// by the test and kept; see [Service.Failures].
//
// Calls may take a minute, unless [ClientOptions] say otherwise.
func New(t testing.TB, api *tp.API, list ...Option) *Service {
	t.Helper()
	var o options
	for _, option := range list {
		option(&o)
	}
	if api == nil {
		api = tp.Default
	}
	s := &Service{t: t}
	srv, err := api.Build(append([]tp.Option{tp.OnFailure(s.failed)}, o.server...)...)
	if err != nil {
		t.Fatal(err)
	}
	s.Server = srv
	if o.format != wire.JSON {
		o.client = append([]tp.ClientOption{tp.Binary(tp.BinaryAlways)}, o.client...)
	}
	s.Client = tp.NewClient(s.transport(o), append([]tp.ClientOption{tp.Timeout(patience)}, o.client...)...)
	return s
}

// transport returns what carries the calls.
func (s *Service) transport(o options) tp.Transport {
	s.t.Helper()
	switch o.carrier {
	case HTTP:
		return s.post(o.format)
	case WebSocket:
		return s.socket(o.format)
	}
	return tp.TransportFunc(func(ctx context.Context, request []byte) ([]byte, error) {
		reply := s.Server.Serve(ctx, &tp.Inbound{Body: request, Binary: o.format})
		defer reply.Release()
		return slices.Clone(reply.Bytes), nil
	})
}

func (s *Service) post(format tp.Format) tp.Transport {
	site := Serve(s.t, httpx.Handler(s.Server))
	transport := []httpx.TransportOption{httpx.HTTPClient(site.HTTPClient())}
	if format == wire.CBOR {
		transport = append(transport, httpx.AcceptCBOR())
	}
	return httpx.Transport(site.URL("/"), transport...)
}

func (s *Service) socket(format tp.Format) tp.Transport {
	s.t.Helper()
	endpoint := wsx.NewServer().Handler(s.Server)
	site := Serve(s.t, endpoint)
	s.t.Cleanup(func() { shutDown(s.t, endpoint.Shutdown) })
	client, err := wsx.Dial(s.t.Context(), site.SocketURL("/"), &wsx.DialOptions{
		HTTPClient: site.HTTPClient(),
		AcceptCBOR: format == wire.CBOR,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { shutDown(s.t, client.Stop) })
	return client
}

// shutDown ends what waits for others when it ends.
func shutDown(t testing.TB, end func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := end(ctx); err != nil {
		t.Errorf("it did not end in time: %v", err)
	}
}

// failed is the hook of the API for failures.
func (s *Service) failed(_ context.Context, failure *tp.Error) {
	s.t.Helper()
	s.t.Logf("failure: %v", failure)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = append(s.failures, failure)
}

// Failures returns what the failure hook was told, in order: what handlers returned without
// having declared it, panics, and results that break the schema.
func (s *Service) Failures() []*tp.Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.failures)
}
