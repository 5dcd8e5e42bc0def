package mirror

import "sync"

// model is what a session hosts: an untyped value, or a Go value that becomes one. Its
// methods are called by the session, one at a time; the host may change the model meanwhile.
type model interface {
	// typeName returns the name of the model's type.
	typeName() string
	// known returns the value at the revision that the session has given last.
	known() Value
	// flush returns what makes the value as the host has it of the known one, and takes it
	// for the known value.
	flush() []Op
	// submit flushes, and then applies a proposal: the result is validated, normalised, and
	// taken over by the host. It returns what flush would have, and what makes the new known
	// value of the one before. When it fails, the proposal has changed nothing. One that makes the
	// value larger than most bytes does, see [ServerOptions].MaxModel.
	submit(ops []Op, most int) (flushed, accepted []Op, err *Error)
	// adopt applies what another session has decided.
	adopt(ops []Op) *Error
}

// Untyped is a model that a session hosts as a plain [Value]. It is safe for concurrent use.
type Untyped struct {
	id      uint64
	session *Session
	name    string
	check   func(Value) (Value, error)

	mu sync.Mutex
	// at is the value that the session knows, and value that of the host.
	at, value Value
}

// ID returns the number of the model in its session.
func (u *Untyped) ID() uint64 { return u.id }

// Get returns the value as the host has it.
func (u *Untyped) Get() Value {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.value
}

// Replace sets the value. It fails with an *[Error], and changes nothing, when the value
// cannot be sent or is not what the model's check returns for it.
func (u *Untyped) Replace(v Value) error {
	return u.Update(func(Value) (Value, error) { return v, nil })
}

// Update sets the value to what fn returns for the one before. Nobody changes the model while
// fn runs; fn must not use it. Update fails as Replace does, and with the error of fn.
func (u *Untyped) Update(fn func(Value) (Value, error)) error {
	if err := u.update(fn); err != nil {
		return err
	}
	u.session.changed(u.id)
	return nil
}

func (u *Untyped) update(fn func(Value) (Value, error)) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	v, err := fn(u.value)
	if err != nil {
		return err
	}
	v, bad := u.canonical(v)
	if bad != nil {
		return bad
	}
	u.value = v
	return nil
}

// canonical returns v as the model's check has it, if it can be sent.
func (u *Untyped) canonical(v Value) (Value, *Error) { return canonical(v, u.value, u.check) }

// canonical returns what check makes of v, and checks that it can be sent. What it shares with
// before can.
func canonical(v, before Value, check func(Value) (Value, error)) (Value, *Error) {
	// Also what is given to check is whole: a proposal may have nested deeper and deeper.
	if err := v.check(before, maxNesting); err != nil || check == nil {
		return v, err
	}
	v, err := checked(v, check)
	if err != nil {
		return Value{}, err
	}
	return v, v.check(before, maxNesting)
}

// checked returns what check makes of v, whose panic refuses it.
func checked(v Value, check func(Value) (Value, error)) (_ Value, bad *Error) {
	defer caught("what checks the model", &bad)
	v, err := check(v)
	if err != nil {
		return Value{}, refusal(err)
	}
	return v, nil
}

// refusal returns why a function of the program does not want something.
func refusal(err error) *Error {
	if e, ok := err.(*Error); ok { //nolint:errorlint // what wraps an Error has a text of its own
		return e
	}
	return &Error{Code: Refused, Reason: err.Error(), Cause: err}
}

func (u *Untyped) typeName() string { return u.name }

func (u *Untyped) known() Value {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.at
}

func (u *Untyped) flush() []Op {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.flushLocked()
}

func (u *Untyped) flushLocked() []Op {
	ops := change(u.at, u.value)
	u.at = u.value
	return ops
}

func (u *Untyped) submit(ops []Op, most int) (flushed, accepted []Op, err *Error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	flushed = u.flushLocked()
	v, err := applyForeign(u.at, ops)
	if err == nil {
		err = v.outgrows(u.at, most) // before a check has to look at it
	}
	if err == nil {
		v, err = u.canonical(v)
	}
	if err == nil {
		err = v.outgrows(u.at, most) // the check may have added something
	}
	if err != nil {
		return flushed, nil, err
	}
	accepted = change(u.at, v)
	u.at, u.value = v, v
	return flushed, accepted, nil
}

func (u *Untyped) adopt(ops []Op) *Error {
	u.mu.Lock()
	defer u.mu.Unlock()
	v, err := applyForeign(u.at, ops)
	if err != nil {
		return err
	}
	u.at, u.value = v, v
	return nil
}
