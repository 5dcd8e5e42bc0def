package mirror

import (
	"maps"
	"slices"
	"strconv"
	"sync"
)

// SessionOption is an option of [NewSession].
type SessionOption func(*Session)

// LogSize sets how many patches of each model are kept for clients that come back. Default
// 512. There are fewer where they would take more than 8 MiB of memory.
func LogSize(patches int) SessionOption { return func(s *Session) { s.logSize = patches } }

// FirstRev sets the revision that models begin at. A number that grows from one start of the
// program to the next, such as the time in seconds, makes clients of a former run take
// snapshots, whatever they ask for. Default 0.
func FirstRev(rev uint64) SessionOption { return func(s *Session) { s.firstRev = rev } }

// Session hosts models, gives their changes revisions, and decides on proposals (section
// 9.1). Its models are seen by the clients of one [Server], or of one tenant of a [Hub], or by
// who drains it; not by several of them. It is safe for concurrent use.
type Session struct {
	logSize  int
	firstRev uint64
	maxModel int // how large proposals may make models; not above zero: any size

	mu     sync.Mutex
	models []*hosted // by number, the first of which is 1
	queue  []*encoded

	// dirty is locked by itself: hosts change models while the session waits for one.
	dirtyMu sync.Mutex
	dirty   map[uint64]struct{}
	notify  func()
}

// hosted is a model of a session.
type hosted struct {
	model
	id  uint64
	rev uint64
	log patchLog
}

// NewSession returns a session without any models.
func NewSession(options ...SessionOption) *Session {
	s := &Session{logSize: logSize, dirty: map[uint64]struct{}{}, notify: func() {}}
	for _, option := range options {
		option(s)
	}
	return s
}

// UntypedOptions are the options of [Session.HostValue]. The zero value, and nil, mean the
// defaults.
type UntypedOptions struct {
	// Check validates a value that the model is to have, and returns it as it should be, which
	// may be another one; [CheckAs] makes one of a Go type. Its error refuses a proposal, and is
	// told to who proposed; when it panics, it has refused, too. It must not use the session.
	// Default: every value is fine.
	Check func(Value) (Value, error)
}

// HostValue hosts a plain value. It fails with an *[Error] when the value cannot be sent, or
// the check refuses it.
func (s *Session) HostValue(typeName string, v Value, o *UntypedOptions) (*Untyped, error) {
	u := &Untyped{session: s, name: typeName}
	if o != nil {
		u.check = o.Check
	}
	v, err := u.canonical(v)
	if err != nil {
		return nil, err
	}
	u.at, u.value = v, v
	s.host(func(id uint64) model { u.id = id; return u })
	return u, nil
}

// host adds the model that makes of its number.
func (s *Session) host(makeModel func(id uint64) model) {
	s.mu.Lock()
	id := uint64(len(s.models)) + 1
	h := &hosted{id: id, rev: s.firstRev, log: patchLog{size: s.logSize}}
	h.model = makeModel(id)
	s.models = append(s.models, h)
	s.mu.Unlock()
	s.wake()
}

// changed notes that the host has changed a model.
func (s *Session) changed(id uint64) {
	s.dirtyMu.Lock()
	s.dirty[id] = struct{}{}
	s.dirtyMu.Unlock()
	s.wake()
}

// onChange makes fn called, from any goroutine, when there is something to flush.
func (s *Session) onChange(fn func()) {
	s.dirtyMu.Lock()
	defer s.dirtyMu.Unlock()
	s.notify = fn
}

func (s *Session) wake() {
	s.dirtyMu.Lock()
	notify := s.notify
	s.dirtyMu.Unlock()
	notify()
}

// Flush finds what hosts have changed, gives the changes revisions and queues them.
func (s *Session) Flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flush()
}

func (s *Session) flush() {
	s.dirtyMu.Lock()
	dirty := slices.Sorted(maps.Keys(s.dirty))
	clear(s.dirty)
	s.dirtyMu.Unlock()
	for _, id := range dirty {
		h := s.models[id-1]
		s.commitAny(h, h.flush())
	}
}

// commitAny commits the operations if there are any.
func (s *Session) commitAny(h *hosted, ops []Op) {
	if len(ops) > 0 {
		s.commit(h, ops)
	}
}

// commit gives the operations the next revision.
func (s *Session) commit(h *hosted, ops []Op) Patch {
	h.rev++
	p := Patch{Rev: h.rev, Ops: ops}
	e := &encoded{Change: Change{ID: h.id, Patch: p}}
	h.log.add(e)
	s.queue = append(s.queue, e)
	return p
}

// Drain flushes, and returns what happened since the last Drain, accepted proposals among it.
// A session that a server or a hub has is drained by that.
func (s *Session) Drain() []Change {
	s.mu.Lock()
	defer s.mu.Unlock()
	return changesOf(s.drain())
}

func (s *Session) drain() []*encoded {
	s.flush()
	queue := s.queue
	s.queue = nil
	return queue
}

// Snapshot flushes, and returns a model. It fails with an *[Error] when there is none with
// the number (UnknownModel).
func (s *Session) Snapshot(id uint64) (Snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flush()
	h, err := s.find(id)
	if err != nil {
		return Snapshot{}, err
	}
	return h.snapshot(), nil
}

func (h *hosted) snapshot() Snapshot {
	return Snapshot{ID: h.id, Type: h.typeName(), Rev: h.rev, Value: h.known()}
}

// find returns the model with the number.
func (s *Session) find(id uint64) (*hosted, error) {
	if id == 0 || id > uint64(len(s.models)) {
		return nil, unknownModel(id)
	}
	return s.models[id-1], nil
}

func unknownModel(id uint64) *Error {
	return &Error{Code: UnknownModel, Reason: "there is no model " + strconv.FormatUint(id, 10)}
}

// Since flushes, and returns the patches that lead a client from the revision that it has to
// the current one; complete is false when it needs a snapshot for that. It fails as Snapshot
// does.
func (s *Session) Since(id, rev uint64) (patches []Patch, complete bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flush()
	h, err := s.find(id)
	if err != nil {
		return nil, false, err
	}
	list, complete := h.log.since(h.rev, rev)
	return patchesOf(list), complete, nil
}

// Submit decides on a proposal: what the host has changed meanwhile is flushed first, the
// operations are applied to that, and the result is validated and normalised. The patch that
// is returned leads there; it is queued for everybody, too, and may be empty. Submit fails with
// an *[Error] that says why the proposal is refused, which has then changed nothing. Models of a
// session that a server or a hub has grow as far as [ServerOptions].MaxModel lets them.
func (s *Session) Submit(id uint64, ops []Op) (Patch, error) {
	defer s.wake()
	return s.submit(id, ops)
}

func (s *Session) submit(id uint64, ops []Op) (Patch, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, err := s.find(id)
	if err != nil {
		return Patch{}, err
	}
	flushed, accepted, bad := h.submit(ops, s.maxModel)
	s.commitAny(h, flushed)
	if bad != nil {
		return Patch{}, bad
	}
	return s.commit(h, accepted), nil
}

// Apply takes over a patch that another session has decided on, and its revision, into a model
// that this one mirrors. It is not queued. It fails with an *[Error].
func (s *Session) Apply(id uint64, p Patch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flush()
	h, err := s.find(id)
	if err != nil {
		return err
	}
	if bad := h.adopt(p.Ops); bad != nil {
		return bad
	}
	h.rev = p.Rev
	h.log.add(&encoded{Change: Change{ID: id, Patch: p}})
	return nil
}
