package mirror

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// What changes within the time is sent at once, and what changed last is sent at the end.
func TestKeepFlushing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		session := NewSession()
		lamp, err := session.HostValue("Lamp", Int(0), nil)
		sameError(t, "", err)
		server := NewServer(session, nil)
		begin, sent := time.Now(), ""
		server.Open(Opening{Send: func(out []Output) {
			if len(out) > 0 {
				sent += fmt.Sprintf("%v ", time.Since(begin))
			}
		}})
		sent = ""
		server.Flush()
		ctx, end := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			KeepFlushing(ctx, server, 10*time.Millisecond)
		}()
		change := func(n int64) {
			sameError(t, "", lamp.Replace(Int(n)))
			synctest.Wait()
		}
		for n := range int64(4) {
			change(n + 1)
			time.Sleep(4 * time.Millisecond)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		sameText(t, "sent", "10ms 22ms ", sent)
		sent = ""
		change(9)
		end()
		<-done
		sameText(t, "sent at the end", "1.016s ", sent)
	})
}
