package wsx

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Shutdown ends all endpoints of the server at the same time, as [Endpoint.Shutdown] does,
// and then waits for the [Bus] to have what was published, and leaves it. Endpoints that are
// made from now on refuse everybody with 503. The error joins those of all endpoints and of
// the bus.
//
// Like that of an endpoint it may be called several times. The Shutdown of an
// [http.Server] neither closes nor waits for WebSockets, so both must be called, at the
// same time: httpx.Serve and httpx.Shutdown do when they are given the server, as
//
//	err := httpx.Shutdown(ctx, httpServer, srv)
func (s *Server) Shutdown(ctx context.Context) error {
	return s.stop.do(ctx, s.shutdown, s.cutAll)
}

func (s *Server) shutdown(ctx context.Context) error {
	endpoints := s.refuseAll()
	errs := make([]error, len(endpoints), len(endpoints)+1)
	var all sync.WaitGroup
	for i, e := range endpoints {
		all.Go(func() { errs[i] = e.Shutdown(ctx) })
	}
	all.Wait()
	return errors.Join(append(errs, s.leaveBus(ctx))...)
}

// refuseAll begins to stop the server. It returns its endpoints.
func (s *Server) refuseAll() []*Endpoint {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopping = true
	return slices.Clone(s.endpoints)
}

// leaveBus leaves the other nodes, once the bus has everything.
func (s *Server) leaveBus(ctx context.Context) error {
	if s.nodes == nil {
		return nil
	}
	if err := s.nodes.leave(ctx); err != nil {
		return fmt.Errorf("wsx: wait for the bus: %w", err)
	}
	return nil
}

// cutAll cuts off what is left of all endpoints.
func (s *Server) cutAll() {
	s.mu.Lock()
	endpoints := slices.Clone(s.endpoints)
	s.mu.Unlock()
	for _, e := range endpoints {
		e.cutAll()
	}
}
