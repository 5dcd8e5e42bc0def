package reflectschema

// Selection is a field selection as a value of its own (_ext.Select_, spec
// sections 5.1 and 6): the fields to keep, by struct and by union tag. A decoded
// Selection is one that the function being called allows. A nil Selection is
// an empty one, which selects everything; in an optional field it is absent, in
// a nullable one null.
type Selection map[string]any
