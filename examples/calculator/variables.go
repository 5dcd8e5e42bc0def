package main

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/telestruct/telestruct/tp"
)

// SavedVariable is a variable with its value.
type SavedVariable struct {
	_     struct{} `doc:"A variable that has a value."`
	Name  string   `tp:"name"`
	Value float64  `tp:"value"`
	Note  *string  `tp:"note!" doc:"What it stands for."`
}

// SaveVariable is what fn.saveVariable takes.
type SaveVariable struct {
	Name  string              `tp:"name" doc:"Up to 64 bytes."`
	Value float64             `tp:"value"`
	Note  tp.Optional[string] `tp:"note!?" doc:"What it stands for, up to 200 bytes. Without it the note stays as it was; null removes it."`
}

// VariableSaved is what fn.saveVariable answers.
type VariableSaved struct {
	Before *float64 `tp:"before?" doc:"The value that the variable had; null when it is new."`
}

func (s *service) saveVariable(ctx context.Context, in *SaveVariable) (*VariableSaved, error) {
	u, err := userOf(ctx)
	if err != nil {
		return nil, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	variable, answer := SavedVariable{Name: in.Name, Value: in.Value}, &VariableSaved{}
	if before, ok := u.variables[in.Name]; ok {
		variable.Note, answer.Before = before.Note, &before.Value
	}
	if note, ok := in.Note.Get(); ok {
		variable.Note = &note
	} else if in.Note.IsNull() {
		variable.Note = nil
	}
	return answer, u.save(variable)
}

// save adds or replaces variables: all of them, or none when there is something
// wrong with one. The user is locked.
func (u *user) save(variables ...SavedVariable) error {
	all := maps.Clone(u.variables)
	if all == nil {
		all = map[string]SavedVariable{}
	}
	for _, v := range variables {
		if err := within(maxName, len(v.Name), "bytes of a name"); err != nil {
			return err
		}
		if v.Note != nil && len(*v.Note) > maxNote {
			return &LimitError{What: "bytes of a note", Limit: maxNote}
		}
		all[v.Name] = v
	}
	if err := within(maxVariables, len(all), "variables"); err != nil {
		return err
	}
	u.variables = all
	return nil
}

// GetVariable is what fn.getVariable takes.
type GetVariable struct {
	Name string `tp:"name"`
}

// FoundVariable is what fn.getVariable answers.
type FoundVariable struct {
	Variable SavedVariable `tp:"variable"`
}

func (s *service) getVariable(ctx context.Context, in *GetVariable) (*FoundVariable, error) {
	u, err := userOf(ctx)
	if err != nil {
		return nil, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	variable, ok := u.variables[in.Name]
	if !ok {
		return nil, &UnknownVariableError{Name: in.Name}
	}
	return &FoundVariable{Variable: variable}, nil
}

// ListVariables is what fn.listVariables takes.
type ListVariables struct {
	Prefix string `tp:"prefix" doc:"What the names begin with; empty for all variables."`
}

// VariableList is what fn.listVariables answers.
type VariableList struct {
	Variables []SavedVariable `tp:"variables"`
}

func (s *service) listVariables(ctx context.Context, in *ListVariables) (*VariableList, error) {
	u, err := userOf(ctx)
	if err != nil {
		return nil, err
	}
	return &VariableList{Variables: u.list(in.Prefix)}, nil
}

// list returns the variables whose names begin with prefix, ordered by name.
func (u *user) list(prefix string) []SavedVariable {
	u.mu.Lock()
	defer u.mu.Unlock()
	var list []SavedVariable
	for _, name := range slices.Sorted(maps.Keys(u.variables)) {
		if strings.HasPrefix(name, prefix) {
			list = append(list, u.variables[name])
		}
	}
	return list
}

// DeleteVariable is what fn.deleteVariable takes.
type DeleteVariable struct {
	Name string `tp:"name"`
}

// VariableDeleted is what fn.deleteVariable answers.
type VariableDeleted struct{}

func (s *service) deleteVariable(ctx context.Context, in *DeleteVariable) (*VariableDeleted, error) {
	u, err := userOf(ctx)
	if err != nil {
		return nil, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, ok := u.variables[in.Name]; !ok {
		return nil, &UnknownVariableError{Name: in.Name}
	}
	delete(u.variables, in.Name)
	return &VariableDeleted{}, nil
}
