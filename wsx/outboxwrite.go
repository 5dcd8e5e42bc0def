package wsx

import "time"

// begin tells that frames are going to be written. It returns how many bytes they have.
func (o *outbox) begin(batch []frame) (bytes int) {
	var all kinds
	for i := range batch {
		all |= batch[i].kind
		bytes += len(batch[i].bytes)
	}
	if all != 0 {
		o.owner.writing(all)
	}
	return bytes
}

// transmit writes frames in as few writes as their sizes allow.
func (o *outbox) transmit(batch []frame, bytes int) error {
	if len(batch) == 1 {
		return o.writeAll(batch[0].bytes)
	}
	together := newBuffer(min(bytes, maxBatch))
	defer together.release()
	for i := range batch {
		next := batch[i].bytes
		if len(together.bytes)+len(next) > maxBatch {
			if err := o.writeAll(together.bytes); err != nil {
				return err
			}
			together.bytes = together.bytes[:0]
		}
		if len(next) <= maxBatch {
			together.bytes = append(together.bytes, next...)
		} else if err := o.writeAll(next); err != nil {
			return err
		}
	}
	return o.writeAll(together.bytes)
}

// finish tells that frames have been written, or gives up sending because of err.
func (o *outbox) finish(batch []frame, err error) {
	var all kinds
	var tally tally
	for i := range batch {
		all |= batch[i].kind
		tally.add(&batch[i])
		batch[i].release()
	}
	if err == nil {
		err = o.relax()
	}
	if err != nil {
		o.fail(err)
		return
	}
	tally.tell(&o.sent, o.observer)
	if all != 0 {
		o.owner.written(all)
	}
}

// writeAll writes b, in pieces that each have the whole time.
func (o *outbox) writeAll(b []byte) error {
	for len(b) > 0 {
		n := min(len(b), maxPiece)
		if err := o.extend(time.Now()); err != nil {
			return err
		}
		if _, err := o.conn.Write(b[:n]); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// extend sets the deadline of a write. To set it costs about as much as to make a small
// frame, so one that leaves nine tenths of the time stays.
func (o *outbox) extend(now time.Time) error {
	if o.deadline.Sub(now) >= o.limits.timeout/10*9 {
		return nil
	}
	o.deadline = now.Add(o.limits.timeout)
	return o.conn.SetWriteDeadline(o.deadline)
}

// relax takes the deadline back when frames have been written. TCP needs none of it, but
// TLS may have to write in answer to what it reads, and never writes again after that
// has failed.
func (o *outbox) relax() error {
	if o.plain {
		return nil
	}
	o.deadline = time.Time{}
	return o.conn.SetWriteDeadline(o.deadline)
}
