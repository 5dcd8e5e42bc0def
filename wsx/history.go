package wsx

// Position is where a message stands in the [History] of a topic on one node.
type Position struct {
	// Epoch names the history: another one begins when it is lost, as when the program
	// starts again. It differs from node to node.
	Epoch string
	// Offset counts the messages of the epoch from 1; 0 is before the first one.
	Offset uint64
}

// history is the last messages of a topic. The lock of its topic guards it.
type history struct{}
