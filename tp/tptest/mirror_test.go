package tptest_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/telestruct/telestruct/tp/mirror"
	"github.com/telestruct/telestruct/tp/tptest"
)

type lamp struct {
	On    bool `tp:"on"`
	Level int  `tp:"level"`
}

func (l *lamp) Validate() error {
	if l.Level > 10 {
		return errors.New("level: at most 10")
	}
	return nil
}

func TestWatch(t *testing.T) {
	t.Parallel()
	session := mirror.NewSession()
	hosted, err := mirror.Host(session, &lamp{Level: 3})
	if err != nil {
		t.Fatal(err)
	}
	server := mirror.NewServer(session, &mirror.ServerOptions{
		Authorize: func(identity any, _ mirror.Change) error {
			if identity != "ada" {
				return errors.New("only ada may")
			}
			return nil
		},
	})
	ada := tptest.Watch[lamp](t, server, hosted.ID(), &mirror.Opening{Identity: "ada"})
	eve := tptest.Watch[lamp](t, server, hosted.ID(), nil)
	expect := func(what string, got, want lamp) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %+v, want %+v", what, got, want)
		}
	}
	expect("the snapshot of ada", ada.Next(), lamp{Level: 3})
	expect("the snapshot of eve", eve.Next(), lamp{Level: 3})

	if err := hosted.Update(func(l *lamp) error { l.On = true; return nil }); err != nil {
		t.Fatal(err)
	}
	expect("what the host has changed", eve.Next(), lamp{On: true, Level: 3})
	expect("what ada has", ada.Get(), lamp{On: true, Level: 3})

	ada.Edit(func(l *lamp) error { l.Level = 7; return nil })
	expect("what ada has proposed", eve.Next(), lamp{On: true, Level: 7})
	expect("what the host has", hosted.Get(), lamp{On: true, Level: 7})

	eve.Edit(func(l *lamp) error { l.On = false; return nil })
	if r := eve.Rejected(); r.Error != "only ada may" {
		t.Errorf("eve was told %q", r.Error)
	}
	expect("what eve has still", eve.Next(), lamp{On: true, Level: 7})
}

func TestWatchFails(t *testing.T) {
	t.Parallel()
	session := mirror.NewSession()
	hosted, err := mirror.Host(session, &lamp{})
	if err != nil {
		t.Fatal(err)
	}
	server := mirror.NewServer(session, nil)
	tests := []struct {
		name string
		fn   func(t testing.TB)
		want string
	}{
		{"no such model", func(t testing.TB) { tptest.Watch[lamp](t, server, 99, nil).Get() }, "model 99"},
		{"an edit that makes no sense", func(t testing.TB) {
			tptest.Watch[lamp](t, server, hosted.ID(), nil).Edit(func(l *lamp) error { l.Level = 11; return nil })
		}, "level: at most 10"},
		{"nothing happens", func(t testing.TB) {
			m := tptest.Watch[lamp](t, server, hosted.ID(), nil)
			m.Next()
			m.Next()
		}, "no change of the model has come in 1m0s"},
	}
	for _, tc := range tests {
		synctest.Test(t, func(t *testing.T) {
			if got := fails(t, tc.fn); !strings.Contains(got, tc.want) {
				t.Errorf("%s: it failed with %q, want %q", tc.name, got, tc.want)
			}
		})
	}
}
