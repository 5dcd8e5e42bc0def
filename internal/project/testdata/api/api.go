// Package api has one exported identifier of each kind.
package api

import (
	"context"
	"io"
)

type Level uint8

const (
	Low Level = iota + 1
	high
	Top
)

const Name, Ratio = "api \"quoted\"", 0.1

var Standard = &Plain{}

type Plain struct {
	io.Reader
	Head
	Open   map[string][]*Level `tp:"open"`
	closed int
}

type Head struct{ Key string }

func (p *Plain) Close() error           { return nil }
func (p *Plain) hide()                  {}
func (h Head) With(keys ...string) Head { return h }

type Page[T any, K comparable] struct{ Items map[string]T }

func (p Page[T, K]) First() (item T, ok bool) { return item, false }

type Visitor interface {
	io.Closer
	Visit(ctx context.Context, level Level) (next Visitor, err error)
}

type Sealed interface{ sealed() }

type Func func(context.Context) error

type Alias = Plain

type List[T any] = []T

func Map[T, R any](items []T, f func(T) R) []R { return nil }

func (f Func) Run() { f(nil) }

func unexported() {}
