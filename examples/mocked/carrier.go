package main

import "github.com/telestruct/telestruct/tp"

// These are the parts of the carrier's API that the program uses, as Go types. The schema of
// the carrier is in the directory api.
type (
	// Track asks where a parcel is.
	Track struct {
		Number string `tp:"number"`
	}
	Tracked struct {
		State State  `tp:"state"`
		Stops []Stop `tp:"stops"`
	}
	Stop struct {
		Place string `tp:"place"`
		Hour  int    `tp:"hour"`
	}

	// Complain says that something is wrong.
	Complain struct {
		Number string `tp:"number"`
		Reason string `tp:"reason"`
	}
	Complaint struct {
		Case string `tp:"case"`
	}

	// UnknownParcelError answers for numbers that the carrier does not have.
	UnknownParcelError struct{}
)

func (*UnknownParcelError) Error() string { return "the carrier does not know the parcel" }

// State is how a parcel is getting on.
type State interface{ state() }

type (
	Underway struct {
		Next Stop `tp:"next"`
	}
	Delivered struct {
		To string `tp:"to"`
	}
	Lost struct{}
)

func (Underway) state()  {}
func (Delivered) state() {}
func (Lost) state()      {}

// carrierTypes is what clients of the carrier must know beside the types of calls.
var carrierTypes = tp.Types(tp.UnionOf[State](Underway{}, Delivered{}, Lost{}))
