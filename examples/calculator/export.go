package main

import (
	"context"
	"encoding/json"
)

// BadExportError is an import of bytes that no export gave.
type BadExportError struct {
	_ struct{} `doc:"The bytes are no export of variables."`
}

func (e *BadExportError) Error() string { return "the bytes are no export of variables" }

// ExportVariables is what fn.exportVariables takes.
type ExportVariables struct{}

// VariableExport is what fn.exportVariables answers.
type VariableExport struct {
	Data []byte `tp:"data" doc:"All variables, in a form of the calculator's own."`
}

func (s *service) exportVariables(ctx context.Context, _ *ExportVariables) (*VariableExport, error) {
	u, err := userOf(ctx)
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(u.list(""))
	return &VariableExport{Data: data}, err
}

// ImportVariables is what fn.importVariables takes.
type ImportVariables struct {
	Data []byte `tp:"data" doc:"What fn.exportVariables answered."`
}

// VariablesImported is what fn.importVariables answers.
type VariablesImported struct {
	Count int `tp:"count" doc:"How many variables the export holds."`
}

func (s *service) importVariables(ctx context.Context, in *ImportVariables) (*VariablesImported, error) {
	u, err := userOf(ctx)
	if err != nil {
		return nil, err
	}
	var variables []SavedVariable
	if err := json.Unmarshal(in.Data, &variables); err != nil {
		return nil, &BadExportError{}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if err := u.save(variables...); err != nil {
		return nil, err
	}
	return &VariablesImported{Count: len(variables)}, nil
}
