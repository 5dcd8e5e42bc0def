package mock

import (
	"fmt"
	"strings"

	"github.com/telestruct/telestruct/tp"
	"github.com/telestruct/telestruct/tp/sample"
	"github.com/telestruct/telestruct/tp/schema"
)

// Server is a mock server; [New] makes it. It is safe for concurrent use.
//
// It is a [tp.Transport], so that tp.NewClient(m) calls it without a network, and its
// field Server, which must not be changed, is what httpx.Handler and wsx.Handler serve.
type Server struct {
	*tp.Server
	memory   memory
	writer   *tp.Client // writes Go values
	client   []tp.ClientOption
	reporter Reporter
}

// New returns a mock server for a schema. It fails when the source cannot be read or is
// no schema, such as with a [*schema.ParseError] or a [*tp.BuildError].
func New(source Source, options ...Option) (*Server, error) {
	m, err := newServer(source, newSettings(options))
	if err != nil {
		return nil, fmt.Errorf("mock: %w", err)
	}
	return m, nil
}

func newServer(source Source, s *settings) (*Server, error) {
	if source.read == nil {
		return nil, fmt.Errorf("the source is the zero Source; use mock.Dir, mock.Documents, mock.Schema, mock.Fetch or mock.API")
	}
	from, err := source.read()
	if err != nil {
		return nil, err
	}
	m := &Server{reporter: s.reporter, client: s.client}
	if from.client != nil {
		m.client = append([]tp.ClientOption{from.client}, m.client...)
	}
	m.writer = tp.NewClient(m, m.client...)
	if m.Server, err = m.build(from, s); err != nil {
		return nil, err
	}
	m.memory = memory{
		onlyStubs: s.onlyStubs,
		optional:  s.optional,
		remember:  s.remember,
		generator: sample.NewGenerator(m.Schema(), sample.Options{Seed: s.seed, MinLength: s.low, MaxLength: s.high}),
	}
	return m, nil
}

// build makes the server of the functions (spec section 18.1).
func (m *Server) build(from origin, s *settings) (*tp.Server, error) {
	documents := from.withMock()
	whole, err := schema.Parse(documents...)
	if err != nil {
		return nil, err
	}
	options := []tp.Option{tp.NoAuth()}
	if from.schema != nil {
		options = append(options, tp.SchemaOf(from.schema))
		documents = documents[len(from.documents):]
	}
	if len(documents) > 0 {
		options = append(options, tp.SchemaDocuments(documents...))
	}
	api := tp.NewAPI("", append(options, s.server...)...)
	for _, f := range whole.Functions() {
		if h := m.handler(f); h != nil {
			tp.RegisterRaw(api, f.Key, h)
		}
	}
	return api.Build()
}

// handler returns what answers calls of f; nil for what every server answers by itself.
func (m *Server) handler(f *schema.Function) tp.Handler {
	if h := m.control(f.Key); h != nil {
		return h
	}
	switch {
	case f.Key == "fn.ping_" || f.Key == "fn.api_":
		return nil
	case strings.HasSuffix(f.Key, "_"):
		return noRoute
	}
	return m.answer
}

// Client returns a client of the server, in this program and without a network. It has
// the options of [Types], and what the program's [API] says about its Go types.
func (m *Server) Client(options ...tp.ClientOption) *tp.Client {
	return tp.NewClient(m, append(m.client[:len(m.client):len(m.client)], options...)...)
}

// Seed makes random values begin anew at a seed, as fn.setRandomSeed_ does. Only its low
// 32 bits count.
func (m *Server) Seed(seed int64) { m.memory.seed(seed) }

// ClearStubs forgets all stubs.
func (m *Server) ClearStubs() { m.memory.clearStubs() }

// ClearCalls forgets all calls.
func (m *Server) ClearCalls() { m.memory.clearCalls() }

// report tells the reporter of an error, and returns it.
func (m *Server) report(err error) error {
	if err == nil {
		return nil
	}
	m.reporter.Helper()
	err = fmt.Errorf("mock: %w", err)
	m.reporter.Errorf("%v", err)
	return err
}
