// Package project holds the rules of this repository as tests: which package
// may import which, that the exported API changes only on purpose, that what
// the documentation shows compiles and runs, that exported names are
// documented, and that nothing of a developer's machine is checked in.
//
// It contains no code for others. When a rule stands in the way of a good
// change, change the rule in the same commit.
package project
