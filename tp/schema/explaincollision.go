package schema

import (
	"fmt"
	"strings"
)

// explainCollision tells apart what there can be only one of.
func (f Failure) explainCollision() (found, fix string) {
	name := f.step()
	switch {
	case len(f.Path) == 0:
		return fmt.Sprintf("two documents are called %q", f.Document), "rename one of them"
	case isStandardOrigin(f.Origin), isStandardOrigin(f.Earlier):
		return name + " belongs to the standard definitions", `rename it; names that end with "_" are theirs`
	case kindOf(name) == "info" && (f.Origin.Go != "" || f.Earlier.Go != ""):
		return fmt.Sprintf("a schema has one info definition, and %v gives it another name", f.Earlier), "give both the same name"
	case kindOf(name) == "info":
		return fmt.Sprintf("a schema has one info definition, and it has one already (%v)", f.Earlier), "remove one of them"
	case strings.HasPrefix(name, "@"):
		return fmt.Sprintf("the header %s is declared already (%v)", name, f.Earlier), "declare each header once"
	case len(f.Earlier.Path) > 1 && f.Earlier.Path[1] == resultKey:
		return fmt.Sprintf("%v gives the tag %s to every function, and one has it already (%v)", f.Path[1], name, f.Earlier),
			"rename or remove one of them"
	}
	return fmt.Sprintf("%s is defined already (%v)", name, f.Earlier), "rename or remove one of them"
}
