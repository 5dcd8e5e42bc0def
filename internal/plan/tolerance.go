package plan

// Tolerance says what a decoder accepts beyond the values of a type. Servers
// tolerate nothing; clients read what newer servers say, and what was left of a
// result after a selection. The zero value tolerates nothing.
type Tolerance struct {
	// Unknown skips the fields that a struct does not have.
	Unknown bool
	// Incomplete leaves required fields that are missing at their zero values.
	Incomplete bool
}
