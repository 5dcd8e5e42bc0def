package main

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/telestruct/telestruct/tp"
)

// maxAnswers bounds what callers can make the survey remember.
const maxAnswers = 500

// survey keeps everybody's answers, as the document describes them.
type survey struct {
	mu      sync.Mutex
	answers []tp.Object
}

// answer is fn.answer. The arguments are valid by the document when it is called.
func (s *survey) answer(_ context.Context, req *tp.Request) (*tp.Response, error) {
	args := req.Args.(tp.Object) // a raw function's always are
	value, _ := args.Get("answers")
	answers, ok := value.(tp.Object)
	if !ok {
		return nil, fmt.Errorf("answers are a %T; does the document still call them a struct?", value)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.answers) == maxAnswers {
		return &tp.Response{Tag: "ErrorSurveyFull", Result: tp.Object{{Key: "limit", Value: maxAnswers}}}, nil
	}
	s.answers = append(s.answers, answers)
	return &tp.Response{Result: tp.Object{{Key: "number", Value: len(s.answers)}}}, nil
}

// Summarize is what fn.summarize takes.
type Summarize struct{}

// Summary is what fn.summarize answers.
type Summary struct {
	Answers int      `tp:"answers"`
	Remarks []string `tp:"remarks"`
}

// summarize is fn.summarize, a function over Go types.
func (s *survey) summarize(context.Context, *Summarize) (*Summary, error) {
	s.mu.Lock()
	answers := slices.Clone(s.answers)
	s.mu.Unlock()
	summary := &Summary{Answers: len(answers)}
	for _, a := range answers {
		if remark, ok := a.Get("remark!"); ok {
			summary.Remarks = append(summary.Remarks, fmt.Sprint(remark))
		}
	}
	return summary, nil
}
