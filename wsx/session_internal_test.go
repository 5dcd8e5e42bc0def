package wsx

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestSessionClock has a timer that is over before the time that the identity told.
func TestSessionClock(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		after func(s *session)
		want  time.Duration // when the connection is closed; zero for never
	}{
		{"early", func(*session) {}, time.Minute},
		{"renewed", func(s *session) { s.authenticated(nil, time.Now().Add(time.Hour)) }, time.Hour},
		{"renewed for ever", func(s *session) { s.authenticated(nil, time.Time{}) }, 0},
		{"stopped", func(s *session) { s.stop() }, 0},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				var closed []time.Duration
				s := &session{close: func(ending) { closed = append(closed, time.Since(start)) }}
				s.begin("credentials", start.Add(time.Minute))
				s.timer.Stop()
				tc.after(s)
				s.end()
				time.Sleep(24 * time.Hour)
				synctest.Wait()
				switch {
				case tc.want == 0 && len(closed) > 0, tc.want > 0 && (len(closed) != 1 || closed[0] != tc.want):
					t.Errorf("closed after %v, want %v", closed, tc.want)
				}
			})
		})
	}
}
